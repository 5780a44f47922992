/** Tables as a group with a dataset for each column. */
import { type AnyData, type Dataset, type DType, dtype, type Group, type Mode, Result, UnsupportedError } from "h5ts";
import type { CodecContext, ColumnCodec } from "../codec.ts";
import { encodeColumns } from "../codecs/columns.ts";
import { axesOf } from "../elements.ts";
import { INDEX_KEY, writeMetadata } from "../metadata.ts";
import { writeSchema } from "../recorded-schema.ts";
import { growing, type NewTable, type TableWriter } from "./table-writer.ts";

/** Makes the group and its datasets. */
export async function writeGroup({ arrow }: CodecContext, table: NewTable): Promise<TableWriter> {
  const { parent, path, schema, columns, options } = table;
  if (columns.length === 0)
    throw new UnsupportedError("has no columns, and so no rows that HDF5 could count", { path });
  const group: Group<Mode> = await parent.createGroup(path, { trackOrder: true });
  await writeSchema(arrow, group, schema);
  await writeMetadata(group, schema.metadata);
  const writers: ColumnWriter[] = [];
  for (const column of columns) writers.push(...(await columnWriters(group, column, options)));
  await attachScales(group, columns, schema.metadata.get(INDEX_KEY));
  return {
    append: async ({ data, numRows }) => {
      for (const [i, column] of columns.entries()) {
        const record = encodeColumns([column], [data.children[i]], numRows);
        for (const writer of writers) {
          if (Object.hasOwn(record, writer.name)) await writer.append(record[writer.name], numRows);
        }
      }
    },
    finish: async () => group,
  };
}

interface ColumnWriter {
  readonly name: string;
  append(data: AnyData, rows: number): Promise<void>;
}

async function columnWriters(
  group: Group<Mode>,
  { name, mask, codec, field }: ColumnCodec,
  options: NewTable["options"],
): Promise<ColumnWriter[]> {
  const values = await columnWriter(group, name, codec.dtype, options);
  await writeMetadata(values.dataset, field.metadata);
  return mask === undefined ? [values] : [values, await columnWriter(group, mask, dtype("bool"), options)];
}

/** Array datatypes become further axes of the dataset. */
async function columnWriter(
  group: Group<Mode>,
  name: string,
  type: DType,
  options: NewTable["options"],
): Promise<ColumnWriter & { readonly dataset: Dataset<Mode> }> {
  const { axes, element } = axesOf(type);
  const dataset: Dataset<Mode> = await group.createDataset(name, growing(element, axes, options));
  const append = async (data: AnyData, rows: number): Promise<void> => {
    await dataset.append(new Result(data, [rows, ...axes], element), 0, { signal: options.signal });
  };
  return { name, dataset, append };
}

/** Columns that are the index become dimension scales of the others. */
async function attachScales(
  group: Group<Mode>,
  columns: readonly ColumnCodec[],
  recorded: string | undefined,
): Promise<void> {
  const names = indexNames(recorded);
  const scales = columns.filter(({ field, codec }) => names.includes(field.name) && codec.dtype.class !== "array");
  for (const { name } of scales) {
    const scale = (await group.get(name)) as Dataset<Mode>;
    await scale.makeScale(name);
    for (const other of columns) {
      if (scales.includes(other)) continue;
      await ((await group.get(other.name)) as Dataset<Mode>).dims[0].attachScale(scale);
    }
  }
}

function indexNames(recorded: string | undefined): readonly string[] {
  try {
    const names: unknown = JSON.parse(recorded ?? "[]");
    return Array.isArray(names) ? names.map(String) : [];
  } catch {
    // Written by others: no column is an index.
    return [];
  }
}
