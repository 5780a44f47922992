/** A block's integers of 32 or 64 bits, and their coefficients: negabinary, in coding order. */
import { CODED, ORDER, size, VALUES } from "./field";

// @ts-ignore: decorator
@inline
export function exponentBits<T>(): u32 {
  return sizeof<T>() == 4 ? 8 : 11;
}

// @ts-ignore: decorator
@inline
export function bias<T>(): i32 {
  return sizeof<T>() == 4 ? 127 : 1023;
}

// @ts-ignore: decorator
@inline
function negabinary<T>(): T {
  return <T>(sizeof<T>() == 4 ? 0xaaaaaaaa : 0xaaaaaaaaaaaaaaaa);
}

export function fromCoded<T>(): void {
  const nega = negabinary<T>();
  for (let i: u32 = 0; i < size; i++) {
    const value = (load<T>(CODED + i * sizeof<T>()) ^ nega) - nega;
    store<T>(VALUES + load<u8>(ORDER + i) * sizeof<T>(), value);
  }
}

export function usedPrecision<T>(): u32 {
  let all: T = 0;
  for (let i: u32 = 0; i < size; i++) all |= load<T>(CODED + i * sizeof<T>());
  return all == 0 ? 0 : 8 * sizeof<T>() - <u32>ctz<T>(all);
}

export function toCoded<T>(): void {
  const nega = negabinary<T>();
  for (let i: u32 = 0; i < size; i++) {
    const value = load<T>(VALUES + load<u8>(ORDER + i) * sizeof<T>());
    store<T>(CODED + i * sizeof<T>(), (value + nega) ^ nega);
  }
}
