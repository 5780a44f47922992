/** Options of writing tables. */
import type { DatasetOptions } from "h5ts";
import type { FillValue } from "./fills.ts";

/** Options of new datasets that tables can have: chunks are counted in rows. */
export interface WriteTableOptions
  extends Pick<
    DatasetOptions,
    "compression" | "compressionOpts" | "shuffle" | "fletcher32" | "filters" | "trackTimes" | "signal"
  > {
  /** `"compound"`: one dataset, whose elements are the rows; `"group"`: a group with a dataset for each column. Default `"compound"`. */
  readonly layout?: "compound" | "group";
  /** Rows of a chunk. Default: about 256 KiB of each dataset. */
  readonly chunkRows?: number;
  /**
   * Which columns have masks beside them: those with nulls, of sources in memory (of streams those that may have some); `"nullable"`:
   * all that may have some. Default `"found"`.
   */
  readonly masks?: "found" | "nullable";
  /**
   * How nulls are kept: `"masks"`, beside the column; or `"fill"`, by a value that stands for them, in columns of numbers and text: the
   * lowest of integers with a sign, the highest of others, not a number, the empty text; where a source in memory has that, another one
   * that it has not, else a mask. Of streams it is a DTypeError if a row has it. Other columns have masks. Default `"masks"`.
   */
  readonly nulls?: "masks" | "fill";
  /** Values that stand for null, by column. */
  readonly fillValues?: { readonly [column: string]: FillValue };
  /** Told how many rows are written, after each batch. */
  readonly progress?: (rows: number) => void;
}
