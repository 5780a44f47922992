/** Elements along one axis: blocks at equal distances, of which the last may be cut off. */
import { wrongMapping } from "./wrong-mapping.ts";

export interface Range {
  readonly start: number;
  /** From the beginning of one block to that of the next. */
  readonly stride: number;
  readonly block: number;
  /** Elements in all. */
  readonly length: number;
}

/** Neighbours. */
export const run = (start: number, length: number): Range => ({ start, stride: length, block: length, length });

/** Whether all elements are neighbours. */
export const isRun = ({ block, length }: Range): boolean => block >= length;

/** A range of `count` blocks. FormatError where they overlap. */
export function blocksRange(start: number, stride: number, count: number, block: number): Range {
  if (count === 0 || block === 0) return run(0, 0);
  if (count === 1 || stride === block) return run(start, count * block);
  if (stride < block) throw wrongMapping("selects blocks that overlap", `stride ${stride}`, `at least ${block}`);
  return { start, stride, block, length: count * block };
}

/** Coordinate of an element by its number. */
export function coordinateOf({ start, stride, block }: Range, number: number): number {
  const turn = block === 1 ? number : Math.floor(number / block);
  return start + turn * stride + (number - turn * block);
}

/** Number of the element that has a coordinate; -1 where there is none. */
export function numberAt({ start, stride, block, length }: Range, coordinate: number): number {
  const offset = coordinate - start;
  if (offset < 0) return -1;
  const turn = Math.floor(offset / stride);
  const within = offset - turn * stride;
  const number = turn * block + within;
  return within < block && number < length ? number : -1;
}

/** How many elements have a coordinate below that one. */
export function countBelow({ start, stride, block, length }: Range, coordinate: number): number {
  const offset = coordinate - start;
  if (offset <= 0) return 0;
  const turn = Math.floor(offset / stride);
  return Math.min(length, turn * block + Math.min(offset - turn * stride, block));
}

/** Behind the last element. */
export const endOf = (range: Range): number => (range.length === 0 ? 0 : coordinateOf(range, range.length - 1) + 1);
