/**
 * Reads elements that stand in the file as they are (contiguous storage, chunks without filters): straight into the
 * result where they are neighbours there too, else by spans, small gaps included, from which they are copied.
 *
 * Boxes come from a plan, chunk by chunk; nothing is read before {@link SpanReader.flush}.
 */
import type { Sink } from "../../data/sink.ts";
import { FormatError } from "../../errors.ts";
import { read, type Steps } from "../../steps/steps.ts";
import type { Extent, Outcome, Storage } from "../../steps/storage.ts";
import { type Copier, copierFor } from "./copy-elements.ts";
import { innerLoops, isRun, type Loops, type NestVisitor, Odometer } from "./loops.ts";
import { giveScratch, type Scratch, takeScratch } from "./scratch.ts";
import { SPAN, SpanList, UnitList } from "./span-lists.ts";

/** Runs from this many bytes on are read straight into the result; below, one read through the gaps and a copy is cheaper. */
const DIRECT = 16 << 10;
/**
 * Bytes of spans that are read at once: of a disk so many that they stay in the processor's cache until they are copied
 * (tried: 16 MiB take half as long again), of a server so many that requests overlap.
 */
const SCRATCH = 512 << 10;
const PARALLEL_SCRATCH = 16 << 20;
/** Bytes of runs that are read at once straight into the result. */
const IN_FLIGHT = 64 << 20;
/** Gap from which on a storage is no disk: what it is asked for together, it fetches side by side. */
const REMOTE_GAP = 32 << 10;
/** Units that are gathered before the caller should flush. */
const UNITS = 4096;

/** What a failed read was about, for errors. */
export interface SpanSource {
  readonly structure: string;
  readonly address?: number;
}

export class SpanReader implements NestVisitor {
  private readonly storage: Storage;
  private readonly sink: Sink;
  private readonly copier: Copier;
  private readonly gap: number;
  private readonly scratchBytes: number;
  private readonly describe: SpanSource;
  private scratch: Scratch | undefined = undefined;
  /** Position in the storage of the current chunk's first element. */
  private base = 0;
  /** Units: position, bytes, first element in the result, and loops; `-1` for runs that go straight into the result. */
  private readonly units: UnitList = new UnitList();
  private readonly nests: Loops[] = [];
  private direct = 0;

  constructor(storage: Storage, sink: Sink, describe: SpanSource) {
    this.storage = storage;
    this.sink = sink;
    this.describe = describe;
    this.copier = copierFor(sink);
    this.gap = storage.costs.gap;
    this.scratchBytes = storage.costs.gap >= REMOTE_GAP ? PARALLEL_SCRATCH : SCRATCH;
  }

  /** Boxes are of the chunk at this position from here on. */
  begin(position: number): void {
    this.base = position;
    if (this.storage.memory !== undefined) {
      this.copier.source(this.storage.memory, position);
    }
  }

  /** Whether it is time to {@link flush}. */
  get full(): boolean {
    return this.units.count >= UNITS || this.units.bytes >= this.scratchBytes || this.direct >= IN_FLIGHT;
  }

  nest(at: number, index: number, loops: Loops): void {
    const { memory } = this.storage;
    if (memory !== undefined) {
      const size = this.sink.elementSize;
      const end = this.base + (at + lastOffset(loops, loops.from) + 1) * size;
      if (end > memory.length) throw this.cutShort(end, memory.length);
      this.copier.nest(at, index, loops);
      return;
    }
    const size = this.sink.elementSize;
    if (this.sink.direct !== undefined && isRun(loops) && loops.counts[0] * size >= DIRECT) {
      this.units.add(this.base + at * size, loops.counts[0] * size, index, -1);
      this.direct += loops.counts[0] * size;
      return;
    }
    this.split(at, index, loops, size);
  }

  /** Makes units of the inner loops whose gaps are worth reading through, as many turns of the next one as a span has room for. */
  private split(at: number, index: number, loops: Loops, size: number): void {
    let level = loops.depth;
    let span = size;
    while (level > 0) {
      const step = loops.from[level - 1] * size;
      const whole = (loops.counts[level - 1] - 1) * step + span;
      if (step - span > this.gap || whole > SPAN) break;
      span = whole;
      level--;
    }
    if (level === 0) {
      this.units.add(this.base + at * size, span, index, this.keep(loops, 0));
      return;
    }
    const step = loops.from[level - 1] * size;
    const turns = step - span > this.gap ? 1 : Math.max(1, Math.floor((SPAN - span) / step) + 1);
    this.splitTurns(at, index, loops, { level, span, turns });
  }

  private splitTurns(
    at: number,
    index: number,
    loops: Loops,
    { level, span, turns }: { level: number; span: number; turns: number },
  ): void {
    const size = this.sink.elementSize;
    const outer = level - 1;
    const count = loops.counts[outer];
    const from = loops.from[outer];
    const bytes = (turns - 1) * from * size + span;
    const full = count >= turns ? this.keep(loops, outer, turns) : 0;
    const rest = count % turns;
    const last = rest > 0 ? this.keep(loops, outer, rest) : 0;
    const rows = new Odometer(loops, outer);
    do {
      for (let i = 0; i < count; i += turns) {
        const position = this.base + (at + rows.from + i * from) * size;
        const to = index + rows.to + i * loops.to[outer];
        if (i + turns <= count) this.unit(position, bytes, to, full);
        else this.unit(position, (rest - 1) * from * size + span, to, last);
      }
    } while (rows.next());
  }

