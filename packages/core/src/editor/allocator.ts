/**
 * Where new structures and raw data go: the file's free space, then its end.
 *
 * Space that a change frees holds what the last commit refers to. It is reused only after the next commit, so that a
 * file left in the middle of one still has all that its last commit points at. Space taken since the last commit may be
 * written without a journal, and reused at once when it is freed again.
 */
import { type Address, asAddress } from "../bytes/address.ts";
import { FormatError, LimitError } from "../errors.ts";
import { wholePages, withinPage, withoutFreePages } from "./file-space/paged-space.ts";
import { align, FreeExtents } from "./free-extents.ts";
import { FreshSpace } from "./fresh-space.ts";

/** What space is for: files with paged aggregation keep the two in pages of their own. */
export type SpaceUse = "metadata" | "raw";

/** Kinds of free space: with paged aggregation whole pages are of either use. */
export type SpaceKind = SpaceUse | "pages";

export interface FreeSpace {
  readonly at: number;
  readonly size: number;
}

export interface AllocatorOptions {
  /** End of the allocated part of the file, relative to its base address. */
  readonly end: number;
  /** Page size of paged aggregation; absent: no pages. */
  readonly pageSize?: number;
  /** Metadata is taken from blocks of this many bytes, so that it stands together. 2048, as the reference library. */
  readonly metadataBlock?: number;
  /** The end may not come beyond this, and no piece be larger: what the file's addresses and lengths can say. */
  readonly limit?: number;
  readonly longest?: number;
}

const METADATA_BLOCK = 2048;
const USES = ["metadata", "raw"] as const;
const KINDS: readonly SpaceKind[] = [...USES, "pages"];

const perKind = (): Record<SpaceKind, FreeExtents> => ({
  metadata: new FreeExtents(),
  raw: new FreeExtents(),
  pages: new FreeExtents(),
});

export class Allocator {
  /** Page size of paged aggregation, or `undefined`. */
  readonly pageSize: number | undefined;
  private readonly metadataBlock: number;
  private readonly limit: number;
  private readonly longest: number;
  /** What is free now, and what will be after the commit. */
  private readonly available = perKind();
  private readonly pending = { metadata: new FreeExtents(), raw: new FreeExtents() };
  private readonly fresh: FreshSpace;
  /** What is left of the last block for metadata: small pieces are cut off its beginning. */
  private block = { at: 0, size: 0 };
  private endOfFile: number;
  private changes = false;
  private exhausted: LimitError | undefined;

  constructor(options: AllocatorOptions) {
    this.pageSize = options.pageSize;
    this.endOfFile = options.pageSize === undefined ? options.end : align(options.end, options.pageSize);
    this.fresh = new FreshSpace(this.endOfFile);
    this.metadataBlock = options.metadataBlock ?? METADATA_BLOCK;
    this.limit = options.limit ?? Number.MAX_SAFE_INTEGER;
    this.longest = options.longest ?? Number.MAX_SAFE_INTEGER;
  }

  /** End of the allocated part of the file: its end-of-file address at the next commit. */
  get end(): number {
    return this.endOfFile;
  }

  /** Whether space was taken or given back since the last commit. */
  get changed(): boolean {
    return this.changes;
  }

  /** Throws what stopped an earlier change halfway: that may not be committed. */
  check(): void {
    if (this.exhausted !== undefined) throw this.exhausted;
  }

  /** Takes `size` bytes. Without pages all uses share the free space. LimitError where addresses can say no more. */
  allocate(size: number, use: SpaceUse): Address {
    if (!(Number.isSafeInteger(size) && size > 0)) throw new RangeError(`an allocation of ${size} bytes`);
    if (size > this.longest) this.exhaust("has no lengths for this much", size, this.longest);
    const at =
      this.pageSize === undefined ? this.allocatePlain(size, use) : this.allocatePaged(size, use, this.pageSize);
    this.markFresh(at, size);
    return asAddress(at);
  }

