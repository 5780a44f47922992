/** Making of datasets of every layout. */
import type { Address } from "../../bytes/address.ts";
import { Encoder } from "../../bytes/encoder.ts";
import { encodeText } from "../../bytes/text.ts";
import type { ExternalFile, NewDataset, VirtualMapping } from "../../contract.ts";
import type { ContiguousLayout, DataLayout, VirtualLayout } from "../../format/messages/data-layout.ts";
import type { ExternalDataFiles } from "../../format/messages/external-data-files.ts";
import { virtualMappingBlock } from "../../format/virtual-mapping/virtual-mapping-block.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { insertHeapObject, placeHeapObjects, removeHeapObjects } from "../global-heap.ts";
import { EditedHeap } from "../group/edited-heap.ts";
import type { EditedHeader } from "../object-header/edited-header.ts";
import { createHeader, newTimes } from "../object-header/new-header.ts";
import { freeRaw } from "../raw-space.ts";
import { allocateChunks } from "./allocate-chunks.ts";
import { referredTo } from "./committed-type.ts";
import { currentDataset } from "./current-dataset.ts";
import { datasetMessages, newFill } from "./dataset-messages.ts";
import { FillPattern, fillSpace } from "./fill-elements.ts";
import { newLayout } from "./new-layout.ts";
import { headerVersion, isAtLeast, requireVersion } from "./structure-versions.ts";

/** Bytes for messages in the header of a new dataset, as the reference library has it. */
const HEADER_ROOM = 256;

/** Makes a dataset that no link leads to yet; the address of its object header. `elements`: see `Editor`. */
export function* createDataset(file: EditorFile, asked: NewDataset, elements?: Uint8Array): Steps<Address> {
  const { fillSource, ...plain } = asked;
  if (fillSource === undefined) return yield* createPlain(file, plain, elements);
  const objects = yield* placeHeapObjects(file, fillSource);
  try {
    const value = new Uint8Array(fillSource.elementSize);
    fillSource.take(0, 1, value, 0, value.length);
    return yield* createPlain(file, { ...plain, fill: { ...plain.fill, defined: "user", value } }, elements);
  } catch (error) {
    yield* removeHeapObjects(file, objects);
    throw error;
  }
}

function* createPlain(file: EditorFile, asked: NewDataset, elements: Uint8Array | undefined): Steps<Address> {
  file.raw.check();
  const { bounds } = file;
  const options: NewDataset = { ...asked, fill: newFill(asked, bounds) };
  const version = headerVersion(bounds, options.attributeOrder.tracked);
  if (version === 2) requireVersion(bounds, "v108", "an object header with the order of attributes");
  const planned = newLayout(options, bounds, file.structures.sizes);
  const committed: EditedHeader | undefined =
    options.committed === undefined ? undefined : yield* referredTo(file, options.committed);
  const layout =
    elements === undefined ? yield* allocated(file, options, planned) : yield* written(file, planned, elements);
  const external = yield* externalNames(file, options.external);
  const messages = datasetMessages(file, options, { layout, external });
  const room = HEADER_ROOM + (layout.class === "compact" ? layout.data.length : 0);
  const address = createHeader(file, {
    version,
    attributeOrder: options.attributeOrder,
    ...newTimes(file, version, options.trackTimes),
    messages,
    room,
  });
  committed?.apply();
  if (layout.class === "chunked" && options.fill.allocTime === "early")
    yield* allocateChunks(file, yield* currentDataset(file, address));
  return address;
}

/** The layout with all elements, so that the header is written once. */
function* written(file: EditorFile, layout: DataLayout, elements: Uint8Array): Steps<DataLayout> {
  if (layout.class === "compact" && elements.length === layout.data.length)
    return { ...layout, data: elements.slice() };
  if (layout.class !== "contiguous" || elements.length !== layout.size)
    throw new RangeError("not a place for elements");
  const size = elements.length;
  if (size === 0) return layout;
  const address = file.allocator.allocate(size, "raw");
  try {
    yield* file.raw.write(address, elements);
  } catch (error) {
    freeRaw(file, address, size);
    throw error;
  }
  return { ...layout, address };
}

/** The layout with what is to be allocated and filled at once, but for chunks. */
function* allocated(file: EditorFile, options: NewDataset, layout: DataLayout): Steps<DataLayout> {
  if (layout.class === "compact") {
    const pattern = yield* FillPattern.load(file, options);
    pattern.fill(layout.data, 0, layout.data.length / options.datatype.size);
    return layout;
  }
  if (layout.class === "virtual" && options.layout.class === "virtual")
    return yield* storeMappings(file, layout, options.layout.mappings);
  if (layout.class === "contiguous" && options.fill.allocTime === "early" && options.external.length === 0)
    return yield* allocateContiguous(file, options, layout);
  return layout;
}

/** Mappings of a virtual dataset stand in a heap object. */
function* storeMappings(
  file: EditorFile,
  layout: VirtualLayout,
  mappings: readonly VirtualMapping[],
): Steps<VirtualLayout> {
  if (mappings.length === 0) return layout;
  const to = new Encoder(file.structures.sizes);
  virtualMappingBlock(to, { version: isAtLeast(file.bounds, "v200") ? 1 : 0, entries: mappings });
  const { address, index } = yield* insertHeapObject(file, to.finish());
  return { ...layout, heap: address, index };
}

/** Space for all elements, which hold the fill value. */
export function* allocateContiguous(
  file: EditorFile,
  info: Pick<NewDataset, "fill" | "datatype">,
  layout: ContiguousLayout,
  size: number = layout.size ?? 0,
): Steps<ContiguousLayout> {
  if (size === 0) return layout;
  const address = file.allocator.allocate(size, "raw");
  try {
    yield* fillSpace(file, info, address, size);
  } catch (error) {
    file.allocator.free(address, size, "raw");
    throw error;
  }
  return { ...layout, address };
}

/** Names of external files, in a heap of their own. */
function* externalNames(file: EditorFile, files: readonly ExternalFile[]): Steps<ExternalDataFiles | undefined> {
  if (files.length === 0) return undefined;
  const names = files.map(({ name }) => encodeText(name));
  // The empty text comes first, and free blocks have a least size.
  const size = names.reduce((sum, name) => sum + Math.ceil((name.length + 1) / 8) * 8, 8 + 32);
  const heap = EditedHeap.create(file, size);
  const texts = yield* EditedHeap.load(file, heap);
  const slots = files.map(({ offset, size }, i) => ({ nameOffset: texts.insert(names[i]), offset, size }));
  texts.apply();
  return { heap, slots };
}
