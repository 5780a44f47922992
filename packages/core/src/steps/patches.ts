/** Bytes that shall stand in a storage and do not yet: changes to be committed, or a journal to be replayed. */
import type { Extent, Patch } from "./storage.ts";

export class Patches {
  /** In ascending order of position, apart from each other. */
  private parts: Patch[] = [];
  /** Bytes in all. */
  total = 0;

  get count(): number {
    return this.parts.length;
  }

  /** In ascending order of position. */
  [Symbol.iterator](): IterableIterator<Patch> {
    return this.parts[Symbol.iterator]();
  }

  /** Number of the first part that ends beyond `at`. */
  private find(at: number): number {
    let low = 0;
    let high = this.parts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const part = this.parts[middle];
      if (part.at + part.bytes.length <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Adds bytes, which are kept and must not change; they replace what was to stand in their place. */
  add(at: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const i = this.find(at);
    const part = this.parts[i];
    // The common case, the same structure once more, needs no new list.
    if (part !== undefined && part.at === at && part.bytes.length === bytes.length) this.parts[i] = { at, bytes };
    else {
      this.discard(at, bytes.length);
      this.parts.splice(this.find(at), 0, { at, bytes });
      this.total += bytes.length;
    }
  }

  /** Drops what was to stand in a range. */
  discard(at: number, length: number): void {
    const end = at + length;
    const first = this.find(at);
    const rest: Patch[] = [];
    let last = first;
    for (; last < this.parts.length && this.parts[last].at < end; last++) {
      const { at: start, bytes } = this.parts[last];
      this.total -= bytes.length;
      if (start < at) rest.push({ at: start, bytes: bytes.subarray(0, at - start) });
      if (start + bytes.length > end) rest.push({ at: end, bytes: bytes.subarray(end - start) });
    }
    for (const { bytes } of rest) this.total += bytes.length;
    this.parts.splice(first, last - first, ...rest);
  }

  clear(): void {
    this.parts = [];
    this.total = 0;
  }

  touch({ at, length }: Extent): boolean {
    const part = this.parts[this.find(at)];
    return part !== undefined && part.at < at + length;
  }

  /** Lays the patches over bytes that were read from `at`, in place. Bytes behind the end that they reach are not added. */
  over(at: number, bytes: Uint8Array): void {
    const end = at + bytes.length;
    for (let i = this.find(at); i < this.parts.length && this.parts[i].at < end; i++) {
      const { at: start, bytes: patch } = this.parts[i];
      const from = Math.max(start, at);
      const to = Math.min(start + patch.length, end);
      bytes.set(patch.subarray(from - start, to - start), from - at);
    }
  }
}
