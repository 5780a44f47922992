/**
 * Files of the corpus written anew by `h5ts repack`: `check` finds nothing wrong with the new file, `diff` no difference between the
 * two, and libhdf5 reads the same objects, attributes and elements from both.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runCli } from "@h5ts/cli";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadFilters } from "../../packages/h5ts/src/index.ts";
import { Oracle } from "../malformed/oracle.ts";
import { client } from "../support/clients.ts";
import {
  CORPUS_ABSENT,
  type CorpusEntry,
  corpusEntries,
  corpusPath,
  folderOf,
  hasCorpus,
  SCALE,
  type Truth,
  type TruthRecord,
  truthOf,
} from "../support/corpus.ts";

/** What cannot be written anew, as it is told. */
const REFUSED: readonly RegExp[] = [
  // Damaged, by its name or by its writer.
  /bad_offset\.h5/,
  /must be understood and is not known/,
];
/** Filters that h5ts does not have, raw files that are not there, damaged chunks: they are copied, and cannot be compared. */
const LACKING =
  /needs .*filter.* which it was opened without|raw data file that is not there|cannot be decoded by the filter/;
/** Longer than this no file is worked at. */
const BYTES = 8 << 20;

const tally = { files: 0, repacked: 0, refused: 0, read: 0 };

if (hasCorpus()) describe("files are written anew", repacking);
else it.skip(CORPUS_ABSENT, () => {});

function repacking(): void {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-repack-"));
  const python = client("python");
  let oracle: Oracle | undefined;
  beforeAll(async () => {
    await loadFilters();
    oracle = python === undefined ? undefined : new Oracle(python);
  });
  afterAll(() => {
    oracle?.close();
    rmSync(folder, { recursive: true });
    console.log("written anew:", JSON.stringify(tally));
  });
  const entries = corpusEntries().filter(
    (entry) => entry.truth !== null && entry.driver === undefined && entry.bytes <= BYTES && !hasHuge(entry),
  );
  const step = Math.max(1, Math.round(1 / SCALE));
  it.each(entries.filter((_, i) => i % step === 0).map((entry) => [entry.file, entry] as const))(
    "%s",
    async (_, entry) => {
      tally.files++;
      const own = mkdtempSync(join(folder, "file-"));
      const out = join(own, "repacked by h5ts.h5");
      linkNeighbours(entry, own);
      const source = corpusPath(entry.file);
      const { code, err } = await ran("repack", source, out);
      if (code !== 0) {
        tally.refused++;
        expect(REFUSED.some((one) => one.test(err))).toBe(true);
        return;
      }
      tally.repacked++;
      // Damaged chunks are copied as they are.
      if ((await ran("check", source)).code === 0) expect(await ran("check", out)).toMatchObject({ code: 0, err: "" });
      const { out: found } = await ran("diff", "--links", "any", source, out);
      expect(found.split("\n").filter((line) => line !== "" && !LACKING.test(line))).toEqual([]);
      if (oracle !== undefined) await sameByLibhdf5(oracle, source, out);
      rmSync(own, { recursive: true });
    },
  );
}

async function ran(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const lines: { out: string[]; err: string[] } = { out: [], err: [] };
  const code = await runCli(argv, {
    out: (text) => void lines.out.push(text),
    err: (text) => void lines.err.push(text),
    isTerminal: false,
  });
  return { code, out: lines.out.join("\n"), err: lines.err.join("\n") };
}

/** Datasets of more than can be compared: their truth has no digest. */
const hasHuge = (entry: CorpusEntry): boolean => truthOf(entry).objects.some(({ skip }) => skip === "too_large");

/** Other files that it refers to, beside the new one. */
function linkNeighbours(entry: CorpusEntry, own: string): void {
  const from = folderOf(entry.file);
  for (const name of [...(truthOf(entry).companions ?? []), ...readdirSync(from)]) {
    if (!existsSync(join(from, name)) || existsSync(join(own, name))) continue;
    mkdirSync(dirname(join(own, name)), { recursive: true });
    symlinkSync(join(from, name), join(own, name));
  }
}

async function sameByLibhdf5(oracle: Oracle, source: string, out: string): Promise<void> {
  const [was, is] = [await oracle.read(source), await oracle.read(out)];
  if (!was.readable) return;
  tally.read++;
  expect(is.readable).toBe(true);
  const [before, after] = [contents(was), contents(is)];
  // What libhdf5 could not read of the old file is not compared.
  for (const [path, object] of Object.entries(before))
    if (JSON.stringify(object).includes('"oracle":"unreadable"')) {
      delete before[path];
      delete after[path];
    }
  expect(after).toEqual(before);
}

/** What does not depend on where things stand: references, which do, are compared by `diff`. */
function contents({ objects }: Truth): Record<string, object> {
  return Object.fromEntries(
    objects
      .filter(({ path }) => !path!.startsWith("/~obj_pointed_by_"))
      .map((object) => {
        const { kind, shape, maxshape, layout, chunks, filters, fill, links } = object;
        const attrs = (object.attrs as TruthRecord[] | undefined)?.map((one) => [one.name, digestOf(one)]);
        const known = (links as TruthRecord[] | undefined)?.filter(
          (link) => !link.name!.startsWith("~obj_pointed_by_"),
        );
        return [
          object.path,
          { kind, shape, maxshape, layout, chunks, filters, fill, links: known, attrs, ...digestOf(object) },
        ];
      }),
  );
}

function digestOf(record: TruthRecord): object {
  const { dtype, sha256, nbytes, oracle } = record;
  const type = JSON.stringify(dtype);
  return { dtype, nbytes, oracle, ...(!type?.includes('"ref"') && { sha256 }) };
}
