/**
 * Every file of the corpus that can be written is opened for changes, and gets one attribute on its root group. It is as sound
 * afterwards as before, and all that belongs to other objects is byte for byte what it was.
 */
import { readFileSync } from "node:fs";
import { defaultFilters } from "@h5ts/filters";
import { afterAll, describe, expect, it } from "vitest";
import { editing } from "../../packages/core/src/editor/file-editor.ts";
import { type EditorOptions, openForEditing } from "../../packages/core/src/editor/open-editor.ts";
import { recoverFile } from "../../packages/core/src/editor/recover.ts";
import { checkFile } from "../../packages/core/src/engine/check/check-file.ts";
import type { CheckReport } from "../../packages/core/src/engine/check/report.ts";
import { openReader } from "../../packages/core/src/engine/file-reader.ts";
import { CACHE_IMAGE_TITLE } from "../../packages/core/src/format/superblock/cache-image.ts";
import { runSync } from "../../packages/core/src/steps/run-sync.ts";
import { linkPolicy } from "../../packages/core/src/storage/links/link-policy.ts";
import { MemoryStorage } from "../../packages/core/src/storage/memory.ts";
import { editingOptions } from "../../packages/core/test/support/editing.ts";
import { numbersFrom } from "../../packages/core/test/support/i4.ts";
import { integer, sourceOf } from "../../packages/core/test/support/new-datasets.ts";
import { CORPUS_ABSENT, corpusEntries, corpusPath, hasCorpus, SCALE } from "../support/corpus.ts";

const MOST_BYTES = 30e6;
const counts = { edited: 0, recovered: 0, unreadable: 0 };

const optionsFor = (storage: MemoryStorage): EditorOptions =>
  editingOptions({ filters: defaultFilters, links: linkPolicy(storage, { links: "none" }) });

function check(bytes: Uint8Array): CheckReport | undefined {
  const storage = new MemoryStorage(bytes);
  try {
    return runSync(checkFile(runSync(openReader(storage, optionsFor(storage))).file));
  } catch {
    return undefined;
  }
}

/** What faults are about; how they word what they count may change with what is counted. */
const kinds = ({ faults }: CheckReport): string[] => faults.map(({ structure, address }) => `${structure} ${address}`);

function edit(storage: MemoryStorage): void {
  const options = optionsFor(storage);
  const { reader, editor } = editing(runSync(openForEditing(storage, options)), options);
  const attribute = { name: "h5ts was here", charset: "ascii", datatype: integer(4) } as const;
  const dataspace = { kind: "scalar", dims: [], maxDims: [] } as const;
  const source = sourceOf(numbersFrom(7, 1), 4);
  runSync(editor.setAttribute(reader.info.root, { ...attribute, dataspace, source }));
  runSync(editor.commit());
}

function editFile(file: string): void {
  const original = new Uint8Array(readFileSync(corpusPath(file)));
  const before = check(original);
  if (before === undefined) {
    counts.unreadable++;
    return;
  }
  const storage = new MemoryStorage(original.slice());
  const recovered = runSync(recoverFile(storage, optionsFor(storage)));
  if (!recovered.ok) runSync(recoverFile(storage, { ...optionsFor(storage), force: true }));
  if (recovered.done.length > 0) counts.recovered++;
  edit(storage);
  counts.edited++;
  const bytes = storage.toUint8Array();
  const after = check(bytes);
  expect(after && kinds(after).filter((kind) => !kinds(before).includes(kind))).toEqual([]);
  // What an image held stands in the file afterwards.
  if (before.extents.some(({ structure }) => structure === CACHE_IMAGE_TITLE)) return;
  const base = runSync(openReader(new MemoryStorage(original), optionsFor(storage))).info.userblockSize;
  const part = (from: Uint8Array, address: number, length: number): Buffer =>
    Buffer.from(from.buffer, from.byteOffset, from.length).subarray(base + address, base + address + length);
  const changed = before.extents.filter(
    ({ address, length, path }) =>
      path !== "/" &&
      path !== "" &&
      Buffer.compare(part(original, address, length), part(bytes, address, length)) !== 0,
  );
  expect(changed).toEqual([]);
}

function edits(): void {
  const entries = corpusEntries().filter(({ truth, driver, bytes }) => truth !== null && !driver && bytes < MOST_BYTES);
  const step = Math.max(1, Math.round(1 / SCALE));
  it.each(entries.filter((_, i) => i % step === 0).map(({ file }) => file))("%s", (file) => editFile(file));
  afterAll(() => {
    console.log(
      `${counts.edited} files edited, ${counts.recovered} of them recovered first; ${counts.unreadable} cannot be read`,
    );
    expect(counts.edited).toBeGreaterThan(counts.unreadable);
  });
}

if (hasCorpus()) describe("files of the corpus are edited", edits);
else it.skip(CORPUS_ABSENT, () => {});
