import { afterEach, describe, expect, it } from "vitest";
import { adviseHugePages } from "../storage/platform.ts";
import { LARGE, newMemory, usePreparedMemory } from "./large-memory.ts";

describe("memory for large results", () => {
  afterEach(() => usePreparedMemory(undefined));

  it("tells the platform of large memory alone, before it is used", () => {
    const told: number[] = [];
    usePreparedMemory(({ byteLength }) => void told.push(byteLength));
    expect(newMemory(LARGE - 1).byteLength).toBe(LARGE - 1);
    expect(newMemory(LARGE).byteLength).toBe(LARGE);
    expect(told).toEqual([LARGE]);
  });

  it("leaves what it asks huge pages for as it was: zeros, up to the last byte its own", () => {
    usePreparedMemory(adviseHugePages);
    const all = Array.from({ length: 3 }, () => new Uint8Array(newMemory((64 << 20) + 1)));
    for (const [i, bytes] of all.entries()) {
      expect([bytes[0], bytes[32 << 20], bytes.at(-1)]).toEqual([0, 0, 0]);
      bytes.fill(i + 1);
    }
    expect(all.map((bytes) => [bytes[0], bytes[12_345_678], bytes.at(-1)])).toEqual([1, 2, 3].map((n) => [n, n, n]));
  });
});
