/** A sink that keeps elements as the file has them, and counts how often each was given. */
import type { DatasetInfo } from "../../src/contract.ts";
import type { AxisSelection, Selection } from "../../src/data/selection/selection.ts";
import type { Sink } from "../../src/data/sink.ts";

export class ByteSink implements Sink {
  readonly elementSize: number;
  readonly direct?: Uint8Array;
  readonly bytes: Uint8Array<ArrayBuffer>;
  private readonly fillBytes: Uint8Array;

  /** Room for `count` elements; `direct`: they may be written straight to it. */
  constructor(elementSize: number, count: number, direct: boolean, fill: Uint8Array = new Uint8Array(elementSize)) {
    this.elementSize = elementSize;
    this.bytes = new Uint8Array(count * elementSize).fill(0xee);
    if (direct) this.direct = this.bytes;
    this.fillBytes = fill;
  }

  static of(info: DatasetInfo, selection: Selection, direct = true): ByteSink {
    const fill = info.fill.defined === "user" ? info.fill.value : undefined;
    return new ByteSink(info.datatype.size, selection.count, direct, fill);
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    const size = this.elementSize;
    for (let i = 0; i < count; i++)
      this.bytes.set(source.subarray(at + i * stride, at + i * stride + size), (index + i) * size);
  }

  fill(index: number, count: number): void {
    for (let i = 0; i < count; i++) this.bytes.set(this.fillBytes, (index + i) * this.elementSize);
  }

  finish(): undefined {
    return undefined;
  }
}

/** A selection of everything. */
export function everything(dims: readonly number[]): Selection {
  return axes(dims.map((n) => ({ kind: "range", start: 0, count: n, stride: 1, block: 1 })));
}

/** A product of axis selections. */
export function axes(list: readonly AxisSelection[]): Selection {
  const shape = list.map((axis) => (axis.kind === "list" ? axis.indices.length : axis.count * axis.block));
  return { kind: "axes", axes: list, shape, count: shape.reduce((all, n) => all * n, 1) };
}

/** Numbers of the selected elements in row-major order over the dataset, in the order of the result. */
export function selectedElements(selection: Selection, dims: readonly number[]): number[] {
  if (selection.kind === "runs") {
    return Array.from(selection.starts).flatMap((start, i) =>
      Array.from({ length: selection.lengths[i] }, (_, k) => start + k),
    );
  }
  let elements = [0];
  selection.axes.forEach((axis, d) => {
    const indices = indicesOf(axis);
    elements = elements.flatMap((element) => indices.map((index) => element * dims[d] + index));
  });
  return elements;
}

function indicesOf(axis: AxisSelection): number[] {
  if (axis.kind === "list") return Array.from(axis.indices);
  return Array.from({ length: axis.count * axis.block }, (_, i) => {
    const turn = Math.floor(i / axis.block);
    return axis.start + turn * axis.stride + (i - turn * axis.block);
  });
}
