/** What an unlimited view is, when not all of its sources are there. */
export interface VirtualOptions {
  /**
   * How far a view without end reaches: `"last-available"` (default, as libhdf5): to the last of its sources' elements;
   * what others lack until there is the fill value. `"first-missing"`: to where the first source ends.
   */
  readonly virtualView?: "last-available" | "first-missing";
  /** Sources that may be missing in a row among those numbered by `%b`, before the view ends. Default 0; of `"last-available"` only. */
  readonly virtualPrintfGap?: number;
}
