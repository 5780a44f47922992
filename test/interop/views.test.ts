/** Virtual datasets made by h5py: h5ts reads what h5py reads. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type H5File, open, openSync, slice } from "h5ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/clients.ts";

const script = fileURLToPath(new URL("make_views.py", import.meta.url));

interface Case {
  readonly kind: string;
  readonly file: string;
  readonly firstMissing: boolean;
  readonly gap: number;
  readonly shape: number[];
  readonly values: unknown;
  readonly slices: [number, number, number][];
  readonly part: unknown;
}

/** Values as the script writes them. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value).replace("Infinity", "inf");
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
  return value;
}

/** Which of all views that could be are made. */
const SEED = process.env.H5TS_SEED ?? "1";

describeWith("python", "views by h5py", (python) => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-views-"));
  let cases: Case[] = [];
  beforeAll(() => {
    execFileSync(python, [script, folder, SEED]);
    cases = JSON.parse(readFileSync(join(folder, "views.json"), "utf8"));
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  const optionsOf = ({ firstMissing, gap }: Case): Parameters<typeof open>[2] => ({
    virtualView: firstMissing ? "first-missing" : "last-available",
    virtualPrintfGap: gap,
  });
  const sliced = ({ slices }: Case): ReturnType<typeof slice>[] => slices.map((one) => slice(...one));
  const found = (dataset: { shape: readonly number[] }, whole: unknown, part: unknown): object => ({
    shape: [...dataset.shape],
    values: plain((whole as { toNested(): unknown }).toNested()),
    part: plain((part as { toNested(): unknown }).toNested()),
  });
  const expected = ({ shape, values, part }: Case): object => ({ shape, values, part });

  it("are read without waiting", () => {
    expect(cases.length).toBeGreaterThanOrEqual(300);
    for (const one of cases) {
      const file: H5File<"sync"> = openSync(join(folder, one.file), "r", optionsOf(one));
      const dataset = file.dataset("v");
      const what = found(dataset, dataset.read(), dataset.read(sliced(one)));
      file.close();
      expect(what, `${one.kind}: ${one.file}`).toEqual(expected(one));
    }
  });

  it("are read with promises", async () => {
    for (const one of cases) {
      const file = await open(join(folder, one.file), "r", optionsOf(one));
      const dataset = await file.dataset("v");
      const what = found(dataset, await dataset.read(), await dataset.read(sliced(one)));
      await file.close();
      expect(what, `${one.kind}: ${one.file}`).toEqual(expected(one));
    }
  });
});
