/** Elements where they stand in a storage that is memory: what a result may share with it, instead of a copy. */
import type { DatasetInfo } from "../../contract.ts";
import type { Selection } from "../../data/selection/selection.ts";
import type { EngineFile } from "../file.ts";
import { rowMajorStrides } from "./chunk-grid.ts";

type MemoryFile = Pick<EngineFile, "storage" | "base">;

/** Bytes of the selected elements, where they stand in memory one after the other, in the order of the result. */
export function sharedElements(
  { storage, base }: MemoryFile,
  { layout, datatype, dataspace, external }: DatasetInfo,
  selection: Selection,
): Uint8Array | undefined {
  const { memory } = storage;
  if (memory === undefined || layout.class !== "contiguous" || layout.address === null) return undefined;
  const first = firstOfRun(selection, dataspace.dims);
  if (first === undefined || external.length > 0) return undefined;
  const at = base + layout.address + first * datatype.size;
  const end = at + selection.count * datatype.size;
  return end <= memory.length ? memory.subarray(at, end) : undefined;
}

/** Number of the first element, if the selected ones follow it without gaps. */
export function firstOfRun(selection: Selection, dims: readonly number[]): number | undefined {
  if (selection.kind === "runs") return selection.starts.length === 1 ? selection.starts[0] : undefined;
  if (selection.count === 0) return undefined;
  const strides = rowMajorStrides(dims);
  let first = 0;
  let last = 0;
  for (const [d, axis] of selection.axes.entries()) {
    if (axis.kind === "list" || (axis.count > 1 && axis.stride !== axis.block)) return undefined;
    first += axis.start * strides[d];
    last += (axis.start + axis.count * axis.block - 1) * strides[d];
  }
  // They ascend: as many as there are places in between means that there is no gap.
  return last - first + 1 === selection.count ? first : undefined;
}
