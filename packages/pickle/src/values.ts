/** Python's containers that JavaScript has no like of. Lists are arrays, sets and frozen sets `Set`, bytes `Uint8Array`. */

/** Python's dict: keys of any kind, in their order. */
export class PickleDict extends Map<unknown, unknown> {
  /** What BUILD gave beside the entries: `_metadata` of a state dict. */
  state?: unknown;
}

/** A tuple, which a list is not. */
export class PickleTuple extends Array<unknown> {
  /** Of these values: the constructor would take a single number for a length. */
  static holding(values: readonly unknown[]): PickleTuple {
    const made = new PickleTuple();
    for (const value of values) made.push(value);
    return made;
  }
}
