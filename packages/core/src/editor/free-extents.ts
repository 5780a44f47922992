/**
 * Free space as a set of extents: kept merged, found by best fit. Addresses and sizes are in bytes.
 *
 * Extents are held in order of address; a second index by power-of-two size class finds a fit without a scan.
 */
import { type Cursor, ExtentList, type ListedExtent as FreeExtent } from "./extent-list.ts";

const CLASSES = 64;
/** Extents of one size class looked at for a fit: bounds the cost where very many are free. */
const CANDIDATES = 256;
const sizeClass = (size: number): number => Math.floor(Math.log2(size));

export class FreeExtents {
  private readonly list: ExtentList;
  private readonly classes: Set<FreeExtent>[] = Array.from({ length: CLASSES }, () => new Set());
  /** Bytes free in all. */
  total = 0;

  /** `block`: extents that are kept together; few serve tests. */
  constructor(block?: number) {
    this.list = new ExtentList(block);
  }

  get count(): number {
    return this.list.count;
  }

  /** In order of address. */
  *extents(): Generator<{ readonly at: number; readonly size: number }> {
    for (const { at, size } of this.list) yield { at, size };
  }

  /** Those that reach into `[from, to)`, in order of address. */
  *within(from: number, to: number): Generator<{ readonly at: number; readonly size: number }> {
    for (const { at, size } of this.list.from(this.list.find(from))) {
      if (at >= to) return;
      yield { at, size };
    }
  }

  /** Whether any of it is free. */
  overlaps(from: number, to: number): boolean {
    const extent = this.list.get(this.list.find(from));
    return extent !== undefined && extent.at < to;
  }

  clear(): void {
    this.list.clear();
    for (const extents of this.classes) extents.clear();
    this.total = 0;
  }

  /** Adds space, merged with its neighbours. Space that is free already is a programming error. */
  add(at: number, size: number): void {
    if (size === 0) return;
    const place = this.list.find(at);
    const next = this.list.get(place);
    if (next !== undefined && next.at < at + size)
      throw new RangeError(`space at 0x${at.toString(16)} (${size} bytes) is freed twice`);
    this.total += size;
    const before = this.list.before(place);
    const joinsBefore = before !== undefined && before.at + before.size === at;
    const joinsNext = next !== undefined && at + size === next.at;
    if (joinsBefore) {
      this.resize(before, before.at, before.size + size);
      if (joinsNext) {
        this.resize(before, before.at, before.size + next.size);
        this.drop(place);
      }
    } else if (joinsNext) this.resize(next, at, next.size + size);
    else {
      const extent = { at, size };
      this.list.insert(place, extent);
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
    const extent = this.list.get(this.list.find(at));
    return extent !== undefined && extent.at <= at && extent.at + extent.size >= at + size;
  }

  /** Takes a given range, all of which must be free. */
  remove(at: number, size: number): void {
    if (size === 0) return;
    const place = this.list.find(at);
    const extent = this.list.get(place);
    if (extent === undefined || extent.at > at || extent.at + extent.size < at + size) {
      throw new RangeError(`space at 0x${at.toString(16)} (${size} bytes) is not free`);
    }
    this.total -= size;
    const head = at - extent.at;
    const tail = extent.at + extent.size - (at + size);
    if (head > 0) this.resize(extent, extent.at, head);
    else if (tail > 0) this.resize(extent, at + size, tail);
    else this.drop(place);
    if (head > 0 && tail > 0) {
      const rest = { at: at + size, size: tail };
      this.list.insert({ ...place, index: place.index + 1 }, rest);
      this.classes[sizeClass(tail)].add(rest);
    }
  }

  /** Takes the extent that ends at `end`, if there is one; its start. For shrinking a file. */
  takeEndingAt(end: number): number | undefined {
    const last = this.list.get(this.list.find(end - 1));
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

  private drop(place: Cursor): void {
    const extent = this.list.get(place);
    if (extent === undefined) return;
    this.list.remove(place);
    this.classes[sizeClass(extent.size)].delete(extent);
  }
}

/** The next multiple of `alignment` from `at` on. */
export const align = (at: number, alignment: number): number => Math.ceil(at / alignment) * alignment;
