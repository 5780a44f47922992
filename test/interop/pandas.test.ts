/** Frames that h5ts wrote: pandas reads them as they were meant, appends to them, and h5ts reads what pandas appended. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { frameJson, openStore, type PutOptions } from "@h5ts/pandas-compat";
import { afterAll, expect, it } from "vitest";
import { type GeneratedCase, generatedCases, random } from "../pandas/generated.ts";
import { plain } from "../pandas/plain.ts";
import { describeWith } from "../support/clients.ts";
import { CORPUS } from "../support/corpus.ts";

const FOLDER = process.env.H5TS_PANDAS ?? join(CORPUS, "../pandas");
const CHECK = join(FOLDER, "check_roundtrip.py");
/** How many of the frames are taken: all in the full run. */
const SCALE = Number(process.env.H5TS_SCALE ?? 0.2);

const folder = mkdtempSync(join(tmpdir(), "h5ts-pandas-"));
afterAll(() => rmSync(folder, { recursive: true }));

function some(cases: readonly GeneratedCase[]): GeneratedCase[] {
  const next = random(11);
  return cases.filter(() => next() < SCALE);
}

async function write(name: string, cases: readonly GeneratedCase[], pandas: 1 | 3): Promise<string> {
  const path = join(folder, `${name}.h5`);
  const store = await openStore(path, "w", { pandas });
  const objects: unknown[] = [];
  for (const { key, object, options } of cases) {
    await store.put(key, object, options);
    objects.push({ key, layout: options.format, ...(await frameJson(object)) });
  }
  const queries: unknown[] = [];
  for (const { key, object, options } of cases) {
    if (options.format !== "table") continue;
    for (const where of conditionsFor(object, options.dataColumns).filter(
      (one) => pandas === 3 || !/^(ordered|offset)/.test(one),
    ))
      queries.push({ key, where, result: await frameJson(await store.select(key, { where })) });
  }
  await store.close();
  writeFileSync(`${path}.json`, JSON.stringify({ objects, queries }));
  return path;
}

/** By the name of a column of that kind. */
const CONDITIONS: Readonly<Record<string, readonly string[]>> = {
  int16: ["int16_1 > 100 | int16_1 < -20000", "int16_1 != [1, 2]"],
  int64: ["int64_1 >= 0", "int64_3 <= 9000000000"],
  uint16: ["uint16_1 in [1, 2, 3] | uint16_1 > 30000"],
  float32: ["(float32_1 > 1.5) & (float32_1 < 500)"],
  float64: ["float64_1 <= 0", "float64_3 != 1.5"],
  missing: ["missing_1 == 'beta'", "missing_1 == 'nan'"],
  madrid: ["madrid_1 >= '2021-01-01 00:00+01:00'"],
  text: ["text_3 == '日本語'", "text_3 != ''"],
  // 1.5 looks for categories as if they were sorted, finds missing ones for those that there are none of, and has NaT below all.
  ordered: ["ordered_1 == 7", "ordered_1 == 8"],
  offset: ["offset_1 < '2022-05-01'"],
};

function conditionsFor(object: GeneratedCase["object"], dataColumns: PutOptions["dataColumns"]): string[] {
  const { index } = object;
  const conditions: string[] = [];
  if (index.kind === "index" && index.values.kind === "number") conditions.push("index > 5 & index <= 20");
  if (index.kind === "index" && index.values.kind === "text")
    conditions.push("index == ['beta1', '日本語4', 'absent']");
  if (index.kind === "index" && index.values.kind === "datetime") conditions.push("index > '2021-06-01'");
  if (index.kind === "multi") conditions.push("k == 'al'");
  if (object.kind === "series" || dataColumns === undefined || dataColumns === true) return conditions;
  for (const name of dataColumns) {
    const [kind] = name.split("_");
    conditions.push(...(CONDITIONS[kind] ?? []).filter((condition) => condition.includes(name)));
  }
  return conditions;
}

function judge(python: string, path: string): { ok: boolean; checked: number; errors: string[] } {
  const { stdout, stderr } = spawnSync(python, [CHECK, path, `${path}.json`, "--all"], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(stdout || JSON.stringify({ ok: false, checked: 0, errors: [stderr] }));
}

async function appended(python: string, path: string, cases: readonly GeneratedCase[]): Promise<number> {
  const copy = `${path}.appended.h5`;
  cpSync(path, copy);
  const keys = cases.filter(({ options }) => options.format === "table").map(({ key }) => key);
  writeFileSync(`${copy}.keys`, JSON.stringify(keys));
  const said = execFileSync(python, [join(import.meta.dirname, "pandas_appends.py"), copy, `${copy}.keys`, FOLDER], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const { appended: frames } = JSON.parse(said) as { appended: Record<string, unknown> };
  const store = await openStore(copy);
  for (const [key, frame] of Object.entries(frames))
    expect.soft(plain(JSON.parse(JSON.stringify(await frameJson(await store.get(key))))), key).toEqual(plain(frame));
  await store.close();
  return Object.keys(frames).length;
}

if (!existsSync(CHECK)) it.skip(`frames for pandas: ${CHECK} is absent (H5TS_PANDAS names another place)`, () => {});
else {
  const all = generatedCases();
  const round = (client: "python" | "pandas1", title: string, cases: readonly GeneratedCase[], pandas: 1 | 3): void =>
    describeWith(client, `frames by h5ts, ${title}`, (python) => {
      it("are read, selected from, appended to and indexed", { timeout: 300_000 }, async () => {
        const path = await write(client, cases, pandas);
        const { ok, checked, errors } = judge(python, path);
        console.log(
          `${title}: ${checked - errors.length} / ${checked} frames and conditions right, of ${cases.length} frames`,
        );
        expect(errors).toEqual([]);
        expect(ok && checked >= cases.length).toBe(true);
        console.log(`${title}: ${await appended(python, path, cases)} appended to by pandas and read back`);
        const dump = spawnSync(join(dirname(python), "ptdump"), ["-av", path], {
          encoding: "utf8",
          maxBuffer: 2 ** 28,
        });
        expect([dump.status, dump.stderr]).toEqual([0, ""]);
      });
    });
  for (const client of ["python", "pandas1"] as const)
    describeWith(client, `frames by ${client === "python" ? "the newest pandas" : "pandas 1.5"}`, (python) => {
      it("are read as pandas reads them", { timeout: 120_000 }, async () => {
        const path = join(folder, `by-${client}.h5`);
        execFileSync(python, [join(import.meta.dirname, "pandas_writes.py"), path, `${path}.json`, FOLDER]);
        const { objects } = JSON.parse(readFileSync(`${path}.json`, "utf8")) as { objects: { key: string }[] };
        const store = await openStore(path);
        for (const { key, ...frame } of objects)
          expect
            .soft(plain(JSON.parse(JSON.stringify(await frameJson(await store.get(key))))), key)
            .toEqual(plain(frame));
        expect(objects.length).toBeGreaterThan(80);
        await store.close();
      });
    });
  round("python", "the newest pandas", some(all), 3);
  round("pandas1", "pandas 1.5", some(all.filter(({ portable }) => portable)), 1);
}
