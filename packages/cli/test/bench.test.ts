import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSync } from "h5ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { advise } from "../src/bench/advice.ts";
import { patternOf } from "../src/bench/pattern.ts";
import { ran, ranJson } from "./support.ts";

describe("bench and advise", () => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-bench-"));
  const path = join(folder, "frames.h5");
  beforeAll(() => {
    const file = openSync(path, "w");
    const data = Float32Array.from({ length: 16 * 128 * 128 }, (_, i) => i % 100);
    file.createDataset("raw/frames", { data, shape: [16, 128, 128], chunks: [1, 128, 128] });
    file.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ["rows", [1000, 1000], "chunks as wide as rows", (c: readonly number[]) => c[1] > c[0]],
    ["columns", [1000, 1000], "chunks as high as columns", (c: readonly number[]) => c[0] > c[1]],
    ["frames", [1000, 256, 256], "whole frames", (c: readonly number[]) => c[1] === 256 && c[2] === 256],
  ])("advises for %s of %j: %s", (name, shape, _, holds) => {
    const { chunks } = advise({ shape, itemsize: 4, class: "float" }, [patternOf(name, shape)]);
    const bytes = chunks.reduce((all, n) => all * n, 4);
    expect(holds(chunks)).toBe(true);
    expect(bytes).toBeGreaterThanOrEqual(100_000);
    expect(bytes).toBeLessThanOrEqual(1_048_576);
  });

  it("gives reasons", async () => {
    const { code, out } = await ran("advise", `${path}:/raw/frames`, "--pattern", "[:, 0:16, 0:16]");
    expect(code).toBe(0);
    expect(out).toMatch(/now +chunks 1x128x128, no compression/);
    expect(out).toMatch(/why +gzip: every reader has it; shuffle/);
  });

  it("measures layouts, and chooses one of them", async () => {
    const argv = [
      "bench",
      `${path}:/raw/frames`,
      "--pattern",
      "frames",
      "--compression",
      "none",
      "--compression",
      "gzip:1",
    ];
    const { studies, best } = await ranJson<{
      studies: { layout: object; ratio: number; patterns: { pattern: string; bytes: number }[] }[];
      best: object;
    }>(...argv);
    expect(studies.map(({ layout }) => layout)).toContainEqual({ chunks: [1, 128, 128] });
    expect(studies.map(({ layout }) => layout)).toContainEqual(best);
    const [stored] = studies;
    expect(stored.ratio).toBe(1);
    expect(stored.patterns[0].bytes).toBeGreaterThanOrEqual(128 * 128 * 4);
  });

  it.each([
    [[path], "a dataset is named by FILE:/PATH"],
    [[`${path}:/raw`], "is no dataset"],
    [[`${path}:/raw/frames`, "--pattern", "[0:20, :, :]"], "is no part of an axis of 16"],
    [[`${path}:/raw/frames`, "--pattern", "stripes"], "--pattern must be one of all"],
  ])("refuses %j", async (argv, message) => {
    const { code, err } = await ran("advise", ...argv);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
