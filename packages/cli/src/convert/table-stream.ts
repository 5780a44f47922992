/** Tables on their way from one format to another. */
import type { Data, DataType, RecordBatch, Schema } from "apache-arrow";

export type Arrow = typeof import("apache-arrow");

/** A table that is read batch by batch. */
export interface TableStream {
  readonly schema: Schema;
  readonly batches: AsyncIterable<RecordBatch>;
  /** How many rows there are, where that is known before. */
  readonly rows?: number;
}

/** Told how many rows are through. */
export type Told = (rows: number) => void;

/** A batch of columns. */
export function batchOf(arrow: Arrow, schema: Schema, children: Data[], rows: number): RecordBatch {
  const none = new Uint8Array(0);
  const struct = new arrow.Struct(schema.fields);
  const data = new arrow.Data(struct, 0, rows, 0, [undefined, undefined, none], children);
  return new arrow.RecordBatch(schema, data);
}

/** Batches as they pass, counted. */
export async function* counted(batches: AsyncIterable<RecordBatch>, told: Told): AsyncGenerator<RecordBatch, void> {
  let rows = 0;
  for await (const batch of batches) {
    yield batch;
    told((rows += batch.numRows));
  }
}

/** A type as Arrow writes it, for messages. */
export const typeName = (type: DataType): string => String(type);
