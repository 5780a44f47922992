/** Chunks by a fixed array: only the pages of its data block that hold wanted chunks are read. */
import { type Address, asAddress } from "../../bytes/address.ts";
import { FormatError } from "../../errors.ts";
import { ABSENT, type ChunkElements } from "../../format/chunk-element/chunk-elements.ts";
import {
  FIXED_ARRAY_DATA_BLOCK,
  FIXED_ARRAY_PAGE,
  type FixedArrayDataBlock,
  fixedArrayDataBlockSize,
  fixedArrayPageElements,
  fixedArrayPages,
  type PageContext,
} from "../../format/fixed-array/fixed-array-data-block.ts";
import { FIXED_ARRAY_HEADER, type FixedArrayHeader } from "../../format/fixed-array/fixed-array-header.ts";
import type { Steps } from "../../steps/steps.ts";
import type { ChunkGrid } from "../dataset/chunk-grid.ts";
import type { EngineFile } from "../file.ts";
import type { ChunkIndex } from "./chunk-index.ts";
import {
  type BlockKind,
  checkBlock,
  ElementBlocks,
  isPageWritten,
  listElements,
  placeChunk,
  type StoredBlock,
} from "./element-blocks.ts";
import { numberingOf } from "./numbering.ts";

interface OpenArray {
  readonly header: FixedArrayHeader;
  readonly blockAddress: Address;
  readonly block: FixedArrayDataBlock;
  /** Pages of the block; 0: not paged. */
  readonly pages: number;
  readonly pageElements: number;
}

function* openArray(file: EngineFile, grid: ChunkGrid): Steps<OpenArray | undefined> {
  const { address } = grid.layout.index;
  if (address === null) return undefined;
  const { structures } = file;
  const header =
    structures.peek(FIXED_ARRAY_HEADER, address, undefined) ??
    (yield* structures.get(FIXED_ARRAY_HEADER, address, undefined));
  const blockAddress = header.dataBlock;
  if (blockAddress === null) return undefined;
  const block =
    structures.peek(FIXED_ARRAY_DATA_BLOCK, blockAddress, header) ??
    (yield* structures.get(FIXED_ARRAY_DATA_BLOCK, blockAddress, header));
  checkBlock(FIXED_ARRAY_DATA_BLOCK.title, blockAddress, block.header, address);
  return { header, blockAddress, block, pages: fixedArrayPages(header), pageElements: fixedArrayPageElements(header) };
}

const PAGES: BlockKind<ChunkElements, PageContext> = { structure: FIXED_ARRAY_PAGE, elements: (page) => page };

export const fixedArray: ChunkIndex = {
  *locate(file, grid, numbers, count, places) {
    places.addresses.fill(ABSENT, 0, count);
    const array = yield* openArray(file, grid);
    if (array === undefined) return;
    const { toIndex } = numberingOf(grid);
    const blocks = new ElementBlocks(PAGES, grid, places);
    for (let i = 0; i < count; i++) {
      const index = toIndex(numbers[i]);
      if (index >= array.header.count) throw tooShort(grid, index, array.header);
      if (array.block.elements !== undefined) placeChunk(grid, places, i, array.block.elements, index);
      else wantPage(file, array, blocks, i, index);
    }
    yield* blocks.read(file);
  },
  *list(file, grid, list) {
    const array = yield* openArray(file, grid);
    if (array === undefined) return;
    const numbering = numberingOf(grid);
    if (array.block.elements !== undefined) {
      listElements(grid, numbering, list, array.block.elements, 0);
      return;
    }
    const { pageElements } = array;
    for (let page = 0; page < array.pages; page++) {
      const stored = pageOf(file, array, page);
      if (stored === undefined) continue;
      const { address, context } = stored;
      const elements =
        file.structures.peek(FIXED_ARRAY_PAGE, address, context) ??
        (yield* file.structures.get(FIXED_ARRAY_PAGE, address, context));
      listElements(grid, numbering, list, elements, page * pageElements);
    }
  },
};

/** Notes that chunk `i` of those wanted stands in a page; pages never written hold none. */
function wantPage(
  file: EngineFile,
  array: OpenArray,
  blocks: ElementBlocks<ChunkElements, PageContext>,
  i: number,
  index: number,
): void {
  const { pageElements } = array;
  const page = Math.floor(index / pageElements);
  if (blocks.last !== page) blocks.begin(page, pageOf(file, array, page));
  blocks.want(i, index - page * pageElements);
}

function pageOf(
  file: EngineFile,
  { header, block, blockAddress, pages, pageElements }: OpenArray,
  page: number,
): StoredBlock<PageContext> | undefined {
  if (!isPageWritten(block.pagesWritten!, page)) return undefined;
  const pageBytes = pageElements * header.elementSize + 4;
  const address = asAddress(blockAddress + fixedArrayDataBlockSize(header, file.info.sizes) + page * pageBytes);
  const count = page === pages - 1 ? header.count - page * pageElements : pageElements;
  return { address, context: { client: header.client, elementSize: header.elementSize, count } };
}

function tooShort(grid: ChunkGrid, index: number, header: FixedArrayHeader): FormatError {
  return new FormatError("has fewer elements than the dataset has chunks", {
    structure: FIXED_ARRAY_HEADER.title,
    address: grid.layout.index.address ?? undefined,
    found: header.count,
    allowed: `more than ${index}`,
  });
}
