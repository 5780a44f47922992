/**
 * Files of the corpus opened "r+", one attribute set, closed: structures that the change does not concern are the same bytes at the
 * same place, `check` finds nothing that it did not find before, and libhdf5 reads all the rest as it did.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type CheckReport,
  check,
  type FileExtent,
  isH5Error,
  MemoryStorage,
  openSync,
} from "../../packages/h5ts/src/index.ts";
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
  truthOf,
} from "../support/corpus.ts";

/** Name of the attribute that is set on the root group. */
const ATTRIBUTE = "set by h5ts";

/** Why a file cannot be written, as it says when it is opened or changed so. Sets of several files are left out. */
const REFUSED: readonly RegExp[] = [
  // Family, split and multi files.
  /files in several parts can be read, not changed/,
  // Left behind by a writer that died, or that has it open.
  /is being written by another program/,
];

const tally = { files: 0, written: 0, extents: 0, touched: 0, refused: {} as Record<string, number>, read: 0 };

if (hasCorpus()) describe("one attribute is set", attributeTests);
else it.skip(CORPUS_ABSENT, () => {});

function attributeTests(): void {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-bytes-"));
  const python = client("python");
  let oracle: Oracle | undefined;
  beforeAll(() => {
    if (python === undefined && process.env.CI === "true") throw new Error("Python with h5py is absent");
    oracle = python === undefined ? undefined : new Oracle(python);
  });
  afterAll(() => {
    oracle?.close();
    rmSync(folder, { recursive: true });
    console.log("one attribute set:", JSON.stringify(tally));
  });
  const entries = corpusEntries().filter(({ truth, driver }) => truth !== null && driver === undefined);
  const step = Math.max(1, Math.round(1 / SCALE));
  it.each(entries.filter((_, i) => i % step === 0).map((entry) => [entry.file, entry] as const))(
    "%s",
    async (_, entry) => {
      tally.files++;
      const before = Uint8Array.from(readFileSync(corpusPath(entry.file)));
      const after = changed(before);
      if (after === undefined) return;
      tally.written++;
      await compareBytes(entry, before, after);
      if (oracle !== undefined) await compareValues(oracle, folder, entry, after);
    },
  );
}

/** The file with the attribute; `undefined` where it cannot be written, which is counted. */
function changed(before: Uint8Array): Uint8Array | undefined {
  const storage = new MemoryStorage(before.slice());
  try {
    const file = openSync(storage, "r+");
    file.attrs.set(ATTRIBUTE, 1);
    file.close();
  } catch (error) {
    if (!isH5Error(error)) throw error;
    const why = REFUSED.find((one) => one.test(error.message));
    if (why === undefined) throw error;
    tally.refused[why.source] = (tally.refused[why.source] ?? 0) + 1;
    expect(storage.toUint8Array()).toEqual(before);
    return undefined;
  }
  return storage.toUint8Array();
}

async function compareBytes(entry: CorpusEntry, before: Uint8Array, after: Uint8Array): Promise<void> {
  const [was, is] = [await checked(before), await checked(after)];
  const known = new Set(was.faults.map(({ structure, reason }) => `${structure} ${reason}`));
  const added = is.faults.filter(({ structure, reason }) => !known.has(`${structure} ${reason}`));
  expect(added.map(({ message }) => message)).toEqual([]);
  // What stands in a metadata cache image is written to its places.
  if (was.extents.some(({ structure }) => structure === "Metadata cache image")) return;
  const moved: string[] = [];
  for (const extent of was.extents) {
    tally.extents++;
    if (same(extent, before, after, was, is)) continue;
    tally.touched++;
    if (!concerned(extent)) moved.push(`${extent.structure} of ${extent.path} at 0x${extent.address.toString(16)}`);
  }
  expect(moved, entry.file).toEqual([]);
}

const checked = (bytes: Uint8Array): Promise<CheckReport> => check(new MemoryStorage(bytes), { links: "none" });

function same(
  { address, length }: FileExtent,
  before: Uint8Array,
  after: Uint8Array,
  was: CheckReport,
  is: CheckReport,
): boolean {
  const from = was.base + address;
  const to = is.base + address;
  return Buffer.compare(before.subarray(from, from + length), after.subarray(to, to + length)) === 0;
}

/** What the change concerns: the root group's header and attributes, and what belongs to the file as a whole. */
function concerned({ path, structure }: FileExtent): boolean {
  if (path === "") return !/Global heap/.test(structure);
  return path === "/" && /^Object header|Fractal heap|Version 2 B-tree|Free-space|Huge object/.test(structure);
}

/** What libhdf5 reads is what it read before, with the attribute. */
async function compareValues(oracle: Oracle, folder: string, entry: CorpusEntry, after: Uint8Array): Promise<void> {
  const own = mkdtempSync(join(folder, "file-"));
  const path = join(own, basename(entry.file));
  writeFileSync(path, after);
  const folderOfFile = folderOf(entry.file);
  for (const name of [...(truthOf(entry).companions ?? []), ...readdirSync(folderOfFile)])
    link(join(folderOfFile, name), join(own, name));
  const was = await oracle.read(corpusPath(entry.file));
  const is = await oracle.read(path);
  rmSync(own, { recursive: true });
  if (!was.readable) return;
  tally.read++;
  expect(is.readable).toBe(true);
  expect(rest(is)).toEqual(rest(was));
}

/** Files that it refers to, where they are there. */
function link(from: string, to: string): void {
  if (!existsSync(from) || existsSync(to)) return;
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(from, to);
}

/** All objects, but for the attribute, and for what is said of structures. */
function rest({ objects }: Truth): object[] {
  return objects.map(({ info, ...object }) => {
    const attrs = object.attrs as { readonly name: string }[] | undefined;
    return { ...object, attrs: attrs?.filter(({ name }) => name !== ATTRIBUTE) };
  });
}
