/**
 * Damaged input ends with an error of h5ts or a result, soon and within bounded memory; and a result is what libhdf5 gives.
 * Run over files that were damaged by others, and over seeded mutants of the corpus. `H5TS_SCALE` takes a part of them.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FileDigest } from "@h5ts/cli";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeWith } from "../support/clients.ts";
import { differences, differenceText } from "../support/compare.ts";
import { CORPUS_ABSENT, hasCorpus, MALFORMED, readJson, SCALE, type Truth } from "../support/corpus.ts";
import { type Agreement, compareValues, withoutUndefined } from "./agreement.ts";
import { malformedFiles } from "./inputs.ts";
import { Oracle } from "./oracle.ts";
import { emptyOutcome, idlePeak, type Outcome, PATIENCE, readAll } from "./run.ts";

const MUTANTS = Math.ceil(10_000 * SCALE);
const COMPARED = Math.ceil(3_000 * SCALE);
const HOUR = 3_600_000;
const MEMORY = 256e6;

interface Entry {
  readonly file: string;
  readonly truth?: string;
  readonly libhdf5: Readonly<Record<string, { readonly result: string }>>;
}

if (!hasCorpus()) {
  it.skip(CORPUS_ABSENT, () => {});
} else {
  describe("damaged input", damagedTests);
  describeWith("python", "mutants, beside libhdf5", agreementTests);
}

function damagedTests(): void {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-malformed-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  let idle = 0;
  beforeAll(async () => {
    idle = await idlePeak();
  });

  it(`${malformedFiles().length} malformed files`, { timeout: HOUR }, async () => {
    const outcome = emptyOutcome();
    await readAll("malformed", 0, malformedFiles().length, outcome, folder);
    check(outcome, malformedFiles().length, idle);
  });

  it("those that every libhdf5 reads without complaint are read alike", () => {
    const entries = readJson<Entry[]>(join(MALFORMED, "manifest.json"));
    const good = entries.filter((e) => e.truth && Object.values(e.libhdf5).every(({ result }) => result === "ok"));
    const files = malformedFiles();
    const wrong = good.flatMap(({ file, truth }) => {
      const i = files.indexOf(join(MALFORMED, file));
      const digest = readJson<FileDigest>(join(folder, `${i}.json`));
      const agreement: Agreement = { files: 0, values: 0, different: [] };
      compareValues(agreement, file, readJson<Truth>(join(MALFORMED, truth!)), digest);
      const others = differences(readJson<Truth>(join(MALFORMED, truth!)), digest).map((one) => differenceText(one));
      if (others.length > 0) console.log(`${file}:\n  ${others.join("\n  ")}`);
      return agreement.different;
    });
    console.log(`malformed files that are good to libhdf5: ${good.length}`);
    expect(good.length).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
  });

  it(`${MUTANTS} mutants of the corpus`, { timeout: HOUR }, async () => {
    const outcome = emptyOutcome();
    await readAll("mutants", 0, MUTANTS, outcome);
    check(outcome, MUTANTS, idle);
  });
}

/** Prints the figures, and holds them against what they must be. */
function check(outcome: Outcome, count: number, idle: number): void {
  const { read, readable, hangs, crashes, foreign, slowest, peak } = outcome;
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  console.log(
    [
      `${read} of ${count} read: ${readable} could be opened; ${foreign.length} errors of other classes,`,
      `${hangs.length} over ${PATIENCE} ms, ${crashes.length} crashes; slowest ${slowest.ms} ms (${slowest.title});`,
      `peak ${megabytes(peak)}, ${megabytes(peak - idle)} above an idle process`,
    ].join(" "),
  );
  expect({ hangs, crashes, foreign }).toEqual({ hangs: [], crashes: [], foreign: [] });
  expect(read).toBe(count);
  expect(peak - idle).toBeLessThan(MEMORY);
}

function agreementTests(python: string): void {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-mutants-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it(`${COMPARED} mutants: where both read a value, it is the same`, { timeout: HOUR }, async () => {
    const outcome = emptyOutcome();
    await readAll("mutants", 0, COMPARED, outcome, folder);
    const oracle = new Oracle(python);
    const again = new Oracle(python, 0xa5);
    const agreement: Agreement = { files: 0, values: 0, different: [] };
    let left = 0;
    for (let i = 0; i < COMPARED; i++) {
      const digest = JSON.parse(readFileSync(join(folder, `${i}.json`), "utf8")) as FileDigest;
      const path = join(folder, `${i}.h5`);
      const truth = await oracle.read(path);
      const one: Agreement = { files: 0, values: 0, different: [] };
      compareValues(one, digest.file, truth, digest);
      const sure: Agreement = { files: 0, values: 0, different: [] };
      if (one.different.length > 0) {
        compareValues(sure, digest.file, withoutUndefined(truth, await again.read(path)), digest);
      }
      left += one.different.length - sure.different.length;
      agreement.files += one.files;
      agreement.values += one.values;
      agreement.different.push(...sure.different);
    }
    oracle.close();
    again.close();
    console.log(
      `compared with libhdf5: ${COMPARED} mutants, ${agreement.files} opened by both, ${agreement.values} values read by both, ` +
        `${agreement.different.length} different (and ${left} that libhdf5 gives otherwise each time)`,
    );
    expect(agreement.different).toEqual([]);
  });
}
