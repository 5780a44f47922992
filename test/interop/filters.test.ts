/**
 * Filters against libhdf5 and hdf5plugin: they make the same client data of the same options, read what we encode, and
 * we read what they encode. `H5TS_SCALE=1` runs 6,000 cases; by default a tenth.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codecOf, knownSizes, loadAll } from "../../packages/filters/test/vectors.ts";
import { describeWith } from "../support/clients.ts";
import { type Case, type Prepared, prepare, randomCases } from "./filter-cases.ts";

const COUNT = Math.ceil(6000 * Number(process.env.H5TS_SCALE ?? 0.1));

/** What the libraries say of a case. */
interface Answer {
  readonly clientData: number[][];
  readonly error?: string;
  readonly mask: number;
  readonly decoded: Uint8Array;
  readonly encoded: Uint8Array;
}

/** Hands the cases to the Python script and reads its answers. */
function ask(python: string, cases: readonly Prepared[]): Answer[] {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-filters-"));
  try {
    const heads = cases.map(({ chunk, data, ...rest }) => ({ ...rest, chunk: chunk.length, data: data.length }));
    writeFileSync(join(folder, "cases.json"), JSON.stringify(heads));
    writeFileSync(join(folder, "cases.bin"), Buffer.concat(cases.flatMap(({ chunk, data }) => [chunk, data])));
    execFileSync(python, [fileURLToPath(new URL("./filters.py", import.meta.url)), folder], { stdio: "inherit" });
    const answers = JSON.parse(readFileSync(join(folder, "answers.json"), "utf8")) as (Omit<
      Answer,
      "decoded" | "encoded"
    > & {
      decoded: number;
      encoded: number;
    })[];
    const blob = new Uint8Array(readFileSync(join(folder, "answers.bin")));
    let at = 0;
    const next = (length: number): Uint8Array => blob.subarray(at, (at += length));
    return answers.map((answer) => ({ ...answer, decoded: next(answer.decoded), encoded: next(answer.encoded) }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Undoes a pipeline as the engine does. */
function decode(
  { filters, data }: Prepared,
  clientData: readonly (readonly number[])[],
  mask: number,
  chunk: Uint8Array,
): Uint8Array {
  const steps = filters.map(({ id }, i) => ({ id, cd: clientData[i] }));
  const sizes = knownSizes(steps, mask, data.length);
  let bytes = chunk;
  for (let i = steps.length - 1; i >= 0; i--) {
    if ((mask >>> i) & 1) continue;
    const exact = sizes[i];
    const size = exact === undefined ? { max: 4 * data.length + 4096 } : { exact, max: exact };
    bytes = codecOf(steps[i].id).decode(bytes, steps[i].cd, size);
  }
  return bytes;
}

/** The same, or what was thrown. */
function decoded(...args: Parameters<typeof decode>): Uint8Array | string {
  try {
    return decode(...args);
  } catch (error) {
    return String(error);
  }
}

describeWith("python", "filters and libhdf5 with hdf5plugin", (python) => {
  let cases: Case[] = [];
  const right = { clientData: 0, read: 0, written: 0 };
  const wrong: string[] = [];

  beforeAll(async () => {
    await loadAll();
    cases = randomCases(COUNT);
    const prepared = cases.map(prepare);
    const answers = ask(python, prepared);
    for (const [i, ours] of prepared.entries()) check(ours, answers[i], `${i}: ${ours.title}`);
  }, 1_200_000);

  function check(ours: Prepared, theirs: Answer, title: string): void {
    const note = (kind: keyof typeof right, ok: boolean, detail: string): void => {
      if (ok) right[kind]++;
      else wrong.push(`${kind} ${title}: ${detail}`);
    };
    const clientData = ours.filters.map((filter) => filter.clientData);
    note(
      "clientData",
      JSON.stringify(clientData) === JSON.stringify(theirs.clientData),
      `${JSON.stringify(clientData)} instead of ${JSON.stringify(theirs.clientData)}`,
    );
    const expected = ours.lossy ? decoded(ours, clientData, ours.mask, ours.chunk) : ours.data;
    const same = typeof expected !== "string" && Buffer.compare(theirs.decoded, expected) === 0;
    note(
      "read",
      theirs.error === undefined && same,
      theirs.error ?? `other bytes than ${typeof expected === "string" ? expected : "ours"}`,
    );
    if (theirs.error !== undefined) return;
    const data = decoded(ours, theirs.clientData, theirs.mask, theirs.encoded);
    if (typeof data === "string") note("written", false, data);
    else
      note(
        "written",
        ours.lossy ? data.length === ours.data.length : Buffer.compare(data, ours.data) === 0,
        "other bytes",
      );
  }

  afterAll(() => {
    const names = new Set(cases.flatMap((one) => one.filters.map((filter) => filter.name)));
    const sizes = cases.map((one) => one.dims.reduce((n, size) => n * size, 1));
    console.log(
      `${cases.length} cases: client data alike in ${right.clientData}, our chunks read in ${right.read}, theirs in ${right.written};`,
      `filters ${[...names].sort().join(", ")}; types ${[...new Set(cases.map((one) => one.dtype))].join(", ")};`,
      `${Math.min(...sizes)} to ${Math.max(...sizes)} elements; up to ${Math.max(...cases.map((one) => one.filters.length))} filters`,
    );
  });

  describe.each(["clientData", "read", "written"] as const)("%s", (kind) => {
    it("is right in every case", () => {
      expect(wrong.filter((text) => text.startsWith(`${kind} `)).slice(0, 10)).toEqual([]);
      expect(right[kind]).toBe(cases.length);
    });
  });
});
