/** Options of reading tables. */
import type { CodecOptions } from "./codec.ts";

/** Rows from `start` up to but without `stop`; negative numbers count from the end. Default: all. */
export interface Rows {
  /** The first row. Default 0. */
  readonly start?: number;
  /** The row behind the last. Default: all. */
  readonly stop?: number;
}

/** What numbers of a column stand for: times since 1970 in a unit, in a zone. */
export interface TimeColumn {
  /** Unit of the numbers. */
  readonly unit: "s" | "ms" | "us" | "ns";
  /** Name in the IANA database. Default: none, as in NumPy. */
  readonly zone?: string;
}

/** One row, for filters: the values of columns by name, `null` where there is none. */
export interface FilterRow {
  readonly [column: string]: unknown;
}

/** Which rows are taken. */
export interface Filter {
  /** The columns that the test looks at; they are read, whether or not they are asked for. */
  readonly columns: readonly string[];
  /** Whether to take a row. Values are as Arrow gives them. */
  readonly test: (row: FilterRow) => boolean;
}

/** Options of `toArrow`. */
export interface TableOptions extends CodecOptions {
  /** The columns to be read, and their order; nothing else is. Of a group: its datasets. Default: all. */
  readonly columns?: readonly string[];
  /** Rows to read; others are not read from the storage. Default: all. */
  readonly rows?: Rows;
  /** Rows that are kept. */
  readonly filter?: Filter;
  /**
   * Datasets of two axes: `"columns"`, one for each place along the second; or `"tensors"`, as with more axes: one column, with a
   * list of a fixed length in each row (`arrow.fixed_shape_tensor`). Default `"columns"`.
   */
  readonly matrix?: "columns" | "tensors";
  /** Take dimension scales for columns, before the others, and name them as the table's index. Default true. */
  readonly scales?: boolean;
  /**
   * Numbers that are times: `"cf"`, columns whose attribute `units` says "days since 2000-01-01" and the like (CF conventions); or by
   * column. Default: none.
   */
  readonly times?: "cf" | { readonly [column: string]: TimeColumn };
  /** Rows of a record batch. Default of `toArrow`: all. */
  readonly batchRows?: number;
  /** Let columns share memory with a file that is in memory, where its bytes are Arrow's. Default false. */
  readonly view?: boolean;
  /** Stops the call at its next access to the storage: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}
