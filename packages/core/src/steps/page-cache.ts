/**
 * The page cache of a file's metadata. Pages that are read together stay together in one block with one view, so that
 * most windows cost no copy; over a storage that has its bytes in memory, none does.
 */
import { Overlays } from "./overlays.ts";
import { type Block, makeBlock, PageBlocks } from "./page-blocks.ts";
import { pageSource } from "./page-source.ts";
import type { Pages, Range, Window } from "./pages.ts";
import { read, type Steps, size } from "./steps.ts";
import type { Extent, Outcome, Patch, Storage } from "./storage.ts";

export interface PageCacheOptions {
  /** Bytes of a page. Default: what the storage advises (`costs.page`), else 8 KiB. */
  readonly pageSize?: number;
  /** Bytes kept at most. Default 16 MiB. */
  readonly budget?: number;
  /** Position of the file's base address in the storage. Default 0. */
  readonly base?: number;
}

const PAGE_SIZE = 8 << 10;
const SMALLEST_PAGE = 512;
const BUDGET = 16 << 20;
/** A window of up to this many bytes that crosses blocks is copied whenever it is asked for: cheaper than keeping it. */
const SMALL = 4 << 10;
const NOTHING: Block = makeBlock(0, new Uint8Array(0));

export class PageCache implements Pages {
  /** How often the bytes asked for were in hand, and how often not. */
  hits = 0;
  misses = 0;
  private readonly storage: Storage;
  private readonly source: Storage;
  private readonly blocks: PageBlocks;
  private readonly overlays = new Overlays();
  /** All bytes, where the storage has them in memory. */
  private whole: Block | undefined;
  private readonly budget: number;
  private base: number;
  private pageSize: number;
  /** Position after the last byte, once known. */
  private end: number | undefined;
  /** Bytes that the next read shall bring at least. */
  private ahead: number;

  constructor(storage: Storage, options: PageCacheOptions = {}) {
    this.storage = storage;
    this.source = pageSource(storage, (at, bytes, asked) => this.filled(at, bytes, asked));
    this.pageSize = options.pageSize ?? storage.costs.page ?? PAGE_SIZE;
    this.budget = Math.max(options.budget ?? BUDGET, 4 * this.pageSize);
    this.base = options.base ?? 0;
    this.blocks = new PageBlocks(this.pageSize, this.budget);
    this.whole = storage.memory && makeBlock(0, storage.memory);
    this.end = this.whole?.end;
    this.ahead = storage.costs.first ?? 0;
  }

  peek(at: number, length: number): Window | undefined {
    const block = this.inHand(at + this.base, length);
    if (block === undefined) {
      this.misses++;
      return undefined;
    }
    this.hits++;
    return this.window(block, at, length);
  }

  *read(at: number, length: number): Steps<Window> {
    const block = this.inHand(at + this.base, length);
    if (block !== undefined) return this.window(block, at, length);
    if (length > this.largest) return yield* this.readOnce(at, length);
    const parts = yield* this.bring([{ at, length }]);
    return this.window(this.assemble(at + this.base, length, parts), at, length);
  }

  *load(ranges: readonly Range[]): Steps<void> {
    const wanted = ranges.filter(
      ({ at, length }) => length <= this.largest && this.inHand(at + this.base, length) === undefined,
    );
    if (wanted.length > 0) yield* this.bring(wanted);
  }

  /** Lays bytes over the file's: from now on they are what stands at address `at`. */
  overlay(at: number, bytes: Uint8Array): void {
    this.overlays.add(at + this.base, bytes);
    this.blocks.drop(at + this.base, at + this.base + bytes.length);
    this.forgetEnd();
  }

  /** Hands over what was laid over the file's bytes, by position in the storage: whoever takes it sees to it that it is read there. */
  takeOverlays(): Patch[] {
    const taken = this.overlays.take();
    if (taken.length > 0) this.invalidate();
    return taken;
  }

  /** Forgets what was read, of a range or of all: the storage has changed. */
  invalidate(at?: number, length?: number): void {
    if (at === undefined || length === undefined) this.blocks.clear();
    else this.blocks.drop(at + this.base, at + this.base + length);
    this.forgetEnd();
  }

  /** Where the base address stands in the storage, once the superblock was found. What was read stays in hand. */
  rebase(base: number): void {
    this.base = base;
  }

  /** Pages of another size from now on: those of a file with paged allocation. What was read stays in hand. */
  repage(pageSize: number): void {
    this.pageSize = Math.max(SMALLEST_PAGE, Math.min(pageSize, this.largest));
    this.blocks.repage(this.pageSize, this.base % this.pageSize, this.end);
  }

  /** Bytes of a window that may be kept; longer ones are read for the one who asks only. */
  private get largest(): number {
    return Math.floor(this.budget / 4);
  }

  /** A block over the bytes, or over as many of them as there are. */
  private inHand(position: number, length: number): Block | undefined {
    const { whole, end } = this;
    let stop = position + length;
    // Also refuses what is no position at all.
    if (!(position >= this.base && position <= Number.MAX_SAFE_INTEGER)) return NOTHING;
    if (end !== undefined) {
      if (position >= end) return NOTHING;
      if (stop > end) stop = end;
    }
    if (whole !== undefined && stop <= whole.end && !this.overlays.touch(position, stop)) return whole;
    const page = this.blocks.pageOf(position);
    const block = this.blocks.get(page);
    if (block === undefined || stop <= block.end) return block;
    return this.joined(position, stop, page, block);
  }

