/** Widths of numbers that take as many bytes as their bound needs. */

/** Bytes that numbers up to `max` take: at least 1, at most 8. */
export function encodedWidth(max: number): number {
  let width = 1;
  for (let bound = 0x100; bound <= max && width < 8; bound *= 0x100) width++;
  return width;
}

export function isPowerOfTwo(value: number): boolean {
  return value >= 1 && Number.isInteger(Math.log2(value)) && 2 ** Math.log2(value) === value;
}
