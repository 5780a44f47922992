/** One mapping, made ready: what of the view it maps, and what the sources are called. */
import type { StoredSelection, VirtualMapping } from "@h5ts/core";
import { type Region, regionOf } from "../region/region.ts";
import { Unlimited, unlimitedAxis } from "../region/unlimited.ts";
import { wrongMapping } from "../region/wrong-mapping.ts";
import { type NameParts, nameParts } from "../source/source-name.ts";

/** One source; its selections are as the file has them. */
export interface LimitedPlan {
  readonly kind: "limited";
  readonly file: string;
  readonly dataset: string;
  readonly mapped: (dims: readonly number[]) => Region;
  readonly source: StoredSelection;
}

/** One source, without end, as the view. */
export interface UnlimitedPlan {
  readonly kind: "unlimited";
  readonly file: string;
  readonly dataset: string;
  readonly mapped: Unlimited;
  readonly source: Unlimited;
}

/** A source for each block of a view without end. */
export interface BlocksPlan {
  readonly kind: "blocks";
  readonly file: NameParts;
  readonly dataset: NameParts;
  readonly mapped: Unlimited;
  readonly source: StoredSelection;
}

export type MappingPlan = LimitedPlan | UnlimitedPlan | BlocksPlan;

/** FormatError where the two sides of a mapping contradict each other. */
export function planOf(mapping: VirtualMapping, rank: number): MappingPlan {
  const { source, destination } = mapping;
  if ("rank" in destination && destination.rank !== rank)
    throw wrongMapping("has a selection of another rank than its dataset", destination.rank, String(rank));
  const [file, dataset] = [nameParts(mapping.file), nameParts(mapping.dataset)];
  const axis = unlimitedAxis(destination);
  const sourceAxis = unlimitedAxis(source);
  if (axis < 0) {
    if (sourceAxis >= 0)
      throw wrongMapping("maps a source without end to a part of the view that has one", mapping.dataset);
    const region = destination.kind === "all" ? undefined : regionOf(destination, new Array<number>(rank).fill(0));
    const mapped = (dims: readonly number[]): Region => region ?? regionOf(destination, dims);
    return { kind: "limited", file: literal(file), dataset: literal(dataset), mapped, source };
  }
  const mapped = new Unlimited(destination, axis);
  if (sourceAxis < 0) {
    if (file.length === 1 && dataset.length === 1)
      throw wrongMapping("maps a source that has an end to a part of the view that has none", mapping.dataset);
    return { kind: "blocks", file, dataset, mapped, source };
  }
  const unlimited = new Unlimited(source, sourceAxis);
  if (unlimited.slice !== mapped.slice)
    throw wrongMapping("selects more elements on one side than on the other", unlimited.slice, String(mapped.slice));
  return { kind: "unlimited", file: literal(file), dataset: literal(dataset), mapped, source: unlimited };
}

/** Numbers stand only for blocks. */
const literal = (parts: NameParts): string => parts.join("%b");
