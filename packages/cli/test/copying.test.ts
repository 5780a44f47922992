import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dataset, dtype, type H5File, openSync } from "h5ts";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { fixture, madeFile, ran, ranJson } from "./support.ts";

const folder = mkdtempSync(join(tmpdir(), "h5ts-copying-"));
afterAll(() => rmSync(folder, { recursive: true }));
const out = join(folder, "out.h5");
beforeEach(() => rmSync(out, { force: true }));

/** Both hold the same, and the copy is sound. */
async function isCopy(source: string, ...options: string[]): Promise<void> {
  expect(await ran("diff", ...options, source, out)).toMatchObject({ code: 0, out: "" });
  expect((await ran("check", out)).err).toBe("");
}

function look<T>(path: string, use: (file: H5File<"sync">) => T): T {
  const file = openSync(path);
  try {
    return use(file);
  } finally {
    file.close();
  }
}

describe("repack", () => {
  it.each([
    "attributes_v110",
    "committed_earliest",
    "compounds_v110",
    "groups_v110",
    "indexes_v110",
    "links_v110",
    "references_earliest",
    "strings_earliest",
    "pytables",
    "shared_tree",
  ])("%s keeps all that it holds", async (name) => {
    expect((await ran("repack", fixture(`${name}.h5`), out)).code).toBe(0);
    await isCopy(fixture(`${name}.h5`));
  });

  it("keeps text that fills its room, in sequences as well, and text that is not in its encoding", async () => {
    const source = join(folder, "texts.h5");
    const file = openSync(source, "w");
    const full = dtype.string({ length: 1, encoding: "ascii", padding: "nullpad" });
    file.createDataset("sequences", { data: [["a", "b"], ["c"]], dtype: dtype.vlen(full), shape: [2] });
    file.attrs.create("one", ["x", "yz"], { dtype: dtype.string({ length: 2, padding: "spacepad" }) });
    file.close();
    await ran("repack", source, out);
    await isCopy(source);
    await ran("repack", fixture("strings_v110.h5"), out);
    await isCopy(fixture("strings_v110.h5"));
  });

  it("keeps orders of creation, and committed datatypes", async () => {
    await ran("repack", fixture("groups_v110.h5"), out);
    const names = (file: H5File<"sync">): string[] => file.keys();
    expect(look(out, names)).toEqual(look(fixture("groups_v110.h5"), names));
    await ran("repack", fixture("committed_v110.h5"), out);
    const committed = (path: string): number =>
      look(
        path,
        (file) => file.values().filter((one) => one instanceof Dataset && one.info.committed !== undefined).length,
      );
    expect(committed(out)).toBe(committed(fixture("committed_v110.h5")));
  });

  it("stores datasets in other chunks, with other filters", async () => {
    const source = madeFile(join(folder, "in.h5"), (f) => {
      const data = Int32Array.from({ length: 6000 }, (_, i) => i);
      f.create_dataset({ name: "a", data, shape: [60, 100] });
      f.create_dataset({ name: "b", data, shape: [60, 100], chunks: [10, 100], compression: 4 });
      f.create_dataset({ name: "small", data: data.slice(0, 6) });
    });
    const options = [
      "--chunks",
      "20x50",
      "--compression",
      "gzip:9",
      "--compression",
      "/b=none",
      "--shuffle",
      "--fletcher32",
    ];
    expect((await ran("repack", ...options, source, out)).code).toBe(0);
    await isCopy(source);
    look(out, (file) => {
      const [a, b, small] = ["a", "b", "small"].map((name) => file.dataset(name));
      expect([a.chunks, a.compression, a.compressionOpts, a.shuffle, a.fletcher32]).toEqual([
        [20, 50],
        "gzip",
        9,
        true,
        true,
      ]);
      expect([b.chunks, b.compression, b.fletcher32]).toEqual([[20, 50], undefined, true]);
      expect(small.layout).toBe("contiguous");
    });
    rmSync(out);
    expect((await ran("repack", "--chunks", "none", source, out)).code).toBe(0);
    await isCopy(source);
    expect(look(out, (file) => file.dataset("b").layout)).toBe("contiguous");
  });

  it("gives lost space back", async () => {
    const source = join(folder, "lost.h5");
    const file = openSync(source, "w");
    file.createDataset("large", { data: new Float64Array(50_000) });
    file.createDataset("kept", { data: [1, 2, 3] });
    file.flush();
    file.delete("large");
    file.close();
    expect(statSync(source).size).toBeGreaterThan(400_000);
    const { before, after } = await ranJson<{ before: number; after: number }>("repack", source, out);
    expect([before, after]).toEqual([statSync(source).size, statSync(out).size]);
    expect(after).toBeLessThan(10_000);
    await isCopy(source);
  });

  it("writes pages for reading from afar, and structures of other versions", async () => {
    const source = fixture("indexes_earliest.h5");
    expect((await ran("repack", "--paged", "4096", "--libver", "v110", "--userblock", "4096", source, out)).code).toBe(
      0,
    );
    await isCopy(source);
    const facts = await ranJson<Record<string, unknown>>("info", out);
    expect(facts).toMatchObject({ superblock: 3, userblock: 4096 });
    expect(facts["file space"]).toMatchObject({ strategy: "page", pageSize: 4096 });
  });

  it("is used wrongly", async () => {
    expect((await ran("repack", out, out)).code).toBe(2);
    expect((await ran("repack", "--chunks", "4y4", fixture("fills_v110.h5"), out)).err).toMatch(/--chunks must be/);
    expect((await ran("repack", "--libver", "v1", fixture("fills_v110.h5"), out)).err).toMatch(/--libver must be/);
    expect((await ran("repack", join(folder, "absent.h5"), out)).code).toBe(1);
  });
});

describe("copy", () => {
  it("copies an object into a file, which it makes", async () => {
    const source = fixture("links_v110.h5");
    expect(await ran("copy", `${source}:/data`, `${out}:/deep/data`)).toMatchObject({ code: 0, err: "" });
    expect((await ran("diff", source, out, "/data", "/deep/data")).out).toBe("");
    expect((await ran("copy", `${source}:/data`, `${out}:/deep/data`)).code).toBe(1);
    expect((await ran("copy", `${out}:/deep`, `${out}:/again`)).code).toBe(0);
    expect((await ran("diff", source, out, "/data", "/again/data")).out).toBe("");
    expect((await ran("check", out)).err).toBe("");
  });

  it("copies a whole file, and leaves out what it is told to", async () => {
    expect((await ran("copy", fixture("groups_earliest.h5"), out)).code).toBe(0);
    await isCopy(fixture("groups_earliest.h5"));
    const bare = `${fixture("attributes_v110.h5")}:/many`;
    expect((await ran("copy", "--no-attributes", bare, `${out}:/bare`)).code).toBe(0);
    expect(look(out, (file) => file.get("bare")?.attrs.count())).toBe(0);
  });
});
