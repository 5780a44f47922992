/** Values of a table's column sorted into its index: whole slices, and what is left over. */
import { type FileDatatype, LimitError, slice } from "h5ts";
import type { AnyDataset } from "../array-node.ts";
import { elementsOf } from "../raw-column.ts";
import { asInt64, writeAttributes } from "../write-attributes.ts";
import { firstBucket, rowsInBucket } from "./buckets.ts";
import { columnValues, type IndexedColumn } from "./column-values.ts";
import type { OpenIndex } from "./open-index.ts";
import { KIND_BYTES } from "./sizes.ts";
import { type PackedValues, sortedOrder, takeBytes } from "./sort.ts";

/** Rows that are sorted together: the more, the fewer slices a value is in. */
const TOGETHER = 2 ** 22;
/** Rows of an index that is sorted completely, all of them together. */
const MOST_COMPLETE = 2 ** 27;

/** Values in order, and what `indices` says of each. */
export interface Sorted {
  readonly values: Uint8Array;
  readonly numbers: Uint8Array;
  readonly count: number;
}

/** Fills an index that is empty; says whether it is sorted completely. LimitError of one that must be sorted completely and is too large for memory. */
export async function fillIndex(index: OpenIndex, table: AnyDataset, column: IndexedColumn): Promise<boolean> {
  const { kind, optlevel, sizes } = index;
  const rows = table.shape[0];
  const { slicesize, blocksize } = sizes;
  const isComplete = kind === "full" && optlevel === 9;
  if (isComplete && rows > MOST_COMPLETE)
    throw new LimitError("has too many rows for an index that is sorted completely", {
      structure: "PyTables index",
      found: rows,
      allowed: `${MOST_COMPLETE}; more with an optlevel below 9`,
    });
  const slices = Math.floor(rows / slicesize);
  // What the numbers of an index reach: a slice, a block, or all.
  const reach = kind === "ultralight" ? 1 : kind === "light" ? blocksize / slicesize : slices + 1;
  const together = isComplete ? slices + 1 : Math.min(reach, Math.max(1, Math.floor(TOGETHER / slicesize)));
  for (let from = 0; from < slices; ) {
    const to = Math.min(slices, from + together, kind === "light" ? (Math.floor(from / reach) + 1) * reach : slices);
    // The last row of a full index may hold any rows.
    const withLast = kind === "full" && to === slices && to - from < together;
    const end = withLast ? rows : to * slicesize;
    const sorted = sortRows(index, await columnValues(table, column, from * slicesize, end), from * slicesize, table);
    for (let at = from; at < to; at++)
      await appendSlice(index, at, part(index, sorted, (at - from) * slicesize, slicesize));
    if (withLast && end > to * slicesize)
      await writeLastRow(index, part(index, sorted, (to - from) * slicesize, end - to * slicesize));
    if (withLast) return from === 0;
    from = to;
  }
  if (rows > slices * slicesize) {
    const values = await columnValues(table, column, slices * slicesize, rows);
    await writeLastRow(index, sortRows(index, values, slices * slicesize, table));
  }
  return slices === 0;
}

/** Sorts values of rows from `first` on. */
export function sortRows(index: OpenIndex, values: PackedValues, first: number, table: AnyDataset): Sorted {
  const order = sortedOrder(values);
  return {
    values: takeBytes(values.bytes, values.type.size, order),
    numbers: numbersOf(index, order, first, table),
    count: values.count,
  };
}

/** Of a full index the rows, else their buckets. */
function numbersOf({ kind, sizes }: OpenIndex, order: Uint32Array, first: number, table: AnyDataset): Uint8Array {
  if (kind === "full") return new Uint8Array(BigUint64Array.from(order, (place) => BigInt(first + place)).buffer);
  const bucketRows = rowsInBucket(kind, sizes, table.chunks?.[0] ?? 1);
  const base = firstBucket(kind, sizes, bucketRows, Math.floor(first / sizes.slicesize));
  const out = new (kind === "medium" ? Uint32Array : kind === "light" ? Uint16Array : Uint8Array)(order.length);
  for (let i = 0; i < order.length; i++) out[i] = Math.floor((first + order[i]) / bucketRows) - base;
  return new Uint8Array(out.buffer);
}

