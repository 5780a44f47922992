/** What is written that is not read from the data. */

/** Elements of a row that is appended. */
export const ROW = 100;

export const row = (rows: number): Float32Array<ArrayBuffer> => new Float32Array(rows * ROW).fill(1.5);

export const textOf = (i: number): string => `string number ${i}${"x".repeat(i % 17)}`;

export interface TableColumns {
  readonly id: Int32Array;
  readonly t: Float64Array;
  readonly name: string[];
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly flag: Uint8Array;
}

/** The table of W8, as columns. */
export function tableColumns(rows: number): TableColumns {
  const names = Array.from({ length: 997 }, (_, i) => `row-${String(i).padStart(6, "0")}`);
  const index = Int32Array.from({ length: rows }, (_, i) => i);
  return {
    id: index,
    t: Float64Array.from(index, (i) => i * 0.001),
    name: Array.from({ length: rows }, (_, i) => names[i % 997]),
    x: Float32Array.from(index, Math.sin),
    y: Float32Array.from(index, Math.cos),
    flag: Uint8Array.from(index, (i) => i % 7),
  };
}
