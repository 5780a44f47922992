/** Elements of other datatypes than the view's, and those whose data stands in heaps of several files. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DTypeLike, dtype, open, openSync, VirtualLayout, VirtualSource } from "h5ts";
import { afterAll, describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "h5ts-view-types-"));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;

/** A file with the dataset `d`. */
function source(data: unknown, type: DTypeLike, libver: "earliest" | "latest" = "earliest"): string {
  const name = `source${made++}.h5`;
  const file = openSync(at(name), "w", { libver });
  file.createDataset("d", { data, dtype: type });
  file.close();
  return name;
}

interface Row {
  readonly file: string;
  readonly name?: string;
  readonly count: number;
}

/** A view over sources one after the other, and through a view of it; what is read of either, in both modes. */
async function seen(rows: readonly Row[], type: DTypeLike, fillValue?: unknown): Promise<unknown> {
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  const inner = new VirtualLayout({ shape: [count], dtype: type });
  let from = 0;
  for (const { file, name = "d", count: some } of rows) {
    const indices = Array.from({ length: some }, (_, i) => from + i);
    inner.set([indices], new VirtualSource(file, name, { shape: [some] }));
    from += some;
  }
  const [first, second] = [`view${made++}.h5`, `outer${made++}.h5`];
  const innerFile = openSync(at(first), "w");
  innerFile.createVirtualDataset("v", inner, { fillValue });
  innerFile.close();
  const outer = new VirtualLayout({ shape: [count], dtype: type });
  outer.set([], new VirtualSource(first, "v", { shape: [count] }));
  const outerFile = openSync(at(second), "w");
  outerFile.createVirtualDataset("v", outer, { fillValue });
  outerFile.close();
  const found: unknown[] = [];
  for (const name of [first, second]) {
    const file = openSync(at(name));
    found.push(file.dataset("v").read().toNested());
    found.push(
      file
        .dataset("v")
        .read([Array.from({ length: count }, (_, i) => i)])
        .toNested(),
    );
    file.close();
    const later = await open(at(name));
    found.push((await (await later.dataset("v")).read()).toNested());
    await later.close();
  }
  for (const one of found) expect(one).toEqual(found[0]);
  return found[0];
}

describe("numbers", () => {
  it.each<[string, DTypeLike, unknown, DTypeLike, unknown]>([
    ["fractions are cut off", "f8", [1.9, -1.9, 0], "i4", [1, -1, 0]],
    [
      "what is too large becomes the largest",
      "f8",
      [1e10, -1e10, Number.POSITIVE_INFINITY],
      "i4",
      [2 ** 31 - 1, -(2 ** 31), 2 ** 31 - 1],
    ],
    ["NaN, as common processors have it", "f4", [Number.NaN], "i4", [-(2 ** 31)]],
    ["NaN in few bytes", "f4", [Number.NaN], "u1", [0]],
    ["integers to fewer bytes", "i4", [300, -300, 5], "u1", [255, 0, 5]],
    ["to the other order of bytes", "<i2", [1, -2], ">i4", [1, -2]],
    ["64 bits", "i8", [-1n, 2n ** 62n], "u8", [0n, 2n ** 62n]],
    ["64 bits to fewer", "u8", [2n ** 63n, 7n], "i2", [32767, 7]],
    ["floats to 64 bits", "f8", [1e30, -2.5, Number.NaN], "i8", [2n ** 63n - 1n, -2n, -(2n ** 63n)]],
    ["integers to floats", "i8", [2n ** 53n, -1n], "f4", [2 ** 53, -1]],
    ["to half precision", "f8", [1.5, 1e9], "f2", [1.5, Number.POSITIVE_INFINITY]],
    ["bool to numbers", "bool", [true, false], "u2", [1, 0]],
  ])("%s", async (_, from, data, to, expected) => {
    const count = (data as unknown[]).length;
    expect(await seen([{ file: source(data, from), count }], to)).toEqual(expected);
  });
});

describe("data of variable length", () => {
  it("comes from heaps of several files", async () => {
    const one = source(["a", "bcd", ""], "string");
    const two = source(["ü", "longer text"], "string", "latest");
    const rows = [
      { file: one, count: 3 },
      { file: "none.h5", count: 1 },
      { file: two, count: 2 },
      { file: one, count: 3 },
    ];
    const text = ["a", "bcd", ""];
    expect(await seen(rows, "string", "nothing")).toEqual([...text, "nothing", "ü", "longer text", ...text]);
  });

  it("may have been of fixed size", async () => {
    const rows = [
      { file: source(["ab", "c"], "S4"), count: 2 },
      { file: source(["de"], "string"), count: 1 },
    ];
    expect(await seen(rows, "string")).toEqual(["ab", "c", "de"]);
    expect(await seen(rows.slice(0, 1), "S1")).toEqual(["a", "c"]);
    await expect(seen(rows.slice(1), "S4")).rejects.toThrow(/cannot become elements/);
  });

  it("has elements that are converted", async () => {
    const lists = source([[1, 300], [], [-5]], dtype.vlen("i2"));
    const found = await seen([{ file: lists, count: 3 }], dtype.vlen("f8"));
    expect(found).toEqual([[1, 300], [], [-5]]);
    const bytes = await seen([{ file: lists, count: 3 }], dtype.vlen("u1"));
    expect(bytes).toEqual([[1, 255], [], [0]]);
  });

  it("may be nested, and in compounds", async () => {
    const nested = [[["a"], ["b", "c"]], [[]]].map((outer) => outer.map((inner) => inner.map(String)));
    const type = dtype.vlen(dtype.vlen("string"));
    expect(await seen([{ file: source(nested, type), count: 2 }], type)).toEqual(nested);
    const from = dtype.compound({ n: "i4", t: "string", more: "f4" });
    const to = dtype.compound({ t: "string", n: "i8", z: "u1" });
    const data = [
      { n: 1, t: "é", more: 0.5 },
      { n: -2, t: "", more: 1 },
    ];
    expect(await seen([{ file: source(data, from), count: 2 }], to)).toEqual([
      { t: "é", n: 1n, z: 0 },
      { t: "", n: -2n, z: 0 },
    ]);
  });
});

describe("others", () => {
  it("enumerations go by name, and become numbers", async () => {
    const colours = source([1, 2, 1], dtype.enum({ RED: 1, GREEN: 2 }));
    const rows = [{ file: colours, count: 3 }];
    expect(await seen(rows, dtype.enum({ GREEN: 20, RED: 10 }))).toEqual([10, 20, 10]);
    expect(await seen(rows, "f4")).toEqual([1, 2, 1]);
    await expect(seen([{ file: source([1], "i4"), count: 1 }], dtype.enum({ RED: 1 }))).rejects.toThrow(
      /cannot become/,
    );
  });

  it("text has its padding", async () => {
    expect(await seen([{ file: source(["abc", "d"], "S5"), count: 2 }], "S2")).toEqual(["ab", "d"]);
  });

  it("names what does not convert", async () => {
    await expect(seen([{ file: source(["a"], "S1"), count: 1 }], "i4")).rejects.toThrow(
      /cannot become elements.*int32/,
    );
  });
});
