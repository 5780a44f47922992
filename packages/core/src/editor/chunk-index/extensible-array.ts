/**
 * Extensible arrays of chunks while they are edited: index block, super blocks, data blocks and pages are made once they
 * hold a chunk. They stay when chunks are taken out, as in the reference library.
 */
import { type Address, asAddress } from "../../bytes/address.ts";
import { isPageWritten } from "../../engine/chunk-index/element-blocks.ts";
import { numberingOf } from "../../engine/chunk-index/numbering.ts";
import type { ChunkGrid } from "../../engine/dataset/chunk-grid.ts";
import { ABSENT, type ChunkElements } from "../../format/chunk-element/chunk-elements.ts";
import {
  EXTENSIBLE_ARRAY_DATA_BLOCK,
  EXTENSIBLE_ARRAY_PAGE,
} from "../../format/extensible-array/extensible-array-data-block.ts";
import {
  EXTENSIBLE_ARRAY_HEADER,
  type ExtensibleArrayHeader,
} from "../../format/extensible-array/extensible-array-header.ts";
import {
  EXTENSIBLE_ARRAY_INDEX_BLOCK,
  type ExtensibleArrayIndexBlock,
} from "../../format/extensible-array/extensible-array-index-block.ts";
import {
  EXTENSIBLE_ARRAY_SUPER_BLOCK,
  type ExtensibleArraySuperBlock,
  type SuperBlockContext,
} from "../../format/extensible-array/extensible-array-super-block.ts";
import {
  dataBlockPages,
  type ExtensibleArrayGeometry,
  extensibleArrayGeometry,
} from "../../format/extensible-array/geometry.ts";
import type { ChunkIndexing } from "../../format/messages/data-layout.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { copiedElements, elementForm, emptyElements, markPage, setElement } from "./edited-elements.ts";
import type { ChangedPlaces, EditedIndex } from "./edited-index.ts";
import {
  dataBlockRoom,
  headerRoom,
  indexBlockRoom,
  pageAddress,
  pageContext,
  putDataBlock,
  putHeader,
  putIndexBlock,
  putPage,
  putSuperBlock,
  superBlockRoom,
} from "./extensible-blocks.ts";
import { blockOffset, type Spot, spotOf } from "./extensible-spot.ts";
import { freeExtensibleArray } from "./free-extensible-array.ts";

type Indexing = Extract<ChunkIndexing, { kind: "extensible-array" }>;

export const extensibleArray: EditedIndex = {
  *set(file, grid, changed) {
    const edit = new ArrayEdit(file, grid, changed);
    yield* edit.load();
    return edit.apply();
  },
  free: freeExtensibleArray,
};

/** A super block that is edited. */
interface EditedSuperBlock {
  readonly address: Address;
  readonly dataBlocks: Float64Array;
  readonly pagesWritten: Uint8Array;
}

class ArrayEdit {
  private readonly file: EditorFile;
  private readonly grid: ChunkGrid;
  private readonly changed: ChangedPlaces;
  private readonly indices: Float64Array;
  private header: ExtensibleArrayHeader;
  private geometry: ExtensibleArrayGeometry;
  private index: ExtensibleArrayIndexBlock | undefined;
  private readonly superBlocks = new Map<number, EditedSuperBlock>();
  /** Elements by the address of the data block or page that they stand in, and what puts them back. */
  private readonly elements = new Map<number, ChunkElements>();
  private readonly puts = new Map<number, () => void>();

  constructor(file: EditorFile, grid: ChunkGrid, changed: ChangedPlaces) {
    const { toIndex } = numberingOf(grid);
    this.file = file;
    this.grid = grid;
    this.changed = changed;
    this.indices = Float64Array.from({ length: changed.count }, (_, i) => toIndex(changed.numbers[i]));
    const { maxBits, indexElements, minElements, minPointers, pageBits } = grid.layout.index as Indexing;
    this.header = {
      ...elementForm(grid, file.structures.sizes),
      maxBits,
      indexElements,
      minElements,
      minPointers,
      pageBits,
      superBlocks: 0,
      superBlockBytes: 0,
      dataBlocks: 0,
      dataBlockBytes: 0,
      maxIndexSet: 0,
      elements: 0,
      indexBlock: null,
    };
    this.geometry = extensibleArrayGeometry(this.header);
  }

