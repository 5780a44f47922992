import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SampleValues, writeSample } from "../../../scripts/sample-file.ts";
import * as all from "./index.ts";
import { type H5File, MemoryStorage, type OpenMode, slice } from "./index.ts";
import * as small from "./reader.ts";

let folder: string;
let path: string;
let values: SampleValues;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "h5ts-"));
  path = join(folder, "sample.h5");
  values = await writeSample(path);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The small entry leaves it to `openSource` to look names up. */
const located: Pick<typeof all, "open" | "openSync" | "withFile" | "isHdf5" | "isHdf5Sync"> = {
  open: async (source, mode, options) => small.open(await small.openSource(source), mode, options),
  openSync: (source, mode, options) => small.openSync(small.openSourceSync(source), mode, options),
  withFile: async (source, mode, use, options) => small.withFile(await small.openSource(source), mode, use, options),
  isHdf5: (source) =>
    small.openSource(source).then(small.isHdf5, (error) => {
      if (small.isH5Error(error, "NotFoundError")) return false;
      throw error;
    }),
  isHdf5Sync: (source) => source !== join(folder, "none") && small.isHdf5Sync(small.openSourceSync(source)),
};

const entries = [
  ["h5ts", all],
  ["h5ts/reader", located],
] as const;

describe.each(entries)("%s", (_, { open, openSync, withFile, isHdf5, isHdf5Sync }) => {
  it("reads without waiting", () => {
    const file = openSync(path);
    expect(file.filename).toBe(path);
    expect(file.keys()).toEqual(["latest", "processed", "raw"]);
    expect(file.attrs.toObject()).toEqual(
      Object.assign(Object.create(null), { format_version: 3, title: "A sample of h5ts" }),
    );
    const images = file.dataset("raw/images", "u2");
    expect(images).toMatchObject({
      shape: [8, 32, 32],
      maxShape: [null, 32, 32],
      chunks: [2, 16, 16],
      compression: "gzip",
      compressionOpts: 4,
      fillValue: 0,
    });
    expect(images.read().data).toEqual(values.images);
    const part = images.read([3, slice(4, 6), slice(0, 32, 16)]);
    const at = (i: number, j: number): number => values.images[3 * 1024 + i * 32 + j];
    expect(part.toNested()).toEqual([
      [at(4, 0), at(4, 16)],
      [at(5, 0), at(5, 16)],
    ]);
    expect(file.dataset("latest").attrs.get("units")).toBe("counts");
    expect(file.dataset("raw/labels").read().data).toEqual(values.labels);
    expect(file.dataset("processed/means", "f8").read().data).toEqual(values.means);
    expect(file.dataset("processed/count").read().item()).toBe(8n);
    file.close();
  });

  const sources: [name: string, source: () => all.Source][] = [
    ["a path", () => path],
    ["bytes", () => new Uint8Array(readFileSync(path))],
    ["a Blob", () => new Blob([readFileSync(path)])],
    ["a storage", () => new MemoryStorage(new Uint8Array(readFileSync(path)))],
  ];
  it.each(sources)("reads %s with waiting", async (_name, source) => {
    const file = await open(source());
    const images = await file.dataset("raw/images", "u2");
    expect((await images.read([7])).data).toEqual(values.images.subarray(7 * 1024));
    await file.close();
  });

  it("closes after use, also where that fails", async () => {
    let seen: H5File<"async"> | undefined;
    expect(await withFile(path, "r", (file) => (seen = file).keys())).toContain("raw");
    await expect(seen?.keys()).rejects.toMatchObject({ name: "ClosedError" });
    const fail = withFile(path, "r", (file) => {
      seen = file;
      throw new RangeError("mine");
    });
    await expect(fail).rejects.toThrow(RangeError);
    await expect(seen?.keys()).rejects.toMatchObject({ name: "ClosedError" });
  });

  it("tells HDF5 files from others", async () => {
    expect(await isHdf5(path)).toBe(true);
    expect(isHdf5Sync(path)).toBe(true);
    expect(await isHdf5(new Blob(["no"]))).toBe(false);
    expect(isHdf5Sync(new Uint8Array(0))).toBe(false);
    expect(await isHdf5(join(folder, "none"))).toBe(false);
    expect(isHdf5Sync(join(folder, "none"))).toBe(false);
    await expect(isHdf5(folder)).rejects.toMatchObject({ name: "StorageError" });
  });

  it("refuses what is no HDF5 file", async () => {
    await expect(open(new Uint8Array(1000))).rejects.toMatchObject({ name: "FormatError" });
    expect(() => openSync(new Uint8Array(1000))).toThrow(expect.objectContaining({ name: "FormatError" }));
    expect(() => openSync(join(folder, "none"))).toThrow(expect.objectContaining({ name: "NotFoundError" }));
  });
});

