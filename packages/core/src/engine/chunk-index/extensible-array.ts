/** Chunks by an extensible array: only the data blocks and pages that hold wanted chunks are read. */
import { type Address, asAddress } from "../../bytes/address.ts";
import { FormatError } from "../../errors.ts";
import { ABSENT, type ChunkElements } from "../../format/chunk-element/chunk-elements.ts";
import {
  EXTENSIBLE_ARRAY_DATA_BLOCK,
  EXTENSIBLE_ARRAY_PAGE,
  type ExtensibleArrayDataBlock,
  extensibleArrayDataBlockSize,
} from "../../format/extensible-array/extensible-array-data-block.ts";
import { EXTENSIBLE_ARRAY_HEADER } from "../../format/extensible-array/extensible-array-header.ts";
import {
  EXTENSIBLE_ARRAY_INDEX_BLOCK,
  type ExtensibleArrayContext,
  type ExtensibleArrayIndexBlock,
} from "../../format/extensible-array/extensible-array-index-block.ts";
import {
  EXTENSIBLE_ARRAY_SUPER_BLOCK,
  type ExtensibleArraySuperBlock,
  type SuperBlockContext,
} from "../../format/extensible-array/extensible-array-super-block.ts";
import { dataBlockPages, extensibleArrayGeometry, superBlockOf } from "../../format/extensible-array/geometry.ts";
import type { PageContext } from "../../format/fixed-array/fixed-array-data-block.ts";
import type { Steps } from "../../steps/steps.ts";
import type { ChunkGrid } from "../dataset/chunk-grid.ts";
import type { EngineFile } from "../file.ts";
import type { ChunkIndex } from "./chunk-index.ts";
import type { ChunkList } from "./chunk-list.ts";
import {
  type BlockKind,
  checkBlock,
  ElementBlocks,
  isPageWritten,
  listElements,
  placeChunk,
  type StoredBlock,
} from "./element-blocks.ts";
import { loadStructures } from "./load.ts";
import { type Numbering, numberingOf } from "./numbering.ts";

interface OpenArray extends ExtensibleArrayContext {
  readonly address: Address;
  readonly index: ExtensibleArrayIndexBlock;
  /** Super blocks in hand, by their number. */
  readonly superBlocks: Map<number, ExtensibleArraySuperBlock>;
}

function* openArray(file: EngineFile, grid: ChunkGrid): Steps<OpenArray | undefined> {
  const { address } = grid.layout.index;
  if (address === null) return undefined;
  const { structures } = file;
  const header =
    structures.peek(EXTENSIBLE_ARRAY_HEADER, address, undefined) ??
    (yield* structures.get(EXTENSIBLE_ARRAY_HEADER, address, undefined));
  const { indexBlock } = header;
  if (indexBlock === null) return undefined;
  const context = { header, geometry: extensibleArrayGeometry(header) };
  const index =
    structures.peek(EXTENSIBLE_ARRAY_INDEX_BLOCK, indexBlock, context) ??
    (yield* structures.get(EXTENSIBLE_ARRAY_INDEX_BLOCK, indexBlock, context));
  checkBlock(EXTENSIBLE_ARRAY_INDEX_BLOCK.title, indexBlock, index.header, address);
  return { ...context, address, index, superBlocks: new Map() };
}

