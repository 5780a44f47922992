/** What one source gives to a result: which of its elements, and where they go. */
import type { AxesSelection, AxisSelection, RunsSelection, Selection } from "@h5ts/core";
import { coordinateOf, isRun, type Range } from "../region/range.ts";
import type { Grid, Region } from "../region/region.ts";
import { wrongMapping } from "../region/wrong-mapping.ts";
import { type AxisMeeting, meetAxis, numberIn } from "./axis-meeting.ts";
import { meetRows } from "./meet-rows.ts";
import { GridPlacement, type PlacedAxis, type Placement, RunsPlacement } from "./placement.ts";
import type { Runs } from "./runs.ts";
import { type SourceRuns, sourceRuns } from "./source-runs.ts";

export interface Piece {
  /** Of the source. */
  readonly selection: Selection;
  /** Of its elements, in their order, in the result. */
  readonly placement: Placement;
  /** Elements of the result that lie beyond the extent of the source. */
  readonly absent?: Placement;
}

/** A selection of a view, and where a mapping meets it, as far as is known without the source. */
export interface Meeting {
  readonly selection: Selection;
  readonly dims: readonly number[];
  readonly mapped: Region;
  /** Axis by axis, where both are products. */
  readonly axes?: readonly AxisMeeting[];
  readonly runs?: Runs;
}

/** `undefined` where they do not meet. */
export function meet(selection: Selection, dims: readonly number[], mapped: Region): Meeting | undefined {
  if (mapped.count === 0 || selection.count === 0) return undefined;
  if (selection.kind === "axes" && mapped.kind === "grid") {
    const axes: AxisMeeting[] = [];
    for (let d = 0; d < dims.length; d++) {
      const meeting = meetAxis(selection.axes[d], mapped.axes[d]);
      if (meeting.count === 0) return undefined;
      axes.push(meeting);
    }
    return { selection, dims, mapped, axes };
  }
  const runs = meetRows(selection, dims, mapped);
  return runs.size === 0 ? undefined : { selection, dims, mapped, runs };
}

/** What a source of that extent gives, of which `source` is mapped. FormatError where the mapping is not of as many elements. */
export function pieceOf(meeting: Meeting, source: Region, dims: readonly number[]): Piece {
  const { mapped } = meeting;
  if (mapped.count !== source.count)
    throw wrongMapping("selects more elements on one side than on the other", source.count, String(mapped.count));
  return gridPiece(meeting, source, dims) ?? rowsPiece(meeting, source, dims);
}

function rowsPiece(meeting: Meeting, source: Region, dims: readonly number[]): Piece {
  const { present, absent } = rowsOf(meeting, source, dims);
  return {
    selection: runsSelection(present),
    placement: placementOf(present),
    absent: absent.size === 0 ? undefined : placementOf(absent),
  };
}

/** The same, run by run: of what is left where other mappings come in between. */
export function rowsOf(
  { selection, dims: view, mapped, runs }: Meeting,
  source: Region,
  dims: readonly number[],
): SourceRuns {
  return sourceRuns(runs ?? meetRows(selection, view, mapped), source, dims);
}

/** Of runs of elements of a source. */
export function runsSelection({ starts, lengths, size, count }: Runs): RunsSelection {
  return { kind: "runs", starts: starts.slice(0, size), lengths: lengths.slice(0, size), shape: [count], count };
}

export const placementOf = ({ results, lengths, size }: Runs): Placement =>
  new RunsPlacement(results.slice(0, size), lengths.slice(0, size));

/** `undefined` where axes of view and source do not correspond, or elements lie beyond the extent. */
function gridPiece(
  { selection, axes: meetings, mapped }: Meeting,
  source: Region,
  dims: readonly number[],
): Piece | undefined {
  if (meetings === undefined || source.kind !== "grid") return undefined;
  const pairs = pairAxes(mapped as Grid, source);
  if (pairs === undefined) return undefined;
  const strides = resultStrides(selection as AxesSelection);
  const placed: PlacedAxis[] = [];
  let offset = 0;
  const axes = source.axes.map(
    (axis): AxisSelection => ({ kind: "range", start: axis.start, count: 1, stride: 1, block: 1 }),
  );
  for (let d = 0; d < meetings.length; d++) {
    const meeting = meetings[d];
    const e = pairs[d];
    if (e >= 0) {
      axes[e] = sourceAxis(meeting, source.axes[e]);
      placed.push({ meeting, stride: strides[d] });
    } else if (meeting.count > 1) return undefined;
    else offset += numberIn(meeting.results, 0) * strides[d];
  }
  if (axes.some((axis, e) => lastOf(axis) >= dims[e])) return undefined;
  const placement = new GridPlacement(placed, offset);
  const shape = placed.map(({ meeting }) => meeting.count);
  return { selection: { kind: "axes", axes, shape, count: placement.count }, placement };
}

/** For each axis of the view that of the source, -1 where there is none: those of a single element are passed over. */
function pairAxes(mapped: Grid, source: Grid): number[] | undefined {
  const pairs: number[] = [];
  let e = 0;
  for (const { length } of mapped.axes) {
    if (length === 1) {
      pairs.push(-1);
      continue;
    }
    while (e < source.axes.length && source.axes[e].length === 1) e++;
    if (e === source.axes.length || source.axes[e].length !== length) return undefined;
    pairs.push(e++);
  }
  return pairs;
}

function resultStrides({ axes }: AxesSelection): number[] {
  const strides = new Array<number>(axes.length).fill(1);
  for (let d = axes.length - 2; d >= 0; d--) {
    const axis = axes[d + 1];
    strides[d] = strides[d + 1] * (axis.kind === "list" ? axis.indices.length : axis.count * axis.block);
  }
  return strides;
}

function sourceAxis({ count, numbers }: AxisMeeting, source: Range): AxisSelection {
  const step = isRun(source) ? 1 : source.block === 1 ? source.stride : 0;
  if (numbers instanceof Float64Array || step === 0) {
    return {
      kind: "list",
      indices: Float64Array.from({ length: count }, (_, i) => coordinateOf(source, numberIn(numbers, i))),
    };
  }
  const start = source.start + numbers.first * step;
  const stride = numbers.step * step;
  return stride === 1 || count === 1
    ? { kind: "range", start, count: 1, stride: 1, block: count }
    : { kind: "range", start, count, stride, block: 1 };
}

/** The highest index. */
function lastOf(axis: AxisSelection): number {
  if (axis.kind === "range") return axis.start + (axis.count - 1) * axis.stride + axis.block - 1;
  return axis.indices.reduce((most, index) => Math.max(most, index), -1);
}