export function part({ type, kind }: OpenIndex, { values, numbers }: Sorted, from: number, count: number): Sorted {
  const width = KIND_BYTES[kind];
  return {
    values: values.subarray(from * type.size, (from + count) * type.size),
    numbers: numbers.subarray(from * width, (from + count) * width),
    count,
  };
}

/** Every so many values, from the one at `first` on. */
function every(values: Uint8Array, width: number, step: number, first = 0): Uint8Array {
  const count = Math.max(0, Math.ceil((values.length / width - first) / step));
  const out = new Uint8Array(count * width);
  for (let i = 0, at = first * width; i < count; i++, at += step * width)
    out.set(values.subarray(at, at + width), i * width);
  return out;
}

function concatenated(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const one of parts) {
    out.set(one, at);
    at += one.length;
  }
  return out;
}

/**
 * Where a slice ends in NaN, it is said to end at infinity: PyTables compares the end with what it looks for, and would find nothing in a slice
 * that ends in no number.
 */
function withoutNan(type: FileDatatype, value: Uint8Array): Uint8Array {
  const { type: kind, data } = elementsOf({ type, bytes: value, offset: 0, stride: type.size, count: 1 });
  if (!kind.startsWith("float") || !Number.isNaN((data as Float64Array)[0])) return value;
  const infinity = new Uint8Array(INFINITIES[type.size]);
  return "order" in type && type.order === "be" ? infinity.reverse() : infinity;
}

/** By their bytes, the lowest first. */
const INFINITIES: Readonly<Record<number, readonly number[]>> = {
  2: [0, 0x7c],
  4: [0, 0, 0x80, 0x7f],
  8: [0, 0, 0, 0, 0, 0, 0xf0, 0x7f],
};

/** Writes a whole slice behind those that there are. */
export async function appendSlice(index: OpenIndex, row: number, { values, numbers }: Sorted): Promise<void> {
  const { type, reduction, sizes, group } = index;
  const width = type.size;
  const kept = reduction === 1 ? values : every(values, width, reduction);
  const chunk = sizes.chunksize / reduction;
  const last = withoutNan(type, kept.subarray(kept.length - width));
  const medians = every(kept, width, chunk, Math.floor(chunk / 2));
  const middle = Math.floor(medians.length / width / 2) * width;
  const rows: Readonly<Record<string, Uint8Array>> = {
    sorted: kept,
    indices: numbers,
    ranges: concatenated(kept.subarray(0, width), last),
    bounds: every(kept, width, chunk, chunk),
  };
  const lists: Readonly<Record<string, Uint8Array>> = {
    mranges: medians.subarray(middle, middle + width),
    abounds: every(kept, width, chunk),
    zbounds: every(kept, width, chunk, chunk - 1),
    mbounds: medians,
  };
  for (const [name, bytes] of Object.entries(rows)) {
    const dataset = (await group.dataset(name)) as AnyDataset;
    await dataset.resize([row + 1, dataset.shape[1]]);
    if (bytes.length > 0) await dataset.asBytes().write(bytes, [row, null]);
  }
  for (const [name, bytes] of Object.entries(lists)) {
    const dataset = (await group.dataset(name)) as AnyDataset;
    const [had] = dataset.shape;
    await dataset.resize([had + bytes.length / width]);
    await dataset.asBytes().write(bytes, [slice(had, had + bytes.length / width)]);
  }
}

/** Writes what is less than a slice, with the bounds of its chunks behind it. */
export async function writeLastRow(index: OpenIndex, { values, numbers, count }: Sorted): Promise<void> {
  const { type, reduction, sizes, group, sortedLR } = index;
  const width = type.size;
  const kept = reduction === 1 ? values : every(values, width, reduction);
  const bounds = concatenated(every(kept, width, sizes.chunksize / reduction), values.subarray(values.length - width));
  const indicesLR = (await group.dataset("indicesLR")) as AnyDataset;
  if (count > 0) {
    const bytes = concatenated(kept, bounds);
    await sortedLR.asBytes().write(bytes, [slice(0, bytes.length / width)]);
    await indicesLR.asBytes().write(numbers, [slice(0, count)]);
  }
  await writeAttributes(sortedLR, { nelements: asInt64(kept.length / width) });
  await writeAttributes(indicesLR, { nelements: asInt64(count) });
}
