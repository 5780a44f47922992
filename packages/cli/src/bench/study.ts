/** Layouts of a dataset measured: written into memory, and read by patterns. */
import { type CompressionOptions, counted, type DType, MemoryStorage, openSync } from "h5ts";
import type { Pattern } from "./pattern.ts";

export interface Layout {
  readonly chunks: readonly number[];
  readonly compression?: string;
  readonly compressionOpts?: CompressionOptions;
  readonly shuffle?: boolean;
}

export interface Study {
  readonly layout: Layout;
  /** Bytes of elements for one stored. */
  readonly ratio: number;
  /** Milliseconds to write it. */
  readonly written: number;
  readonly patterns: readonly {
    readonly pattern: string;
    /** Median milliseconds of a read. */
    readonly time: number;
    /** Bytes that came from the storage, and requests, for one read. */
    readonly bytes: number;
    readonly requests: number;
    /** Chunks that the reads touched, each decoded once or more. */
    readonly chunks: number;
  }[];
}

/** What is studied: elements in row-major order. */
export interface Elements {
  readonly data: unknown;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** Milliseconds below which something is done a first time for nothing: code that is not compiled yet would be measured, not the layout. */
const BRIEF = 500;

/** What a measurement gives once the code is warm. */
function warm<T>(measure: () => T): T {
  const start = performance.now();
  const first = measure();
  return performance.now() - start < BRIEF ? measure() : first;
}

export function study(elements: Elements, layout: Layout, patterns: readonly Pattern[]): Study {
  const { bytes, ...figures } = warm(() => write(elements, layout));
  return { layout, ...figures, patterns: patterns.map((pattern) => warm(() => readBy(bytes, layout, pattern))) };
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

function readBy(bytes: Uint8Array, { chunks }: Layout, pattern: Pattern): Study["patterns"][number] {
  const { storage, counts } = counted(new MemoryStorage(bytes));
  const file = openSync(storage);
  const dataset = file.dataset("data");
  const [before, requests] = [counts.bytes, counts.requests];
  const times = pattern.reads.map((read) => {
    const start = performance.now();
    dataset.read(read);
    return performance.now() - start;
  });
  file.close();
  const { length } = pattern.reads;
  return {
    pattern: pattern.name,
    time: times.sort((a, b) => a - b)[length >> 1],
    bytes: (counts.bytes - before) / length,
    requests: (counts.requests - requests) / length,
    chunks: pattern.extent.reduce((all, n, i) => all * Math.ceil((n - 1) / chunks[i] + 1), 1),
  };
}
