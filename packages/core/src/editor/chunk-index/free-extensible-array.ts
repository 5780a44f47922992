/** All blocks of an extensible array, given back. */
import { type Address, asAddress } from "../../bytes/address.ts";
import type { ChunkGrid } from "../../engine/dataset/chunk-grid.ts";
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import { EXTENSIBLE_ARRAY_HEADER } from "../../format/extensible-array/extensible-array-header.ts";
import { EXTENSIBLE_ARRAY_INDEX_BLOCK } from "../../format/extensible-array/extensible-array-index-block.ts";
import {
  EXTENSIBLE_ARRAY_SUPER_BLOCK,
  type SuperBlockContext,
} from "../../format/extensible-array/extensible-array-super-block.ts";
import { dataBlockPages, extensibleArrayGeometry } from "../../format/extensible-array/geometry.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { freeStructure } from "./edited-index.ts";
import { dataBlockRoom, headerRoom, indexBlockRoom, pageAddress, superBlockRoom } from "./extensible-blocks.ts";

export function* freeExtensibleArray(file: EditorFile, grid: ChunkGrid): Steps<void> {
  const { address } = grid.layout.index;
  if (address === null) return;
  const { structures } = file;
  const header = yield* structures.get(EXTENSIBLE_ARRAY_HEADER, address, undefined);
  const { indexBlock } = header;
  if (indexBlock !== null) {
    const geometry = extensibleArrayGeometry(header);
    const index = yield* structures.get(EXTENSIBLE_ARRAY_INDEX_BLOCK, indexBlock, { header, geometry });
    for (let u = 0; u < geometry.superBlocks; u++) {
      const context = { header, geometry, superBlock: u };
      const first = geometry.firstDataBlock[u];
      if (u < geometry.direct)
        freeDataBlocks(file, index.dataBlocks.subarray(first, first + geometry.dataBlocks[u]), context);
      else yield* freeSuperBlock(file, index.superBlocks[u - geometry.direct], context);
    }
    freeStructure(file, indexBlock, indexBlockRoom(file, { header, geometry }));
  }
  freeStructure(file, address, headerRoom(file, header));
}

function* freeSuperBlock(file: EditorFile, at: number, context: SuperBlockContext): Steps<void> {
  if (at === ABSENT) return;
  const address: Address = asAddress(at);
  const block = yield* file.structures.get(EXTENSIBLE_ARRAY_SUPER_BLOCK, address, context);
  freeDataBlocks(file, block.dataBlocks, context);
  freeStructure(file, address, superBlockRoom(file, context));
}

function freeDataBlocks(file: EditorFile, blocks: Float64Array, context: SuperBlockContext): void {
  for (const at of blocks) {
    if (at === ABSENT) continue;
    for (let page = 0; page < dataBlockPages(context.geometry, context.superBlock); page++)
      file.structures.forget(pageAddress(file, at, page, context));
    freeStructure(file, asAddress(at), dataBlockRoom(file, context));
  }
}
