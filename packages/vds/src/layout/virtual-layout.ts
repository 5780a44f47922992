/** What a virtual dataset is to be made of. */
import {
  type DTypeLike,
  type SelectionInput,
  ShapeError,
  type StoredSelection,
  type VirtualDescription,
  type VirtualMapping,
} from "@h5ts/core";
import { regionOf } from "../region/region.ts";
import { Unlimited, unlimitedAxis } from "../region/unlimited.ts";
import { nameParts } from "../source/source-name.ts";
import { storedPart } from "./stored-part.ts";
import type { VirtualSource } from "./virtual-source.ts";

/** What a virtual dataset is to be. */
export interface LayoutOptions<N extends DTypeLike> {
  /** Along axes without end: what it is without sources. */
  readonly shape: readonly number[];
  /** Type of its elements. */
  readonly dtype: N;
  /** The most that each axis may grow to; `null`: without end. Default: the shape. */
  readonly maxShape?: readonly (number | null)[];
}

interface Part {
  readonly destination: StoredSelection;
  readonly source: StoredSelection;
  readonly from: VirtualSource;
  /** Whether there is a source for each block. */
  readonly blocks: boolean;
}

/**
 * A virtual dataset to be made by `createVirtualDataset`: h5py's `VirtualLayout`.
 *
 * ```ts
 * const layout = new VirtualLayout({ shape: [2, 100], dtype: "i4" });
 * layout.set([0], new VirtualSource("a.h5", "data", { shape: [100] }));
 * layout.set([1], new VirtualSource("b.h5", "data", { shape: [200] }).select([slice(0, null, 2)]));
 * ```
 */
export class VirtualLayout<const N extends DTypeLike = DTypeLike> implements VirtualDescription<N> {
  /** Elements along each axis. */
  readonly shape: readonly number[];
  /** Type of its elements. */
  readonly dtype: N;
  /** The most that each axis may grow to. */
  readonly maxShape: readonly (number | null)[];
  private readonly parts: Part[] = [];

  constructor({ shape, dtype, maxShape = shape }: LayoutOptions<N>) {
    this.shape = shape;
    this.dtype = dtype;
    this.maxShape = maxShape;
  }

  /**
   * Maps elements of the view to those of a source, as many, in row-major order on both sides. Where mappings overlap, the last
   * one counts. With `slice({ count: Infinity })` on both sides the view grows as its sources do; on this side alone, a source
   * stands for each block, by its number: `%b` in its name.
   *
   * ShapeError where there are more elements on one side; SelectionError where a selection does not fit.
   */
  set(selection: SelectionInput | undefined, source: VirtualSource): this {
    const part = { destination: storedPart(selection, this.shape), source: source.stored(), from: source };
    this.parts.push({ ...part, blocks: checked(part, this.shape) });
    return this;
  }

  /** Its mappings, in a file that is called so. */
  mappings(filename: string): readonly VirtualMapping[] {
    return this.parts.map(({ destination, source, from, blocks }) => {
      // Elsewhere a percent sign stands for itself.
      const name = (text: string): string => (blocks ? text : text.replaceAll("%", "%%"));
      return { file: name(from.fileFrom(filename)), dataset: name(from.name), source, destination };
    });
  }
}

/** Whether a part has a source for each block. ShapeError where its two sides do not agree. */
function checked({ destination, source, from }: Omit<Part, "blocks">, shape: readonly number[]): boolean {
  const [axis, sourceAxis] = [unlimitedAxis(destination), unlimitedAxis(source)];
  if (axis < 0) {
    if (sourceAxis >= 0) throw disagree("a source without end needs a view without end", "a selection that has one");
    agree(regionOf(destination, shape).count, regionOf(source, from.shape).count);
    return false;
  }
  const view = new Unlimited(destination, axis);
  if (sourceAxis >= 0) {
    agree(view.slice, new Unlimited(source, sourceAxis).slice);
    return false;
  }
  if (nameParts(from.name).length === 1 && nameParts(from.fileFrom("")).length === 1)
    throw disagree("a view without end needs a source without end, or one for each block (%b)", from.name);
  if (destination.kind === "hyperslab" && destination.block[axis] === Infinity)
    throw disagree("a view without end has no blocks that sources could stand for", "block: Infinity");
  agree(view.blockAt(0).count, regionOf(source, from.shape).count);
  return true;
}

function agree(view: number, source: number): void {
  if (view !== source) throw disagree(`selects ${view} elements of the view, and of the source`, source);
}

const disagree = (reason: string, found: unknown): ShapeError =>
  new ShapeError(reason, { structure: "mapping", found });
