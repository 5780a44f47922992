/**
 * Free space as a set of extents: kept merged, found by best fit. Addresses and sizes are in bytes.
 *
 * Extents are held in order of address; a second index by power-of-two size class finds a fit without a scan.
 */

interface FreeExtent {
  at: number;
  size: number;
}

const CLASSES = 64;
/** Extents of one size class looked at for a fit: bounds the cost where very many are free. */
const CANDIDATES = 256;
const sizeClass = (size: number): number => Math.floor(Math.log2(size));

export class FreeExtents {
  private readonly list: FreeExtent[] = [];
  private readonly classes: Set<FreeExtent>[] = Array.from({ length: CLASSES }, () => new Set());
  /** Bytes free in all. */
  total = 0;

  get count(): number {
    return this.list.length;
  }

  /** In order of address. */
  *extents(): Generator<{ readonly at: number; readonly size: number }> {
    for (const { at, size } of this.list) yield { at, size };
  }

  /** Those that reach into `[from, to)`, in order of address. */
  *within(from: number, to: number): Generator<{ readonly at: number; readonly size: number }> {
    for (let i = this.find(from); i < this.list.length && this.list[i].at < to; i++) yield { ...this.list[i] };
  }

  /** Whether any of it is free. */
  overlaps(from: number, to: number): boolean {
    const extent = this.list[this.find(from)];
    return extent !== undefined && extent.at < to;
  }

  clear(): void {
    this.list.length = 0;
    for (const extents of this.classes) extents.clear();
    this.total = 0;
  }

  /** Number of the first extent that ends beyond `at`. */
  private find(at: number): number {
    let low = 0;
    let high = this.list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.list[middle].at + this.list[middle].size <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Adds space, merged with its neighbours. Space that is free already is a programming error. */
  add(at: number, size: number): void {
    if (size === 0) return;
    let i = this.find(at);
    const next = this.list[i];
    if (next !== undefined && next.at < at + size)
      throw new RangeError(`space at 0x${at.toString(16)} (${size} bytes) is freed twice`);
    this.total += size;
    const before = this.list[i - 1];
    const joinsBefore = before !== undefined && before.at + before.size === at;
    const joinsNext = next !== undefined && at + size === next.at;
    if (joinsBefore) {
      this.resize(before, before.at, before.size + size);
      if (joinsNext) {
        this.resize(before, before.at, before.size + next.size);
        this.drop(i);
      }
    } else if (joinsNext) this.resize(next, at, next.size + size);
    else {
      const extent = { at, size };
      this.list.splice(i++, 0, extent);
      this.classes[sizeClass(size)].add(extent);
    }
  }

  /**
   * Takes `size` bytes whose address is a multiple of `alignment`, from the extent that fits best; `undefined` where none
   * fits. What is left of the extent stays free.
   */
  take(size: number, alignment = 1): number | undefined {
    for (let k = sizeClass(size); k < CLASSES; k++) {
      const best = this.bestOf(this.classes[k], size, alignment);
      if (best === undefined) continue;
      const at = align(best.at, alignment);
      this.remove(at, size);
      return at;
    }
    return undefined;
  }

  /**
   * The lowest address at which `size` bytes are free that do not reach over a multiple of `within`; `undefined` where there
   * is none. Looks at all extents.
   */
  lowest(size: number, within: number = Infinity): number | undefined {
    for (const extent of this.list) {
      const { at } = extent;
      const fits = Math.floor(at / within) === Math.floor((at + size - 1) / within);
      const start = fits ? at : align(at, within);
      if (start + size <= extent.at + extent.size) return start;
    }
    return undefined;
  }

  private bestOf(extents: Iterable<FreeExtent>, size: number, alignment: number): FreeExtent | undefined {
    let best: FreeExtent | undefined;
    let tried = 0;
    for (const extent of extents) {
      if (extent.at + extent.size >= align(extent.at, alignment) + size) {
        if (best === undefined || extent.size < best.size) best = extent;
        if (extent.size === size) break;
      }
      if (++tried === CANDIDATES) break;
    }
    return best;
  }

  /** Whether all of it is free. */
  has(at: number, size: number): boolean {
    const extent = this.list[this.find(at)];
    return extent !== undefined && extent.at <= at && extent.at + extent.size >= at + size;
  }

  /** Takes a given range, all of which must be free. */
  remove(at: number, size: number): void {
    if (size === 0) return;
    const i = this.find(at);
    const extent = this.list[i];
    if (extent === undefined || extent.at > at || extent.at + extent.size < at + size) {
      throw new RangeError(`space at 0x${at.toString(16)} (${size} bytes) is not free`);
    }
    this.total -= size;
    const head = at - extent.at;
    const tail = extent.at + extent.size - (at + size);
    if (head > 0) this.resize(extent, extent.at, head);
    else if (tail > 0) this.resize(extent, at + size, tail);
    else this.drop(i);
    if (head > 0 && tail > 0) {
      const rest = { at: at + size, size: tail };
      this.list.splice(i + 1, 0, rest);
      this.classes[sizeClass(tail)].add(rest);
    }
  }

  /** Takes the extent that ends at `end`, if there is one; its start. For shrinking a file. */
  takeEndingAt(end: number): number | undefined {
    const last = this.list[this.find(end - 1)];
    if (last === undefined || last.at + last.size !== end) return undefined;
    this.remove(last.at, last.size);
    return last.at;
  }

  private resize(extent: FreeExtent, at: number, size: number): void {
    this.classes[sizeClass(extent.size)].delete(extent);
    extent.at = at;
    extent.size = size;
    this.classes[sizeClass(size)].add(extent);
  }

  private drop(i: number): void {
    const [extent] = this.list.splice(i, 1);
    this.classes[sizeClass(extent.size)].delete(extent);
  }
}

/** The next multiple of `alignment` from `at` on. */
export const align = (at: number, alignment: number): number => Math.ceil(at / alignment) * alignment;
