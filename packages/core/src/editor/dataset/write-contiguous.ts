/** Writing of elements that stand one after the other: in the file, or in the object header. */
import { type Address, asAddress } from "../../bytes/address.ts";
import type { DatasetInfo } from "../../contract.ts";
import type { Selection } from "../../data/selection/selection.ts";
import type { Source } from "../../data/source.ts";
import { chunkPlan } from "../../engine/dataset/chunk-plan.ts";
import type { Loops, NestVisitor } from "../../engine/dataset/loops.ts";
import { tilesOf } from "../../engine/dataset/read-contiguous.ts";
import { firstOfRun } from "../../engine/dataset/shared-elements.ts";
import { FormatError } from "../../errors.ts";
import type { CompactLayout, ContiguousLayout } from "../../format/messages/data-layout.ts";
import { read, type Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { allocateContiguous } from "./create-dataset.ts";
import { putLayout } from "./current-dataset.ts";
import { FillPattern } from "./fill-elements.ts";
import { extentBytes } from "./new-layout.ts";
import { takeInOrder, takerFor } from "./take-elements.ts";

/** In the object header. */
export function* writeCompact(
  file: EditorFile,
  info: DatasetInfo,
  layout: CompactLayout,
  selection: Selection,
  source: Source,
): Steps<void> {
  const { dims } = info.dataspace;
  const { size } = info.datatype;
  const data =
    layout.data.length === 0
      ? (yield* FillPattern.load(file, info)).filled(extentBytes(info) / size)
      : new Uint8Array(layout.data);
  const tiles = tilesOf(dims, size);
  const plan = chunkPlan(selection, tiles);
  const taker = takerFor(source);
  const numbers = new Float64Array(64);
  for (let count = plan.next(numbers); count > 0; count = plan.next(numbers)) {
    for (let i = 0; i < count; i++) {
      taker.target(data, tiles.firstElement(numbers[i]) * size);
      takeInOrder(plan, i, taker, selection);
    }
  }
  yield* putLayout(file, info.address, { ...layout, data });
}

/** In one block of the file, which is made where there is none yet. */
export function* writeContiguous(
  file: EditorFile,
  info: DatasetInfo,
  layout: ContiguousLayout,
  selection: Selection,
  source: Source,
): Steps<void> {
  const bytes = extentBytes(info);
  checkSize(info, layout.size, bytes);
  const { size } = info.datatype;
  const first = firstOfRun(selection, info.dataspace.dims);
  const whole = first === 0 && selection.count * size === bytes;
  const place = yield* spaceFor(file, info, layout, whole);
  try {
    if (first !== undefined) yield* writeRun(file, source, place.address + first * size, selection.count);
    else yield* writeTiles(file, info, place.address, selection, source);
    if (place.isNew) yield* putLayout(file, info.address, { ...layout, address: place.address });
  } catch (error) {
    if (place.isNew) file.allocator.free(place.address, bytes, "raw");
    throw error;
  }
}

function* spaceFor(
  file: EditorFile,
  info: DatasetInfo,
  layout: ContiguousLayout,
  whole: boolean,
): Steps<{ readonly address: Address; readonly isNew: boolean }> {
  if (layout.address !== null) return { address: layout.address, isNew: false };
  const bytes = extentBytes(info);
  if (whole) return { address: file.allocator.allocate(bytes, "raw"), isNew: true };
  const { address } = yield* allocateContiguous(file, info, layout, bytes);
  return { address: address!, isNew: true };
}

/** Bytes that are encoded at once. */
const PIECE = 1 << 20;

/** Elements that all stand one after the other, there as here. */
function* writeRun(file: EditorFile, source: Source, at: number, count: number): Steps<void> {
  const { elementSize: size, direct } = source;
  if (direct !== undefined) {
    yield* file.raw.write(asAddress(at), direct.subarray(0, count * size));
    return;
  }
  const piece = Math.max(1, Math.floor(PIECE / size));
  const bytes = new Uint8Array(Math.min(piece, count) * size);
  for (let from = 0; from < count; from += piece) {
    const some = Math.min(piece, count - from);
    source.take(from, some, bytes, 0, size);
    yield* file.raw.write(asAddress(at + from * size), bytes.subarray(0, some * size));
  }
}

/** Runs of a tile that are written one by one; more are worth reading what stands between them. */
const FEW_RUNS = 8;

function* writeTiles(
  file: EditorFile,
  info: DatasetInfo,
  address: Address,
  selection: Selection,
  source: Source,
): Steps<void> {
  const { size } = info.datatype;
  const tiles = tilesOf(info.dataspace.dims, size);
  const plan = chunkPlan(selection, tiles);
  const taker = takerFor(source);
  const numbers = new Float64Array(1);
  while (plan.next(numbers) > 0) {
    const at = address + tiles.firstElement(numbers[0]) * size;
    const runs = new SelectedRuns();
    plan.visit(0, runs);
    const take = (bytes: Uint8Array): void => {
      taker.target(bytes, -runs.first * size);
      takeInOrder(plan, 0, taker, selection);
    };
    yield* writeSelected(file, runs, take, at, size);
  }
}

/** Writes the selected elements of a tile or chunk that stands at `at`. `take` takes them to bytes that begin with the first. */
export function* writeSelected(
  file: EditorFile,
  runs: SelectedRuns,
  take: (bytes: Uint8Array) => void,
  at: number,
  size: number,
): Steps<void> {
  const first = runs.first * size;
  const bytes = new Uint8Array((runs.end - runs.first) * size);
  // Between few runs far apart, and where nothing lies between, nothing is read.
  const apart = runs.list !== undefined && runs.elements * 4 < runs.end - runs.first;
  if (!apart && !runs.gapless) yield* readInto(file, at + first, bytes);
  take(bytes);
  if (!apart) yield* file.raw.write(asAddress(at + first), bytes);
  else
    for (const run of runs.list!) {
      const from = (run.at - runs.first) * size;
      yield* file.raw.write(asAddress(at + run.at * size), bytes.subarray(from, from + run.count * size));
    }
}

/** Which elements of a tile or chunk are selected, roughly. */
export class SelectedRuns implements NestVisitor {
  first: number = Infinity;
  end = 0;
  elements = 0;
  /** Absent once there are too many. */
  list: { readonly at: number; readonly count: number }[] | undefined = [];

  /** Whether they are one run. */
  get gapless(): boolean {
    return this.list?.length === 1;
  }

  nest(at: number, _index: number, { depth, counts, from }: Loops): void {
    let last = at;
    let count = 1;
    for (let d = 0; d < depth; d++) {
      last += (counts[d] - 1) * from[d];
      count *= counts[d];
    }
    this.first = Math.min(this.first, at);
    this.end = Math.max(this.end, last + 1);
    this.elements += count;
    const single = depth === 1 && (from[0] === 1 || count === 1);
    if (!single || this.list?.length === FEW_RUNS) this.list = undefined;
    this.list?.push({ at, count });
  }
}

export function* readInto(file: EditorFile, address: number, bytes: Uint8Array): Steps<void> {
  const [outcome] = yield* read(file.storage, [{ at: file.base + address, length: bytes.length, into: bytes }]);
  if (!(outcome instanceof Uint8Array)) throw outcome;
  if (outcome.length < bytes.length)
    throw new FormatError("runs past the end of the file", {
      structure: "Raw data",
      address,
      found: `${outcome.length} bytes`,
      allowed: String(bytes.length),
    });
  if (outcome.buffer !== bytes.buffer) bytes.set(outcome);
}

function checkSize(info: DatasetInfo, stored: number | null, needed: number): void {
  if (stored === null || stored >= needed) return;
  throw new FormatError("has less storage than elements", {
    structure: "Data layout",
    address: info.address,
    found: `${stored} bytes`,
    allowed: `at least ${needed}`,
  });
}
