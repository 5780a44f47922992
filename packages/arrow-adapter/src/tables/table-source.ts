/** Tables as they stand in files: columns, and how to read rows of them. */
import type { Data } from "apache-arrow";
import type { CompoundData } from "h5ts";
import type { ColumnCodec } from "../codec.ts";

/** How rows are read. */
export interface ReadRows {
  readonly view?: boolean;
  readonly signal?: AbortSignal;
}

/** Columns that are read together. */
export interface TablePart {
  readonly columns: readonly ColumnCodec[];
  readonly rows: number;
  /** Rows of a chunk, where the file has chunks. */
  readonly chunkRows: number | undefined;
  /** Bytes of a row, about. */
  readonly rowBytes: number;
  /** The same with some of its columns. */
  only(columns: readonly ColumnCodec[]): TablePart;
  /** Elements of columns and masks, by their names, of rows `start` to `stop`. */
  read(start: number, stop: number, how: ReadRows): Promise<CompoundData>;
  /** The same as Arrow data of each column, without elements between; `undefined` for all or one where that cannot be. */
  readColumns?(start: number, stop: number, how: ReadRows): Promise<(Data | undefined)[] | undefined>;
}

/** A table: columns of as many rows, in the order of its parts. */
export interface TableSource {
  readonly parts: readonly TablePart[];
  readonly rows: number;
  readonly metadata: Map<string, string>;
}

/** Names of members and datasets that columns need. */
export const namesIn = (columns: readonly ColumnCodec[]): string[] =>
  columns.flatMap(({ name, mask }) => (mask === undefined ? [name] : [name, mask]));