  private markFresh(at: number, size: number): void {
    this.changes = true;
    this.fresh.add(at, size);
  }

  /** What is left of the last block becomes free space as any other. */
  private closeBlock(): void {
    const { at, size } = this.block;
    if (size === 0) return;
    this.block = { at: 0, size: 0 };
    this.available.metadata.add(at, size);
  }

  /**
   * The same, but as near to the file's beginning as may be: for what is to be given up again soon and shall not keep the file
   * from becoming shorter. Slow where very much is free.
   */
  allocateLow(size: number, use: SpaceUse): Address {
    this.closeBlock();
    const at = this.lowest(size, use);
    if (at === undefined) return this.allocate(size, use);
    this.markFresh(at, size);
    return asAddress(at);
  }

  private lowest(size: number, use: SpaceUse): number | undefined {
    const { pageSize, available } = this;
    if (pageSize !== undefined && size >= pageSize) return undefined;
    const at = available[use].lowest(size, pageSize);
    const page = pageSize === undefined ? undefined : available.pages.lowest(pageSize, pageSize);
    if (page !== undefined && (at === undefined || page < at)) {
      available.pages.remove(page, pageSize!);
      available[use].add(page + size, pageSize! - size);
      return page;
    }
    if (at !== undefined) available[use].remove(at, size);
    return at;
  }

  private allocatePlain(size: number, use: SpaceUse): number {
    const { metadata, raw } = this.available;
    if (use === "metadata" && size <= this.block.size) return this.fromBlock(size);
    // Metadata fills what its own blocks left over; raw data never does, or it would break them up.
    const found = use === "metadata" ? (metadata.take(size) ?? raw.take(size)) : raw.take(size);
    if (found !== undefined) return found;
    // Where the last block of the file is not enough, it may become so.
    if (use === "raw" || size >= this.metadataBlock || this.endOfFile + this.metadataBlock > this.limit)
      return this.extend(size);
    const { block } = this;
    const at = this.extend(this.metadataBlock);
    if (block.size > 0 && block.at + block.size === at) block.size += this.metadataBlock;
    else {
      this.closeBlock();
      this.block = { at, size: this.metadataBlock };
    }
    return this.fromBlock(size);
  }

  private fromBlock(size: number): number {
    const { at } = this.block;
    this.block.at += size;
    this.block.size -= size;
    return at;
  }

  /** Small pieces stay within one page, larger ones begin a page; a page holds one use. */
  private allocatePaged(size: number, use: SpaceUse, pageSize: number): number {
    const small = size < pageSize ? withinPage(this.available[use], size, pageSize) : undefined;
    if (small !== undefined) return small;
    const taken = align(size, pageSize);
    const at = this.available.pages.take(taken, pageSize) ?? this.extend(taken);
    this.available[use].add(at + size, taken - size);
    return at;
  }

  private extend(size: number): number {
    const at = this.endOfFile;
    if (at + size > this.limit) this.exhaust("grows beyond what its addresses can say", at + size, this.limit);
    this.endOfFile += size;
    return at;
  }

  private exhaust(reason: string, found: number, most: number): never {
    this.exhausted = new LimitError(reason, { structure: "File", found, allowed: `at most ${most} bytes` });
    throw this.exhausted;
  }

  /**
   * Takes the `size` bytes at `at` if they are free or the file ends there: a block that grows in place. Whether it did.
   */
  extendAt(at: Address, size: number, use: SpaceUse): boolean {
    const { pageSize } = this;
    const free = this.available[use];
    if (use === "metadata" && at === this.block.at && size <= this.block.size) {
      this.markFresh(this.fromBlock(size), size);
      return true;
    }
    this.closeBlock();
    // What stood in one page may not come to stand in two.
    if (pageSize !== undefined && Math.floor((at - 1) / pageSize) !== Math.floor((at + size - 1) / pageSize))
      return false;
    if (free.has(at, size)) free.remove(at, size);
    else if (at === this.endOfFile && pageSize === undefined && at + size <= this.limit) this.extend(size);
    else return false;
    this.markFresh(at, size);
    return true;
  }

