/** What a dataset or group is as a table. */
import type { Schema } from "apache-arrow";
import { Dataset, DTypeError, type Group, type Mode, ShapeError } from "h5ts";
import type { CodecContext } from "../codec.ts";
import { attributeMetadata, INDEX_KEY } from "../metadata.ts";
import type { TableOptions } from "../options.ts";
import { pandasMetadata } from "../pandas-metadata.ts";
import { readSchema } from "../recorded-schema.ts";
import { compoundTable } from "./compound-table.ts";
import { datasetColumn, matrixColumns } from "./dataset-columns.ts";
import { groupTable } from "./group-table.ts";
import { withMetadata } from "./hints.ts";
import { columnNames, indexParts } from "./scales.ts";
import type { TablePart, TableSource } from "./table-source.ts";
import { timesIn } from "./times.ts";

/** The table that an object is. ShapeError and UnsupportedError for those that are none. */
export async function openTable(
  context: CodecContext,
  object: Dataset<Mode> | Group<Mode>,
  options: TableOptions,
): Promise<TableSource> {
  const schema = await readSchema(context.arrow, object);
  const { columns: chosen, filter } = options;
  const names = chosen === undefined ? undefined : [...new Set([...chosen, ...(filter?.columns ?? [])])];
  const source =
    object instanceof Dataset
      ? await datasetTable(context, object, schema, options, names)
      : await groupSource(context, object, schema, names);
  return timesIn(context, source, options.times);
}

async function groupSource(
  context: CodecContext,
  group: Group<Mode>,
  schema: Schema | undefined,
  names: readonly string[] | undefined,
): Promise<TableSource> {
  const parts = await groupTable(context, group, schema, names);
  if (parts.length === 0)
    throw new ShapeError("has no columns", { path: group.name, allowed: "datasets of one length" });
  return {
    parts,
    rows: parts[0].rows,
    metadata: new Map([...(schema?.metadata ?? []), ...(await attributeMetadata(group))]),
  };
}

async function datasetTable(
  context: CodecContext,
  dataset: Dataset<Mode>,
  schema: Schema | undefined,
  options: TableOptions,
  names: readonly string[] | undefined,
): Promise<TableSource> {
  if (dataset.info.dataspace.kind === "null") throw new ShapeError("is empty: it has no rows", { path: dataset.name });
  const attributes = await attributeMetadata(dataset);
  const isCompound = dataset.dtype.fields !== undefined;
  const body = isCompound
    ? compoundTable(context, dataset, schema, names)
    : await plainPart(context, dataset, options.matrix ?? "columns", attributes);
  if (body.columns.length === 0 && names === undefined) throw new DTypeError("has no columns", { path: dataset.name });
  const taken = new Set(body.columns.map(({ name }) => name));
  const index = options.scales === false ? [] : await indexParts(context, dataset, taken);
  const metadata = new Map([...(schema?.metadata ?? []), ...(isCompound || body.columns.length > 1 ? attributes : [])]);
  return withIndex({ parts: [...index, body], rows: body.rows, metadata }, index);
}

/** The schema says which columns are an index, to h5ts and to pandas. */
function withIndex(source: TableSource, index: readonly TablePart[]): TableSource {
  if (index.length === 0) return source;
  const names = index.flatMap(({ columns }) => columns.map(({ field }) => field.name));
  const fields = source.parts.flatMap(({ columns }) => columns.map(({ field }) => field));
  source.metadata.set(INDEX_KEY, JSON.stringify(names));
  source.metadata.set("pandas", pandasMetadata(fields, names));
  return source;
}

async function plainPart(
  context: CodecContext,
  dataset: Dataset<Mode>,
  matrix: "columns" | "tensors",
  attributes: Map<string, string>,
): Promise<TablePart> {
  if (dataset.ndim === 2 && matrix === "columns") {
    return matrixColumns(context, dataset, await columnNames(dataset));
  }
  const part = datasetColumn(context, dataset, dataset.name?.split("/").at(-1) || "value");
  return part.only(part.columns.map((one) => ({ ...one, field: withMetadata(context, one.field, attributes) })));
}