describe("options", () => {
  it("limits bound results", () => {
    using file = all.openSync(path, "r", { limits: { resultBytes: 100 } });
    expect(() => file.dataset("raw/images").read()).toThrow(/\/raw\/images.*limits.resultBytes/);
  });

  it("filters replace the default ones", () => {
    using file = all.openSync(path, "r", { filters: all.emptyRegistry });
    expect(file.dataset("raw/images").compression).toBe("gzip");
    expect(() => file.dataset("raw/images").read()).toThrow(expect.objectContaining({ name: "UnsupportedError" }));
  });

  it("signal stops every call", async () => {
    const controller = new AbortController();
    const file = await all.open(new Blob([readFileSync(path)]), "r", { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(file.dataset("raw/images")).rejects.toThrow("enough");
  });
});

describe("h5ts/reader", () => {
  const given: [name: string, give: () => small.Given][] = [
    ["bytes", () => new Uint8Array(readFileSync(path))],
    ["an ArrayBuffer", () => Uint8Array.from(readFileSync(path)).buffer],
    ["a Blob", () => new Blob([readFileSync(path)])],
    ["a storage", () => new small.NodeFileStorage(path)],
    ["what openSource found", () => small.openSourceSync(path)],
  ];
  it.each(given)("opens %s", async (_name, give) => {
    const file = await small.open(give());
    expect((await (await file.dataset("raw/images")).read([7])).data).toEqual(values.images.subarray(7 * 1024));
    await file.close();
    expect(await small.isHdf5(give())).toBe(true);
  });

  it.each(["r+", "w", "w-", "x", "a"] satisfies OpenMode[])("has no mode %s", async (mode) => {
    const refused = { name: "ClosedError", found: mode };
    await expect(small.open(new Uint8Array(8), mode)).rejects.toMatchObject(refused);
    expect(() => small.openSync(new Uint8Array(8), mode)).toThrow(expect.objectContaining(refused));
  });

  it("refuses to write, whatever the call", async () => {
    const file = small.openSync(new Uint8Array(readFileSync(path)));
    const refused = expect.objectContaining({ name: "ClosedError", reason: "was opened read-only" });
    expect(() => file.createGroup("x")).toThrow(refused);
    expect(() => file.dataset("raw/images").write(0)).toThrow(refused);
    expect(() => file.dataset("raw/images").appendAll([])).toThrow(refused);
    expect(() => file.attrs.set("x", 1)).toThrow(refused);
    await expect((await small.open(new Blob([readFileSync(path)]))).delete("raw")).rejects.toThrow(refused);
    expect(file.mode).toBe("r");
    file.flush();
    file.close();
  });

  it("refuses names, which openSource looks up", async () => {
    const refused = { name: "UnsupportedError", found: path, allowed: expect.stringContaining("openSource") };
    const name = path as unknown as Uint8Array;
    await expect(small.open(name)).rejects.toMatchObject(refused);
    expect(() => small.openSync(name)).toThrow(expect.objectContaining(refused));
  });
});
