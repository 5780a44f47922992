/** Another extent for a dataset, within the maximum. */
import type { DatasetInfo } from "../../contract.ts";
import { ShapeError, UnsupportedError } from "../../errors.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { type HeapPlaces, removeHeapObjects } from "../global-heap.ts";
import { EditedHeader } from "../object-header/edited-header.ts";
import { touch } from "../object-header/touch.ts";
import { allocateChunks } from "./allocate-chunks.ts";
import { currentDataset, replaceDataspace, replaceLayout } from "./current-dataset.ts";
import { lostBoxes } from "./extent-boxes.ts";
import { datasetHeapObjects } from "./heap-references.ts";
import { extentBytes } from "./new-layout.ts";
import { resizeChunks } from "./resize-chunks.ts";

/** ShapeError where the extent is not allowed; UnsupportedError where the layout is of one size for ever. */
export function* resizeDataset(file: EditorFile, asked: DatasetInfo, dims: readonly number[]): Steps<void> {
  const info = yield* currentDataset(file, asked.address);
  const bytes = check(info, dims);
  const { layout, dataspace } = info;
  if (dims.every((n, d) => n === dataspace.dims[d])) return;
  if (layout.class === "chunked") {
    const lost = yield* lostObjects(file, info, dims);
    yield* resizeChunks(file, info, layout, dims);
    for (const objects of lost) yield* removeHeapObjects(file, objects);
    const grows = dims.some((n, d) => n > dataspace.dims[d]);
    if (grows && info.fill.allocTime === "early") yield* allocateChunks(file, info, dataspace.dims);
    return;
  }
  const header = yield* EditedHeader.load(file, info.address);
  yield* replaceDataspace(file, header, { ...dataspace, dims });
  if (layout.class === "contiguous" && layout.size !== null) replaceLayout(header, { ...layout, size: bytes });
  touch(file, header);
  header.apply();
}

/** Heap objects of elements that the extent loses. */
function* lostObjects(file: EditorFile, info: DatasetInfo, dims: readonly number[]): Steps<HeapPlaces[]> {
  const lost: HeapPlaces[] = [];
  for (const box of lostBoxes(info.dataspace.dims, dims)) {
    const objects = yield* datasetHeapObjects(file, info, box);
    if (objects === undefined) break;
    lost.push(objects);
  }
  return lost;
}

/** Bytes of the extent. */
function check(info: DatasetInfo, dims: readonly number[]): number {
  const { dataspace, layout, external } = info;
  const where = { structure: "Dataspace", address: info.address };
  if (layout.class === "compact" || (layout.class === "contiguous" && external.length === 0))
    throw new UnsupportedError("can have another extent only with a chunked layout", { ...where, found: layout.class });
  if (dataspace.kind !== "simple" || dims.length !== dataspace.dims.length)
    throw new ShapeError("has another rank", { ...where, found: dims.length, allowed: String(dataspace.dims.length) });
  const found = dims.join(" x ");
  if (dims.some((n, d) => !Number.isSafeInteger(n) || n < 0 || n > dataspace.maxDims[d]))
    throw new ShapeError("cannot have this extent", {
      ...where,
      found,
      allowed: `at most ${dataspace.maxDims.join(" x ")}`,
    });
  const bytes = extentBytes({ datatype: info.datatype, dataspace: { ...dataspace, dims } });
  const room = external.reduce((sum, { size }) => sum + size, 0);
  if (layout.class === "contiguous" && bytes > room)
    throw new ShapeError("has less room in its external files than elements", {
      ...where,
      found,
      allowed: `${room} bytes`,
    });
  return bytes;
}