  /**
   * Gives space back: at once if it was taken since the last commit, else with the next one. FormatError where it is free
   * already or none of the file: then two structures of a damaged file claim it.
   */
  free(at: Address, size: number, use: SpaceUse): void {
    this.closeBlock();
    this.checkTaken(at, size);
    for (const { from, to, fresh } of this.fresh.split(at, size)) {
      if (fresh) {
        this.fresh.remove(from, to);
        this.release(from, to - from, use);
      } else this.pending[use].add(from, to - from);
    }
    this.changes = true;
  }

  /** Space that is free from now on; pages that are free as a whole are no longer of one use. */
  private release(at: number, size: number, use: SpaceUse): void {
    const { pageSize, available } = this;
    available[use].add(at, size);
    if (pageSize === undefined) return;
    for (const pages of wholePages(available[use], at, size, pageSize)) {
      available[use].remove(pages.at, pages.size);
      available.pages.add(pages.at, pages.size);
    }
  }

  private checkTaken(at: number, size: number): void {
    const found = `${size} bytes`;
    if (!(at >= 0 && at + size <= this.endOfFile))
      throw new FormatError("gives back space outside of the file", { address: at, found });
    for (const extents of [...Object.values(this.available), ...Object.values(this.pending)]) {
      if (extents.overlaps(at, at + size))
        throw new FormatError("gives back space that is free already: structures overlap", { address: at, found });
    }
  }

  /** Whether all of a range was taken since the last commit: it may then be written without a journal. */
  isFresh(at: number, size: number): boolean {
    return this.fresh.has(at, size);
  }

  /** Space that is known to be free already: from the free-space managers that the file keeps. */
  adopt(at: Address, size: number, kind: SpaceKind): void {
    if (kind === "pages") this.available.pages.add(at, size);
    else this.release(at, size, kind);
  }

  /**
   * Gives the free space at the end of the file back to the storage. Call while committing, before the end is written. Does
   * nothing where no space was taken or given back: what the file keeps of its free space is then not written anew.
   */
  shrink(): void {
    if (!this.changes) return;
    this.closeBlock();
    // A pending piece at the end may go too: nothing overwrites it, and the old end-of-file address covered it.
    const all = [...Object.values(this.available), ...Object.values(this.pending)];
    for (let moved = true; moved; ) {
      moved = false;
      for (const extents of all) {
        const start = extents.takeEndingAt(this.endOfFile);
        if (start === undefined) continue;
        const kept = this.pageSize === undefined ? start : Math.min(align(start, this.pageSize), this.endOfFile);
        if (kept > start) extents.add(start, kept - start);
        moved ||= kept < this.endOfFile;
        this.endOfFile = kept;
      }
    }
    if (this.pageSize !== undefined) this.endOfFile = withoutFreePages(all, this.endOfFile, this.pageSize);
  }

  /** The commit is done: what it freed may be reused, and nothing is fresh any more. */
  committed(): void {
    for (const use of USES) {
      for (const { at, size } of this.pending[use].extents()) this.release(at, size, use);
      this.pending[use].clear();
    }
    this.fresh.restart(this.endOfFile);
    this.changes = false;
  }

  /** Free space by kind, as it will be after the commit: what free-space managers write down. */
  freeSpace(): Record<SpaceKind, FreeSpace[]> {
    this.closeBlock();
    const after = new Allocator({ end: this.endOfFile, pageSize: this.pageSize });
    for (const kind of KINDS)
      for (const { at, size } of this.available[kind].extents()) after.available[kind].add(at, size);
    for (const use of USES) for (const { at, size } of this.pending[use].extents()) after.release(at, size, use);
    const { metadata, raw, pages } = after.available;
    return { metadata: [...metadata.extents()], raw: [...raw.extents()], pages: [...pages.extents()] };
  }
}
