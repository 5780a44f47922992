/** What appends batches to a dataset or a group. */
import { type AnyData, Dataset, type Group, type Mode, Result, ShapeError } from "h5ts";
import type { ColumnCodec } from "../codec.ts";
import { encodeColumns } from "../codecs/columns.ts";
import { axesOf } from "../elements.ts";
import { namesIn } from "../tables/table-source.ts";
import type { TableWriter } from "./table-writer.ts";

/** What appends to a table that is there, which has these columns. */
export async function appenderOf(
  target: Dataset<Mode> | Group<Mode>,
  columns: readonly ColumnCodec[],
  signal: AbortSignal | undefined,
): Promise<TableWriter> {
  if (!(target instanceof Dataset)) return columnsAppender(target, await datasetsIn(target, columns), columns, signal);
  if (target.ndim === 0) throw new ShapeError("has no axis to grow along", { path: target.name });
  if (target.dtype.fields !== undefined) return compoundAppender(target, columns, signal);
  return columnsAppender(target, new Map([[columns[0].name, target]]), columns, signal);
}

/** A batch becomes elements of the compound. */
export function compoundAppender(
  dataset: Dataset<Mode>,
  columns: readonly ColumnCodec[],
  signal: AbortSignal | undefined,
): TableWriter {
  const axes = dataset.shape.slice(1);
  return {
    append: async ({ data, numRows }) => {
      const record = encodeColumns(columns, data.children, numRows);
      await dataset.append(new Result(record, [numRows, ...axes], dataset.dtype), 0, { signal });
    },
    finish: async () => dataset,
  };
}

/** The datasets of columns and masks, by their names. */
async function datasetsIn(group: Group<Mode>, columns: readonly ColumnCodec[]): Promise<Map<string, Dataset<Mode>>> {
  const found = new Map<string, Dataset<Mode>>();
  for (const name of namesIn(columns)) found.set(name, (await group.get(name)) as Dataset<Mode>);
  const lengths = new Set([...found.values()].map(({ shape }) => shape[0]));
  if (lengths.size <= 1) return found;
  throw new ShapeError("has columns and masks of different lengths", {
    path: group.name,
    found: [...found].map(([name, { shape }]) => `${name}: ${shape[0]}`).join(", "),
  });
}

/** A batch becomes elements of each dataset: of all, or of none. */
export function columnsAppender(
  target: Dataset<Mode> | Group<Mode>,
  datasets: ReadonlyMap<string, Dataset<Mode>>,
  columns: readonly ColumnCodec[],
  signal: AbortSignal | undefined,
): TableWriter {
  return {
    append: async ({ data, numRows }) => {
      const record = encodeColumns(columns, data.children, numRows);
      const grown: Dataset<Mode>[] = [];
      try {
        for (const [name, dataset] of datasets) {
          await appendColumn(dataset, record[name], numRows, signal);
          grown.push(dataset);
        }
      } catch (error) {
        // So that columns have one length again.
        for (const dataset of grown) await dataset.resize(dataset.shape[0] - numRows, 0);
        throw error;
      }
    },
    finish: async () => target,
  };
}

/** Array datatypes are further axes of the dataset. */
async function appendColumn(
  dataset: Dataset<Mode>,
  values: AnyData,
  rows: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { element } = axesOf(dataset.dtype);
  await dataset.append(new Result(values, [rows, ...dataset.shape.slice(1)], element), 0, { signal });
}
