/** What of a selection a mapping may give, before its source is known. */
import type { Limits, Selection } from "@h5ts/core";
import { type Region, regionOf } from "../region/region.ts";
import type { SourceName } from "../source/open-source.ts";
import { nameOfBlock } from "../source/source-name.ts";
import { withinLimit } from "../within-limit.ts";
import { selectedBoxes } from "./bounds.ts";
import type { BlocksPlan, LimitedPlan, UnlimitedPlan } from "./mapping-plan.ts";
import { type Meeting, meet, type Piece, pieceOf, rowsOf } from "./piece.ts";

import type { SourceRuns } from "./source-runs.ts";
import type { View } from "./view.ts";

/** A mapping that meets the selection. */
export interface Candidate extends SourceName {
  /** What a source of that extent gives; `undefined`: nothing. */
  piece(dims: readonly number[]): Piece | undefined;
  /** The same run by run. */
  rows(dims: readonly number[]): SourceRuns;
}

/** In the order of the mappings. LimitError where there are more than the limits allow. */
export function candidatesOf(view: View, selection: Selection, dims: readonly number[], limits: Limits): Candidate[] {
  const found: Candidate[] = [];
  for (const i of view.candidates(selection, dims)) {
    const plan = view.plan(i);
    if (plan.kind === "limited") addLimited(plan, selection, dims, found);
    else if (plan.kind === "unlimited") addUnlimited(plan, selection, dims, found);
    else addBlocks(plan, selection, dims, limits, found);
  }
  return found;
}

class MetCandidate implements Candidate {
  readonly file: string;
  readonly dataset: string;
  private readonly meeting: Meeting;
  private readonly source: (dims: readonly number[]) => Region;

  constructor({ file, dataset }: SourceName, meeting: Meeting, source: (dims: readonly number[]) => Region) {
    this.file = file;
    this.dataset = dataset;
    this.meeting = meeting;
    this.source = source;
  }

  piece(dims: readonly number[]): Piece {
    return pieceOf(this.meeting, this.source(dims), dims);
  }

  rows(dims: readonly number[]): SourceRuns {
    return rowsOf(this.meeting, this.source(dims), dims);
  }
}

function addLimited(plan: LimitedPlan, selection: Selection, dims: readonly number[], found: Candidate[]): void {
  const meeting = meet(selection, dims, plan.mapped(dims));
  if (meeting !== undefined) found.push(new MetCandidate(plan, meeting, (of) => regionOf(plan.source, of)));
}

/** As many slices as view and source both have. */
class UnlimitedCandidate implements Candidate {
  readonly file: string;
  readonly dataset: string;
  private readonly plan: UnlimitedPlan;
  private readonly selection: Selection;
  private readonly dims: readonly number[];

  constructor(plan: UnlimitedPlan, selection: Selection, dims: readonly number[]) {
    this.file = plan.file;
    this.dataset = plan.dataset;
    this.plan = plan;
    this.selection = selection;
    this.dims = dims;
  }

  piece(dims: readonly number[]): Piece | undefined {
    const met = this.meet(dims);
    return met && pieceOf(met.meeting, met.source, dims);
  }

  rows(dims: readonly number[]): SourceRuns {
    const { meeting, source } = this.meet(dims)!;
    return rowsOf(meeting, source, dims);
  }

  private meet(dims: readonly number[]): { meeting: Meeting; source: Region } | undefined {
    const { mapped, source } = this.plan;
    const slices = Math.min(mapped.slicesWithin(this.dims[mapped.axis]), source.slicesWithin(dims[source.axis] ?? 0));
    const meeting = meet(this.selection, this.dims, mapped.first(slices));
    return meeting && { meeting, source: source.first(slices) };
  }
}

function addUnlimited(plan: UnlimitedPlan, selection: Selection, dims: readonly number[], found: Candidate[]): void {
  const { mapped } = plan;
  const all = mapped.first(mapped.slicesWithin(dims[mapped.axis]));
  if (meet(selection, dims, all) !== undefined) found.push(new UnlimitedCandidate(plan, selection, dims));
}

function addBlocks(
  { file, dataset, mapped, source }: BlocksPlan,
  selection: Selection,
  dims: readonly number[],
  limits: Limits,
  found: Candidate[],
): void {
  const numbers = new Set<number>();
  for (const { low, high } of selectedBoxes(selection, dims)) {
    const [first, end] = mapped.blocksBetween(low[mapped.axis], high[mapped.axis]);
    withinLimit(limits, "virtualMappings", end - first, "Blocks of a virtual dataset");
    for (let n = first; n < end; n++) numbers.add(n);
  }
  for (const n of [...numbers].sort((a, b) => a - b)) {
    const meeting = meet(selection, dims, mapped.blockAt(n));
    if (meeting === undefined) continue;
    const name = { file: nameOfBlock(file, n), dataset: nameOfBlock(dataset, n) };
    found.push(new MetCandidate(name, meeting, (of) => regionOf(source, of)));
  }
}
