/** What a selection means, one element at a time: the model that fakes and tests go by. */
import type { AxisSelection, Selection } from "../../src/data/selection/selection.ts";

function indicesOf(axis: AxisSelection): number[] {
  if (axis.kind === "list") return [...axis.indices];
  return Array.from({ length: axis.count * axis.block }, (_, i) => {
    return axis.start + Math.floor(i / axis.block) * axis.stride + (i % axis.block);
  });
}

/** Numbers of the selected elements, in row-major order over the dataset, in the order of the result. */
export function elementsOf(selection: Selection, dims: readonly number[]): number[] {
  if (selection.kind === "runs") {
    return [...selection.starts].flatMap((start, i) =>
      Array.from({ length: selection.lengths[i] }, (_, j) => start + j),
    );
  }
  return selection.axes.reduce<number[]>(
    (elements, axis, d) => elements.flatMap((element) => indicesOf(axis).map((index) => element * dims[d] + index)),
    [0],
  );
}
