/** Fixed arrays of chunks while they are edited: pages of the data block are written once they hold a chunk. */
import { type Address, asAddress } from "../../bytes/address.ts";
import { sizeOf } from "../../bytes/sizer.ts";
import { checkBlock, isPageWritten } from "../../engine/chunk-index/element-blocks.ts";
import { numberingOf } from "../../engine/chunk-index/numbering.ts";
import type { ChunkGrid } from "../../engine/dataset/chunk-grid.ts";
import { FormatError } from "../../errors.ts";
import type { ChunkElements } from "../../format/chunk-element/chunk-elements.ts";
import {
  arrayPage,
  FIXED_ARRAY_DATA_BLOCK,
  FIXED_ARRAY_PAGE,
  type FixedArrayDataBlock,
  fixedArrayDataBlock,
  fixedArrayDataBlockSize,
  fixedArrayPageElements,
  fixedArrayPages,
  type PageContext,
} from "../../format/fixed-array/fixed-array-data-block.ts";
import {
  FIXED_ARRAY_HEADER,
  type FixedArrayHeader,
  fixedArrayHeader,
} from "../../format/fixed-array/fixed-array-header.ts";
import type { ChunkIndexing } from "../../format/messages/data-layout.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { copiedElements, elementForm, emptyElements, markPage, setElement } from "./edited-elements.ts";
import { type ChangedPlaces, type EditedIndex, freeStructure } from "./edited-index.ts";

type Indexing = Extract<ChunkIndexing, { kind: "fixed-array" }>;

export const fixedArray: EditedIndex = {
  *set(file, grid, changed) {
    const edit = new ArrayEdit(file, grid, changed);
    yield* edit.load();
    return edit.apply();
  },
  *free(file, grid) {
    const { address } = grid.layout.index;
    if (address === null) return;
    const header = yield* file.structures.get(FIXED_ARRAY_HEADER, address, undefined);
    const { sizes } = file.structures;
    if (header.dataBlock !== null) {
      for (let page = 0; page < fixedArrayPages(header); page++)
        file.structures.forget(pageAddress(file, header, header.dataBlock, page));
      freeStructure(file, header.dataBlock, blockBytes(file, header));
    }
    freeStructure(file, address, sizeOf(fixedArrayHeader, header, sizes));
  },
};

const pageBytes = (header: FixedArrayHeader): number => fixedArrayPageElements(header) * header.elementSize + 4;

function pageContext(header: FixedArrayHeader, page: number): PageContext {
  const most = fixedArrayPageElements(header);
  const count = Math.min(most, header.count - page * most);
  return { client: header.client, elementSize: header.elementSize, count };
}

const pageAddress = (file: EditorFile, header: FixedArrayHeader, block: Address, page: number): Address =>
  asAddress(block + fixedArrayDataBlockSize(header, file.structures.sizes) + page * pageBytes(header));

/** Bytes of the data block with all its pages. */
function blockBytes(file: EditorFile, header: FixedArrayHeader): number {
  const pages = fixedArrayPages(header);
  const prefix = fixedArrayDataBlockSize(header, file.structures.sizes);
  return pages === 0 ? prefix : prefix + header.count * header.elementSize + pages * 4;
}

class ArrayEdit {
  private readonly file: EditorFile;
  private readonly grid: ChunkGrid;
  private readonly changed: ChangedPlaces;
  private readonly indices: Float64Array;
  private header: FixedArrayHeader;
  private block: FixedArrayDataBlock | undefined;
  private readonly pages = new Map<number, ChunkElements>();

  constructor(file: EditorFile, grid: ChunkGrid, changed: ChangedPlaces) {
    const { toIndex } = numberingOf(grid);
    this.file = file;
    this.grid = grid;
    this.changed = changed;
    this.indices = Float64Array.from({ length: changed.count }, (_, i) => toIndex(changed.numbers[i]));
    this.header = {
      ...elementForm(grid, file.structures.sizes),
      pageBits: (grid.layout.index as Indexing).pageBits,
      count: grid.maxCounts.reduce((all, n) => all * n, 1),
      dataBlock: null,
    };
  }

