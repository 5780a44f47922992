/** Files made by h5ts with every kind of superblock and file space: h5py and h5ts edit them by turns. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { createForEditing, type NewFile } from "../../packages/core/src/editor/create-file.ts";
import type { StructureVersion } from "../../packages/core/src/editor/editor-file.ts";
import { type Editing, editing } from "../../packages/core/src/editor/file-editor.ts";
import { type EditorOptions, openForEditing } from "../../packages/core/src/editor/open-editor.ts";
import { runSync } from "../../packages/core/src/steps/run-sync.ts";
import { MemoryStorage } from "../../packages/core/src/storage/memory.ts";
import { everything } from "../../packages/core/test/support/byte-sink.ts";
import { editingOptions } from "../../packages/core/test/support/editing.ts";
import { numbersFrom } from "../../packages/core/test/support/i4.ts";
import { newDataset, sourceOf } from "../../packages/core/test/support/new-datasets.ts";
import { checked } from "../../packages/core/test/support/sound.ts";
import { describeWith } from "../support/clients.ts";

const script = fileURLToPath(new URL("file_space.py", import.meta.url));
const ROUNDS = process.env.H5TS_SCALE === "1" ? 12 : 3;
const KINDS: Record<string, NewFile> = {
  plain: {},
  userblock: { userblockSize: 2048 },
  page: { fsStrategy: "page" },
  "page-userblock": { fsStrategy: "page", fsPageSize: 512, userblockSize: 512 },
  persist: { fsPersist: true },
  "persist-userblock": { fsPersist: true, fsThreshold: 30, userblockSize: 512 },
  // In pages of 4096 bytes and less libhdf5 2.0 loses itself in its own free space, without any help of ours.
  "page-persist": { fsStrategy: "page", fsPersist: true, fsPageSize: 16384 },
  "page-persist-userblock": { fsStrategy: "page", fsPersist: true, fsPageSize: 16384, userblockSize: 65536 },
  aggregate: { fsStrategy: "aggregate" },
  none: { fsStrategy: "none" },
};
const VERSIONS: readonly StructureVersion[] = ["earliest", "v108", "v110", "v200"];

/** What a file is to hold: datasets by their first number and count, and groups. */
interface Record_ {
  readonly asked: NewFile;
  readonly data: Record<string, [number, number]>;
  groups: string[];
}

/** A generator of numbers below `n`. */
function numbers(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

function churn({ editor, reader }: Editing, record: Record_, seed: number): void {
  const below = numbers(seed);
  const { root } = reader.info;
  const order = { tracked: false, indexed: false };
  for (const name of Object.keys(record.data).sort()) {
    if (below(2) === 0) continue;
    runSync(editor.unlink(root, name));
    delete record.data[name];
  }
  for (const name of [...record.groups].sort()) {
    if (below(2) === 0) continue;
    runSync(editor.unlink(root, name));
    record.groups = record.groups.filter((other) => other !== name);
  }
  for (let i = 0; i < 8; i++) {
    const [name, first, count] = [`t${seed}-${i}`, below(1000), 1 + below(3000)];
    const dataset = runSync(editor.createDataset(newDataset([count])));
    const info = runSync(reader.object(dataset));
    if (info.kind !== "dataset") throw new Error("no dataset");
    runSync(editor.write(info, everything([count]), sourceOf(numbersFrom(first, count), 4)));
    runSync(editor.link(root, { type: "hard", name, charset: "ascii", address: dataset }));
    record.data[name] = [first, count];
    const group = `${"many ".repeat(below(9))}group${seed}-${i}`;
    const made = runSync(editor.createGroup({ attributeOrder: order, linkOrder: order, trackTimes: true }));
    runSync(editor.link(root, { type: "hard", name: group, charset: "ascii", address: made }));
    runSync(
      editor.setAttribute(made, {
        name: "name",
        charset: "ascii",
        datatype: newDataset([]).datatype,
        dataspace: { kind: "scalar", dims: [], maxDims: [] },
        source: sourceOf(numbersFrom(group.length, 1), 4),
      }),
    );
    record.groups.push(group);
    if (below(3) === 0) runSync(editor.commit());
  }
  runSync(editor.commit());
}

describeWith("python", "file space", (python) => {
  const turnOfPython = (folder: string, round: number, ...rest: string[]): void => {
    const ran = spawnSync(python, [script, folder, String(round), ...rest], { encoding: "utf8" });
    expect(ran.status, `${ran.stdout}${ran.stderr}`).toBe(0);
  };

  it.each(["h5ts", "h5py"])("of files that %s began is used by both in turns, and no byte twice", (who) => {
    const folder = mkdtempSync(join(tmpdir(), "h5ts-space-"));
    const files = VERSIONS.flatMap((low) =>
      Object.entries(KINDS).map(([kind, asked]) => ({ path: join(folder, `${low}-${kind}`), low, asked })),
    );
    try {
      if (who === "h5py") {
        for (const { path, low, asked } of files)
          writeFileSync(`${path}.json`, JSON.stringify({ asked, libver: low, data: {}, groups: [] }));
        turnOfPython(folder, 100, "begin");
      }
      for (let round = 0; round < ROUNDS; round++) {
        for (const { path, low, asked } of files)
          turn(path, low, round === 0 && who === "h5ts" ? asked : undefined, round);
        turnOfPython(folder, round);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** One turn of h5ts: makes the file, where it is told how, or edits it. */
function turn(path: string, low: StructureVersion, asked: NewFile | undefined, round: number): void {
  const options: EditorOptions = editingOptions({ bounds: { low, high: "v200" } });
  const storage = new MemoryStorage(asked ? new Uint8Array(0) : new Uint8Array(readFileSync(`${path}.h5`)));
  const record: Record_ = asked
    ? { asked, data: {}, groups: [] }
    : (JSON.parse(readFileSync(`${path}.json`, "utf8")) as Record_);
  const opened = runSync(
    asked ? createForEditing(storage, { ...options, ...asked }) : openForEditing(storage, options),
  );
  const both = editing(opened, options);
  const names = runSync(both.reader.links(both.reader.info.root, "name")).map(({ name }) => name);
  expect(names.sort(), path).toEqual([...Object.keys(record.data), ...record.groups].sort());
  churn(both, record, round);
  const bytes = storage.toUint8Array();
  const { faults, leaks } = checked(bytes);
  expect(
    faults.map(({ message }) => message),
    path,
  ).toEqual([]);
  // What is too small to be kept is lost to the next session, with libhdf5 as with us.
  if (asked?.fsPersist && asked.fsThreshold === undefined) expect(leaks, path).toEqual([]);
  writeFileSync(`${path}.h5`, bytes);
  writeFileSync(`${path}.json`, JSON.stringify(record));
}
