/**
 * New datasets beside h5py's: of the same options both make the same shapes, chunks, filters with their client data, fill values and
 * times, or both refuse. `H5TS_SCALE=1` takes 3,000 random option bags; by default a tenth.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { type DatasetOptions, isH5Error, loadFilters, openSync } from "h5ts";
import { expect, it } from "vitest";
import { describeWith } from "../support/clients.ts";

const COUNT = Math.ceil(3000 * Number(process.env.H5TS_SCALE ?? 0.1));

interface Case {
  readonly libver: "earliest" | "latest";
  readonly options: DatasetOptions;
}

interface Answer {
  readonly theirs?: object;
  readonly ours?: object;
  readonly error?: string;
}

const extent = fc.oneof(fc.nat(20), fc.nat(3000), fc.constantFrom(0, 1, 1024, 100_000));
/** Whether its bytes can be counted here. */
const isCountable = (shape: readonly number[]): boolean => shape.reduce((product, dim) => product * dim, 16) < 2 ** 53;
const shapes = fc.oneof(
  { weight: 12, arbitrary: fc.array(extent, { minLength: 1, maxLength: 4 }).filter(isCountable) },
  { weight: 1, arbitrary: fc.constant<number[] | null>([]) },
);
const dtypes = fc.constantFrom("i1", "<u2", "<i4", ">i8", "u8", "f2", "<f4", ">f8", "S10", "bool", "c8", "string");
const times = fc.constantFrom("alloc", "never", "ifset");

/** Now and then. */
const seldom = <T>(one: fc.Arbitrary<T>, weight = 3): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 10 - weight, arbitrary: fc.constant(undefined) }, { weight, arbitrary: one });

const cases: fc.Arbitrary<Case> = fc
  .record({ libver: fc.constantFrom("earliest", "latest"), shape: shapes, dtype: dtypes })
  .chain(({ libver, shape, dtype }) =>
    fc
      .record({
        chunks: seldom(
          fc.oneof(fc.constant<true>(true), fc.constant(shape?.map((dim) => Math.min(dim, 60))), chunksOf(shape ?? [])),
          4,
        ),
        maxShape: seldom(fc.oneof(fc.constant<true>(true), maxOf(shape ?? [])), 4),
        compression: seldom(fc.constantFrom("gzip", ...(dtype === "string" ? [] : ["lzf"]), true, 0, 7, "nope", 32099)),
        compressionOpts: seldom(fc.constantFrom(1, 9, 11), 1),
        // libhdf5 leaves filters of such text without their parameters, so that shuffle is never applied; ours is.
        shuffle: dtype === "string" ? fc.constant(undefined) : seldom(fc.boolean()),
        fletcher32: seldom(fc.boolean(), 2),
        scaleOffset: seldom(fc.constantFrom<number | true>(0, 3, true), 1),
        fillValue: dtype === "string" || dtype === "S10" ? seldom(fc.constant("ab")) : seldom(fc.nat(1), 4),
        // h5py forgets it where there are no axes.
        fillTime: shape?.length === 0 ? fc.constant(undefined) : seldom(times),
        trackTimes: seldom(fc.boolean()),
        trackOrder: libver === "latest" ? seldom(fc.boolean()) : fc.constant(undefined),
      })
      .map((options) => ({ libver, options: { shape, dtype, ...options } as DatasetOptions })),
  );

const chunksOf = (shape: readonly number[]): fc.Arbitrary<number[]> =>
  fc.tuple(...shape.map((dim) => fc.integer({ min: 1, max: Math.max(1, Math.min(dim + 1, 50)) })));

const maxOf = (shape: readonly number[]): fc.Arbitrary<(number | null)[]> =>
  fc.tuple(...shape.map((dim) => fc.constantFrom(null, dim, dim + 5)));

/** What h5ts says against a case; `undefined` where it makes a dataset. */
function make(folder: string, all: readonly Case[]): (string | undefined)[] {
  const files = {
    earliest: openSync(join(folder, "ours-earliest.h5"), "w"),
    latest: openSync(join(folder, "ours-latest.h5"), "w", { libver: "latest" }),
  };
  const errors = all.map(({ libver, options }, i) => {
    try {
      files[libver].createDataset(`d${i}`, options);
      return undefined;
    } catch (error) {
      if (!isH5Error(error)) throw error;
      return `${error.name}: ${error.message}`;
    }
  });
  files.earliest.close();
  files.latest.close();
  return errors;
}

describeWith("python", "new datasets", (python) => {
  it(`are h5py's, of ${COUNT} option bags`, async () => {
    await loadFilters();
    const folder = mkdtempSync(join(tmpdir(), "h5ts-created-"));
    try {
      const all = fc.sample(cases, { numRuns: COUNT, seed: 20 });
      const errors = make(folder, all);
      writeFileSync(join(folder, "cases.json"), JSON.stringify(all));
      execFileSync(python, [fileURLToPath(new URL("./created.py", import.meta.url)), folder], { stdio: "inherit" });
      const answers = JSON.parse(readFileSync(join(folder, "answers.json"), "utf8")) as Answer[];
      const differences = answers.flatMap(({ theirs, ours, error }, i) => {
        const same = JSON.stringify(theirs) === JSON.stringify(ours);
        return same ? [] : [{ options: JSON.stringify(all[i]), theirs: theirs ?? error, ours: ours ?? errors[i] }];
      });
      expect(differences.slice(0, 5)).toEqual([]);
      expect(answers.filter(({ theirs }) => theirs !== undefined).length).toBeGreaterThan(COUNT / 4);
      expect(answers.filter(({ error }) => error !== undefined).length).toBeGreaterThan(COUNT / 10);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 300_000);
});
