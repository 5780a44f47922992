/** One read of a view: from a selection to the pieces that its sources give, each element once. */
import { all, type DatasetInfo, type Selection, type Sink, type Steps, type VirtualFile } from "@h5ts/core";
import { describeView } from "./describe-view.ts";
import type { ForeignHeap } from "./element/foreign-heap.ts";
import { type Candidate, candidatesOf } from "./plan/candidate.ts";
import { Coverage } from "./plan/coverage.ts";
import { type Piece, placementOf, runsSelection } from "./plan/piece.ts";
import { Runs } from "./plan/runs.ts";
import { sourceKey } from "./plan/source-key.ts";
import type { View } from "./plan/view.ts";
import type { Chain } from "./source/chain.ts";
import { type OpenSource, openSource, storedDataset } from "./source/open-source.ts";
import { type Target, targetOf } from "./target.ts";
import type { Views } from "./views.ts";

/** Sources read side by side; and within a view that is itself a source: fewer the further in. */
const TOGETHER = [64, 8, 1];

/** A source with what its file says of it. */
export interface ReadySource extends OpenSource {
  readonly info: DatasetInfo;
}

interface Part {
  readonly source: ReadySource;
  readonly piece: Piece;
}

export class ReadView {
  private readonly views: Views;
  private readonly file: VirtualFile;
  private readonly info: DatasetInfo;
  /** With this view. */
  private readonly chain: Chain;
  private readonly together: number;

  constructor(views: Views, file: VirtualFile, info: DatasetInfo, chain: Chain) {
    this.views = views;
    this.file = file;
    this.info = info;
    this.chain = chain.into(file, info);
    this.together = TOGETHER[Math.min(chain.depth, TOGETHER.length - 1)];
  }

  /** Reads elements, and the heap objects that they refer to. */
  *whole(selection: Selection, sink: Sink): Steps<void> {
    const target = yield* this.elements(selection, sink);
    yield* target.complete();
  }

  /** The same of a view that is a source: heap objects are numbered in `heap`, and are fetched later. */
  *elements(selection: Selection, sink: Sink, heap?: ForeignHeap): Steps<Target> {
    const view = yield* this.views.of(this.file, this.info);
    const { dims } = this.info.dataspace;
    const candidates = candidatesOf(view, selection, dims, this.file.limits);
    const sources = yield* this.sources(view, candidates);
    const { parts, coverage } = this.parts(candidates, sources, selection.count);
    const target = targetOf(this.file, this.info, sink, [...sources.values()], heap);
    if (coverage === undefined && parts.length === 0) target.fill(0, selection.count);
    coverage?.free(0, selection.count, { run: (result, _, length) => target.fill(result, length) });
    const reads = parts.map((part) => this.read(target, part));
    for (let i = 0; i < reads.length; i += this.together) yield* together(reads.slice(i, i + this.together));
    return target;
  }

  /** The sources of all candidates, each looked up once; those that are not there are left out. */
  private *sources(view: View, candidates: readonly Candidate[]): Steps<Map<string, ReadySource>> {
    const wanted = new Map(candidates.map((candidate) => [sourceKey(candidate), candidate]));
    const found = new Map<string, ReadySource>();
    const steps = [...wanted].map(([key, { file, dataset }]) => this.find(view, file, dataset, key, found));
    for (let i = 0; i < steps.length; i += this.together) yield* together(steps.slice(i, i + this.together));
    return found;
  }

  private *find(view: View, file: string, dataset: string, key: string, into: Map<string, ReadySource>): Steps<void> {
    const source = yield* openSource(view.sources, this.file, file, dataset);
    if (source === undefined) return;
    const stored = yield* storedDataset(source);
    const info =
      stored.layout.class === "virtual" ? yield* describeView(this.views, source.file, stored, this.chain) : stored;
    into.set(key, { file: source.file, address: source.address, info });
  }

  /** What is read from which source. Later mappings lie over earlier ones. */
  private parts(
    candidates: readonly Candidate[],
    sources: ReadonlyMap<string, ReadySource>,
    count: number,
  ): { parts: Part[]; coverage?: Coverage } {
    const parts: Part[] = [];
    let coverage: Coverage | undefined;
    for (let i = candidates.length - 1; i >= 0; i--) {
      const candidate = candidates[i];
      const source = sources.get(sourceKey(candidate));
      if (source === undefined) continue;
      const { dims } = source.info.dataspace;
      let piece = candidate.piece(dims);
      if (piece === undefined) continue;
      if (coverage === undefined && piece.placement.count === count) return { parts: [{ source, piece }] };
      coverage ??= new Coverage(count);
      if (!isFree(piece, coverage)) piece = uncovered(candidate, dims, coverage);
      cover(piece, coverage);
      if (piece.placement.count > 0 || piece.absent !== undefined) parts.push({ source, piece });
      if (coverage.isWhole) break;
    }
    return { parts, coverage };
  }

  private *read(target: Target, { source, piece }: Part): Steps<void> {
    const { sink, heap } = target.piece(source, piece.placement);
    if (piece.absent !== undefined) sink.fillAll(piece.absent);
    if (piece.placement.count === 0) return;
    const { file, info } = source;
    if (info.layout.class !== "virtual") yield* file.read(info, piece.selection, sink);
    else yield* new ReadView(this.views, file, info, this.chain).elements(piece.selection, sink, heap);
  }
}

function* together(steps: readonly Steps<void>[]): Steps<void> {
  if (steps.length === 1) yield* steps[0];
  else yield* all(steps);
}

function isFree({ placement, absent }: Piece, coverage: Coverage): boolean {
  let free = true;
  const visitor = {
    run: (result: number, _: number, length: number) => {
      free &&= coverage.isFree(result, length);
    },
  };
  placement.visit(0, placement.count, visitor);
  absent?.visit(0, absent.count, visitor);
  return free;
}

function cover({ placement, absent }: Piece, coverage: Coverage): void {
  const visitor = { run: (result: number, _: number, length: number) => coverage.cover(result, length) };
  placement.visit(0, placement.count, visitor);
  absent?.visit(0, absent.count, visitor);
}

/** What is left of a mapping under those that lie over it. */
function uncovered(candidate: Candidate, dims: readonly number[], coverage: Coverage): Piece {
  const { present, absent } = candidate.rows(dims);
  const left = (runs: Runs): Runs => {
    const free = new Runs();
    for (let i = 0; i < runs.size; i++) {
      coverage.free(runs.results[i], runs.lengths[i], {
        run: (result, offset, length) => free.add(result, runs.starts[i] + offset, length),
      });
    }
    return free;
  };
  const here = left(present);
  const missing = left(absent);
  return {
    selection: runsSelection(here),
    placement: placementOf(here),
    absent: missing.size === 0 ? undefined : placementOf(missing),
  };
}
