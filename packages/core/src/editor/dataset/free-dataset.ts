/** All that a dataset has stored, given back: raw data, chunk index, names of external files. Its header stays. */
import type { Address } from "../../bytes/address.ts";
import { asAddress } from "../../bytes/address.ts";
import type { DatasetInfo } from "../../contract.ts";
import { ChunkList } from "../../engine/chunk-index/chunk-list.ts";
import { CHUNK_INDEXES } from "../../engine/chunk-index/indexes.ts";
import { chunkGrid } from "../../engine/dataset/chunk-grid.ts";
import { objectHeader } from "../../engine/object-header.ts";
import { messageSource } from "../../engine/shared-message.ts";
import { LOCAL_HEAP } from "../../format/group/local-heap.ts";
import type { ChunkedLayout } from "../../format/messages/data-layout.ts";
import { externalDataFilesMessage } from "../../format/messages/external-data-files.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import type { Steps } from "../../steps/steps.ts";
import { freeStructure } from "../chunk-index/edited-index.ts";
import { EDITED_INDEXES } from "../chunk-index/edited-indexes.ts";
import type { EditorFile } from "../editor-file.ts";
import { removeHeapObjects } from "../global-heap.ts";
import { freeRaw } from "../raw-space.ts";
import { currentDataset } from "./current-dataset.ts";
import { everything } from "./extent-boxes.ts";
import { datasetHeapObjects, elementHeapObjects } from "./heap-references.ts";
import { extentBytes } from "./new-layout.ts";

/** Call while the header still stands, and free that behind it. External files keep their bytes. */
export function* freeDatasetStorage(file: EditorFile, asked: DatasetInfo): Steps<void> {
  const info = yield* currentDataset(file, asked.address);
  const { layout } = info;
  const all = everything(info.dataspace.dims);
  const objects = info.external.length > 0 ? undefined : yield* datasetHeapObjects(file, info, all);
  if (objects !== undefined) yield* removeHeapObjects(file, objects);
  yield* freeFillValue(file, info);
  if (layout.class === "virtual" && layout.heap !== null)
    yield* removeHeapObjects(file, { addresses: [layout.heap], indices: [layout.index] });
  file.chunkCache.drop(info.address);
  if (info.external.length > 0) yield* freeExternalNames(file, info.address);
  else if (layout.class === "contiguous" && layout.address !== null)
    freeRaw(file, layout.address, layout.size ?? extentBytes(info));
  if (layout.class === "chunked") yield* freeChunks(file, info, layout);
}

function* freeFillValue(file: EditorFile, { fill, datatype }: DatasetInfo): Steps<void> {
  if (fill.defined !== "user" || fill.value === undefined) return;
  const objects = yield* elementHeapObjects(file, datatype, fill.value);
  if (objects !== undefined) yield* removeHeapObjects(file, objects);
}

function* freeChunks(file: EditorFile, info: DatasetInfo, layout: ChunkedLayout): Steps<void> {
  const grid = chunkGrid(file, info, layout);
  const list = new ChunkList();
  const { kind } = layout.index;
  if (grid.total > 0 && kind !== "implicit") yield* CHUNK_INDEXES[kind].list(file, grid, list);
  yield* EDITED_INDEXES[kind].free(file, grid);
  for (let i = 0; i < list.count; i++)
    freeRaw(file, asAddress(list.addresses[i]), grid.filtered ? list.sizes[i] : grid.bytes);
}

function* freeExternalNames(file: EditorFile, address: Address): Steps<void> {
  const header = yield* objectHeader(file, address);
  const message = header.only(MessageType.externalDataFiles);
  if (message === undefined) return;
  const { heap } = externalDataFilesMessage((yield* messageSource(file, message)).from);
  const { structures } = file;
  const { data, size } = yield* structures.get(LOCAL_HEAP, heap, undefined);
  const { lengths, offsets } = structures.sizes;
  freeStructure(file, data, size);
  freeStructure(file, heap, 8 + 2 * lengths + offsets);
}