  /** Reads all blocks that are there and will be changed. */
  *load(): Steps<void> {
    const { structures } = this.file;
    const { address } = this.grid.layout.index;
    if (address === null) return;
    this.header = yield* structures.get(EXTENSIBLE_ARRAY_HEADER, address, undefined);
    this.geometry = extensibleArrayGeometry(this.header);
    const { indexBlock } = this.header;
    if (indexBlock === null) return;
    const context = { header: this.header, geometry: this.geometry };
    this.index = yield* structures.get(EXTENSIBLE_ARRAY_INDEX_BLOCK, indexBlock, context);
    for (const index of this.indices) {
      const spot = spotOf(this.header, this.geometry, index);
      if (spot === undefined) continue;
      if (spot.u >= this.geometry.direct) yield* this.loadSuperBlock(spot.u);
      yield* this.loadElements(spot);
    }
  }

  private *loadSuperBlock(u: number): Steps<void> {
    const at = this.index!.superBlocks[u - this.geometry.direct];
    if (this.superBlocks.has(u) || at === ABSENT) return;
    const address = asAddress(at);
    const block = yield* this.file.structures.get(EXTENSIBLE_ARRAY_SUPER_BLOCK, address, this.context(u));
    const { dataBlocks, pagesWritten } = block;
    this.superBlocks.set(u, { address, dataBlocks: dataBlocks.slice(), pagesWritten: pagesWritten.slice() });
  }

  private *loadElements({ u, b, page }: Spot): Steps<void> {
    const at = this.dataBlock(u, b);
    if (at === ABSENT) return;
    const { structures } = this.file;
    const context = this.context(u);
    const pages = dataBlockPages(this.geometry, u);
    if (pages === 0) {
      if (this.elements.has(at)) return;
      const block = yield* structures.get(EXTENSIBLE_ARRAY_DATA_BLOCK, asAddress(at), context);
      this.elements.set(at, copiedElements(block.elements!));
    } else if (isPageWritten(this.superBlocks.get(u)!.pagesWritten, b * pages + page)) {
      const address = pageAddress(this.file, at, page, context);
      if (this.elements.has(address)) return;
      const elements = yield* structures.get(EXTENSIBLE_ARRAY_PAGE, address, pageContext(context));
      this.elements.set(address, copiedElements(elements));
    }
  }

  private context(u: number): SuperBlockContext {
    return { header: this.header, geometry: this.geometry, superBlock: u };
  }

  private dataBlock(u: number, b: number): number {
    const { geometry, index } = this;
    if (u < geometry.direct) return index?.dataBlocks[geometry.firstDataBlock[u] + b] ?? ABSENT;
    return this.superBlocks.get(u)?.dataBlocks[b] ?? ABSENT;
  }

  /** Changes the array: elements, blocks, and last the header. */
  apply(): ChunkIndexing | undefined {
    const { file, grid, indices, changed } = this;
    const { index } = grid.layout;
    const address = index.address ?? file.allocator.allocate(headerRoom(file, this.header), "metadata");
    this.beginIndexBlock(address);
    for (let i = 0; i < indices.length; i++)
      this.setChunk(address, indices[i], i, changed.places.addresses[i] === ABSENT);
    for (const [u, { address: at, dataBlocks, pagesWritten }] of this.superBlocks) {
      const block = { header: address, offset: this.geometry.firstElement[u], pagesWritten, dataBlocks };
      putSuperBlock(file, at, block satisfies ExtensibleArraySuperBlock, this.context(u));
    }
    for (const put of this.puts.values()) put();
    const { header, geometry } = this;
    putIndexBlock(file, header.indexBlock!, this.index!, { header, geometry });
    putHeader(file, address, header);
    return index.address === null ? { ...(index as Indexing), address } : undefined;
  }

