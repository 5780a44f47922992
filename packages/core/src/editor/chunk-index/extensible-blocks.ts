/** The blocks of an extensible array in the file: their room, and how they are put. */
import { type Address, asAddress } from "../../bytes/address.ts";
import { sizeOf } from "../../bytes/sizer.ts";
import type { ChunkElements } from "../../format/chunk-element/chunk-elements.ts";
import {
  EXTENSIBLE_ARRAY_DATA_BLOCK,
  EXTENSIBLE_ARRAY_PAGE,
  type ExtensibleArrayDataBlock,
  extensibleArrayDataBlock,
  extensibleArrayDataBlockSize,
} from "../../format/extensible-array/extensible-array-data-block.ts";
import {
  EXTENSIBLE_ARRAY_HEADER,
  type ExtensibleArrayHeader,
  extensibleArrayHeader,
} from "../../format/extensible-array/extensible-array-header.ts";
import {
  EXTENSIBLE_ARRAY_INDEX_BLOCK,
  type ExtensibleArrayContext,
  type ExtensibleArrayIndexBlock,
  extensibleArrayIndexBlock,
} from "../../format/extensible-array/extensible-array-index-block.ts";
import {
  EXTENSIBLE_ARRAY_SUPER_BLOCK,
  type ExtensibleArraySuperBlock,
  extensibleArraySuperBlock,
  type SuperBlockContext,
} from "../../format/extensible-array/extensible-array-super-block.ts";
import { dataBlockPages } from "../../format/extensible-array/geometry.ts";
import { arrayPage, type PageContext } from "../../format/fixed-array/fixed-array-data-block.ts";
import type { EditorFile } from "../editor-file.ts";

export const headerRoom = (file: EditorFile, header: ExtensibleArrayHeader): number =>
  sizeOf(extensibleArrayHeader, header, file.structures.sizes);

export function putHeader(file: EditorFile, address: Address, header: ExtensibleArrayHeader): void {
  const room = headerRoom(file, header);
  file.structures.put(EXTENSIBLE_ARRAY_HEADER, address, header, room, (f, v) => void extensibleArrayHeader(f, v));
}

export function indexBlockRoom(file: EditorFile, { header, geometry }: ExtensibleArrayContext): number {
  const { offsets } = file.structures.sizes;
  const pointers = 1 + geometry.indexDataBlocks + geometry.indexSuperBlocks;
  return 10 + pointers * offsets + header.indexElements * header.elementSize;
}

export function putIndexBlock(
  file: EditorFile,
  address: Address,
  block: ExtensibleArrayIndexBlock,
  context: ExtensibleArrayContext,
): void {
  const room = indexBlockRoom(file, context);
  const write = (f: Parameters<typeof extensibleArrayIndexBlock>[0], v: ExtensibleArrayIndexBlock): void =>
    void extensibleArrayIndexBlock(f, v, context);
  file.structures.put(EXTENSIBLE_ARRAY_INDEX_BLOCK, address, block, room, write);
}

export function superBlockRoom(file: EditorFile, { geometry, superBlock }: SuperBlockContext): number {
  const blocks = geometry.dataBlocks[superBlock];
  const bitmap = blocks * Math.ceil(dataBlockPages(geometry, superBlock) / 8);
  return 10 + geometry.offsetBytes + (1 + blocks) * file.structures.sizes.offsets + bitmap;
}

export function putSuperBlock(
  file: EditorFile,
  address: Address,
  block: ExtensibleArraySuperBlock,
  context: SuperBlockContext,
): void {
  const room = superBlockRoom(file, context);
  const write = (f: Parameters<typeof extensibleArraySuperBlock>[0], v: ExtensibleArraySuperBlock): void =>
    void extensibleArraySuperBlock(f, v, context);
  file.structures.put(EXTENSIBLE_ARRAY_SUPER_BLOCK, address, block, room, write);
}

const pageBytes = ({ header, geometry }: ExtensibleArrayContext): number =>
  geometry.pageElements * header.elementSize + 4;

/** Bytes of a data block with its pages. */
export function dataBlockRoom(file: EditorFile, context: SuperBlockContext): number {
  const pages = dataBlockPages(context.geometry, context.superBlock);
  return extensibleArrayDataBlockSize(file.structures.sizes.offsets, context) + pages * pageBytes(context);
}

export function putDataBlock(
  file: EditorFile,
  address: Address,
  block: ExtensibleArrayDataBlock,
  context: SuperBlockContext,
): void {
  const room = extensibleArrayDataBlockSize(file.structures.sizes.offsets, context);
  const write = (f: Parameters<typeof extensibleArrayDataBlock>[0], v: ExtensibleArrayDataBlock): void =>
    void extensibleArrayDataBlock(f, v, context);
  file.structures.put(EXTENSIBLE_ARRAY_DATA_BLOCK, address, block, room, write);
}

export function pageContext({ header, geometry }: ExtensibleArrayContext): PageContext {
  return { client: header.client, elementSize: header.elementSize, count: geometry.pageElements };
}

export function pageAddress(file: EditorFile, block: number, page: number, context: SuperBlockContext): Address {
  const prefix = extensibleArrayDataBlockSize(file.structures.sizes.offsets, context);
  return asAddress(block + prefix + page * pageBytes(context));
}

export function putPage(file: EditorFile, address: Address, elements: ChunkElements, context: SuperBlockContext): void {
  const form = pageContext(context);
  const write = (f: Parameters<typeof arrayPage>[0], v: ChunkElements): void => void arrayPage(f, v, form);
  file.structures.put(EXTENSIBLE_ARRAY_PAGE, address, elements, pageBytes(context), write);
}
