/** The blocks that a page cache holds: found by page, the longest unused dropped first when a budget is exceeded. */

/** Bytes of one read: one page or several in a row. */
export interface Block {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Position in the storage of the first byte, and after the last. */
  readonly position: number;
  readonly end: number;
  /** When it was last used, by the cache's own clock. */
  used: number;
  /** Pages that are found in it. */
  pages: number;
}

/** What a block costs beside its bytes. */
const OVERHEAD = 256;

export function makeBlock(position: number, given: Uint8Array): Block {
  // `slice` of Node's Buffer does not copy: what is read here shall be what it seems.
  const { buffer, byteOffset, byteLength } = given;
  const bytes = given.constructor === Uint8Array ? given : new Uint8Array(buffer, byteOffset, byteLength);
  return {
    bytes,
    view: new DataView(buffer, byteOffset, byteLength),
    position,
    end: position + bytes.length,
    used: 0,
    pages: 0,
  };
}

export class PageBlocks {
  /** Bytes held now. */
  held = 0;
  private readonly byPage = new Map<number, Block>();
  private readonly blocks = new Set<Block>();
  private readonly budget: number;
  private clock = 0;
  private pageSize: number;
  /** Position of page 0. */
  private origin = 0;

  constructor(pageSize: number, budget: number) {
    this.pageSize = pageSize;
    this.budget = budget;
  }

  pageOf(position: number): number {
    return Math.floor((position - this.origin) / this.pageSize);
  }

  /** Where a page begins. The first may begin before the storage does. */
  startOf(page: number): number {
    return Math.max(0, page * this.pageSize + this.origin);
  }

  get(page: number): Block | undefined {
    const block = this.byPage.get(page);
    if (block !== undefined) block.used = ++this.clock;
    return block;
  }

  has(page: number): boolean {
    return this.byPage.has(page);
  }

  /** Takes in the pages that the block covers; a page cut short by the storage's end counts if `last` says so. */
  add(block: Block, last: boolean): void {
    block.used = ++this.clock;
    for (let page = this.pageOf(block.position); ; page++) {
      const start = this.startOf(page);
      if (start < block.position) continue;
      if (last ? start >= block.end : this.startOf(page + 1) > block.end) break;
      this.put(page, block);
    }
    if (block.pages === 0) return;
    this.blocks.add(block);
    this.held += block.bytes.length + OVERHEAD;
    if (this.held > this.budget) this.evict();
  }

  /** Forgets the blocks that hold any byte from `at` to `end`. */
  drop(at: number, end: number): void {
    for (const block of this.blocks) if (block.position < end && block.end > at) this.remove(block);
  }

  clear(): void {
    this.byPage.clear();
    this.blocks.clear();
    this.held = 0;
  }

  /** Other pages over the same blocks: those that a block covers stay in hand. */
  repage(pageSize: number, origin: number, end: number | undefined): void {
    const blocks = [...this.blocks];
    this.clear();
    this.pageSize = pageSize;
    this.origin = origin;
    for (const block of blocks) {
      block.pages = 0;
      this.add(block, block.end === end);
    }
  }

  private put(page: number, block: Block): void {
    const before = this.byPage.get(page);
    if (before === block) return;
    if (before !== undefined && --before.pages === 0) this.forget(before);
    this.byPage.set(page, block);
    block.pages++;
  }

  private remove(block: Block): void {
    const last = this.pageOf(block.end - 1);
    for (let page = this.pageOf(block.position); page <= last; page++) {
      if (this.byPage.get(page) === block) this.byPage.delete(page);
    }
    this.forget(block);
  }

  private forget(block: Block): void {
    if (this.blocks.delete(block)) this.held -= block.bytes.length + OVERHEAD;
  }

  /** A quarter of the budget at once, so that the sorting is paid for by many additions. */
  private evict(): void {
    const oldest = [...this.blocks].sort((a, b) => a.used - b.used);
    oldest.pop();
    for (const block of oldest) {
      if (this.held <= this.budget * 0.75) return;
      this.remove(block);
    }
  }
}
