/** The places that all peers read, in the same order. */
import type { Probe } from "../measured.ts";
import type { Sizes } from "../sizes.ts";

/** The generator by which all peers choose their random places. */
export function lcg(seed = 12345): () => number {
  let x = seed >>> 0;
  return () => (x = (Math.imul(1664525, x) + 1013904223) >>> 0) >>> 8;
}

/** Elements of a small read. */
export const SPAN = 16;

/** Rows and columns in the matrix of small reads: anywhere, or near one another. */
export function places({ matrix, reads }: Sizes, local: boolean): [row: number, column: number][] {
  const next = lcg();
  const last = matrix - SPAN;
  return Array.from({ length: reads }, (_, i) => {
    const [x, y] = [next(), next()];
    return local
      ? [((i >> 4) + (x % 64)) % matrix, ((i >> 3) % (last - 256 > 0 ? last - 256 : 1)) + (y % Math.min(240, last))]
      : [x % matrix, y % last];
  });
}

/** Images one by one, in a scattered order. */
export const scattered = ({ images, frames }: Sizes): number[] =>
  Array.from({ length: images }, (_, i) => (i * 37) % frames);

/** A list of images, ascending. */
export const listed = ({ listed: count, frames }: Sizes): number[] =>
  Array.from({ length: count }, (_, i) => Math.floor(frames / count) * i);

/** First of the four elements in the middle of the tiny chunks. */
export const middleOf = ({ chunks }: Sizes): number => 4 * Math.floor(chunks / 2);

/** Elements spread over all that was read. */
export function sample(values: ArrayLike<unknown>): Probe {
  const last = values.length - 1;
  return Array.from({ length: 9 }, (_, i) => plain(values[Math.floor((last * i) / 8)]));
}

const plain = (value: unknown): number | string => (typeof value === "string" ? value : Number(value));
