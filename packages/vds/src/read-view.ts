/** One read of a view: from a selection to the pieces that its sources give, each element once. */
import { all, type DatasetInfo, type Selection, type Sink, type Steps, type VirtualFile } from "@h5ts/core";
import { describeView } from "./describe-view.ts";
import type { ForeignHeap } from "./element/foreign-heap.ts";
import { type Candidate, candidatesOf } from "./plan/candidate.ts";
import { Coverage } from "./plan/coverage.ts";
import { type Piece, placementOf, runsSelection } from "./plan/piece.ts";
import { Runs } from "./plan/runs.ts";
import type { View } from "./plan/view.ts";
import type { Chain } from "./source/chain.ts";
import { type OpenSource, openSource, sourceKey } from "./source/open-source.ts";
import { sameElements, type Target, targetOf } from "./target.ts";
import type { Views } from "./views.ts";

/** Sources read side by side; and within a view that is itself a source: fewer the further in. */
const TOGETHER: readonly number[] = [64, 8, 1];

interface Part {
  readonly source: OpenSource;
  readonly piece: Piece;
}

export class ReadView {
  private readonly views: Views;
  private readonly file: VirtualFile;
  private readonly info: DatasetInfo;
  private readonly outer: Chain;
  /** With this view, once it has sources that are views. */
  private inner: Chain | undefined;
  private readonly together: number;

  constructor(views: Views, file: VirtualFile, info: DatasetInfo, chain: Chain) {
    this.views = views;
    this.file = file;
    this.info = info;
    this.outer = chain;
    this.together = TOGETHER[Math.min(chain.depth, TOGETHER.length - 1)];
  }

  private get chain(): Chain {
    return (this.inner ??= this.outer.into(this.file, this.info));
  }

  /** Reads elements, and the heap objects that they refer to. */
  *whole(selection: Selection, sink: Sink): Steps<void> {
    const view = yield* this.views.of(this.file, this.info);
    const candidates = candidatesOf(view, selection, this.info.dataspace.dims, this.file.limits);
    const plain = candidates.length === 1 ? this.plain(view, candidates[0], selection.count) : undefined;
    if (plain !== undefined) yield* plain.source.file.read(plain.source.info, plain.piece.selection, sink);
    else yield* (yield* this.pieces(view, candidates, selection.count, sink)).complete();
  }

  /** All from one source that is known, which can do without this view: the sink is as good for its elements. */
  private plain(view: View, candidate: Candidate, count: number): Part | undefined {
    const source = view.sources.get(sourceKey(candidate));
    if (source === undefined || !sameElements(source, { file: this.file, info: this.info })) return undefined;
    const piece = candidate.piece(source.info.dataspace.dims);
    return piece?.placement.single === 0 && piece.placement.count === count ? { source, piece } : undefined;
  }

  /** Reads the elements of a view that is a source: heap objects are numbered in `heap`, and are fetched later. */
  *elements(selection: Selection, sink: Sink, heap?: ForeignHeap): Steps<void> {
    const view = yield* this.views.of(this.file, this.info);
    const candidates = candidatesOf(view, selection, this.info.dataspace.dims, this.file.limits);
    yield* this.pieces(view, candidates, selection.count, sink, heap);
  }

  private *pieces(
    view: View,
    candidates: readonly Candidate[],
    count: number,
    sink: Sink,
    heap?: ForeignHeap,
  ): Steps<Target> {
    const sources = yield* this.sources(view, candidates);
    const { parts, coverage } = this.parts(candidates, sources, count);
    const target = targetOf(this.file, this.info, sink, sources, heap);
    if (coverage === undefined && parts.length === 0) target.fill(0, count);
    coverage?.free(0, count, { run: (result, _, length) => target.fill(result, length) });
    if (parts.length === 1) yield* this.read(target, parts[0]);
    else yield* this.readAll(target, parts);
    return target;
  }

  private *readAll(target: Target, parts: readonly Part[]): Steps<void> {
    for (let i = 0; i < parts.length; i += this.together)
      yield* all(parts.slice(i, i + this.together).map((part) => this.read(target, part)));
  }

  /** The sources of the candidates, each looked up once; `undefined` where one is not there. */
  private *sources(view: View, candidates: readonly Candidate[]): Steps<(OpenSource | undefined)[]> {
    if (candidates.length === 1) return [yield* this.source(view, candidates[0], sourceKey(candidates[0]))];
    const keys = candidates.map(sourceKey);
    const numbers = new Map(keys.map((key, i) => [key, i]));
    const found = new Map<string, OpenSource | undefined>();
    const unknown: [string, number][] = [];
    for (const [key, i] of numbers) {
      const known = view.sources.get(key);
      if (known !== undefined && known.info.layout.class !== "virtual") found.set(key, known);
      else unknown.push([key, i]);
    }
    for (let i = 0; i < unknown.length; i += this.together) {
      const some = unknown.slice(i, i + this.together);
      const opened = yield* all(some.map(([key, number]) => this.source(view, candidates[number], key)));
      for (const [k, [key]] of some.entries()) found.set(key, opened[k]);
    }
    return keys.map((key) => found.get(key));
  }

  private *source(view: View, name: Candidate, key: string): Steps<OpenSource | undefined> {
    const found = view.sources.get(key) ?? (yield* openSource(view.sources, this.file, name));
    if (found === undefined || found.info.layout.class !== "virtual") return found;
    return { ...found, info: yield* describeView(this.views, found.file, found.info, this.chain) };
  }

  /** What is read from which source. Later mappings lie over earlier ones. */
  private parts(
    candidates: readonly Candidate[],
    sources: readonly (OpenSource | undefined)[],
    count: number,
  ): { parts: Part[]; coverage?: Coverage } {
    const parts: Part[] = [];
    let coverage: Coverage | undefined;
    for (let i = candidates.length - 1; i >= 0; i--) {
      const candidate = candidates[i];
      const source = sources[i];
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
