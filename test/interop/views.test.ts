/** Virtual datasets made by h5py: h5ts reads what h5py reads. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Dataset,
  type H5File,
  open,
  openSync,
  slice,
  VirtualLayout,
  type VirtualMapping,
  VirtualSource,
} from "h5ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/clients.ts";

const script = fileURLToPath(new URL("make_views.py", import.meta.url));
const judge = fileURLToPath(new URL("judge_views.py", import.meta.url));

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

  it("are made anew by h5ts, and h5py reads the same", () => {
    const judged: Case[] = [];
    for (const one of cases.filter(({ firstMissing, gap }) => !firstMissing && gap === 0)) {
      const file = `h5ts_${one.file}`;
      copyFileSync(join(folder, one.file), join(folder, file));
      const editing = openSync(join(folder, file), "r+", { libver: judged.length % 3 === 0 ? "v200" : "earliest" });
      remake(editing);
      editing.close();
      judged.push({ ...one, file });
    }
    expect(judged.length).toBeGreaterThanOrEqual(300);
    writeFileSync(join(folder, "made.json"), JSON.stringify(judged));
    const report = execFileSync(python, [judge, folder], { encoding: "utf8" });
    expect(report.trim().split("\n")).toEqual([`${judged.length} views are the same`]);
  }, 300_000);
});

/** Makes the view of a file again, as its sources say. */
function remake(file: H5File<"sync">): void {
  const { dtype, maxShape, shape, fillValue, ...view } = propertiesOf(file.dataset("v"));
  file.delete("v");
  const layout = new VirtualLayout({ shape, dtype, maxShape });
  const whole = view.sources.every(({ source }) => source.kind !== "all");
  for (const { file: name, dataset, source, destination } of whole ? view.sources : []) {
    const rank = "rank" in source ? source.rank : 1;
    layout.set(destination, new VirtualSource(name, dataset, { shape: new Array(rank).fill(1) }).select(source));
  }
  // "All" of a source, of an extent that the mapping does not say.
  const described = { shape, dtype, maxShape, mappings: () => view.sources };
  file.createVirtualDataset("v", whole ? layout : described, { fillValue });
}

function propertiesOf(dataset: Dataset<"sync">): Pick<Dataset<"sync">, "shape" | "dtype" | "maxShape"> & {
  fillValue: unknown;
  sources: VirtualMapping[];
} {
  const { shape, dtype, maxShape } = dataset;
  const flat = !/string|compound/.test(dtype.name);
  return { shape, dtype, maxShape, fillValue: flat ? dataset.fillValue : undefined, sources: dataset.virtualSources() };
}
