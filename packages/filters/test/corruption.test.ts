/**
 * Damaged chunks: every codec gives an error or the declared number of bytes, throws nothing but CodecError, and
 * allocates nothing that the damaged bytes ask for beyond the declared chunk.
 */
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { CodecError } from "../src/filter.ts";
import { seeded } from "./bytes.ts";
import { codecOf, loadAll, readVectors, type Vector } from "./vectors.ts";

/** Trials for each vector: 40 make 20,000, `H5TS_SCALE=full` five times as many. */
const TRIALS = process.env.H5TS_SCALE === "full" ? 200 : 40;

/** What codecs allocate for themselves whatever the chunk: tables, a block of literals. */
const SCRATCH = 600_000;

beforeAll(loadAll);
afterEach(() => vi.unstubAllGlobals());

/** Damages a copy of the chunk: changed bytes, a changed word, a truncation, or bytes more. */
function damage(chunk: Uint8Array, random: () => number): Uint8Array {
  const kind = Math.floor(random() * 6);
  const at = Math.floor(random() * chunk.length);
  if (kind === 0) return chunk.slice(0, at);
  if (kind === 1) return Uint8Array.from([...chunk, ...Array.from({ length: 1 + (at % 9) }, () => random() * 256)]);
  const bad = chunk.slice();
  if (kind === 2) bad.fill(random() < 0.5 ? 0xff : 0, at, at + 4);
  else if (kind === 3) bad[Math.floor(random() * Math.min(40, bad.length))] = random() * 256;
  else
    for (let n = 0; n < 1 + random() * 3; n++) bad[Math.floor(random() * bad.length)] ^= 1 << Math.floor(random() * 8);
  return bad;
}

/** Makes typed arrays count the bytes that are newly allocated; gives the largest and the sum so far. */
function countAllocations(): { largest: number; sum: number } {
  const counted = { largest: 0, sum: 0 };
  for (const name of ["Uint8Array", "Uint16Array", "Int16Array", "Uint32Array", "Int32Array"] as const) {
    const Original = globalThis[name] as Uint8ArrayConstructor;
    class Counting extends Original {
      constructor(...args: never[]) {
        super(...(args as []));
        if ((args[0] as unknown) instanceof ArrayBuffer) return;
        counted.largest = Math.max(counted.largest, this.byteLength);
        counted.sum += this.byteLength;
      }
    }
    vi.stubGlobal(name, Counting);
  }
  return counted;
}

/** Decodes damaged bytes by the filter that was applied last, the first to see them. */
function outcome(vector: Vector, chunk: Uint8Array, exact: number): string {
  const filter = vector.filters[vector.filters.length - 1];
  try {
    const bytes = codecOf(filter.id).decode(chunk, filter.cd, { exact, max: exact });
    return bytes.length === exact ? "right length" : `wrong length ${bytes.length}`;
  } catch (error) {
    return error instanceof CodecError ? "error" : `another exception: ${(error as Error).stack}`;
  }
}

describe("damaged chunks", () => {
  const vectors = readVectors().filter(({ filters, mask }) => filters.length === 1 && mask === 0);
  const byId = new Map<number, Vector[]>();
  for (const vector of vectors) {
    const { id } = vector.filters[0];
    byId.set(id, [...(byId.get(id) ?? []), vector]);
  }
  it.each([...byId])("of filter %i", (id, group) => {
    const random = seeded(id);
    const seen: Record<string, number> = {};
    for (const vector of group) {
      for (let trial = 0; trial < TRIALS; trial++) {
        const result = outcome(vector, damage(vector.chunk, random), vector.data.length);
        seen[result] = (seen[result] ?? 0) + 1;
      }
    }
    const { error = 0, "right length": right = 0, ...others } = seen;
    expect(others).toEqual({});
    expect(error + right).toBe(group.length * TRIALS);
    if (id !== 2) expect(error).toBeGreaterThan(0);
  });
  it.each([...byId])("of filter %i take no memory beyond the declared chunk", (id, group) => {
    const random = seeded(id + 1);
    for (const vector of group) {
      const exact = vector.data.length;
      const bad = Array.from({ length: TRIALS / 4 }, () => damage(vector.chunk, random));
      const counted = countAllocations();
      for (const chunk of bad) {
        counted.largest = counted.sum = 0;
        outcome(vector, chunk, exact);
        expect(counted.largest, vector.name).toBeLessThanOrEqual(Math.max(2 * exact, chunk.length) + SCRATCH);
        expect(counted.sum, vector.name).toBeLessThanOrEqual(8 * exact + 4 * chunk.length + 2 * SCRATCH);
      }
      vi.unstubAllGlobals();
    }
  });
  it("with changed client data are errors or have the right length", () => {
    const random = seeded(3);
    for (const vector of vectors) {
      const [{ id, cd }] = vector.filters;
      for (let trial = 0; trial < TRIALS / 4 && cd.length > 0; trial++) {
        const changed = cd.slice(0, random() < 0.2 ? Math.floor(random() * cd.length) : cd.length);
        const at = Math.floor(random() * cd.length);
        if (at < changed.length) changed[at] = [0, 1, 255, 0xffffffff, Math.floor(random() * 2 ** 32)][trial % 5];
        const result = outcome({ ...vector, filters: [{ id, cd: changed }] }, vector.chunk, vector.data.length);
        expect(["error", "right length"], `${vector.name} ${changed}`).toContain(result);
      }
    }
  });
});
