import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSync } from "h5ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ran, ranJson } from "./support.ts";

const folder = mkdtempSync(join(tmpdir(), "h5ts-cli-virtual-"));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  mkdirSync(at("parts"));
  for (const k of [0, 1, 2]) {
    const file = openSync(at(`parts/run${k}.h5`), "w");
    file.createDataset("g/data", { data: Int16Array.of(k, k + 10), shape: [2] });
    file.createDataset("wide", { data: Float64Array.of(k, k, k), shape: [1, 3] });
    file.close();
  }
});

function values(name: string, path: string): { shape: number[]; values: unknown; files: string[] } {
  const file = openSync(at(name));
  const dataset = file.dataset(path);
  const found = {
    shape: [...dataset.shape],
    values: dataset.read().toNested(),
    files: dataset.virtualSources().map((s) => s.file),
  };
  file.close();
  return found;
}

const sources = (dataset: string): string[] => [0, 1, 2].map((k) => `${at(`parts/run${k}.h5`)}:${dataset}`);

describe("virtual", () => {
  it("stacks sources along a new axis", async () => {
    const { code, out, err } = await ran("virtual", at("stack.h5"), "--stack", "axis0", ...sources("/g/data"));
    expect([code, err]).toEqual([0, ""]);
    expect(out).toMatch(/stack\.h5:data {2}\(3, 2\) {2}3 sources$/);
    expect(values("stack.h5", "data")).toEqual({
      shape: [3, 2],
      values: [
        [0, 10],
        [1, 11],
        [2, 12],
      ],
      files: ["parts/run0.h5", "parts/run1.h5", "parts/run2.h5"],
    });
    await ran("virtual", at("last.h5"), "--stack", "1", ...sources("/g/data"));
    expect(values("last.h5", "data").values).toEqual([
      [0, 1, 2],
      [10, 11, 12],
    ]);
  });

  it("puts sources one after the other", async () => {
    const made = await ranJson("virtual", at("concat.h5"), "--concat", "0", "--name", "all/rows", ...sources("/wide"));
    expect(made).toEqual({ file: at("concat.h5"), path: "all/rows", shape: [3, 3], dtype: "float64", sources: 3 });
    expect(values("concat.h5", "all/rows").values).toEqual([
      [0, 0, 0],
      [1, 1, 1],
      [2, 2, 2],
    ]);
    await ran("virtual", at("side.h5"), "--concat", "1", ...sources("/wide"));
    expect(values("side.h5", "wide").values).toEqual([[0, 0, 0, 1, 1, 1, 2, 2, 2]]);
  });

  it("takes sources by their numbers, those to come included", async () => {
    await ran("virtual", at("numbered.h5"), "--stack", "0", "--fill=-1", `${at("parts/run%b.h5")}:/g/data`);
    expect(values("numbered.h5", "data")).toEqual({
      shape: [3, 2],
      values: [
        [0, 10],
        [1, 11],
        [2, 12],
      ],
      files: ["parts/run%b.h5"],
    });
  });

  it("says where readers must be allowed to go further", async () => {
    const { code, err } = await ran("virtual", at("parts/up.h5"), "--stack", "0", `${at("stack.h5")}:/data`);
    expect(code).toBe(0);
    expect(err).toMatch(/1 sources lie outside the folder/);
  });

  it.each<[string[], RegExp]>([
    [["x.h5", "a.h5:/d"], /either --stack AXIS or --concat/],
    [["x.h5", "--stack", "first", "a.h5:/d"], /no axis: first/],
    [["x.h5", "--stack", "0", "a.h5"], /no source: a\.h5/],
    [["x.h5", "--stack", "0", "http://example.org/a.h5"], /no source/],
  ])("%j is wrong use", async (words, message) => {
    const { code, err } = await ran("virtual", ...words);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it("refuses sources that do not agree, and files that exist", async () => {
    const [first] = sources("/g/data");
    expect(await ran("virtual", at("y.h5"), "--stack", "0", first, `${at("parts/run1.h5")}:/wide`)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/not of the same shape/),
    });
    expect((await ran("virtual", at("y.h5"), "--concat", "3", first)).code).toBe(2);
    expect(await ran("virtual", at("stack.h5"), "--stack", "0", first)).toMatchObject({ code: 1 });
    expect(await ran("virtual", at("stack.h5"), "--force", "--stack", "0", first)).toMatchObject({ code: 0 });
    expect(values("stack.h5", "data").shape).toEqual([1, 2]);
  });
});
