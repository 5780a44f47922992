import { mkdtempSync, openAsBlob, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as h5wasm from "h5wasm/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BlobStorage, type Counts, counted, type H5File, HttpStorage, open, slice } from "./index.ts";

const folder = mkdtempSync(join(tmpdir(), "h5ts-requests-"));
const path = join(folder, "far.h5");

/** 1,000 datasets in 20 groups, 64 MB of raw data between their headers. */
function write(): void {
  const file = new h5wasm.File(path, "w");
  const data = Float64Array.from({ length: 8192 }, (_, i) => i);
  for (let g = 0; g < 20; g++) {
    const group = file.create_group(`group${g}`);
    for (let d = 0; d < 50; d++) group.create_dataset({ name: `data${d}`, data });
  }
  const grid = Float64Array.from({ length: 500 * 500 }, (_, i) => i % 1000);
  file.create_dataset({ name: "grid", data: grid, shape: [500, 500], chunks: [50, 50], compression: 4 });
  file.close();
}

beforeAll(async () => {
  await h5wasm.ready;
  write();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The file as if it were on a server. */
async function remote(): Promise<{ file: H5File<"async">; counts: Counts }> {
  const { costs } = new HttpStorage("http://localhost/far.h5");
  const { storage, counts } = counted(new BlobStorage(await openAsBlob(path)), { costs });
  return { file: await open(storage), counts };
}

describe("requests to a remote file", () => {
  it("listing names, shapes and dtypes of a tree takes rounds by its depth, not by its size", async () => {
    const { file, counts } = await remote();
    const seen: string[] = [];
    await file.visitItems((path, object) => {
      if (object.kind === "dataset") seen.push(`${path} [${object.shape}] ${object.dtype}`);
    });
    expect(seen.length).toBe(1001);
    expect(seen[0]).toBe("grid [500,500] <f8");
    expect(counts.requests).toBeLessThanOrEqual(250);
    expect(counts.bytes).toBeLessThanOrEqual(5_000_000);
    expect(counts.rounds).toBeLessThanOrEqual(8);
    await file.close();
  });

  it("reading a slice takes the way to its chunks and the chunks", async () => {
    const { file, counts } = await remote();
    const { data } = await (await file.dataset("grid", "f8")).read([slice(40, 60), slice(45, 55)]);
    expect(data[0]).toBe((40 * 500 + 45) % 1000);
    expect(counts.rounds).toBeLessThanOrEqual(8);
    expect(counts.bytes).toBeLessThanOrEqual(500_000);
    await file.close();
  });

  it("what was read is not asked for again", async () => {
    const { file, counts } = await remote();
    const before = async (): Promise<number> => {
      await (await file.dataset("group3/data7")).attrs.keys();
      return counts.requests;
    };
    expect(await before()).toBe(await before());
    await file.close();
  });
});
