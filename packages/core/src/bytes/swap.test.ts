import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { nativeSwap } from "../storage/platform.ts";
import { swapInPlace, useNativeSwap } from "./swap.ts";

afterEach(() => useNativeSwap(undefined));

function swapped(bytes: Uint8Array, width: number): Uint8Array {
  const copy = bytes.slice();
  for (let i = 0; i + width <= copy.length; i += width) copy.subarray(i, i + width).reverse();
  return copy;
}

describe("turning bytes around", () => {
  it.each(["loop", "native"])("by %s", (way) => {
    useNativeSwap(way === "native" ? nativeSwap() : undefined);
    const width = fc.constantFrom(1, 2, 3, 4, 8, 16);
    fc.assert(
      fc.property(width, fc.nat(9000), fc.nat(7), fc.nat(0xff), (width, length, offset, seed) => {
        const block = Uint8Array.from({ length: length + offset }, (_, i) => (i * 31 + seed) ^ (i >> 8));
        const expected = swapped(block.subarray(offset), width);
        swapInPlace(block.subarray(offset), width);
        expect(Buffer.compare(block.subarray(offset), expected)).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