export const extensibleArray: ChunkIndex = {
  *locate(file, grid, numbers, count, places) {
    places.addresses.fill(ABSENT, 0, count);
    const array = yield* openArray(file, grid);
    if (array === undefined) return;
    const { toIndex } = numberingOf(grid);
    const indices = new Float64Array(count);
    for (let i = 0; i < count; i++) indices[i] = toIndex(numbers[i]);
    checkRange(array, indices);
    yield* loadSuperBlocks(file, array, indices);
    const blocks = new ElementBlocks(dataBlocks(array), grid, places);
    const pages = new ElementBlocks(PAGES, grid, places);
    for (let i = 0; i < count; i++) {
      if (indices[i] < array.header.indexElements) placeChunk(grid, places, i, array.index.elements, indices[i]);
      else want(file, array, { blocks, pages }, i, indices[i] - array.header.indexElements);
    }
    yield* blocks.read(file);
    yield* pages.read(file);
  },
  *list(file, grid, list) {
    const array = yield* openArray(file, grid);
    if (array === undefined) return;
    const numbering = numberingOf(grid);
    listElements(grid, numbering, list, array.index.elements, 0);
    const seen = new Set<number>();
    for (let u = 0; u < array.geometry.superBlocks; u++) {
      yield* loadSuperBlock(file, array, u);
      if (u >= array.geometry.direct && !array.superBlocks.has(u)) continue;
      for (let b = 0; b < array.geometry.dataBlocks[u]; b++) {
        const address = dataBlockAddress(array, u, b);
        if (address === ABSENT) continue;
        if (seen.has(address)) throw repeated(address);
        seen.add(address);
        yield* listDataBlock(file, array, { grid, numbering, list }, u, b);
      }
    }
  },
};

const PAGES: BlockKind<ChunkElements, PageContext> = { structure: EXTENSIBLE_ARRAY_PAGE, elements: (page) => page };

/** Data blocks that are not paged. */
function dataBlocks(array: OpenArray): BlockKind<ExtensibleArrayDataBlock, SuperBlockContext> {
  return {
    structure: EXTENSIBLE_ARRAY_DATA_BLOCK,
    elements: (block, address) => {
      checkBlock(EXTENSIBLE_ARRAY_DATA_BLOCK.title, address, block.header, array.address);
      return block.elements!;
    },
  };
}

/** A cycle of blocks would be walked for long. */
function repeated(address: number): FormatError {
  return new FormatError("stands in two places of its array", {
    structure: EXTENSIBLE_ARRAY_DATA_BLOCK.title,
    address,
  });
}

interface Listing {
  readonly grid: ChunkGrid;
  readonly numbering: Numbering;
  readonly list: ChunkList;
}

function* listDataBlock(file: EngineFile, array: OpenArray, listing: Listing, u: number, b: number): Steps<void> {
  const { grid, numbering, list } = listing;
  const { header, geometry } = array;
  const { structures } = file;
  const first = header.indexElements + geometry.firstElement[u] + b * geometry.elements[u];
  const pages = dataBlockPages(geometry, u);
  if (pages === 0) {
    const { address, context } = wholeBlock(array, u, b)!;
    const block =
      structures.peek(EXTENSIBLE_ARRAY_DATA_BLOCK, address, context) ??
      (yield* structures.get(EXTENSIBLE_ARRAY_DATA_BLOCK, address, context));
    listElements(grid, numbering, list, dataBlocks(array).elements(block, address), first);
  }
  for (let page = 0; page < pages; page++) {
    const stored = pageOf(file, array, u, b, page);
    if (stored === undefined) continue;
    const elements =
      structures.peek(EXTENSIBLE_ARRAY_PAGE, stored.address, stored.context) ??
      (yield* structures.get(EXTENSIBLE_ARRAY_PAGE, stored.address, stored.context));
    listElements(grid, numbering, list, elements, first + page * geometry.pageElements);
  }
}

function checkRange(array: OpenArray, indices: Float64Array): void {
  const most = 2 ** array.header.maxBits;
  for (let i = 0; i < indices.length; i++) {
    if (indices[i] < most) continue;
    throw new FormatError("has fewer elements than the dataset has chunks", {
      structure: EXTENSIBLE_ARRAY_HEADER.title,
      address: array.address,
      found: most,
      allowed: `more than ${indices[i]}`,
    });
  }
}

/** Super blocks of the wanted elements, in one round. */
function* loadSuperBlocks(file: EngineFile, array: OpenArray, indices: Float64Array): Steps<void> {
  const { geometry, header } = array;
  const needed = new Set<number>();
  for (let i = 0; i < indices.length; i++) {
    const element = indices[i] - header.indexElements;
    if (element >= 0) needed.add(superBlockOf(geometry, element));
  }
  const stored = [...needed].filter((u) => u >= geometry.direct && superBlockAddress(array, u) !== ABSENT);
  if (stored.length > 1)
    yield* loadStructures(
      file,
      EXTENSIBLE_ARRAY_SUPER_BLOCK,
      stored.map((u) => ({ address: superBlockAddress(array, u), context: { header, geometry, superBlock: u } })),
    );
  for (const u of stored) yield* loadSuperBlock(file, array, u);
}

