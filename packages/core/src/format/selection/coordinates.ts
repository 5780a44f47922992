/** Coordinates inside serialized selections: runs of unsigned numbers of one width (HDF5 File Format Specification, section III.F). */
import type { Fields } from "../../bytes/fields.ts";

/** Dimensions that a dataspace may have. */
const MAX_RANK = 32;
const ALL_ONES = 0xffff_ffff;
const TWO_32 = 2 ** 32;

/** The "rank" field: of every selection that has coordinates. */
export function selectionRank(f: Fields, v?: number): number {
  const rank = f.u32(v);
  if (rank === 0 || rank > MAX_RANK) f.fail("has a selection of a wrong rank", rank, `1 to ${MAX_RANK}`);
  return rank;
}

/** The "encode size" field of the later versions. */
export function selectionWidth(f: Fields, v?: number): 2 | 4 | 8 {
  const width = f.u8(v);
  if (width === 2 || width === 4 || width === 8) return width;
  return f.fail("has a selection with numbers of a wrong width", width, "2, 4 or 8");
}

/** The narrowest of the widths that holds all. Unlimited fits any, so that its mark must stay free. */
export function narrowest(values: ArrayLike<number>, least: 2 | 4): 2 | 4 | 8 {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== Infinity && values[i] > most) most = values[i];
  if (most < 0xffff && least === 2) return 2;
  return most < ALL_ONES ? 4 : 8;
}

/** `count` numbers; checked against the bytes left before anything is allocated. */
export function coordinates(f: Fields, count: number, width: number, v?: Float64Array): Float64Array {
  if (count * width > f.remaining) f.fail("has more coordinates than bytes", count, `${f.remaining} bytes left`);
  const values = v ?? new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = f.uint(v?.[i], width);
  return values;
}

/** A count or a block size, where all ones mean unlimited: `Infinity`. */
export function limit(f: Fields, width: 2 | 4 | 8, v?: number): number {
  const ones = width === 2 ? 0xffff : ALL_ONES;
  if (width < 8) {
    const value = f.uint(v === Infinity ? ones : v, width);
    return value === ones ? Infinity : value;
  }
  const low = f.u32(v && (v === Infinity ? ones : v % TWO_32));
  const high = f.u32(v && (v === Infinity ? ones : Math.floor(v / TWO_32)));
  if (low === ones && high === ones) return Infinity;
  const value = high * TWO_32 + low;
  if (value > Number.MAX_SAFE_INTEGER) f.fail("holds a number beyond 2^53", value, "0 to 2^53 - 1");
  return value;
}
