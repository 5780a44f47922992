/** Codecs: how a column of Arrow's is kept as elements of an HDF5 datatype, both ways. */
import type { Data, DataType, Field } from "apache-arrow";
import type { AnyData, DType } from "h5ts";
import type { Arrow } from "./arrow.ts";

/** One type of Arrow's beside one datatype of HDF5's. Data of HDF5 is as h5ts reads it. */
export interface Codec {
  readonly type: DataType;
  readonly dtype: DType;
  /** Whether elements say by themselves which rows are null. */
  readonly ownNulls?: boolean;
  /** Whether elements are text of a fixed length, and the data text with offsets of 32 bits. */
  readonly fixedText?: boolean;
  /** Rows of Arrow data as elements. What stands for rows that are null does not matter. */
  encode(data: Data): AnyData;
  /** Elements as Arrow data of `count` rows. `valid`: a byte a row, 0 where it is null, in addition to what elements say. */
  decode(values: AnyData, count: number, valid?: Uint8Array): Data;
}

/** A column of a table: its field, how it is kept, and under which name. */
export interface ColumnCodec {
  readonly field: Field;
  readonly codec: Codec;
  /** Name of the member or dataset that holds it. */
  readonly name: string;
  /** Name of the member or dataset that says which rows are there. */
  readonly mask?: string;
}

/** What makers of codecs share. */
export interface CodecContext {
  readonly arrow: Arrow;
  readonly options: CodecOptions;
}

/** How datatypes become types of Arrow. */
export interface CodecOptions {
  /**
   * Enumerations: `"dictionary"`, the names of their values, where a value that has no name is a DTypeError; or `"integers"`. Default
   * `"dictionary"`.
   */
  readonly enums?: "dictionary" | "integers";
  /** Text: `"utf8"`, or `"dictionary"`: each text once, and its number in each row. Default `"utf8"`. */
  readonly text?: "utf8" | "dictionary";
  /**
   * Bytes of text that are no UTF-8, which Arrow's text has to be: `"error"` (DTypeError), or `"replace"` by U+FFFD. Default
   * `"error"`.
   */
  readonly badText?: "error" | "replace";
}
