import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import h5wasm from "h5wasm/node";
import { afterAll, describe, expect, it } from "vitest";
import type { FileDigest } from "../src/index.ts";
import { fixture, ran, ranJson } from "./support.ts";

const folder = mkdtempSync(join(tmpdir(), "h5ts-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file whose dataset `data/values` is damaged, and nothing else. */
function damaged(): string {
  const path = join(folder, "damaged.h5");
  const bytes = readFileSync(fixture("filters_earliest.h5"));
  // The checksum behind the first chunk that fletcher32 guards no longer fits it.
  const at = bytes.indexOf("TREE");
  bytes.fill(0xaa, at + 24, at + 200);
  writeFileSync(path, bytes);
  return path;
}

describe("ls", () => {
  it("lists names, shapes, datatypes and where links lead", async () => {
    const { code, out } = await ran("ls", fixture("links_v110.h5"));
    expect(code).toBe(0);
    const lines = out.split("\n").map((line) => line.replaceAll(/ +/g, " "));
    expect(lines).toContain("a group");
    expect(lines).toContain("soft dataset (5,) <i8 -> /data/values");
    expect(lines).toContain("dangling (nothing there) -> /no/such/thing");
    expect(lines).toContain("external group -> groups_v110.h5:/few");
    expect(lines.find((line) => line.startsWith("loop"))).toMatch(/error|nothing/);
  });

  it("lists a group inside, and a dataset by itself", async () => {
    expect((await ran("ls", fixture("links_earliest.h5"), "data")).out).toMatch(/^alias +dataset \(5,\) <i8\n/);
    expect((await ran("ls", fixture("links_earliest.h5"), "/data/values")).out).toBe("values  dataset (5,) <i8");
  });

  it("gives JSON", async () => {
    const entries = await ranJson<object[]>("ls", fixture("layouts_v110.h5"));
    expect(entries).toContainEqual({ name: "compact", kind: "dataset", shape: [5, 7], dtype: "<i4" });
    expect(entries).toContainEqual({ name: "null", kind: "dataset", shape: null, dtype: "<f4" });
    expect(entries).toContainEqual({ name: "scalar", kind: "dataset", shape: [], dtype: "<f8" });
  });

  it("keeps control characters of names from the terminal", async () => {
    const { out } = await ran("ls", fixture("groups_earliest.h5"));
    expect(out).toContain("\u96ea");
    expect(out).toContain("__proto__");
  });
});

describe("tree", () => {
  it("shows everything below, groups once, links not followed", async () => {
    const { code, out } = await ran("tree", fixture("links_earliest.h5"));
    expect(code).toBe(0);
    expect(out.split("\n")[0]).toBe("/  group");
    expect(out).toContain("\u2514\u2500\u2500 values  dataset (5,) <i8");
    expect(out.match(/alias {2}dataset/g)).toHaveLength(1);
  });

  it("goes as deep as asked, and shows attributes where asked", async () => {
    const { out } = await ran("tree", fixture("attributes_v110.h5"), "--depth", "1", "--attrs");
    expect(out).toContain("@one = 1");
    expect(out).toContain('@text = "caf\u00e9"');
    expect(out).toMatch(/@large = \[0,1,2.{180,200}\.\.\./);
    const shallow = await ranJson<{ children: object[] }>("tree", fixture("groups_v110.h5"), "--depth", "1");
    expect(JSON.stringify(shallow)).not.toContain("item 000");
  });
});

describe("info", () => {
  it("says how a file is made", async () => {
    const facts = await ranJson<Record<string, unknown>>("info", fixture("paged.h5"));
    expect(facts).toMatchObject({ superblock: 3, userblock: 0, "size of offsets": 8 });
    expect(facts["file space"]).toMatchObject({ strategy: "page", pageSize: 512 });
    expect((await ran("info", fixture("userblock_512.h5"))).out).toMatch(/^userblock +512$/m);
  });

  it("says how a dataset is stored", async () => {
    const facts = await ranJson<object>("info", fixture("filters_v110.h5"), "shuffle_gzip");
    expect(facts).toMatchObject({ kind: "dataset", shape: [24, 18], layout: "chunked", chunks: [7, 5], bytes: 1728 });
    expect(JSON.stringify(facts)).toContain('"clientData":[4]');
  });
});

describe("dump", () => {
  it("prints attributes and values, cut after as many elements as asked", async () => {
    const { code, out } = await ran("dump", fixture("layouts_earliest.h5"), "contiguous", "--limit", "14");
    expect(code).toBe(0);
    expect(out.split("\n")).toEqual([
      "contiguous  dataset (5, 7) <i4",
      "  [0,1,2,3,4,5,6]",
      "  [7,8,9,10,11,12,13]",
      "  ... and 3 more",
    ]);
    expect((await ran("dump", fixture("layouts_earliest.h5"), "contiguous", "--all")).out).toMatch(/\[28,.*34\]$/);
  });

  it("prints what JSON has no word for", async () => {
    const floats = await ranJson<{ values: unknown[] }[]>("dump", fixture("floats_v110.h5"), "f8_le");
    expect(floats[0].values.slice(0, 7)).toEqual([0, 0, 1, -1.5, "Infinity", "-Infinity", "NaN"]);
    const wide = await ranJson<{ values: unknown[] }[]>("dump", fixture("integers_v110.h5"), "u8_be");
    expect(wide[0].values).toContain("18446744073709551615");
    const refs = await ranJson<{ values: { reference: string }[] }[]>("dump", fixture("references_v110.h5"), "regions");
    expect(refs[0].values[0]).toMatchObject({ reference: "region" });
  });

  it("prints headers alone where asked", async () => {
    const { out } = await ran("dump", fixture("compounds_v110.h5"), "--header");
    expect(out).not.toContain("row0");
  });
});

describe("stat", () => {
  it("counts objects, bytes, layouts and filters", async () => {
    const counts = await ranJson<Record<string, unknown>>("stat", fixture("filters_v110.h5"));
    expect(counts).toMatchObject({ groups: 1, datasets: 13, errors: 0, layouts: { chunked: 13 } });
    expect(counts.filters).toMatchObject({ deflate: 9, shuffle: 7, fletcher32: 4 });
    expect((await ran("stat", fixture("filters_v110.h5"))).out).toMatch(/^data +.* stored in /m);
  });
});

describe("digest", () => {
  it("prints a line a file, and goes on after one that cannot be read", async () => {
    const text = join(folder, "text.h5");
    writeFileSync(text, "no HDF5 file");
    const { code, out, err } = await ran("digest", text, fixture("fills_v110.h5"), join(folder, "absent.h5"));
    expect(code).toBe(1);
    const digests = out.split("\n").map((line) => JSON.parse(line) as FileDigest);
    expect(digests.map(({ readable }) => readable)).toEqual([false, true, false]);
    expect(digests[0].error).toMatchObject({ name: "FormatError", code: "ERR_H5_FORMAT" });
    expect(digests[2].error).toMatchObject({ name: "NotFoundError" });
    expect(err.split("\n")).toHaveLength(2);
  });

  it("writes DIR/FILE.json, the relative path kept", async () => {
    const here = process.cwd();
    process.chdir(folder);
    try {
      copyFileSync(fixture("userblock_512.h5"), "u.h5");
      expect((await ran("digest", "--out", "out/deep", "./u.h5")).code).toBe(0);
      const digest = JSON.parse(readFileSync("out/deep/u.h5.json", "utf8")) as FileDigest;
      expect(digest).toMatchObject({ file: "./u.h5", readable: true, superblock: { userblock: 512 } });
      expect(digest.filesha256).toHaveLength(64);
    } finally {
      process.chdir(here);
    }
  });

  it("leaves the error of a part on that part", async () => {
    const { code, out } = await ran("digest", damaged());
    expect(code).toBe(1);
    const digest = JSON.parse(out) as FileDigest;
    expect(digest.readable).toBe(true);
    expect(JSON.stringify(digest.objects)).toContain('"name":"FormatError"');
  });
});

describe("the command line", () => {
  it.each([
    [[], /usage: h5ts COMMAND/],
    [["lsx"], /no such command: lsx/],
    [["ls"], /too few operands/],
    [["ls", "a", "b", "c"], /too many operands/],
    [["ls", "--nonsense", "a"], /nonsense/],
    [["ls", "--links", "all", "a"], /--links must be one of none, local, any/],
    [["dump", "--limit", "0", "a"], /--limit must be a number/],
    [["tree", "--depth", "x", "a"], /--depth must be a number/],
  ])("%j is wrong use", async (argv, message) => {
    const { code, out, err } = await ran(...argv);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
  });

  it("says errors in one line, with a hint", async () => {
    const path = fixture("groups_v110.h5");
    const missing = await ran("ls", path, "nowhere");
    expect(missing.code).toBe(1);
    expect(missing.err).toBe(
      `h5ts: ${path}: "nowhere": does not exist (hint: \`h5ts ls ${path}\` shows what is there)`,
    );
    const outside = await ran("dump", "--links", "none", fixture("external_v110.h5"), "one");
    expect(outside.out).toMatch(/error: .*links/);
    expect(outside.code).toBe(1);
  });

  it("helps", async () => {
    expect((await ran("--help")).out).toMatch(/digest +Write everything/);
    const { code, out } = await ran("digest", "--help");
    expect(code).toBe(0);
    expect(out).toMatch(/usage: h5ts digest \[--out DIR\] FILE/);
  });
});

describe("check", () => {
  it("says that a file is sound, and what it holds", async () => {
    const { code, out } = await ran("check", fixture("links_v110.h5"));
    expect(code).toBe(0);
    expect(out).toMatch(/^sound: \d+ objects, \d+ chunks; .* in use, 0 B free, /m);
    const report = await ranJson<Record<string, unknown>>("check", fixture("fsm_persist.h5"), "--extents");
    expect(report).toMatchObject({ ok: true, faults: [], unchecked: [] });
    expect(report.extents).toContainEqual({ address: 0, length: 48, structure: "Superblock", path: "" });
    expect(report.free).not.toEqual([]);
  });

  it("says what is wrong, a line each", async () => {
    const { code, out, err } = await ran("check", "--data", damaged());
    expect(code).toBe(1);
    expect(err).toMatch(/^h5ts: .*damaged.h5: .*B-tree node/);
    expect(out).toMatch(/^[1-9]\d* faults: /m);
  });
});

/** Of a superblock of version 3. */
const FLAGS = 11;

/** What a writer leaves behind that dies before it closes its file. */
async function leftByLibhdf5(path: string): Promise<Buffer> {
  await h5wasm.ready;
  const file = new h5wasm.File(path, "w", { libver: "latest" });
  file.create_dataset({ name: "x", data: [1, 2, 3] });
  file.flush();
  const bytes = readFileSync(path);
  file.close();
  return bytes;
}

describe("recover", () => {
  it("clears the flags of a file whose writer died, and leaves all else", async () => {
    const path = join(folder, "left.h5");
    const bytes = await leftByLibhdf5(path);
    expect(bytes[FLAGS] & 1).toBe(1);
    writeFileSync(path, bytes);
    const dry = await ran("recover", "--dry-run", path);
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.out).toMatch(/^found: the superblock says that the file is open for writing$/m);
    expect(readFileSync(path)).toEqual(bytes);
    expect((await ran("recover", path)).code).toBe(0);
    expect(readFileSync(path)[FLAGS]).toBe(0);
    const again = await ranJson<Record<string, unknown>>("recover", path);
    expect(again).toMatchObject({ ok: true, found: [], done: [] });
  });

  it("changes nothing where the file is damaged", async () => {
    const { code, out } = await ran("recover", damaged());
    expect(code).toBe(1);
    expect(out).toMatch(/the file is damaged/);
  });
});
