/** Many values to be appended, one at a time. */
export interface Batches {
  /** In sync mode what can be iterated over. */
  sync: Iterable<unknown>;
  /** In async mode also what comes by and by. */
  async: Iterable<unknown> | AsyncIterable<unknown>;
}