  /** A unit of kept loops: it goes straight into the result where it can and is worth it. */
  private unit(position: number, bytes: number, index: number, nest: number): void {
    if (bytes >= DIRECT && this.sink.direct !== undefined && isRun(this.nests[nest])) {
      this.units.add(position, bytes, index, -1);
      this.direct += bytes;
    } else this.units.add(position, bytes, index, nest);
  }

  /** Number of a nest like the inner loops from `first` on; the last one kept serves again where it is the same. */
  private keep(loops: Loops, first: number, count?: number): number {
    const last = this.nests[this.nests.length - 1];
    if (last !== undefined && sameLoops(last, loops, first, count)) return this.nests.length - 1;
    return this.nests.push(innerLoops(loops, first, count)) - 1;
  }

  /** Reads and places what was gathered. */
  *flush(): Steps<void> {
    const { units } = this;
    if (units.count === 0) return;
    const order = units.order();
    for (let next = 0; next < units.count; ) {
      const batch = this.batch(order, next);
      const outcomes = yield* read(this.storage, batch.extents);
      this.place(order, next, batch, outcomes);
      next = batch.end;
    }
    units.clear();
    this.nests.length = 0;
    this.direct = 0;
    if (this.scratch !== undefined) giveScratch(this.scratch);
    this.scratch = undefined;
  }

  /** Extents over the units from `next` on, as many as fit at once. */
  private batch(order: Uint32Array | undefined, next: number): Batch {
    const spans = new SpanList();
    const { units, gap } = this;
    const owners = new Int32Array(Math.min(units.count - next, UNITS));
    let scratch = 0;
    let direct = 0;
    let end = next;
    for (; end < units.count && end - next < owners.length; end++) {
      const u = order === undefined ? end : order[end];
      const isDirect = units.nests[u] < 0;
      const length = units.lengths[u];
      const at = units.positions[u];
      const into = isDirect ? units.indices[u] * this.sink.elementSize : -1;
      const grown = spans.growth(at, length, into, isDirect ? 0 : gap);
      if (grown < 0) {
        if (end > next && (isDirect ? direct + length > IN_FLIGHT : scratch + length > this.scratchBytes)) break;
        spans.add(at, length, into);
      } else if (end > next && scratch + grown > this.scratchBytes && !isDirect) break;
      else spans.grow(grown);
      if (isDirect) direct += length;
      else scratch += grown < 0 ? length : grown;
      owners[end - next] = spans.count - 1;
    }
    return { extents: this.extents(spans, scratch), spans, owners, end };
  }

  private extents(spans: SpanList, scratch: number): Extent[] {
    const room = this.scratchOf(scratch);
    const extents: Extent[] = [];
    let used = 0;
    for (let i = 0; i < spans.count; i++) {
      const length = spans.lengths[i];
      const into = spans.intos[i];
      if (into >= 0) extents.push({ at: spans.ats[i], length, into: this.sink.direct!.subarray(into, into + length) });
      else {
        extents.push({ at: spans.ats[i], length, into: room.subarray(used, used + length) });
        used += length;
      }
    }
    return extents;
  }

  private scratchOf(bytes: number): Uint8Array {
    if (this.scratch === undefined || this.scratch.bytes.length < bytes) this.scratch = takeScratch(bytes);
    return this.scratch.bytes;
  }

  private place(order: Uint32Array | undefined, first: number, batch: Batch, outcomes: readonly Outcome[]): void {
    const { units, copier } = this;
    outcomes.forEach((outcome, i) => {
      if (!(outcome instanceof Uint8Array)) throw outcome;
      if (outcome.length < batch.spans.lengths[i])
        throw this.cutShort(batch.spans.ats[i] + batch.spans.lengths[i], batch.spans.ats[i] + outcome.length);
    });
    for (let i = first; i < batch.end; i++) {
      const u = order === undefined ? i : order[i];
      if (units.nests[u] < 0) continue;
      const owner = batch.owners[i - first];
      copier.source(outcomes[owner] as Uint8Array, units.positions[u] - batch.spans.ats[owner], this.scratch);
      copier.nest(0, units.indices[u], this.nests[units.nests[u]]);
    }
  }

  private cutShort(needed: number, found: number): FormatError {
    return new FormatError("runs past the end of the file", {
      ...this.describe,
      found: `${found} bytes`,
      allowed: `at least ${needed}`,
    });
  }
}

interface Batch {
  readonly extents: Extent[];
  readonly spans: SpanList;
  /** Span of each unit. */
  readonly owners: Int32Array;
  /** First unit that is not in it. */
  readonly end: number;
}

/** Offset of a nest's last element. */
function lastOffset({ depth, counts }: Loops, steps: readonly number[]): number {
  let offset = 0;
  for (let d = 0; d < depth; d++) offset += (counts[d] - 1) * steps[d];
  return offset;
}

function sameLoops(kept: Loops, loops: Loops, first: number, count?: number): boolean {
  if (first >= loops.depth) return kept.depth === 1 && kept.counts[0] === 1;
  if (kept.depth !== loops.depth - first) return false;
  for (let d = 0; d < kept.depth; d++) {
    const wanted = d === 0 && count !== undefined ? count : loops.counts[first + d];
    if (kept.counts[d] !== wanted || kept.from[d] !== loops.from[first + d] || kept.to[d] !== loops.to[first + d])
      return false;
  }
  return true;
}
