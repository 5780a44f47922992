import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asAddress } from "../bytes/address.ts";
import { LruChunkCache } from "./chunk-cache.ts";

const A = asAddress(100);
const B = asAddress(200);
/** What an entry costs beside its bytes. */
const OVERHEAD = 256;
const chunk = (bytes: number): Uint8Array => new Uint8Array(bytes);

/** Room for `count` chunks of 1,000 bytes. */
const cacheFor = (count: number, w0 = 0): LruChunkCache => new LruChunkCache({ bytes: count * (1000 + OVERHEAD), w0 });

function kept(cache: LruChunkCache, chunks: readonly number[]): number[] {
  return chunks.filter((n) => cache.get(A, n) !== undefined);
}

describe("chunk cache", () => {
  it("lets go of the chunk that was not used for longest", () => {
    const cache = cacheFor(3);
    for (const n of [1, 2, 3]) cache.set(A, n, chunk(1000));
    cache.get(A, 1);
    cache.set(A, 4, chunk(1000));
    expect(kept(cache, [1, 2, 3, 4])).toEqual([1, 3, 4]);
    expect([cache.hits, cache.misses]).toEqual([4, 1]);
  });

  it("keeps datasets apart", () => {
    const cache = cacheFor(3);
    cache.set(A, 1, chunk(1000));
    cache.set(B, 1, chunk(10));
    expect([cache.get(A, 1)?.length, cache.get(B, 1)?.length]).toEqual([1000, 10]);
    cache.clear(A);
    expect([cache.has(A), cache.has(B)]).toEqual([false, true]);
    cache.clear();
    expect(cache.has(B)).toBe(false);
  });

  it("keeps no chunk that is larger than it", () => {
    const cache = cacheFor(2);
    cache.set(A, 1, chunk(100));
    cache.set(A, 2, chunk(10_000));
    expect(kept(cache, [1, 2])).toEqual([1]);
    expect(cache.fits(10_000)).toBe(false);
    const off = new LruChunkCache({ bytes: 0 });
    off.set(A, 1, chunk(1));
    expect(off.has(A)).toBe(false);
  });

  it("takes a chunk anew", () => {
    const cache = cacheFor(3);
    cache.set(A, 1, chunk(1000));
    cache.set(A, 1, chunk(999));
    cache.set(A, 2, chunk(1000));
    cache.set(A, 3, chunk(1000));
    expect(cache.get(A, 1)?.length).toBe(999);
    expect(kept(cache, [1, 2, 3])).toEqual([1, 2, 3]);
  });

  it.each([
    [0, [2, 3, 4, 5]],
    [1, [1, 2, 3, 5]],
  ])("with w0 = %d lets chunks go first that were read whole, or not", (w0, expected) => {
    const cache = cacheFor(4, w0);
    for (const n of [1, 2, 3]) cache.set(A, n, chunk(1000));
    cache.set(A, 4, chunk(1000), true);
    cache.set(A, 5, chunk(1000));
    expect(kept(cache, [1, 2, 3, 4, 5])).toEqual(expected);
  });

  it("copies chunks into the memory of copies that go, and of no others", () => {
    const cache = cacheFor(2);
    const own = new Uint8Array(1000).fill(9);
    const source = new Uint8Array(1000);
    const copies = [1, 2, 3].map((value) => {
      cache.setCopy(A, value, source.fill(value));
      return cache.get(A, value)!;
    });
    expect(copies[2]).toBe(copies[0]);
    expect([...copies[2]]).toEqual(new Array(1000).fill(3));
    cache.set(A, 4, own);
    cache.setCopy(A, 5, source.fill(5));
    cache.setCopy(A, 6, source.fill(6));
    cache.setCopy(A, 5, source.fill(7));
    expect(own.every((byte) => byte === 9)).toBe(true);
    expect([5, 6].map((chunk) => cache.get(A, chunk)![0])).toEqual([7, 6]);
  });

  it("never holds more than its budget", () => {
    const operation = fc.tuple(fc.nat(20), fc.nat(3000), fc.boolean(), fc.boolean());
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 100 }), fc.float({ min: 0, max: 1, noNaN: true }), (list, w0) => {
        const budget = 5000;
        const cache = new LruChunkCache({ bytes: budget, w0 });
        for (const [n, bytes, whole, other] of list) {
          cache.set(other ? A : B, n, chunk(bytes), whole);
          let held = 0;
          for (let k = 0; k <= 20; k++)
            for (const d of [A, B]) held += (cache.get(d, k)?.length ?? -OVERHEAD) + OVERHEAD;
          expect(held).toBeLessThanOrEqual(budget);
        }
      }),
      { numRuns: 50 },
    );
  });
});
