import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Disk, PowerCut } from "../../test/support/power-cut.ts";
import { asAddress, DEFAULT_SIZES } from "../bytes/address.ts";
import { Encoder } from "../bytes/encoder.ts";
import { finishCommit } from "../engine/pending-commit.ts";
import { findSuperblock } from "../engine/superblock.ts";
import { commitMarker } from "../format/superblock/commit-marker.ts";
import { superblock } from "../format/superblock/superblock.ts";
import { PageCache } from "../steps/page-cache.ts";
import { Patches } from "../steps/patches.ts";
import { runSync } from "../steps/run-sync.ts";
import { read } from "../steps/steps.ts";
import type { Patch } from "../steps/storage.ts";
import { commitPatches, type Durability } from "./commit.ts";
import { CommitJournal } from "./commit-journal.ts";

const SIZE = 8192;
const START = 48;

function superblockBytes(end: number, root: number): Uint8Array {
  const to = new Encoder();
  superblock(to, {
    version: 3,
    consistencyFlags: 0,
    base: asAddress(0),
    extension: null,
    endOfFile: asAddress(end),
    root: asAddress(root),
  });
  return to.finish().slice();
}

/** A file of bytes that tell their position, and what a commit makes of it. */
function scenario(list: readonly Patch[]): {
  before: Uint8Array;
  after: Uint8Array;
} {
  const before = Uint8Array.from({ length: SIZE }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
  before.set(superblockBytes(SIZE, 100));
  const after = before.slice();
  for (const { at, bytes } of list) {
    after.set(bytes, at);
  }
  after.set(superblockBytes(SIZE, 200));
  return { before, after };
}

/** The bytes that a reader sees of a file as it was found. */
function seen(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const disk = new Disk();
  for (const [name, bytes] of files) disk.put(name, bytes);
  const storage = disk.open("f");
  const bytes = (files.get("f") as Uint8Array).slice();
  const found = runSync(findSuperblock(new PageCache(storage), storage));
  if (commitMarker(found.bytes, 0, found.sizes) === undefined) return bytes;
  const [whole] = runSync(read(runSync(finishCommit(storage, found)), [{ at: 0, length: bytes.length }]));
  return whole as Uint8Array;
}

/** Commits with the power going at operation `n`; whether it came to its end. */
function attempt(
  before: Uint8Array,
  list: readonly Patch[],
  durability: Durability,
  n: number,
): { disk: Disk; done: boolean } {
  const patches = new Patches();
  for (const { at, bytes } of list) patches.add(at, bytes);
  const disk = new Disk();
  disk.put("f", before);
  disk.cutAfter = n;
  try {
    const change = {
      position: 0,
      before: superblockBytes(SIZE, 100),
      after: superblockBytes(SIZE, 200),
      sizes: DEFAULT_SIZES,
    };
    const target = disk.open("f");
    const journal = new CommitJournal(target.companion, patches);
    runSync(commitPatches(target, patches, { end: SIZE, durability, superblock: change, journal, reached() {} }));
    return { disk, done: true };
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    return { disk, done: false };
  }
}

const someList = fc.array(
  fc.record({
    at: fc.integer({ min: START, max: SIZE - 1500 }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 1500 }),
  }),
  { minLength: 1, maxLength: 6 },
);

describe("commit", () => {
  it("with `disk` leaves the state before or the state after, wherever the power goes and whatever is torn", () => {
    let states = 0;
    fc.assert(
      fc.property(someList, fc.infiniteStream(fc.boolean()), (list, coins) => {
        const { before, after } = scenario(list);
        for (let n = 0; ; n++) {
          const { disk, done } = attempt(before, list, "disk", n);
          for (let subset = 0; subset < 12; subset++) {
            const found = seen(disk.after(() => coins.next().value as boolean));
            const isAfter = Buffer.compare(found, after) === 0;
            expect(isAfter || Buffer.compare(found, before) === 0, `cut at ${n}`).toBe(true);
            if (done) expect(isAfter).toBe(true);
            states++;
          }
          if (done) break;
        }
      }),
      { numRuns: 40 },
    );
    expect(states).toBeGreaterThan(1000);
  });

  it("with `process` leaves one or the other wherever the process ends, in the order of its writes", () => {
    fc.assert(
      fc.property(someList, (list) => {
        const { before, after } = scenario(list);
        for (let n = 0, done = false; !done; n++) {
          const result = attempt(before, list, "process", n);
          done = result.done;
          const found = seen(result.disk.after(() => true));
          expect(Buffer.compare(found, after) === 0 || Buffer.compare(found, before) === 0, `ended at ${n}`).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("refuses a journal that is missing, damaged, of another commit, or of a file that was changed since", () => {
    const list = [{ at: 1000, bytes: new Uint8Array(700).fill(1) }];
    const { before } = scenario(list);
    const { disk } = attempt(before, list, "process", 3);
    const files = disk.after(() => true);
    const journal = files.get("f.journal") as Uint8Array;
    expect(seen(files).length).toBe(SIZE);
    expect(() => seen(new Map([["f", files.get("f") as Uint8Array]]))).toThrow(/f\.journal/);
    for (const at of [0, 300, journal.length - 200, journal.length - 1]) {
      const damaged = journal.slice();
      damaged[at] ^= 1;
      expect(() => seen(new Map([...files, ["f.journal", damaged]]))).toThrow(/Journal/);
    }
    const other = attempt(before, list, "process", 3)
      .disk.after(() => true)
      .get("f.journal") as Uint8Array;
    expect(() => seen(new Map([...files, ["f.journal", other]]))).toThrow(/another commit/);
    const changed = (files.get("f") as Uint8Array).slice();
    changed[1500] ^= 1;
    expect(() => seen(new Map([...files, ["f", changed]]))).toThrow(/changed since/);
  });
});
