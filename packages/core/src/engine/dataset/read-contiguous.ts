/** Reading of datasets whose elements stand one after the other: in the file, in the object header, in external raw files. */
import type { DatasetInfo } from "../../contract.ts";
import type { Selection } from "../../data/selection/selection.ts";
import type { Sink } from "../../data/sink.ts";
import { FormatError } from "../../errors.ts";
import type { CompactLayout, ContiguousLayout } from "../../format/messages/data-layout.ts";
import { read, type Steps } from "../../steps/steps.ts";
import type { EngineFile } from "../file.ts";
import { rowMajorStrides } from "./chunk-grid.ts";
import { chunkPlan } from "./chunk-plan.ts";
import { copierFor } from "./copy-elements.ts";
import type { PlanGrid } from "./plan.ts";
import { firstOfRun } from "./shared-elements.ts";
import { SPAN } from "./span-lists.ts";
import { SpanReader } from "./span-reader.ts";

/** Tiles of one window. */
const WINDOW = 4096;

/** A block of elements cut into tiles of consecutive rows, each of which stands in one place. */
export interface Tiles extends PlanGrid {
  /** The first element of a tile. */
  firstElement(number: number): number;
}

/** Tiles of at most {@link SPAN} bytes, one element at least. */
export function tilesOf(dims: readonly number[], elementSize: number): Tiles {
  const rank = dims.length;
  const chunk = new Array<number>(rank).fill(1);
  const elementStrides = rowMajorStrides(dims);
  let bytes = elementSize;
  for (let d = rank - 1; d >= 0; d--) {
    chunk[d] = Math.max(1, Math.min(dims[d], Math.floor(SPAN / bytes)));
    if (chunk[d] < dims[d]) break;
    bytes *= dims[d];
  }
  const counts = dims.map((n, d) => Math.ceil(n / chunk[d]));
  const strides = rowMajorStrides(counts);
  return {
    dims,
    chunk,
    strides,
    elements: chunk.reduce((all, n) => all * n, 1),
    firstElement: (number) => {
      let element = 0;
      let rest = number;
      for (let d = 0; d < rank; d++) {
        const coordinate = Math.floor(rest / strides[d]);
        rest -= coordinate * strides[d];
        element += coordinate * chunk[d] * elementStrides[d];
      }
      return element;
    },
  };
}

/** From the file itself. */
export function* readContiguous(
  file: EngineFile,
  info: DatasetInfo,
  layout: ContiguousLayout,
  selection: Selection,
  sink: Sink,
): Steps<void> {
  if (layout.address === null) {
    sink.fill(0, selection.count);
    return;
  }
  checkSize(info, layout.size);
  const size = sink.elementSize;
  const { dims } = info.dataspace;
  const first = sink.direct && firstOfRun(selection, dims);
  if (first !== undefined) {
    // Neighbours, straight into the result. Where that fails the long way says why.
    const into = sink.direct!.subarray(0, selection.count * size);
    const at = file.base + layout.address + first * size;
    const [outcome] = yield* read(file.storage, [{ at, length: into.length, into }]);
    if (outcome instanceof Uint8Array && outcome.length === into.length) return;
  }
  const tiles = tilesOf(dims, size);
  const plan = chunkPlan(selection, tiles);
  const spans = new SpanReader(file.storage, sink, { structure: "Contiguous raw data", address: layout.address });
  const numbers = new Float64Array(Math.min(WINDOW, plan.most));
  while (!plan.done) {
    const count = plan.next(numbers);
    for (let i = 0; i < count; i++) {
      spans.begin(file.base + layout.address + tiles.firstElement(numbers[i]) * size);
      plan.visit(i, spans);
      if (spans.full) yield* spans.flush();
    }
  }
  yield* spans.flush();
}

/** From bytes in hand. */
export function readCompact(info: DatasetInfo, layout: CompactLayout, selection: Selection, sink: Sink): void {
  if (layout.data.length === 0) {
    sink.fill(0, selection.count);
    return;
  }
  checkSize(info, layout.data.length);
  const tiles = tilesOf(info.dataspace.dims, sink.elementSize);
  const plan = chunkPlan(selection, tiles);
  const copier = copierFor(sink);
  const numbers = new Float64Array(Math.min(WINDOW, plan.most));
  while (!plan.done) {
    const count = plan.next(numbers);
    for (let i = 0; i < count; i++) {
      copier.source(layout.data, tiles.firstElement(numbers[i]) * sink.elementSize);
      plan.visit(i, copier);
    }
  }
}

/** The storage must hold all elements of the extent. */
function checkSize(info: DatasetInfo, stored: number | null): void {
  const needed = info.dataspace.dims.reduce((all, n) => all * n, info.datatype.size);
  if (stored !== null && stored < needed)
    throw new FormatError("has less storage than elements", {
      structure: "Data layout",
      address: info.address,
      found: `${stored} bytes`,
      allowed: `at least ${needed}`,
    });
}