const superBlockAddress = (array: OpenArray, u: number): number =>
  array.index.superBlocks[u - array.geometry.direct] ?? ABSENT;

function* loadSuperBlock(file: EngineFile, array: OpenArray, u: number): Steps<void> {
  const { header, geometry } = array;
  if (u < geometry.direct || superBlockAddress(array, u) === ABSENT) return;
  const address = asAddress(superBlockAddress(array, u));
  const context = { header, geometry, superBlock: u };
  const block =
    file.structures.peek(EXTENSIBLE_ARRAY_SUPER_BLOCK, address, context) ??
    (yield* file.structures.get(EXTENSIBLE_ARRAY_SUPER_BLOCK, address, context));
  checkBlock(EXTENSIBLE_ARRAY_SUPER_BLOCK.title, address, block.header, array.address);
  array.superBlocks.set(u, block);
}

interface WantedBlocks {
  readonly blocks: ElementBlocks<ExtensibleArrayDataBlock, SuperBlockContext>;
  readonly pages: ElementBlocks<ChunkElements, PageContext>;
}

/** Notes where an element stands, counted from behind those of the index block, which is wanted as number `i`. */
function want(file: EngineFile, array: OpenArray, { blocks, pages }: WantedBlocks, i: number, element: number): void {
  const { geometry } = array;
  const u = superBlockOf(geometry, element);
  const within = element - geometry.firstElement[u];
  const perBlock = geometry.elements[u];
  const b = Math.floor(within / perBlock);
  const inBlock = within - b * perBlock;
  if (dataBlockPages(geometry, u) === 0) {
    const first = element - inBlock;
    if (blocks.last !== first) blocks.begin(first, wholeBlock(array, u, b));
    blocks.want(i, inBlock);
    return;
  }
  const page = Math.floor(inBlock / geometry.pageElements);
  const first = element - (inBlock - page * geometry.pageElements);
  if (pages.last !== first) pages.begin(first, pageOf(file, array, u, b, page));
  pages.want(i, inBlock - page * geometry.pageElements);
}

function dataBlockAddress(array: OpenArray, u: number, b: number): number {
  const { geometry, index } = array;
  if (u < geometry.direct) return index.dataBlocks[geometry.firstDataBlock[u] + b] ?? ABSENT;
  return array.superBlocks.get(u)?.dataBlocks[b] ?? ABSENT;
}

function wholeBlock(array: OpenArray, u: number, b: number): StoredBlock<SuperBlockContext> | undefined {
  const address = dataBlockAddress(array, u, b);
  if (address === ABSENT) return undefined;
  return { address: asAddress(address), context: { header: array.header, geometry: array.geometry, superBlock: u } };
}

function pageOf(
  file: EngineFile,
  array: OpenArray,
  u: number,
  b: number,
  page: number,
): StoredBlock<PageContext> | undefined {
  const { header, geometry } = array;
  const address = dataBlockAddress(array, u, b);
  if (address === ABSENT) return undefined;
  const written = array.superBlocks.get(u)?.pagesWritten;
  if (written === undefined)
    throw new FormatError("has pages in a data block without a super block", {
      structure: EXTENSIBLE_ARRAY_DATA_BLOCK.title,
      address,
    });
  if (!isPageWritten(written, b * dataBlockPages(geometry, u) + page)) return undefined;
  const { client, elementSize } = header;
  const prefix = extensibleArrayDataBlockSize(file.info.sizes.offsets, { header, geometry, superBlock: u });
  const pageBytes = geometry.pageElements * elementSize + 4;
  return {
    address: asAddress(address + prefix + page * pageBytes),
    context: { client, elementSize, count: geometry.pageElements },
  };
}
