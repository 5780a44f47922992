/**
 * Bytes that shall stand in a storage and do not yet: changes to be committed, or a journal to be replayed. What is too much
 * for memory stands in another storage, the {@link Patches.backing}.
 */
import type { Extent, Storage } from "./storage.ts";

/** A range, and its bytes: in memory, or at `from` of the backing. */
export interface Part {
  readonly at: number;
  readonly length: number;
  readonly bytes?: Uint8Array;
  readonly from: number;
}

export class Patches {
  /** In ascending order of position, apart from each other. */
  private parts: Part[] = [];
  /** Bytes of those in memory. */
  inMemory = 0;
  /** Where those parts are that are not in memory. */
  backing: Storage | undefined;
  /** Told of bytes of the backing that stand for nothing any more. */
  released: ((from: number, length: number) => void) | undefined;

  get count(): number {
    return this.parts.length;
  }

  /** Position of the first byte; `Infinity` where there is none. */
  get start(): number {
    return this.parts.length === 0 ? Infinity : this.parts[0].at;
  }

  /** In ascending order of position. */
  [Symbol.iterator](): IterableIterator<Part> {
    return this.parts[Symbol.iterator]();
  }

  /** Adds bytes, which are kept and must not change; they replace what was to stand in their place. */
  add(at: number, bytes: Uint8Array): void {
    if (bytes.length > 0) this.put({ at, length: bytes.length, bytes, from: 0 });
  }

  /** Adds bytes that stand at `from` in the backing. */
  addBacked(at: number, length: number, from: number): void {
    this.put({ at, length, from });
  }

  /** Drops what was to stand in a range. */
  discard(at: number, length: number): void {
    const end = at + length;
    const first = this.find(at);
    const rest: Part[] = [];
    let last = first;
    for (; last < this.parts.length && this.parts[last].at < end; last++) {
      const part = this.parts[last];
      const partEnd = part.at + part.length;
      this.dropped(cut(part, Math.max(part.at, at), Math.min(partEnd, end)));
      if (part.at < at) rest.push(cut(part, part.at, at));
      if (partEnd > end) rest.push(cut(part, end, partEnd));
    }
    if (last > first) this.parts.splice(first, last - first, ...rest);
  }

  clear(): void {
    this.parts = [];
    this.inMemory = 0;
  }

  /** The parts within a range, cut to it. */
  within({ at, length }: Extent): Part[] {
    const end = at + length;
    const found: Part[] = [];
    for (let i = this.find(at); i < this.parts.length && this.parts[i].at < end; i++) {
      const part = this.parts[i];
      found.push(cut(part, Math.max(part.at, at), Math.min(part.at + part.length, end)));
    }
    return found;
  }

  /**
   * Lays the parts in memory over bytes that were read from `at`, in place; those of the backing are answered, as what is to be read from it,
   * and where to. Bytes behind the end that parts reach are not added.
   */
  over(at: number, bytes: Uint8Array): Extent[] {
    const backed: Extent[] = [];
    for (const part of this.within({ at, length: bytes.length })) {
      const offset = part.at - at;
      if (part.bytes !== undefined) bytes.set(part.bytes, offset);
      else {
        backed.push({ at: part.from, length: part.length, into: bytes.subarray(offset, offset + part.length) });
      }
    }
    return backed;
  }

  private put(part: Part): void {
    const { parts } = this;
    const i = this.find(part.at);
    const found = parts[i];
    // The common cases, behind all others or the same structure once more, need no search and no new list.
    if (found === undefined) parts.push(part);
    else if (found.at === part.at && found.length === part.length) {
      this.dropped(found);
      parts[i] = part;
    } else {
      this.discard(part.at, part.length);
      parts.splice(this.find(part.at), 0, part);
    }
    if (part.bytes !== undefined) this.inMemory += part.length;
  }

  private dropped({ bytes, from, length }: Part): void {
    if (bytes !== undefined) this.inMemory -= length;
    else this.released?.(from, length);
  }

  /** Number of the first part that ends beyond `at`. */
  private find(at: number): number {
    let low = 0;
    let high = this.parts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const part = this.parts[middle];
      if (part.at + part.length <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The bytes of a part from position `at` to `end`. */
function cut(part: Part, at: number, end: number): Part {
  if (at === part.at && end === part.at + part.length) return part;
  const skipped = at - part.at;
  const { bytes, from } = part;
  return {
    at,
    length: end - at,
    from: from + skipped,
    ...(bytes && { bytes: bytes.subarray(skipped, skipped + end - at) }),
  };
}
