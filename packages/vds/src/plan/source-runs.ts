/** From numbers within a mapping to elements of its source. */
import { coordinateOf, isRun } from "../region/range.ts";
import type { Region } from "../region/region.ts";
import { runOf } from "./placement.ts";
import { Runs } from "./runs.ts";

/** `present`: elements of the source, by their row-major numbers. `absent`: those beyond its extent. */
export interface SourceRuns {
  readonly present: Runs;
  readonly absent: Runs;
}

/** `numbered`: runs of numbers within `source`, which is a region of a dataset of extent `dims`. */
export function sourceRuns(numbered: Runs, source: Region, dims: readonly number[]): SourceRuns {
  const finder = new Finder(source, dims);
  const present = new Runs();
  const absent = new Runs();
  for (let i = 0; i < numbered.size; i++) {
    const end = numbered.starts[i] + numbered.lengths[i];
    for (let number = numbered.starts[i]; number < end; ) {
      const result = numbered.results[i] + number - numbered.starts[i];
      const row = Math.min(finder.find(number), end - number);
      const inside = Math.min(row, finder.room);
      if (inside > 0) present.add(result, finder.element, inside);
      if (row > inside) absent.add(result + inside, 0, row - inside);
      number += row;
    }
  }
  return { present, absent };
}

/** Finds elements by their number. */
class Finder {
  /** Row-major number of the element found last. */
  element = 0;
  /** Elements from there on that lie within the extent, up to the end of the row. */
  room = 0;
  private readonly source: Region;
  private readonly dims: readonly number[];
  private readonly position: number[];

  constructor(source: Region, dims: readonly number[]) {
    this.source = source;
    this.dims = dims;
    this.position = dims.map(() => 0);
  }

  /** Gives how many elements from that one on are neighbours along the last axis. */
  find(number: number): number {
    const { source, position, dims } = this;
    let row = 1;
    if (source.kind === "grid") {
      const { axes } = source;
      for (let d = axes.length - 1, rest = number; d >= 0; d--) {
        const axis = axes[d];
        const along = rest % axis.length;
        rest = Math.floor(rest / axis.length);
        position[d] = coordinateOf(axis, along);
        if (d === axes.length - 1) row = isRun(axis) ? axis.length - along : axis.block - (along % axis.block);
        if (d === axes.length - 1) row = Math.min(row, axis.length - along);
      }
    } else {
      const i = runOf(source.firsts, number);
      const within = number - source.firsts[i];
      for (let d = 0; d < source.rank; d++) position[d] = source.starts[i * source.rank + d];
      position[source.rank - 1] += within;
      row = source.firsts[i + 1] - number;
    }
    this.locate(dims);
    return row;
  }

  private locate(dims: readonly number[]): void {
    const { position } = this;
    let element = 0;
    let room = Infinity;
    for (let d = 0; d < dims.length; d++) {
      element = element * dims[d] + position[d];
      if (position[d] >= dims[d]) room = 0;
      else if (d === dims.length - 1) room = Math.min(room, dims[d] - position[d]);
    }
    this.element = element;
    this.room = room;
  }
}
