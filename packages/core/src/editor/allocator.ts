/**
 * Where new structures and raw data go: the file's free space, then its end.
 *
 * Space that a change frees holds what the last commit refers to. It is reused only after the next commit, so that a
 * file left in the middle of one still has all that its last commit points at. Space taken since the last commit may be
 * written without a journal, and reused at once when it is freed again.
 */
import { type Address, asAddress } from "../bytes/address.ts";
import { align, FreeExtents } from "./free-extents.ts";

/** What space is for: files with paged aggregation keep the two in pages of their own. */
export type SpaceUse = "metadata" | "raw";

export interface AllocatorOptions {
  /** End of the allocated part of the file, relative to its base address. */
  readonly end: number;
  /** Page size of paged aggregation; absent: no pages. */
  readonly pageSize?: number;
  /** Metadata is taken from blocks of this many bytes, so that it stands together. 2048, as the reference library. */
  readonly metadataBlock?: number;
}

const METADATA_BLOCK = 2048;

/** Space of one use: what is free now, and what will be after the commit. */
class Pool {
  readonly free = new FreeExtents();
  readonly pending = new FreeExtents();
}

export class Allocator {
  /** Page size of paged aggregation, or `undefined`. */
  readonly pageSize: number | undefined;
  private readonly metadataBlock: number;
  private readonly pools: Record<SpaceUse, Pool> = { metadata: new Pool(), raw: new Pool() };
  /** Space taken since the last commit. */
  private fresh = new FreeExtents();
  private endOfFile: number;

  constructor(options: AllocatorOptions) {
    this.endOfFile = options.end;
    this.pageSize = options.pageSize;
    this.metadataBlock = options.metadataBlock ?? METADATA_BLOCK;
  }

  /** End of the allocated part of the file: its end-of-file address at the next commit. */
  get end(): number {
    return this.endOfFile;
  }

  /** Takes `size` bytes. Without pages all uses share the free space. */
  allocate(size: number, use: SpaceUse): Address {
    if (!(Number.isSafeInteger(size) && size > 0)) throw new RangeError(`an allocation of ${size} bytes`);
    const at =
      this.pageSize === undefined ? this.allocatePlain(size, use) : this.allocatePaged(size, use, this.pageSize);
    this.fresh.add(at, size);
    return asAddress(at);
  }

  private allocatePlain(size: number, use: SpaceUse): number {
    // Metadata first fills what its own blocks left over; raw data never does, or it would break them up.
    const found =
      use === "metadata"
        ? (this.pools.metadata.free.take(size) ?? this.pools.raw.free.take(size))
        : this.pools.raw.free.take(size);
    if (found !== undefined) return found;
    if (use === "raw" || size >= this.metadataBlock) return this.extend(size);
    const block = this.extend(this.metadataBlock);
    this.pools.metadata.free.add(block + size, this.metadataBlock - size);
    return block;
  }

  /** Small pieces stay within one page, larger ones begin a page; a page holds one use. */
  private allocatePaged(size: number, use: SpaceUse, pageSize: number): number {
    const found =
      size < pageSize ? this.takeWithinPage(size, use, pageSize) : this.pools[use].free.take(size, pageSize);
    if (found !== undefined) return found;
    this.extend(align(this.endOfFile, pageSize) - this.endOfFile, use);
    const taken = align(size, pageSize);
    const at = this.extend(taken);
    if (taken > size) this.pools[use].free.add(at + size, taken - size);
    return at;
  }

  private takeWithinPage(size: number, use: SpaceUse, pageSize: number): number | undefined {
    const free = this.pools[use].free;
    const at = free.take(size);
    if (at === undefined || Math.floor(at / pageSize) === Math.floor((at + size - 1) / pageSize)) return at;
    // It would reach over a page's end: begin at the next page, if that much is free.
    free.add(at, size);
    const next = align(at, pageSize);
    if (!free.has(next, size)) return free.take(size, pageSize);
    free.remove(next, size);
    return next;
  }

  /** Moves the end; the bytes skipped belong to `use`. */
  private extend(size: number, skippedFor?: SpaceUse): number {
    const at = this.endOfFile;
    this.endOfFile += size;
    if (skippedFor !== undefined) this.pools[skippedFor].free.add(at, size);
    return at;
  }

  /**
   * Takes the `size` bytes at `at` if they are free or the file ends there: a block that grows in place. Whether it did.
   */
  extendAt(at: Address, size: number, use: SpaceUse): boolean {
    const free = this.pools[use].free;
    if (free.has(at, size)) free.remove(at, size);
    else if (at === this.endOfFile && this.pageSize === undefined) this.extend(size);
    else return false;
    this.fresh.add(at, size);
    return true;
  }

  /** Gives space back: at once if it was taken since the last commit, else with the next one. */
  free(at: Address, size: number, use: SpaceUse): void {
    const pool = this.pools[use];
    for (const { from, to, fresh } of this.split(at, size)) {
      if (fresh) this.fresh.remove(from, to - from);
      (fresh ? pool.free : pool.pending).add(from, to - from);
    }
  }

  /** The parts of a range that were taken since the last commit, and those that were not, in order. */
  private split(at: number, size: number): { from: number; to: number; fresh: boolean }[] {
    if (this.fresh.has(at, size)) return [{ from: at, to: at + size, fresh: true }];
    const parts: { from: number; to: number; fresh: boolean }[] = [];
    let from = at;
    for (const extent of this.fresh.within(at, at + size)) {
      const start = Math.max(extent.at, at);
      if (start > from) parts.push({ from, to: start, fresh: false });
      from = Math.min(extent.at + extent.size, at + size);
      parts.push({ from: start, to: from, fresh: true });
    }
    if (from < at + size) parts.push({ from, to: at + size, fresh: false });
    return parts;
  }

  /** Whether all of a range was taken since the last commit: it may then be written without a journal. */
  isFresh(at: number, size: number): boolean {
    return this.fresh.has(at, size);
  }

  /** Space that is known to be free already: from the free-space managers that the file keeps. */
  adopt(at: Address, size: number, use: SpaceUse): void {
    this.pools[use].free.add(at, size);
  }

  /** Gives the free space at the end of the file back to the storage. Call while committing, before the end is written. */
  shrink(): void {
    for (let moved = true; moved; ) {
      moved = false;
      for (const pool of Object.values(this.pools)) {
        // A pending piece at the end may go too: nothing overwrites it, and the old end-of-file address covered it.
        for (const extents of [pool.free, pool.pending]) {
          const start = extents.takeEndingAt(this.endOfFile);
          if (start === undefined) continue;
          const kept = this.pageSize === undefined ? start : Math.min(align(start, this.pageSize), this.endOfFile);
          if (kept > start) extents.add(start, kept - start);
          moved ||= kept < this.endOfFile;
          this.endOfFile = kept;
        }
      }
    }
  }

  /** The commit is done: what it freed may be reused, and nothing is fresh any more. */
  committed(): void {
    for (const pool of Object.values(this.pools)) {
      for (const { at, size } of pool.pending.extents()) pool.free.add(at, size);
      pool.pending.clear();
    }
    this.fresh = new FreeExtents();
  }

  /** Free space by use, as it will be after the commit: what free-space managers write down. */
  *freeSpace(use: SpaceUse): Generator<{ readonly at: number; readonly size: number }> {
    const pool = this.pools[use];
    const whole = new FreeExtents();
    for (const extents of [pool.free, pool.pending]) for (const { at, size } of extents.extents()) whole.add(at, size);
    yield* whole.extents();
  }
}
