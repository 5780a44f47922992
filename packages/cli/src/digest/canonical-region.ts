/** Selections in references to regions: as runs of elements, numbered in row-major order over the dataset. */
import { FormatError, LimitError, type StoredSelection } from "h5ts";
import type { CanonicalOut } from "./canonical-out.ts";

/** Rows of a selection that are listed at most: a few hundred bytes of a file can select 2^60. */
const ROWS = 1 << 22;

type Run = [start: number, length: number];

/** Puts a selection over a dataset of that shape. */
export function putSelection(out: CanonicalOut, selection: StoredSelection, shape: readonly number[]): void {
  if ("rank" in selection && selection.rank !== shape.length) {
    throw new FormatError("is of another rank than the dataset that it selects from", {
      structure: "Dataspace selection",
      found: selection.rank,
      allowed: String(shape.length),
    });
  }
  if (selection.kind === "none") out.u8(0);
  else if (selection.kind === "points") putPoints(out, selection.points, shape.length);
  else putRuns(out, merged(runsOf(selection, shape)), shape.length);
}

function putPoints(out: CanonicalOut, points: Float64Array, rank: number): void {
  out.u8(1);
  out.u32(rank);
  out.u64(rank === 0 ? 0 : points.length / rank);
  for (const coordinate of points) out.u64(coordinate);
}

function putRuns(out: CanonicalOut, runs: readonly Run[], rank: number): void {
  out.u8(2);
  out.u32(rank);
  out.u64(runs.length);
  for (const [start, length] of runs) {
    out.u64(start);
    out.u64(length);
  }
}

function runsOf(selection: Exclude<StoredSelection, { kind: "none" | "points" }>, shape: readonly number[]): Run[] {
  const rank = shape.length;
  if (selection.kind === "all") return [[0, shape.reduce((product, dim) => product * dim, 1)]];
  if (selection.kind === "blocks") {
    const runs: Run[] = [];
    for (let at = 0; at < selection.corners.length; at += 2 * rank) {
      const first = selection.corners.subarray(at, at + rank);
      const last = selection.corners.subarray(at + rank, at + 2 * rank);
      addRows(
        runs,
        Array.from(first, (from, axis) => [{ from, to: last[axis] + 1 }]),
        shape,
      );
    }
    return runs;
  }
  const runs: Run[] = [];
  addRows(
    runs,
    selection.start.map((_, axis) => pieces(selection, axis, shape[axis])),
    shape,
  );
  return runs;
}

interface Piece {
  readonly from: number;
  readonly to: number;
}

/** The blocks along one axis, within the extent. */
function pieces(slab: Extract<StoredSelection, { kind: "hyperslab" }>, axis: number, extent: number): Piece[] {
  const { start, stride, count, block } = slab;
  const out: Piece[] = [];
  for (let i = 0, from = start[axis]; i < count[axis] && from < extent; i++, from += stride[axis]) {
    out.push({ from, to: Math.min(from + block[axis], extent) });
    bounded(out.length);
  }
  return out;
}

function bounded(rows: number): void {
  if (rows <= ROWS) return;
  throw new LimitError("selects too many rows to list", {
    structure: "Dataspace selection",
    allowed: `at most ${ROWS}`,
  });
}

/** The rows of the product of pieces along each axis. */
function addRows(runs: Run[], axes: readonly (readonly Piece[])[], shape: readonly number[]): void {
  const lead = axes.slice(0, -1).map((axis) => axis.reduce((sum, { from, to }) => sum + to - from, 0));
  bounded(runs.length + lead.reduce((product, n) => product * n, axes.at(-1)?.length ?? 0));
  const visit = (axis: number, base: number): void => {
    for (const { from, to } of axes[axis] ?? []) {
      if (axis === axes.length - 1) runs.push([base * shape[axis] + from, to - from]);
      else for (let i = from; i < to; i++) visit(axis + 1, base * shape[axis] + i);
    }
  };
  visit(0, 0);
}

function merged(runs: Run[]): Run[] {
  runs.sort((a, b) => a[0] - b[0]);
  const out: Run[] = [];
  for (const run of runs) {
    const last = out.at(-1);
    if (last !== undefined && last[0] + last[1] === run[0]) last[1] += run[1];
    else out.push(run);
  }
  return out;
}
