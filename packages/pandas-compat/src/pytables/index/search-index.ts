/** Which chunks of a table may hold rows that compare so, by the index of a column. */
import { FormatError, slice } from "h5ts";
import { order } from "../../where/compare.ts";
import type { Comparison } from "../../where/parse.ts";
import type { AnyDataset } from "../array-node.ts";
import { type Elements, elementsOf } from "../raw-column.ts";
import { firstBucket, rowsInBucket } from "./buckets.ts";
import { indexedRows, type OpenIndex } from "./open-index.ts";
import { KIND_BYTES } from "./sizes.ts";

/** A column compared with a value, as the column stores it. */
export interface Wanted {
  readonly comparison: Comparison;
  readonly value: number | bigint | Uint8Array;
}

/** Rows of `indices`, or of the last row: from `start` to `stop`. */
interface Found {
  readonly slice: number;
  readonly start: number;
  readonly stop: number;
}

/** Of more rows than this part of the table an index is of no use. */
const MOST_PART = 0.5;

/** What an index knows of a condition. */
export interface Lookup {
  /** Bytes of the index, before they are compressed, that must be read for the chunks. */
  readonly cost: number;
  /** A byte for each chunk of the table, 1 where it may hold a row that fulfils the condition. */
  chunks(): Promise<Uint8Array>;
}

/**
 * Looks for rows of which, in each list, any comparison is true; `undefined` where the index cannot tell, or where that would be most of the
 * table.
 */
export async function lookupInIndex(
  index: OpenIndex,
  lists: readonly (readonly Wanted[])[],
  rows: number,
  chunkRows: number,
): Promise<Lookup | undefined> {
  const known = lists.filter((list) => list.every(({ comparison }) => comparison !== "!="));
  if (index.isDirty || indexedRows(index) !== rows || known.length === 0) return undefined;
  const searcher = new Searcher(index);
  let found: Found[] | undefined;
  for (const list of known) {
    const any: Found[] = [];
    for (const one of list) any.push(...(await searcher.find(one)));
    found = found === undefined ? any : common(found, any);
  }
  const all = found ?? [];
  const count = all.reduce((sum, { start, stop }) => sum + stop - start, 0);
  if (count > MOST_PART * rows) return undefined;
  return {
    cost: count * KIND_BYTES[index.kind],
    async chunks() {
      const chunks = new Uint8Array(Math.ceil(rows / chunkRows));
      for (const one of all) await markChunks(index, one, { chunks, rows, chunkRows });
      return chunks;
    },
  };
}

/** What is in both. */
const common = (some: readonly Found[], others: readonly Found[]): Found[] =>
  some.flatMap((one) =>
    others.flatMap((other) => {
      const start = Math.max(one.start, other.start);
      const stop = Math.min(one.stop, other.stop);
      return one.slice === other.slice && start < stop ? [{ slice: one.slice, start, stop }] : [];
    }),
  );

interface Marked {
  readonly chunks: Uint8Array;
  readonly rows: number;
  readonly chunkRows: number;
}

async function markChunks(index: OpenIndex, found: Found, { chunks, rows, chunkRows }: Marked): Promise<void> {
  const { kind, sizes, slices } = index;
  const bucketRows = kind === "full" ? 1 : rowsInBucket(kind, sizes, chunkRows);
  const first = kind === "full" ? 0 : firstBucket(kind, sizes, bucketRows, found.slice);
  // PyTables counts from the start of a block, which may be within a bucket.
  const more = kind === "light" && found.slice >= sizes.blocksize / sizes.slicesize ? 1 : 0;
  for (const number of await bucketNumbers(index, found)) {
    const from = (first + number) * bucketRows;
    if (from >= rows + bucketRows * more)
      throw new FormatError("names a row that the table does not have", {
        structure: "PyTables index",
        path: index.group.name,
        found: from,
        allowed: `below ${rows}, in slice ${found.slice} of ${slices}`,
      });
    const to = Math.min(rows, from + bucketRows * (1 + more));
    if (to > from) chunks.fill(1, Math.floor(from / chunkRows), Math.floor((to - 1) / chunkRows) + 1);
  }
}

async function bucketNumbers(index: OpenIndex, { slice: row, start, stop }: Found): Promise<Iterable<number>> {
  if (stop <= start) return [];
  const isLast = row === index.slices;
  const dataset = (await index.group.dataset(isLast ? "indicesLR" : "indices")) as AnyDataset;
  const bytes = await read(dataset, isLast ? undefined : row, start, stop);
  const width = KIND_BYTES[index.kind];
  const { data } = elementsOf({ type: dataset.dtype.datatype, bytes, offset: 0, stride: width, count: stop - start });
  return width === 8 ? Float64Array.from(data as BigUint64Array, Number) : (data as Uint32Array);
}

/** Elements of a row of an array of two axes, or of one of one. */
async function read(dataset: AnyDataset, row: number | undefined, start: number, stop: number): Promise<Uint8Array> {
  const selection = row === undefined ? [slice(start, stop)] : [row, slice(start, stop)];
  return (await dataset.asBytes().read(selection)).data as Uint8Array;
}

