/** What writes the batches of a table, one after the other. */
import type { RecordBatch, Schema } from "apache-arrow";
import type { Dataset, DType, Group, Mode } from "h5ts";
import type { ColumnCodec } from "../codec.ts";
import type { WriteTableOptions } from "../write-options.ts";

export interface TableWriter {
  append(batch: RecordBatch): Promise<void>;
  /** What was made. */
  finish(): Promise<Dataset<Mode> | Group<Mode>>;
}

/** Where a table is written, and how. */
export interface NewTable {
  readonly parent: Group<Mode>;
  readonly path: string;
  /** With what is recorded of its fields. */
  readonly schema: Schema;
  readonly columns: readonly ColumnCodec[];
  readonly options: WriteTableOptions;
}

/** Bytes of a chunk, about. */
const CHUNK_BYTES = 256 * 1024;

/** Options of a dataset that grows by rows. */
export function growing(
  dtype: DType,
  axes: readonly number[],
  { chunkRows, layout: _, masks: _1, progress: _2, nulls: _3, fillValues: _4, ...options }: WriteTableOptions,
): object {
  const row = axes.reduce((product, dim) => product * dim, dtype.itemsize);
  const rows = chunkRows ?? Math.max(1, Math.min(Math.floor(CHUNK_BYTES / row), 65_536));
  return { ...options, dtype, shape: [0, ...axes], maxShape: [null, ...axes], chunks: [rows, ...axes] };
}