  /** Reads the header, the block, and the pages that are to be changed. */
  *load(): Steps<void> {
    const { structures } = this.file;
    const { address } = this.grid.layout.index;
    if (address === null) return;
    this.header = yield* structures.get(FIXED_ARRAY_HEADER, address, undefined);
    const { header } = this;
    this.checkRange(address);
    if (header.dataBlock === null) return;
    const block = yield* structures.get(FIXED_ARRAY_DATA_BLOCK, header.dataBlock, header);
    checkBlock(FIXED_ARRAY_DATA_BLOCK.title, header.dataBlock, block.header, address);
    this.block = block;
    if (block.pagesWritten === undefined) return;
    const most = fixedArrayPageElements(header);
    for (const index of this.indices) {
      const page = Math.floor(index / most);
      if (this.pages.has(page) || !isPageWritten(block.pagesWritten, page)) continue;
      const at = pageAddress(this.file, header, header.dataBlock, page);
      this.pages.set(page, copiedElements(yield* structures.get(FIXED_ARRAY_PAGE, at, pageContext(header, page))));
    }
  }

  private checkRange(address: Address): void {
    for (const index of this.indices)
      if (index >= this.header.count)
        throw new FormatError("has fewer elements than the dataset has chunks", {
          structure: FIXED_ARRAY_HEADER.title,
          address,
          found: this.header.count,
          allowed: `more than ${index}`,
        });
  }

  apply(): ChunkIndexing | undefined {
    const { file, grid } = this;
    const { index } = grid.layout;
    const { allocator } = file;
    const address =
      index.address ?? allocator.allocate(sizeOf(fixedArrayHeader, this.header, file.structures.sizes), "metadata");
    const dataBlock = this.header.dataBlock ?? allocator.allocate(blockBytes(file, this.header), "metadata");
    if (dataBlock !== this.header.dataBlock) {
      this.header = { ...this.header, dataBlock };
      const { header } = this;
      const room = sizeOf(fixedArrayHeader, header, file.structures.sizes);
      file.structures.put(FIXED_ARRAY_HEADER, address, header, room, (f, v) => void fixedArrayHeader(f, v));
    }
    if (fixedArrayPages(this.header) === 0) this.setWhole(address, dataBlock);
    else this.setPages(address, dataBlock);
    return index.address === null ? { ...(index as Indexing), address } : undefined;
  }

  private setWhole(address: Address, at: Address): void {
    const { header, indices, changed } = this;
    const old = this.block?.elements;
    const elements = old === undefined ? emptyElements(header, header.count) : copiedElements(old);
    for (let i = 0; i < indices.length; i++) setElement(elements, indices[i], changed.places, i);
    this.putBlock(at, { header: address, elements });
  }

  private setPages(address: Address, at: Address): void {
    const { file, header, indices, changed, pages } = this;
    const most = fixedArrayPageElements(header);
    const pagesWritten = this.block?.pagesWritten?.slice() ?? new Uint8Array(Math.ceil(fixedArrayPages(header) / 8));
    for (let i = 0; i < indices.length; i++) {
      const page = Math.floor(indices[i] / most);
      let elements = pages.get(page);
      if (elements === undefined) {
        elements = emptyElements(header, pageContext(header, page).count);
        pages.set(page, elements);
      }
      setElement(elements, indices[i] - page * most, changed.places, i);
    }
    for (const [page, elements] of pages) {
      markPage(pagesWritten, page);
      const context = pageContext(header, page);
      const room = context.count * context.elementSize + 4;
      const address = pageAddress(file, header, at, page);
      file.structures.put(FIXED_ARRAY_PAGE, address, elements, room, (f, v) => void arrayPage(f, v, context));
    }
    this.putBlock(at, { header: address, pagesWritten });
  }

  private putBlock(at: Address, block: FixedArrayDataBlock): void {
    const { file, header } = this;
    const room = fixedArrayDataBlockSize(header, file.structures.sizes);
    file.structures.put(FIXED_ARRAY_DATA_BLOCK, at, block, room, (f, v) => void fixedArrayDataBlock(f, v, header));
  }
}
