/** Datasets of 32-bit integers as the tests of writing have them. */
import type { Libhdf5File } from "./editing.ts";

/** What libhdf5 reads of one. */
export const valuesOf =
  (name: string) =>
  (f: Libhdf5File): number[] =>
    [(f.get(name) as { value: Int32Array | number }).value].flatMap((value) =>
      typeof value === "number" ? value : Array.from(value),
    );

/** Consecutive numbers from `first` on, as bytes. */
export function numbersFrom(first: number, count: number): Uint8Array {
  return new Uint8Array(Int32Array.from({ length: count }, (_, i) => first + i).buffer);
}

export const asNumbers = (bytes: Uint8Array): number[] => Array.from(new Int32Array(bytes.slice().buffer));
