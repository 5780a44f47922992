/** Writing of the selected elements of a dataset, whatever its layout. */
import type { DatasetInfo } from "../../contract.ts";
import { BytesSink, MergedSource } from "../../data/raw-elements.ts";
import type { Selection } from "../../data/selection/selection.ts";
import type { Source } from "../../data/source.ts";
import { readDataset } from "../../engine/dataset/read-dataset.ts";
import { FormatError, UnsupportedError } from "../../errors.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { type HeapPlaces, placeHeapObjects, removeHeapObjects } from "../global-heap.ts";
import { currentDataset } from "./current-dataset.ts";
import { datasetHeapObjects } from "./heap-references.ts";
import { writeChunked } from "./write-chunked.ts";
import { writeCompact, writeContiguous } from "./write-contiguous.ts";
import { writeExternal } from "./write-external.ts";

/**
 * Takes the elements from the source, the heap objects that they refer to first; those of the elements that stood there
 * before are freed. An element that is selected more than once keeps the last of its values.
 */
export function* writeDataset(file: EditorFile, asked: DatasetInfo, selection: Selection, source: Source): Steps<void> {
  const info = yield* currentDataset(file, asked.address);
  check(info, source);
  if (selection.count === 0) return;
  // Of members that are not written, the heap objects stay.
  const written = source.partial === undefined ? info : { ...info, datatype: source.partial };
  const old = yield* datasetHeapObjects(file, written, selection);
  const placed = yield* placeHeapObjects(file, source);
  try {
    yield* writeElements(file, info, selection, yield* wholeElements(file, info, selection, source));
  } catch (error) {
    if (placed.addresses.length > 0 || old !== undefined) yield* tidy(file, written, selection, [placed, old]);
    throw error;
  }
  if (old !== undefined) yield* removeHeapObjects(file, old);
}

/** A source of whole elements: members that it does not have are as they stand in the file. */
function* wholeElements(file: EditorFile, info: DatasetInfo, selection: Selection, source: Source): Steps<Source> {
  if (source.partial === undefined) return source;
  const there = new BytesSink(selection.count, source.elementSize, info.fill.value);
  yield* readDataset(file, info, selection, there);
  return new MergedSource(there.direct, source);
}

/** After a failure: of these objects, frees those that no element refers to. */
function* tidy(
  file: EditorFile,
  { address, datatype }: DatasetInfo,
  selection: Selection,
  objects: readonly (HeapPlaces | undefined)[],
): Steps<void> {
  const now = yield* datasetHeapObjects(file, { ...(yield* currentDataset(file, address)), datatype }, selection);
  const key = (places: HeapPlaces, i: number): string => `${places.addresses[i]} ${places.indices[i]}`;
  const used = new Set(now?.addresses.map((_, i) => key(now, i)));
  for (const places of objects) {
    if (places === undefined) continue;
    const gone: HeapPlaces = { addresses: [], indices: [] };
    places.addresses.forEach((at, i) => {
      if (used.has(key(places, i))) return;
      gone.addresses.push(at);
      gone.indices.push(places.indices[i]);
    });
    yield* removeHeapObjects(file, gone);
  }
}

function check(info: DatasetInfo, source: Source): void {
  if (source.elementSize === info.datatype.size) return;
  throw new FormatError("has elements of another size than are given", {
    structure: "Datatype",
    address: info.address,
    found: info.datatype.size,
    allowed: String(source.elementSize),
  });
}

function writeElements(file: EditorFile, info: DatasetInfo, selection: Selection, source: Source): Steps<void> {
  const { layout } = info;
  switch (layout.class) {
    case "contiguous":
      if (info.external.length > 0) return writeExternal(file, info, selection, source);
      return writeContiguous(file, info, layout, selection, source);
    case "compact":
      return writeCompact(file, info, layout, selection, source);
    case "chunked":
      return writeChunked(file, info, layout, selection, source);
    case "virtual":
      throw new UnsupportedError("is a virtual dataset: write to the datasets that it shows", {
        structure: "Data layout",
        address: info.address,
        found: layout.class,
      });
  }
}
