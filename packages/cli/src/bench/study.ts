/** Layouts of a dataset measured: written into memory, and read by patterns. */
import {
  type CompressionOptions,
  counted,
  type Dataset,
  type DType,
  MemoryStorage,
  type OpenOptions,
  openSync,
} from "h5ts";
import { countedDecodes } from "./decodes.ts";
import { takenBy } from "./memory.ts";
import type { Pattern } from "./pattern.ts";

export interface Layout {
  /** Absent: contiguous. */
  readonly chunks?: readonly number[];
  readonly compression?: string;
  readonly compressionOpts?: CompressionOptions;
  readonly shuffle?: boolean;
}

/** Reads of a pattern: means over its reads. */
export interface PatternFigures {
  readonly pattern: string;
  /** Milliseconds of a read. */
  readonly time: number;
  /** Bytes that were asked for. */
  readonly needed: number;
  /** Bytes that came from the storage, and requests. */
  readonly bytes: number;
  readonly requests: number;
  /** Chunks that a read touches. */
  readonly chunks: number;
  /** Chunks that were decoded: those that the cache of chunks did not have, where there is a filter. */
  readonly decoded: number;
  /** Bytes of memory that a read takes, with its result. Absent where the runtime does not tell. */
  readonly memory?: number;
}

export interface Study {
  readonly layout: Layout;
  /** Bytes of elements for one stored. */
  readonly ratio: number;
  /** Milliseconds to write it. */
  readonly written: number;
  readonly patterns: readonly PatternFigures[];
}

/** What is studied: elements in row-major order. */
export interface Elements {
  readonly data: unknown;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

export interface StudyOptions {
  /** Bytes of the cache of decoded chunks. Default: that of h5ts. */
  readonly cache?: number;
}

/** Filters that were asked for before: their code is compiled, a first writing by it is worth its time. */
const warm = new Set<string>();

export function study(
  elements: Elements,
  layout: Layout,
  patterns: readonly Pattern[],
  { cache }: StudyOptions = {},
): Study {
  const filter = `${layout.compression} ${layout.shuffle} ${elements.dtype.itemsize}`;
  if (!warm.has(filter)) write(elements, layout);
  warm.add(filter);
  const { bytes, ...figures } = write(elements, layout);
  return {
    layout,
    ...figures,
    patterns: patterns.map((pattern) =>
      readBy(bytes, layout, pattern, { ...(cache !== undefined && { chunkCache: { bytes: cache } }) }),
    ),
  };
}

function write(elements: Elements, layout: Layout): Pick<Study, "ratio" | "written"> & { readonly bytes: Uint8Array } {
  const stored = new MemoryStorage();
  const start = performance.now();
  const file = openSync(stored, "w", { durability: "none" });
  const dataset = file.createDataset("data", { ...elements, ...layout });
  const ratio = dataset.nbytes / Math.max(1, dataset.storageSize());
  file.close();
  return { ratio, written: performance.now() - start, bytes: stored.toUint8Array() };
}

/** Read once to count and to warm up, once more by the clock. */
function readBy(bytes: Uint8Array, layout: Layout, pattern: Pattern, options: ReaderOptions): PatternFigures {
  const counts = countsOf(bytes, layout, pattern, options);
  const file = openSync(new MemoryStorage(bytes), "r", options);
  const dataset = file.dataset("data");
  const start = performance.now();
  for (const read of pattern.reads) dataset.read(read);
  const time = (performance.now() - start) / pattern.reads.length;
  file.close();
  return { pattern: pattern.name, time, ...counts };
}

type ReaderOptions = Pick<OpenOptions, "chunkCache">;

type Counts = Omit<PatternFigures, "pattern" | "time">;

function countsOf(
  bytes: Uint8Array,
  layout: Layout,
  { reads, ranges, extent }: Pattern,
  options: ReaderOptions,
): Counts {
  const { storage, counts } = counted(new MemoryStorage(bytes));
  const { filters, decodes } = countedDecodes(layout);
  const file = openSync(storage, "r", { ...options, filters });
  const dataset = file.dataset("data") as Dataset<"sync">;
  const [from, requests] = [counts.bytes, counts.requests];
  for (const read of reads) dataset.read(read);
  file.close();
  const memory = memoryOf(bytes, reads, options);
  const mean = (sum: number): number => sum / reads.length;
  return {
    needed: extent.reduce((all, n) => all * n, dataset.dtype.itemsize),
    bytes: mean(counts.bytes - from),
    requests: mean(counts.requests - requests),
    chunks: mean(ranges.reduce((sum, one) => sum + touched(one, layout.chunks), 0)),
    decoded: mean(decodes()),
    ...(memory !== undefined && { memory }),
  };
}

/** What a read takes; of another one where the collector of garbage came by meanwhile. */
function memoryOf(bytes: Uint8Array, reads: Pattern["reads"], options: ReaderOptions): number | undefined {
  const file = openSync(new MemoryStorage(bytes), "r", options);
  const dataset = file.dataset("data");
  let most = takenBy(() => dataset.read(reads[0]));
  if (most === 0) most = takenBy(() => dataset.read(reads[reads.length - 1]));
  file.close();
  return most;
}

/** Chunks in which the ranges of a read lie; 1 of what is contiguous. */
const touched = (ranges: Pattern["ranges"][number], chunks: readonly number[] | undefined): number =>
  chunks === undefined
    ? 1
    : ranges.reduce(
        (all, [from, to], i) => all * (Math.floor((to - 1) / chunks[i]) - Math.floor(from / chunks[i]) + 1),
        1,
      );