  /** Makes the index block, or a copy of it to be changed. */
  private beginIndexBlock(address: Address): void {
    const { file, geometry } = this;
    if (this.index !== undefined) {
      const { header, elements, dataBlocks, superBlocks } = this.index;
      this.index = {
        header,
        elements: copiedElements(elements),
        dataBlocks: dataBlocks.slice(),
        superBlocks: superBlocks.slice(),
      };
      return;
    }
    const room = indexBlockRoom(file, { header: this.header, geometry });
    this.header = {
      ...this.header,
      indexBlock: file.allocator.allocate(room, "metadata"),
      elements: this.header.elements + this.header.indexElements,
    };
    this.index = {
      header: address,
      elements: emptyElements(this.header, this.header.indexElements),
      dataBlocks: new Float64Array(geometry.indexDataBlocks).fill(ABSENT),
      superBlocks: new Float64Array(geometry.indexSuperBlocks).fill(ABSENT),
    };
  }

  private setChunk(address: Address, index: number, i: number, absent: boolean): void {
    const { places } = this.changed;
    const spot = spotOf(this.header, this.geometry, index);
    if (!absent && index >= this.header.maxIndexSet) this.header = { ...this.header, maxIndexSet: index + 1 };
    if (spot === undefined) {
      setElement(this.index!.elements, index, places, i);
      return;
    }
    // Nothing is made to hold what is not there.
    if (absent && this.dataBlock(spot.u, spot.b) === ABSENT) return;
    const elements = this.elementsAt(address, spot, absent);
    if (elements !== undefined) setElement(elements, spot.element, places, i);
  }

  /** Elements of a data block or page, which is made where it is missing; `undefined` where it need not be. */
  private elementsAt(header: Address, { u, b, page }: Spot, absent: boolean): ChunkElements | undefined {
    const { file, geometry } = this;
    if (u >= geometry.direct && !this.superBlocks.has(u)) this.makeSuperBlock(u);
    const block = this.dataBlock(u, b) === ABSENT ? this.makeDataBlock(header, u, b) : this.dataBlock(u, b);
    const pages = dataBlockPages(geometry, u);
    if (pages === 0) {
      const elements = this.elements.get(block)!;
      const offset = blockOffset(geometry, u, b);
      this.puts.set(block, () => putDataBlock(file, asAddress(block), { header, offset, elements }, this.context(u)));
      return elements;
    }
    const address = pageAddress(file, block, page, this.context(u));
    let elements = this.elements.get(address);
    if (elements === undefined) {
      if (absent) return undefined;
      elements = emptyElements(this.header, geometry.pageElements);
      this.elements.set(address, elements);
      markPage(this.superBlocks.get(u)!.pagesWritten, b * pages + page);
    }
    const written = elements;
    this.puts.set(address, () => putPage(file, address, written, this.context(u)));
    return elements;
  }

  private makeSuperBlock(u: number): void {
    const { file, geometry } = this;
    const context = this.context(u);
    const room = superBlockRoom(file, context);
    const address = file.allocator.allocate(room, "metadata");
    this.index!.superBlocks[u - geometry.direct] = address;
    const count = geometry.dataBlocks[u];
    this.superBlocks.set(u, {
      address,
      dataBlocks: new Float64Array(count).fill(ABSENT),
      pagesWritten: new Uint8Array(count * Math.ceil(dataBlockPages(geometry, u) / 8)),
    });
    const { superBlocks, superBlockBytes } = this.header;
    this.header = { ...this.header, superBlocks: superBlocks + 1, superBlockBytes: superBlockBytes + room };
  }

  private makeDataBlock(header: Address, u: number, b: number): number {
    const { file, geometry } = this;
    const room = dataBlockRoom(file, this.context(u));
    const address = file.allocator.allocate(room, "metadata");
    if (u < geometry.direct) this.index!.dataBlocks[geometry.firstDataBlock[u] + b] = address;
    else this.superBlocks.get(u)!.dataBlocks[b] = address;
    if (dataBlockPages(geometry, u) === 0) this.elements.set(address, emptyElements(this.header, geometry.elements[u]));
    else putDataBlock(file, address, { header, offset: blockOffset(geometry, u, b) }, this.context(u));
    const { dataBlocks, dataBlockBytes, elements } = this.header;
    this.header = {
      ...this.header,
      dataBlocks: dataBlocks + 1,
      dataBlockBytes: dataBlockBytes + room,
      elements: elements + geometry.elements[u],
    };
    return address;
  }
}
