/** Tables as a group with a dataset for each column. */
import { type Dataset, type DType, dtype, type Group, type Mode, UnsupportedError } from "h5ts";
import type { CodecContext, ColumnCodec } from "../codec.ts";
import { axesOf } from "../elements.ts";
import { FILL_KEY, type FillValue, fillOf } from "../fills.ts";
import { FILL_ATTRIBUTE, INDEX_KEY, writeMetadata } from "../metadata.ts";
import { writeSchema } from "../recorded-schema.ts";
import { columnsAppender } from "./appenders.ts";
import { growing, type NewTable, type TableWriter } from "./table-writer.ts";

/** Makes the group and its datasets. */
export async function writeGroup({ arrow }: CodecContext, table: NewTable): Promise<TableWriter> {
  const { parent, path, schema, columns, options } = table;
  if (columns.length === 0)
    throw new UnsupportedError("has no columns, and so no rows that HDF5 could count", { path });
  const group: Group<Mode> = await parent.createGroup(path, { trackOrder: true });
  await writeSchema(arrow, group, schema);
  await writeMetadata(group, schema.metadata);
  const datasets = new Map<string, Dataset<Mode>>();
  for (const column of columns) {
    const { name, mask, codec, field } = column;
    const fill = fillOf(arrow, field.type, field.metadata.get(FILL_KEY));
    const dataset = await columnDataset(group, name, codec.dtype, options, fill);
    await writeMetadata(dataset, field.metadata);
    if (fill !== undefined) await dataset.attrs.create(FILL_ATTRIBUTE, fill, { dtype: codec.dtype });
    datasets.set(name, dataset);
    if (mask !== undefined) datasets.set(mask, await columnDataset(group, mask, dtype("bool"), options));
  }
  await attachScales(group, columns, schema.metadata.get(INDEX_KEY));
  return columnsAppender(group, datasets, columns, options.signal);
}

/** Array datatypes become further axes of the dataset. The value for null is netCDF's `_FillValue`, and of numbers HDF5's. */
async function columnDataset(
  group: Group<Mode>,
  name: string,
  type: DType,
  options: NewTable["options"],
  fill?: FillValue,
): Promise<Dataset<Mode>> {
  const { axes, element } = axesOf(type);
  const fillValue = typeof fill === "string" ? undefined : fill;
  const how = growing(element, axes, options);
  return group.createDataset(name, fillValue === undefined ? how : { ...how, fillValue });
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