  /** One block over bytes that stand in several, if all are in hand. */
  private joined(position: number, stop: number, page: number, first: Block): Block | undefined {
    const parts = [first];
    let reached = first.end;
    while (reached < stop) {
      const next = this.blocks.get(this.blocks.pageOf(reached));
      if (next === undefined || next.end <= reached) return undefined;
      parts.push(next);
      reached = next.end;
    }
    if (stop - position <= SMALL) return copy(position, stop, parts);
    const upTo = this.blocks.startOf(this.blocks.pageOf(stop - 1) + 1);
    const block = copy(this.blocks.startOf(page), Math.min(upTo, reached), parts);
    this.blocks.add(block, block.end === this.end);
    return block;
  }

  private window(block: Block, at: number, length: number): Window {
    const offset = at + this.base - block.position;
    const rest = block.bytes.length - offset;
    if (block === NOTHING || rest <= 0)
      return { block: NOTHING.bytes, view: NOTHING.view, base: at, offset: 0, length: 0 };
    const base = block.position - this.base;
    return { block: block.bytes, view: block.view, base, offset, length: Math.min(length, rest) };
  }

  /** Reads the pages that are missing. All blocks that the ranges touch: those that were in hand may be dropped meanwhile. */
  private *bring(ranges: readonly Range[]): Steps<Block[]> {
    const parts: Block[] = [];
    const extents: Extent[] = [];
    for (const { at, length } of ranges) this.plan(at + this.base, length, parts, extents);
    if (extents.length === 0) return parts;
    this.ahead = 0;
    const outcomes: Outcome[] = yield* read(this.source, extents);
    outcomes.forEach((outcome, i) => {
      if (!(outcome instanceof Uint8Array)) throw outcome;
      const kept = this.blocks.get(this.blocks.pageOf(extents[i].at));
      const end = extents[i].at + outcome.length;
      parts.push(kept !== undefined && kept.end >= end ? kept : makeBlock(extents[i].at, outcome));
    });
    return parts;
  }

  /** Adds the blocks in hand to `parts` and the runs of missing pages to `extents`. */
  private plan(position: number, length: number, parts: Block[], extents: Extent[]): void {
    const { blocks, end = Infinity } = this;
    const last = blocks.pageOf(Math.min(position + Math.max(length, 1, this.ahead), end) - 1);
    let from: number | undefined;
    for (let page = blocks.pageOf(position); page <= last + 1; page++) {
      const block = page <= last ? blocks.get(page) : NOTHING;
      if (block === undefined) from ??= blocks.startOf(page);
      else {
        if (from !== undefined) extents.push({ at: from, length: blocks.startOf(page) - from });
        if (block !== NOTHING && block !== parts[parts.length - 1]) parts.push(block);
        from = undefined;
      }
    }
  }

  private assemble(position: number, length: number, parts: readonly Block[]): Block {
    const stop = Math.min(position + length, this.end ?? Infinity);
    const only = parts.find((block) => block.position <= position && block.end >= stop);
    return only ?? copy(position, stop, parts);
  }

  /** A window too large to keep; and too large to believe in before the storage's size is known. */
  private *readOnce(at: number, length: number): Steps<Window> {
    const position = at + this.base;
    this.end ??= Math.max(yield* size(this.storage), this.overlays.end);
    const available = Math.max(0, Math.min(length, this.end - position));
    const [outcome] = yield* read(this.storage, [{ at: position, length: available }]);
    if (!(outcome instanceof Uint8Array)) throw outcome;
    return this.window(makeBlock(position, this.overlays.over(position, outcome, available)), at, length);
  }

  /** Takes in what an access brought. */
  private filled(at: number, bytes: Uint8Array, asked: number): Uint8Array {
    const seen = this.overlays.over(at, bytes, asked);
    // An access that lies beyond the end altogether only says that the end is not behind its first byte.
    if (seen.length < asked && this.whole === undefined)
      this.end = Math.min(this.end ?? Infinity, Math.max(at + bytes.length, this.overlays.end));
    if (seen.length > 0) this.blocks.add(makeBlock(at, seen), at + seen.length === this.end);
    return seen;
  }

  private forgetEnd(): void {
    if (this.end !== undefined) this.blocks.drop(this.end - 1, this.end);
    // Memory that is written to may have moved.
    this.whole = this.storage.memory && makeBlock(0, this.storage.memory);
    this.end = this.whole === undefined ? undefined : Math.max(this.whole.end, this.overlays.end);
  }
}

/** The bytes from `position` to `stop`, put together from blocks; fewer where none has them. */
function copy(position: number, stop: number, parts: readonly Block[]): Block {
  const bytes = new Uint8Array(Math.max(0, stop - position));
  let reached = position;
  while (reached < stop) {
    const part = parts.find((block) => block.position <= reached && block.end > reached);
    if (part === undefined) break;
    bytes.set(part.bytes.subarray(reached - part.position, stop - part.position), reached - position);
    reached = Math.min(part.end, stop);
  }
  return makeBlock(position, bytes.subarray(0, reached - position));
}
