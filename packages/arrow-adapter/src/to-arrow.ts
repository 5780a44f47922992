/** HDF5 to Arrow: tables and streams of record batches. */
import type { RecordBatch, Schema, Table } from "apache-arrow";
import { type Dataset, type Group, type Mode, SelectionError } from "h5ts";
import { loadArrow } from "./arrow.ts";
import { BatchReader } from "./batches.ts";
import type { CodecContext } from "./codec.ts";
import type { TableOptions } from "./options.ts";
import { openTable } from "./tables/open-table.ts";

/** What may be read as a table. */
export type TableObject = Dataset<Mode> | Group<Mode>;

async function readerOf(object: TableObject, options: TableOptions): Promise<[BatchReader, CodecContext]> {
  options.signal?.throwIfAborted();
  const context = { arrow: await loadArrow(), options };
  return [new BatchReader(context, await openTable(context, object, options), options), context];
}

/** The schema of the table that {@link toArrow} gives: nothing of the rows is read. */
export async function arrowSchema(object: TableObject, options: TableOptions = {}): Promise<Schema> {
  return (await readerOf(object, options))[0].schema;
}

/**
 * A dataset or group as an Arrow table: a compound dataset with a column for each member; a group of equally long datasets with a
 * column for each; a dataset of one axis as a column, of two as columns, of more as a column of tensors. Attributes become metadata of
 * the schema and its fields.
 *
 * ```ts
 * const table = await toArrow(file.dataset("events"), { columns: ["time", "energy"] });
 * ```
 *
 * UnsupportedError for references, ShapeError for what is no table, NotFoundError for columns that are not there.
 */
export async function toArrow(object: TableObject, options: TableOptions = {}): Promise<Table> {
  const [reader, { arrow }] = await readerOf(object, options);
  const batches: RecordBatch[] = [];
  for await (const batch of batchesOf(reader, options, reader.stop - reader.start)) batches.push(batch);
  return new arrow.Table(reader.schema, batches);
}

/**
 * The same row by row, in batches that are read when they are asked for: one at a time, so that memory stays bounded, and whole chunks
 * of the file. Only members that are asked for are read. A table without rows gives one batch without rows, which has the schema.
 *
 * ```ts
 * for await (const batch of recordBatches(dataset, { columns: ["energy"], signal })) draw(batch);
 * ```
 */
export async function* recordBatches(
  object: TableObject,
  options: TableOptions = {},
): AsyncGenerator<RecordBatch, void> {
  const [reader] = await readerOf(object, options);
  yield* batchesOf(reader, options, reader.rowsOfBatch);
}

async function* batchesOf(
  reader: BatchReader,
  { batchRows, signal }: TableOptions,
  otherwise: number,
): AsyncGenerator<RecordBatch, void> {
  const rows = Math.max(1, batchRows ?? otherwise);
  if (!Number.isInteger(rows))
    throw new SelectionError("is no number of rows", { structure: "batchRows", found: rows });
  const { start, stop } = reader;
  if (start === stop) yield await reader.read(start, stop);
  for (let at = start; at < stop; ) {
    signal?.throwIfAborted();
    // Batches end where chunks do, though the first row asked for may stand within one.
    const end = Math.min(stop, batchRows === undefined ? at - (at % rows) + rows : at + rows);
    yield await reader.read(at, end);
    at = end;
  }
}
