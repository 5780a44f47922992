/**
 * Extents in order of address, in blocks of bounded size: adding and removing costs the same however many there are.
 */

export interface ListedExtent {
  at: number;
  size: number;
}

/** A place in the list: of an extent, or behind the last of a block. */
export interface Cursor {
  readonly block: number;
  readonly index: number;
}

const MOST = 512;

export class ExtentList {
  private blocks: ListedExtent[][] = [[]];
  private total = 0;
  private readonly most: number;

  /** `most`: extents in a block. */
  constructor(most: number = MOST) {
    this.most = most;
  }

  get count(): number {
    return this.total;
  }

  clear(): void {
    this.blocks = [[]];
    this.total = 0;
  }

  /** The place of the first extent that ends beyond `at`; behind the last one, if none does. */
  find(at: number): Cursor {
    const { blocks } = this;
    let low = 0;
    let high = blocks.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      const last = blocks[middle][blocks[middle].length - 1];
      if (last.at + last.size <= at) low = middle + 1;
      else high = middle;
    }
    return { block: low, index: firstBeyond(blocks[low], at) };
  }

  /** The extent at a place, if there is one. */
  get({ block, index }: Cursor): ListedExtent | undefined {
    return this.blocks[block][index];
  }

  /** The extent before a place, if there is one. */
  before({ block, index }: Cursor): ListedExtent | undefined {
    if (index > 0) return this.blocks[block][index - 1];
    const earlier = this.blocks[block - 1];
    return earlier?.[earlier.length - 1];
  }

  /** Puts an extent before the one at a place. */
  insert({ block, index }: Cursor, extent: ListedExtent): void {
    const list = this.blocks[block];
    list.splice(index, 0, extent);
    this.total++;
    if (list.length > this.most) this.blocks.splice(block + 1, 0, list.splice(list.length >> 1));
  }

  remove({ block, index }: Cursor): void {
    const list = this.blocks[block];
    list.splice(index, 1);
    this.total--;
    if (list.length === 0 && this.blocks.length > 1) this.blocks.splice(block, 1);
  }

  /** Those from a place on. The list must not be changed meanwhile. */
  *from({ block, index }: Cursor): Generator<ListedExtent> {
    for (let b = block, i = index; b < this.blocks.length; b++, i = 0) {
      const list = this.blocks[b];
      for (; i < list.length; i++) yield list[i];
    }
  }

  [Symbol.iterator](): Generator<ListedExtent> {
    return this.from({ block: 0, index: 0 });
  }
}

function firstBeyond(list: readonly ListedExtent[], at: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].at + list[middle].size <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
