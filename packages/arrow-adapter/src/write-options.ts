/** Options of writing tables. */
import type { DatasetOptions } from "h5ts";

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
  /** Told how many rows are written, after each batch. */
  readonly progress?: (rows: number) => void;
}
