/** The mappings of one virtual dataset, made ready for reading as they are needed, and an index over where they lie. */
import type { Selection, VirtualMapping } from "@h5ts/core";
import type { OpenSource } from "../source/open-source.ts";
import { selectedBoxes, storedBounds } from "./bounds.ts";
import { BoxTree } from "./box-tree.ts";
import { type MappingPlan, planOf } from "./mapping-plan.ts";

export class View {
  /** Sources that were found, by the names of file and dataset: of all views of the file. */
  readonly sources: Map<string, OpenSource>;
  /** Mappings without end. */
  readonly unlimited: readonly number[];
  /** The least extent that holds all that is limited. */
  readonly least: readonly number[];
  private readonly mappings: readonly VirtualMapping[];
  private readonly rank: number;
  private readonly plans: MappingPlan[] = [];
  private readonly tree: BoxTree;
  /** Number of the mapping of each box. */
  private readonly numbers: Uint32Array;

  constructor(mappings: readonly VirtualMapping[], rank: number, sources: Map<string, OpenSource>) {
    this.sources = sources;
    this.mappings = mappings;
    this.rank = rank;
    const size = 2 * rank;
    const boxes = new Float64Array(mappings.length * size);
    const numbers = new Uint32Array(mappings.length);
    const unlimited: number[] = [];
    const least = new Array<number>(rank).fill(0);
    let count = 0;
    mappings.forEach(({ destination }, i) => {
      if ("rank" in destination && destination.rank !== rank) this.plan(i);
      const box = boxes.subarray(count * size, (count + 1) * size);
      if (!storedBounds(destination, rank, box)) return;
      numbers[count++] = i;
      if (destination.kind === "all") return;
      let endless = false;
      for (let d = 0; d < rank; d++) {
        if (box[rank + d] === Infinity) endless = true;
        else if (box[rank + d] > least[d]) least[d] = box[rank + d];
      }
      if (endless) unlimited.push(i);
    });
    this.numbers = numbers;
    this.unlimited = unlimited;
    this.least = least;
    this.tree = new BoxTree(boxes, rank, count);
  }

  plan(i: number): MappingPlan {
    return (this.plans[i] ??= planOf(this.mappings[i], this.rank));
  }

  /** Mappings that may have something of a selection, in their order. */
  candidates(selection: Selection, dims: readonly number[]): number[] {
    const boxes = selectedBoxes(selection, dims);
    const found: number[] = [];
    for (const { low, high } of boxes) this.tree.find(low, high, found);
    const numbers = boxes.length > 1 ? [...new Set(found)] : found;
    return numbers.map((box) => this.numbers[box]).sort((a, b) => a - b);
  }
}
