/**
 * The layout study: chunk shapes x patterns of access x filters and levels x kinds of data, with what each costs in time, bytes, decoded
 * chunks, memory and space. The same measurement as `h5ts bench`, on data of all kinds.
 */
import { loadFilters } from "h5ts";
import { advise } from "../../packages/cli/src/bench/advice.ts";
import { costOf, filterText } from "../../packages/cli/src/bench/choice.ts";
import { type Pattern, patternOf } from "../../packages/cli/src/bench/pattern.ts";
import { type Elements, type Layout, type PatternFigures, study } from "../../packages/cli/src/bench/study.ts";
import { KINDS, type Kind } from "./kinds.ts";

export interface LayoutFigures {
  readonly kind: string;
  readonly dtype: string;
  /** What shape of chunks it is: `frame`, `cube`; `advised`: of `h5ts advise` for one pattern. */
  readonly shape: string;
  readonly chunks: readonly number[] | undefined;
  /** `shuffle+gzip:4`, or `none`. */
  readonly filter: string;
  /** Bytes of the elements, and how many of them for one stored. */
  readonly bytes: number;
  readonly ratio: number;
  /** Milliseconds to write it. */
  readonly written: number;
  readonly patterns: readonly PatternFigures[];
}

type Filters = Omit<Layout, "chunks">;

const gzip = (compressionOpts: number): Filters => ({ compression: "gzip", compressionOpts });
const shuffled = (filters: Filters): Filters => ({ ...filters, shuffle: true });

/** What the chunks of `h5ts advise` are tried with, and very small ones. */
const FEW: readonly Filters[] = [{}, shuffled(gzip(4))];

/** The slowest last: where time runs out, they are left out. */
const FILTERS: readonly Filters[] = [
  ...FEW,
  gzip(4),
  { compression: "zstd" },
  shuffled({ compression: "zstd" }),
  { compression: "lzf" },
  shuffled({ compression: "lzf" }),
  shuffled(gzip(1)),
  { compression: "blosc", compressionOpts: { cname: "lz4", clevel: 5, shuffle: 1 } },
  { compression: "bitshuffle" },
  shuffled(gzip(9)),
];

/** Bytes of the cache of chunks: a small part of the data, as it is of data that are worth a study. */
const CACHE = 1 << 19;
/** More chunks than that are not tried with all filters. */
const MANY = 1000;

export interface LayoutOptions {
  /** Of the kinds of data, by name. Default: all. */
  readonly kinds?: RegExp;
  /** Seconds of processor time for all, shared by the kinds; what does not fit is left out. Default 180. */
  readonly seconds?: number;
  /** Layouts of a kind at most. Default: all. */
  readonly most?: number;
  progress?(figures: LayoutFigures): void;
  /** Told how many layouts of a kind were left out, for want of time. */
  omitted?(kind: string, count: number): void;
}

export async function measureLayouts(options: LayoutOptions = {}): Promise<LayoutFigures[]> {
  const { kinds = /./, seconds = 180, most, progress, omitted } = options;
  await loadFilters();
  const chosen = KINDS.filter(({ name }) => kinds.test(name));
  const begun = processorTime();
  return chosen.flatMap((kind, i) => {
    const until = begun + (seconds * 1000 * (i + 1)) / chosen.length;
    const elements = kind.make();
    const all = layoutsOf(kind, elements).slice(0, most);
    const out: LayoutFigures[] = [];
    while (out.length < all.length && processorTime() < until) {
      const figures = figuresOf(kind, elements, all[out.length]);
      out.push(figures);
      progress?.(figures);
    }
    if (out.length < all.length) omitted?.(kind.name, all.length - out.length);
    return out;
  });
}

/** Milliseconds: on a busy machine the study takes longer, but is the same. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

interface Asked {
  readonly shape: string;
  readonly layout: Layout;
  readonly patterns: readonly Pattern[];
}

/** What `h5ts advise` says for each pattern, read by that alone; then all shapes with all filters, read by all. */
function layoutsOf(kind: Kind, { shape, dtype: { itemsize, class: of } }: Elements): Asked[] {
  const patterns = Object.entries(kind.patterns).map(([name, text]) => ({ ...patternOf(text, shape), name }));
  const advised = patterns.flatMap((pattern) => {
    const { chunks } = advise({ shape, itemsize, class: of }, [pattern]);
    return FEW.map((filters): Asked => ({ shape: "advised", layout: { chunks, ...filters }, patterns: [pattern] }));
  });
  const chunked = FILTERS.flatMap((filters) =>
    Object.entries(kind.chunks)
      .filter(([, chunks]) => FEW.includes(filters) || countOf(shape, chunks) < MANY)
      .map(([name, chunks]): Asked => ({ shape: name, layout: { chunks, ...filters }, patterns })),
  );
  return [...advised, { shape: "contiguous", layout: {}, patterns }, ...chunked];
}

const countOf = (shape: readonly number[], chunks: readonly number[]): number =>
  shape.reduce((all, n, i) => all * Math.ceil(n / chunks[i]), 1);

function figuresOf({ name, dtype }: Kind, elements: Elements, { shape, layout, patterns }: Asked): LayoutFigures {
  const { ratio, written, patterns: read } = study(elements, layout, patterns, { cache: CACHE });
  const bytes = elements.shape.reduce((all, n) => all * n, elements.dtype.itemsize);
  return {
    kind: name,
    dtype,
    shape,
    chunks: layout.chunks,
    filter: filterText(layout),
    bytes,
    ratio,
    written,
    patterns: read.map(rounded),
  };
}

/** As the results are kept: three figures and more are noise. */
const rounded = (figures: PatternFigures): PatternFigures => ({
  ...figures,
  time: Number(figures.time.toPrecision(4)),
});

export interface LayoutChoice {
  readonly kind: string;
  readonly pattern: string;
  /** The least product of time and space among shapes that have names. */
  readonly best: LayoutFigures | undefined;
  /** The best of the few filters with the chunks that `h5ts advise` says. */
  readonly advised: LayoutFigures | undefined;
}

/** For each kind of data and pattern, what would be chosen of all that was measured. */
export function choicesOf(all: readonly LayoutFigures[]): LayoutChoice[] {
  return [...new Set(all.map(({ kind }) => kind))].flatMap((kind) => {
    const ofKind = all.filter((one) => one.kind === kind);
    const patterns = new Set(ofKind.flatMap((one) => one.patterns.map(({ pattern }) => pattern)));
    return [...patterns].map((pattern): LayoutChoice => {
      const read = ofKind.map((one) => ({ ...one, patterns: one.patterns.filter((p) => p.pattern === pattern) }));
      const known = read.filter(({ patterns: found }) => found.length > 0);
      const [advised, named] = [true, false].map((is) => known.filter(({ shape }) => (shape === "advised") === is));
      return { kind, pattern, best: chosenOf(named), advised: chosenOf(advised) };
    });
  });
}

/** By the measure of `h5ts bench`. */
const chosenOf = (all: readonly LayoutFigures[]): LayoutFigures | undefined =>
  [...all].sort((one, other) => costOf(one) - costOf(other))[0];
