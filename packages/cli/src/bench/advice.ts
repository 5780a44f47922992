/** What layout suits a dataset and how it is read, and why. */
import type { DatatypeClass } from "h5ts";
import type { Pattern } from "./pattern.ts";

export interface Described {
  readonly shape: readonly number[];
  readonly itemsize: number;
  readonly class: DatatypeClass;
}

export interface Advice {
  readonly chunks: readonly number[];
  readonly shuffle: boolean;
  readonly compression: string | undefined;
  /** Bytes of the chunk cache. */
  readonly cache: number;
  readonly reasons: readonly string[];
}

/** Chunks of less cost more to find than to read; of more, a small read takes too much along. */
const LEAST = 100_000;
const MOST = 1_048_576;
/** What finding and asking for a chunk costs, as bytes that could have been read meanwhile. */
const CHUNK_COST = 16_384;
const DEFAULT_CACHE = 1_048_576;

const product = (sizes: readonly number[]): number => sizes.reduce((all, n) => all * n, 1);

export function advise({ shape, itemsize, class: kind }: Described, patterns: readonly Pattern[]): Advice {
  const [chunks, extra] = bestChunks(shape, itemsize, patterns);
  const bytes = product(chunks) * itemsize;
  const isNumber = kind === "integer" || kind === "float" || kind === "enum" || kind === "compound" || kind === "array";
  const shuffle = isNumber && itemsize > 1;
  const compression = kind === "vlen" || kind === "reference" ? undefined : "gzip";
  const held = Math.max(...patterns.map(({ extent }) => touched(extent, chunks, shape) * bytes));
  const cache = Math.max(DEFAULT_CACHE, Math.min(held, 64 * DEFAULT_CACHE));
  const reasons = [
    `chunks of ${Math.round(bytes / 1000)} kB: between 100 kB, below which there are too many to find, and 1 MB, beyond which a small read takes too much along`,
    ...patterns.map(({ name }, i) => `${name} take ${extra[i].toFixed(1)} times the bytes they need from such chunks`),
    compression === undefined
      ? "no filter: the elements stand in heaps, chunks hold references to them"
      : `${compression}: every reader has it${shuffle ? "; shuffle before it, as the bytes of numbers compress better sorted by their place" : ""}`,
    `a cache of ${Math.ceil(cache / DEFAULT_CACHE)} MiB holds the chunks that one read touches, for the next that touches them`,
  ];
  return { chunks, shuffle, compression, cache, reasons };
}

/** Chunks that one read touches: of a whole axis all, else on the average of all places. */
const touched = (extent: readonly number[], chunks: readonly number[], shape: readonly number[]): number =>
  extent.reduce((all, n, i) => all * (n === shape[i] ? Math.ceil(n / chunks[i]) : (n - 1) / chunks[i] + 1), 1);

/** The shape whose reads take least along, over all patterns alike, and for each pattern the bytes read for one that is needed. */
function bestChunks(shape: readonly number[], itemsize: number, patterns: readonly Pattern[]): [number[], number[]] {
  let best = shape.map((n) => Math.max(1, n));
  let least = Number.POSITIVE_INFINITY;
  const total = product(best) * itemsize;
  for (const chunks of shapesOf(shape)) {
    const bytes = product(chunks) * itemsize;
    if (bytes > Math.max(MOST, itemsize) || bytes < Math.min(LEAST, total)) continue;
    const cost = patterns.reduce(
      (sum, { extent }) =>
        sum + Math.log((touched(extent, chunks, shape) * (bytes + CHUNK_COST)) / (product(extent) * itemsize)),
      0,
    );
    if (cost < least) [best, least] = [chunks, cost];
  }
  const bytes = product(best);
  return [best, patterns.map(({ extent }) => (touched(extent, best, shape) * bytes) / product(extent))];
}

/** Shapes of powers of two, and of whole axes. */
function* shapesOf(shape: readonly number[]): Generator<number[]> {
  if (shape.length === 0) return void (yield []);
  const [first, ...rest] = shape;
  for (let size = 1; ; size = Math.min(2 * size, Math.max(1, first))) {
    for (const others of shapesOf(rest)) yield [size, ...others];
    if (size >= first) return;
  }
}
