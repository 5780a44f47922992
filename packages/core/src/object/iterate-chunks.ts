/** The chunks of a dataset as selections, in row-major order. */
import type { DatasetInfo } from "../contract.ts";
import type { SelectionInput } from "../data/selection/input.ts";
import { parseSelection } from "../data/selection/parse.ts";
import type { AxisSelection } from "../data/selection/selection.ts";
import { type Slice, slice } from "../data/selection/slice.ts";
import { SelectionError } from "../errors.ts";
import { chunkShape } from "./chunks.ts";

/** Elements `start` to `stop` along one axis. */
interface Span {
  readonly start: number;
  readonly stop: number;
}

/** The parts of a selection that lie in one chunk each. Only slices without steps can be divided so. */
export function chunkSelections(info: DatasetInfo, selection?: SelectionInput): IterableIterator<Slice[]> {
  const shape = chunkShape(info);
  const chosen = parseSelection(selection, info.dataspace.dims);
  if (chosen.kind !== "axes") throw notDivisible();
  return products(chosen.axes.map(spanOf), shape);
}

function notDivisible(): SelectionError {
  return new SelectionError("cannot be divided by chunks", { allowed: "indices and slices without steps" });
}

function spanOf(axis: AxisSelection): Span {
  if (axis.kind === "list" || (axis.count > 1 && axis.stride !== axis.block)) throw notDivisible();
  return { start: axis.start, stop: axis.start + axis.count * axis.block };
}

function* products(spans: readonly Span[], chunk: readonly number[]): IterableIterator<Slice[]> {
  if (spans.some(({ start, stop }) => start === stop)) return;
  const first = spans.map(({ start }, d) => start - (start % chunk[d]));
  const at = [...first];
  for (;;) {
    yield spans.map(({ start, stop }, d) => slice(Math.max(start, at[d]), Math.min(stop, at[d] + chunk[d])));
    let d = at.length - 1;
    for (; d >= 0; d--) {
      at[d] += chunk[d];
      if (at[d] < spans[d].stop) break;
      at[d] = first[d];
    }
    if (d < 0) return;
  }
}
