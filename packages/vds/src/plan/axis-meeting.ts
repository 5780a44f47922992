/** Where a selection and a mapping meet along one axis: which elements of the result are which of the mapping. */
import type { AxisSelection, RangeAxis } from "@h5ts/core";
import { coordinateOf, isRun, numberAt, type Range } from "../region/range.ts";

/** Numbers at equal distances, or listed. */
export type Numbers = { readonly first: number; readonly step: number } | Float64Array;

export const numberIn = (numbers: Numbers, i: number): number =>
  numbers instanceof Float64Array ? numbers[i] : numbers.first + i * numbers.step;

export interface AxisMeeting {
  readonly count: number;
  /** Along the axis of the result. */
  readonly results: Numbers;
  /** Along the axis of the mapping. */
  readonly numbers: Numbers;
}

const NOWHERE: AxisMeeting = { count: 0, results: { first: 0, step: 1 }, numbers: { first: 0, step: 1 } };

export function meetAxis(selected: AxisSelection, mapped: Range): AxisMeeting {
  if (mapped.length === 0) return NOWHERE;
  if (selected.kind === "list") return meetList(selected.indices, mapped);
  const { start, count, stride, block } = selected;
  const total = count * block;
  if (total === 0) return NOWHERE;
  if (count === 1 || stride === block) return meetRun(start, total, mapped);
  return block === 1 && isRun(mapped) ? meetSteps(start, count, stride, mapped) : meetBlocks(selected, mapped);
}

function meetRun(start: number, length: number, mapped: Range): AxisMeeting {
  if (isRun(mapped)) {
    const from = Math.max(start, mapped.start);
    const to = Math.min(start + length, mapped.start + mapped.length);
    return arithmetic(to - from, from - start, 1, from - mapped.start, 1);
  }
  if (mapped.block === 1) {
    const { stride } = mapped;
    const first = Math.max(0, Math.ceil((start - mapped.start) / stride));
    const end = Math.min(mapped.length, Math.floor((start + length - 1 - mapped.start) / stride) + 1);
    return arithmetic(end - first, mapped.start + first * stride - start, stride, first, 1);
  }
  return meetBlocks({ kind: "range", start, count: 1, stride: 1, block: length }, mapped);
}

/** Single elements at equal distances, and neighbours. */
function meetSteps(start: number, count: number, stride: number, mapped: Range): AxisMeeting {
  const first = Math.max(0, Math.ceil((mapped.start - start) / stride));
  const end = Math.min(count, Math.floor((mapped.start + mapped.length - 1 - start) / stride) + 1);
  return arithmetic(end - first, first, 1, start + first * stride - mapped.start, stride);
}

function arithmetic(count: number, result: number, resultStep: number, number: number, step: number): AxisMeeting {
  if (count <= 0) return NOWHERE;
  return { count, results: { first: result, step: resultStep }, numbers: { first: number, step } };
}

/** Blocks on either side: one by one, of the blocks selected that lie where something is mapped. */
function meetBlocks({ start, count, stride, block }: RangeAxis, mapped: Range): AxisMeeting {
  const last = coordinateOf(mapped, mapped.length - 1);
  const firstTurn = count === 1 ? 0 : Math.max(0, Math.floor((mapped.start - start - block) / stride) + 1);
  const endTurn = count === 1 ? 1 : Math.min(count, Math.floor((last - start) / stride) + 1);
  const results: number[] = [];
  const numbers: number[] = [];
  for (let turn = firstTurn; turn < endTurn; turn++) {
    const base = start + turn * stride;
    const end = Math.min(base + block, last + 1);
    for (let at = Math.max(base, mapped.start); at < end; at++) {
      const number = numberAt(mapped, at);
      if (number < 0) continue;
      results.push(turn * block + at - base);
      numbers.push(number);
    }
  }
  return listed(results, numbers);
}

function meetList(indices: Float64Array, mapped: Range): AxisMeeting {
  const results: number[] = [];
  const numbers: number[] = [];
  for (let i = 0; i < indices.length; i++) {
    const number = numberAt(mapped, indices[i]);
    if (number < 0) continue;
    results.push(i);
    numbers.push(number);
  }
  return listed(results, numbers);
}

const listed = (results: number[], numbers: number[]): AxisMeeting => ({
  count: results.length,
  results: Float64Array.from(results),
  numbers: Float64Array.from(numbers),
});
