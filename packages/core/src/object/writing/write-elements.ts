/** Elements of datasets written: selections, rows that are appended, chunks as they are; and other extents. */
import type { DatasetInfo } from "../../contract.ts";
import type { ElementView } from "../../data/codecs/view.ts";
import type { SelectionInput } from "../../data/selection/input.ts";
import { axes } from "../../data/selection/make.ts";
import { parseSelection } from "../../data/selection/parse.ts";
import type { AxisSelection } from "../../data/selection/selection.ts";
import { bytesSource } from "../../data/writing/bytes-source.ts";
import { sourceFor, valueToWrite } from "../../data/writing/write-value.ts";
import { ShapeError, UnsupportedError } from "../../errors.ts";
import type { Steps } from "../../steps/steps.ts";
import { firstOfChunk } from "../chunks.ts";
import type { Mode } from "../mode.ts";
import type { Node } from "../session.ts";
import { type Edit, renew, undo } from "./edit.ts";
import { shapeOf } from "./new-shape.ts";

type DatasetNode = Node<Mode, DatasetInfo>;

export function* writeElements(
  edit: Edit,
  { info }: DatasetNode,
  { fields, as }: ElementView,
  value: unknown,
  selection: SelectionInput | undefined,
): Steps<void> {
  if (as !== undefined && as !== "bytes")
    throw new UnsupportedError("views as another datatype are for reading: write to the dataset");
  const { kind, dims } = info.dataspace;
  if (kind === "null") throw new ShapeError("empty datasets have no elements to write");
  const chosen = parseSelection(selection, dims);
  const { sizes } = edit.reader.info;
  const source =
    as === "bytes"
      ? bytesSource(value, info.datatype, chosen.count)
      : sourceFor(value, info.datatype, chosen.shape, { sizes, ...(fields === undefined ? {} : { fields }) });
  yield* edit.editor.write(info, chosen, source);
  yield* renew(edit, info.address);
}

/** Another extent: all of it, or along one axis. */
export function* resize(
  edit: Edit,
  { info }: DatasetNode,
  size: readonly number[] | number,
  axis: number | undefined,
): Steps<void> {
  const { dims } = info.dataspace;
  let next: readonly number[];
  if (axis === undefined) next = shapeOf(size);
  else {
    if (typeof size !== "number")
      throw new ShapeError("along one axis the size is a number", { found: size.join(" x ") });
    next = dims.with(axisOf(axis, dims), shapeOf(size)[0]);
  }
  yield* edit.editor.resize(info, next);
  yield* renew(edit, info.address);
}

/** An axis from either end. */
export function axisOf(axis: number, dims: readonly number[]): number {
  const found = axis < 0 ? axis + dims.length : axis;
  if (Number.isInteger(found) && found >= 0 && found < dims.length) return found;
  throw new ShapeError("has no such axis", { found: axis, allowed: `0 to ${dims.length - 1}` });
}

/** Writes behind the end of an axis, which grows; how many places along it there are now. */
export function* append(edit: Edit, { info }: DatasetNode, value: unknown, axis: number): Steps<number> {
  const { editor, reader } = edit;
  const { dims, kind } = info.dataspace;
  if (kind !== "simple") throw new ShapeError("has no axis to grow along", { found: kind });
  const along = axisOf(axis, dims);
  const given = valueToWrite(value, { datatype: info.datatype, sizes: reader.info.sizes });
  const count = placesAlong(info, given.dims ?? [], along);
  const first = dims[along];
  if (count === 0) return first;
  const grown = dims.with(along, first + count);
  const chosen = axes(grown.map((dim, d) => rangeAxis(d === along ? first : 0, d === along ? count : dim)));
  // As many elements as there are places, in their order.
  const { source } = given;
  yield* editor.resize(info, grown);
  try {
    yield* editor.write((yield* reader.object(info.address)) as DatasetInfo, chosen, source);
  } catch (error) {
    yield* undo(editor.resize((yield* reader.object(info.address)) as DatasetInfo, dims));
    throw error;
  }
  yield* renew(edit, info.address);
  return first + count;
}

const rangeAxis = (start: number, count: number): AxisSelection => ({
  kind: "range",
  start,
  count,
  stride: 1,
  block: 1,
});

/** How many places along an axis a value fills: it has all axes, or all but that one, or is data in row-major order. */
function placesAlong({ dataspace: { dims } }: DatasetInfo, shape: readonly number[], along: number): number {
  const others = dims.toSpliced(along, 1);
  const same = (a: readonly number[]): boolean => a.length === others.length && a.every((n, d) => n === others[d]);
  if (shape.length === dims.length && same(shape.toSpliced(along, 1))) return shape[along];
  if (same(shape)) return 1;
  const row = others.reduce((product, dim) => product * dim, 1);
  if (shape.length === 1 && row > 0 && shape[0] % row === 0) return shape[0] / row;
  throw new ShapeError("does not fit the other axes of the dataset", {
    found: `[${shape.join(", ")}]`,
    allowed: `[${dims.map((dim, d) => (d === along ? "any" : dim)).join(", ")}]`,
  });
}

/** Stores a chunk whose bytes have been through all filters but those that the mask names. */
export function* writeChunk(
  edit: Edit,
  { info }: DatasetNode,
  offset: readonly number[],
  stored: Uint8Array,
  filterMask: number,
): Steps<void> {
  yield* edit.editor.writeStoredChunk(info, firstOfChunk(info, offset), filterMask, stored);
  yield* renew(edit, info.address);
}
