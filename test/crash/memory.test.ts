/** Memory stays bounded, however much is written before a commit: a dataset of a gigabyte is overwritten in place. `H5TS_SCALE` takes a part of it. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCALE } from "../support/corpus.ts";
import { bundleProgram } from "./bundle.ts";

const MEGABYTES = Math.max(400, Math.round(1000 * SCALE));
const LIMIT = 300e6;
const folder = mkdtempSync(join(tmpdir(), "h5ts-memory-"));
const program = join(folder, "program.mjs");
beforeAll(() => bundleProgram(PROGRAM, program));
afterAll(() => rmSync(folder, { recursive: true }));

/** Overwrites all elements in pieces, then commits once; then reads through a journal. Prints the most memory that it had. */
const PROGRAM = `
  import { open, openSync, slice } from "h5ts";
  const [, , path, megabytes, mode] = process.argv;
  const rows = Number(megabytes);
  const WIDTH = 125_000;
  const row = (k, r) => new Float64Array(WIDTH).fill(k * 1e6 + r);
  const made = openSync(path, "w");
  const x = made.createDataset("x", { shape: [rows, WIDTH], dtype: "f8" });
  for (let r = 0; r < rows; r += 50) x.write(row(1, r), [r]);
  made.close();
  const file = mode === "async" ? await open(path, "r+") : openSync(path, "r+");
  const data = await file.dataset("x", "f8");
  for (let r = 0; r < rows; r++) await data.write(row(2, r), [r]);
  // Overwritten once more, before the commit.
  for (let r = 0; r < rows; r += 3) await data.write(row(3, r), [slice(r, r + 1)]);
  const seen = (await data.read([slice(3, 5), 0])).data;
  await file.flush();
  const later = (await data.read([null, 7])).data;
  await file.close();
  const wrong = later.findIndex((value, r) => value !== (r % 3 === 0 ? 3e6 : 2e6) + r);
  console.log(JSON.stringify({ peak: process.resourceUsage().maxRSS * 1024, seen: [...seen], wrong, rows: later.length }));
`;

describe("memory", () => {
  it.each(["sync", "async"])(
    `is bounded while ${MEGABYTES} MB are overwritten in place, %s`,
    { timeout: 600_000 },
    (mode) => {
      const path = join(folder, `${mode}.h5`);
      const said = execFileSync(process.execPath, [program, path, String(MEGABYTES), mode], { encoding: "utf8" });
      const { peak, ...found } = JSON.parse(said) as { peak: number };
      console.log(`overwriting ${MEGABYTES} MB in place, ${mode}: peak ${Math.round(peak / 1e6)} MB`);
      expect(found).toEqual({ seen: [3e6 + 3, 2e6 + 4], wrong: -1, rows: MEGABYTES });
      expect(peak).toBeLessThan(LIMIT);
      expect(existsSync(`${path}.journal`)).toBe(false);
      rmSync(path);
    },
  );
});
