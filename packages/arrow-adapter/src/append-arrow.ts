/** Arrow behind the rows of a table that is there: a compound dataset, or a group with a dataset for each column. */
import type { Field, RecordBatch, Schema } from "apache-arrow";
import { DTypeError, UnsupportedError } from "h5ts";
import { nameOf, plainType } from "./annotations.ts";
import { type Arrow, loadArrow } from "./arrow.ts";
import { type ArrowSource, batchesOf } from "./arrow-source.ts";
import type { CodecContext, ColumnCodec } from "./codec.ts";
import { writeBatches } from "./from-arrow.ts";
import { sameType } from "./stored.ts";
import { openTable } from "./tables/open-table.ts";
import type { TableObject } from "./to-arrow.ts";
import { appenderOf } from "./writing/appenders.ts";
import type { TableWriter } from "./writing/table-writer.ts";

/** Options of {@link appendArrow}. */
export interface AppendOptions {
  /** Told how many rows were appended, after each batch. */
  readonly progress?: (rows: number) => void;
  /** Stops it, between batches. */
  readonly signal?: AbortSignal;
}

/**
 * Appends a table of Arrow's, batch by batch, to one that `fromArrow` made, or to any dataset or group whose datatypes suit. Columns are
 * found by their names, and must be the same with the same types.
 *
 * ```ts
 * await appendArrow(moreRows, await file.dataset("events"));
 * ```
 *
 * How many rows were appended. DTypeError where columns or types differ, or nulls have no place: nothing of the batch is written then,
 * those before it stay. ShapeError where the table may not grow.
 */
export async function appendArrow(
  source: ArrowSource,
  target: TableObject,
  options: AppendOptions = {},
): Promise<number> {
  const arrow = await loadArrow();
  const context: CodecContext = { arrow, options: {} };
  const given = await batchesOf(arrow, source);
  const { parts } = await openTable(context, target, { scales: false, matrix: "tensors" });
  const columns = parts.flatMap((part) => part.columns);
  const places = checkedPlaces(arrow, given.schema, columns);
  const writer = inOrder(arrow, await appenderOf(target, columns, options.signal), places);
  return writeBatches(given, writer, options);
}

/** Where each column of the table stands in the source. */
function checkedPlaces(arrow: Arrow, { fields }: Schema, columns: readonly ColumnCodec[]): number[] {
  const known = new Set(columns.map(({ field }) => nameOf(field)));
  const other = fields.find((field) => !known.has(nameOf(field)));
  if (other !== undefined) throw differs("is a column that the table has not", other, [...known].join(", "));
  return columns.map(({ field }) => {
    const place = fields.findIndex((one) => nameOf(one) === nameOf(field));
    if (place < 0) throw differs("is a column that what is appended has not", field, fields.map(String).join(", "));
    const found = plainType(arrow, fields[place].type);
    const wanted = plainType(arrow, field.type);
    if (sameType(found, wanted)) return place;
    throw differs("is not of the type that the table has", fields[place], String(wanted));
  });
}

function differs(reason: string, { name, type }: Field, allowed: string): DTypeError {
  return new DTypeError(reason, { structure: `column ${name}`, found: String(type), allowed });
}

/** Batches with their columns in the order of the table. */
function inOrder(arrow: Arrow, writer: TableWriter, places: readonly number[]): TableWriter {
  if (places.every((place, i) => place === i)) return writer;
  return { ...writer, append: (batch) => writer.append(ordered(arrow, batch, places)) };
}

function ordered(arrow: Arrow, { schema, data }: RecordBatch, places: readonly number[]): RecordBatch {
  if (data.nullCount > 0) throw new UnsupportedError("has rows that are null as a whole", { structure: "batch" });
  const fields = places.map((place) => schema.fields[place]);
  const children = places.map((place) => data.children[place]);
  const none = new Uint8Array(0);
  const struct = new arrow.Data(new arrow.Struct(fields), 0, data.length, 0, [undefined, undefined, none], children);
  return new arrow.RecordBatch(new arrow.Schema(fields, schema.metadata), struct);
}
