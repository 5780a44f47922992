/** Frames of pandas' as tables, and tables as frames. */
import { arrowToColumns, columnsToArrow, type TableOptions } from "@h5ts/arrow-adapter";
import { columnsOfFrame, type Frame, frameOfColumns, openStore, type Series } from "@h5ts/pandas-compat";
import { DataType, type RecordBatch, Table } from "apache-arrow";
import type { H5File } from "h5ts";
import type { TableStream, Told } from "./table-stream.ts";

/** Rows that are converted at once. */
const ROWS = 100_000;

/**
 * A frame or series at a path; `undefined` where the group is none. Tables come in pieces; what has the fixed format, or categories, which
 * all batches share, is read whole.
 */
export async function pandasTable(
  file: H5File<"async">,
  path: string,
  { columns, rows, batchRows = ROWS }: TableOptions,
): Promise<TableStream | undefined> {
  if (!(await (await file.group(path)).attrs.has("pandas_type"))) return undefined;
  const store = await openStore(file);
  const info = await store.info(path);
  const asked = {
    ...(rows?.start !== undefined && { start: rows.start }),
    ...(rows?.stop !== undefined && { stop: rows.stop }),
  };
  const narrow = async (object: Frame | Series): Promise<Table> => {
    const table = await columnsToArrow(columnsOfFrame(object));
    return columns === undefined ? table : table.select([...columns]);
  };
  const first = await narrow(await store.select(path, info.format === "table" ? { start: 0, stop: 0 } : asked));
  const isWhole = info.format !== "table" || first.schema.fields.some(({ type }) => DataType.isDictionary(type));
  if (!isWhole)
    return {
      schema: first.schema,
      batches: batchesOf(store.chunks(path, { ...asked, chunkSize: batchRows }), narrow),
      ...(info.rows === undefined ? {} : { rows: info.rows }),
    };
  const table = info.format === "table" ? await narrow(await store.select(path, asked)) : first;
  return { schema: table.schema, batches: slicesOf(table, batchRows), rows: table.numRows };
}

async function* batchesOf(
  pieces: AsyncIterable<Frame | Series>,
  narrow: (object: Frame | Series) => Promise<Table>,
): AsyncGenerator<RecordBatch, void> {
  for await (const piece of pieces) yield* (await narrow(piece)).batches;
}

async function* slicesOf(table: Table, batchRows: number): AsyncGenerator<RecordBatch, void> {
  for (let at = 0; at < table.numRows; at += batchRows) yield* table.slice(at, at + batchRows).batches;
}

/** Writes a table as one of pandas', in place of what stands at a path. All of it must be known, for pandas keeps texts in one width. */
export async function writePandas(table: TableStream, file: string, path: string, told: Told): Promise<void> {
  const batches: RecordBatch[] = [];
  for await (const batch of table.batches) batches.push(batch);
  const whole = new Table(table.schema, batches);
  const store = await openStore(file, "a");
  try {
    await store.put(path, frameOfColumns(await arrowToColumns(whole)), { format: "table" });
    told(whole.numRows);
  } finally {
    await store.close();
  }
}
