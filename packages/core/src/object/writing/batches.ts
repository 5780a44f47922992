/** Many values to be appended, one at a time. */
export interface Batches {
  sync: Iterable<unknown>;
  async: Iterable<unknown> | AsyncIterable<unknown>;
}