/** Binary searches: by the ends of slices, then those of their chunks, then in a chunk. */
class Searcher {
  private readonly index: OpenIndex;
  private readonly chunk: number;
  private readonly kept = new Map<string, Promise<Elements>>();

  constructor(index: OpenIndex) {
    this.index = index;
    this.chunk = index.sizes.chunksize / index.reduction;
  }

  /** The rows of each slice that compare so; with what lies between values that are kept. */
  async find({ comparison, value }: Wanted): Promise<Found[]> {
    const { slices, lastSorted, lastRows, reduction, sizes } = this.index;
    if (typeof value === "number" && Number.isNaN(value)) return [];
    const found: Found[] = [];
    for (let row = 0; row < slices + (lastSorted > 0 ? 1 : 0); row++) {
      const isLast = row === slices;
      const count = isLast ? lastSorted : sizes.slicesize / reduction;
      const start =
        comparison === "<" || comparison === "<=" ? 0 : await this.position(row, count, value, comparison === ">");
      const stop =
        comparison === ">" || comparison === ">=" ? count : await this.position(row, count, value, comparison !== "<");
      const from = Math.max(0, (start - 1) * reduction + 1);
      const to = Math.min(isLast ? lastRows : sizes.slicesize, stop * reduction);
      if (to > from) found.push({ slice: row, start: from, stop: to });
    }
    return found;
  }

  /** How many sorted values of a slice are below a value; `withEqual`: or like it. */
  private async position(row: number, count: number, value: Wanted["value"], withEqual: boolean): Promise<number> {
    const isLast = row === this.index.slices;
    const bounds = await (isLast ? this.lastBounds() : this.bounds(row));
    const ends = isLast ? bounds : await this.ranges();
    const last = isLast ? lengthOf(ends) - 1 : 2 * row + 1;
    if (!isBefore(ends, isLast ? 0 : 2 * row, value, withEqual)) return 0;
    if (isBefore(ends, last, value, withEqual)) return count;
    // Those of the last row begin and end with its ends.
    const number = isLast
      ? placeIn(bounds, 1, lengthOf(bounds) - 1, value, withEqual)
      : placeIn(bounds, 0, lengthOf(bounds), value, withEqual);
    const from = number * this.chunk;
    const chunk = await this.sortedChunk(isLast ? undefined : row, from, Math.min(count, from + this.chunk));
    return from + placeIn(chunk, 0, lengthOf(chunk), value, withEqual);
  }

  private keep(
    key: string,
    dataset: Promise<AnyDataset>,
    get: (dataset: AnyDataset) => Promise<Uint8Array>,
  ): Promise<Elements> {
    const known = this.kept.get(key) ?? dataset.then(async (of) => this.elements(await get(of)));
    this.kept.set(key, known);
    return known;
  }

  private elements(bytes: Uint8Array): Elements {
    const { type } = this.index;
    return elementsOf({ type, bytes, offset: 0, stride: type.size, count: bytes.length / type.size });
  }

  private part(name: string): Promise<AnyDataset> {
    return this.index.group.dataset(name) as Promise<AnyDataset>;
  }

  private ranges(): Promise<Elements> {
    return this.keep("ranges", this.part("ranges"), async (of) => (await of.asBytes().read()).data as Uint8Array);
  }

  private bounds(row: number): Promise<Elements> {
    return this.keep(`bounds ${row}`, this.part("bounds"), (of) => read(of, row, 0, of.shape[1]));
  }

  private lastBounds(): Promise<Elements> {
    const { lastSorted, sortedLR } = this.index;
    const count = Math.floor((lastSorted - 1) / this.chunk) + 2;
    return this.keep("bounds", Promise.resolve(sortedLR), (of) => read(of, undefined, lastSorted, lastSorted + count));
  }

  private sortedChunk(row: number | undefined, from: number, to: number): Promise<Elements> {
    const { sorted, sortedLR } = this.index;
    const dataset = Promise.resolve(row === undefined ? sortedLR : sorted);
    return this.keep(`${row} ${from}`, dataset, (of) => read(of, row, from, to));
  }
}

const lengthOf = (elements: Elements): number =>
  elements.type === "string" ? elements.data.bytes.length / elements.data.width : elements.data.length;

/** Whether element `i` is below a value, or like it; NaN is below nothing. */
function isBefore(elements: Elements, i: number, value: Wanted["value"], withEqual: boolean): boolean {
  if (elements.type === "string") {
    const { bytes, width } = elements.data;
    const difference = value instanceof Uint8Array ? order(bytes, i * width, width, value) : 0;
    return withEqual ? difference <= 0 : difference < 0;
  }
  const element = elements.data[i];
  if (value instanceof Uint8Array) return false;
  return withEqual ? element <= value : element < value;
}

/** How many of the elements `from` to `to` are before a value. */
function placeIn(elements: Elements, from: number, to: number, value: Wanted["value"], withEqual: boolean): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(elements, middle, value, withEqual)) low = middle + 1;
    else high = middle;
  }
  return low - from;
}
