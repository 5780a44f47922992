/** Where a selection and a mapping meet, run by run: for what is no product of ranges. */
import type { Selection } from "@h5ts/core";
import { coordinateOf, countBelow, isRun, numberAt, type Range } from "../region/range.ts";
import type { Grid, Region, Rows } from "../region/region.ts";
import { boundsOf } from "./bounds.ts";
import { Runs } from "./runs.ts";
import { visitRows } from "./selected-rows.ts";

/** The elements of the result that are mapped; `starts`: their numbers within the mapping. */
export function meetRows(selection: Selection, dims: readonly number[], mapped: Region): Runs {
  const found = new Runs();
  if (mapped.count === 0 || selection.count === 0) return found;
  const meet = mapped.kind === "grid" ? gridMeeter(mapped, found) : rowsMeeter(mapped, dims, found);
  visitRows(selection, dims, boundsOf(mapped), meet);
  return found;
}

type Meeter = (result: number, position: Float64Array, length: number) => void;

function gridMeeter({ axes }: Grid, found: Runs): Meeter {
  const last = axes.length - 1;
  return (result, position, length) => {
    let number = 0;
    for (let d = 0; d < last; d++) {
      const along = numberAt(axes[d], position[d]);
      if (along < 0) return;
      number = number * axes[d].length + along;
    }
    if (last < 0) found.add(result, 0, 1);
    else meetRow(axes[last], position[last], length, result, number * axes[last].length, found);
  };
}

/** A row, and a range along it. */
function meetRow(mapped: Range, start: number, length: number, result: number, base: number, found: Runs): void {
  const first = countBelow(mapped, start);
  const end = countBelow(mapped, start + length);
  for (let i = first; i < end; ) {
    const at = coordinateOf(mapped, i);
    const some = isRun(mapped) ? end - i : Math.min(end - i, mapped.block - (i % mapped.block));
    found.add(result + at - start, base + i, some);
    i += some;
  }
}

/** Rows of the mapping in the order of their places, each element once: of several the last one counts. */
function rowsMeeter(mapped: Rows, dims: readonly number[], found: Runs): Meeter {
  const { rank, starts, firsts } = mapped;
  const last = rank - 1;
  const outerOf = (position: Float64Array, at: number): number => {
    let number = 0;
    for (let d = 0; d < last; d++) number = number * dims[d] + position[at + d];
    return number;
  };
  const outers = Float64Array.from({ length: starts.length / rank }, (_, i) => outerOf(starts, i * rank));
  const begin = (i: number): number => starts[i * rank + last];
  const sorted = Uint32Array.from(outers, (_, i) => i).sort(
    (a, b) => outers[a] - outers[b] || begin(a) - begin(b) || a - b,
  );
  const order = sorted.filter(
    (row, i) => i + 1 === sorted.length || outers[sorted[i + 1]] !== outers[row] || begin(sorted[i + 1]) !== begin(row),
  );
  return (result, position, length) => {
    const outer = outerOf(position, 0);
    const start = position[last];
    for (
      let i = firstRow(order, outers, outer, (row) => begin(row) + firsts[row + 1] - firsts[row] > start);
      i < order.length;
      i++
    ) {
      const row = order[i];
      const at = begin(row);
      if (outers[row] !== outer || at >= start + length) return;
      const from = Math.max(at, start);
      const end = Math.min(at + firsts[row + 1] - firsts[row], start + length);
      found.add(result + from - start, firsts[row] + from - at, end - from);
    }
  };
}

/** The first row behind those of lesser places. */
function firstRow(order: Uint32Array, outers: Float64Array, outer: number, reaches: (row: number) => boolean): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = order[middle];
    if (outers[row] > outer || (outers[row] === outer && reaches(row))) high = middle;
    else low = middle + 1;
  }
  return low;
}
