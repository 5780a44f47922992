import { describe, expect, it } from "vitest";
import { everything } from "../../test/support/byte-sink.ts";
import { byLibhdf5, editingOptions, h5wasmFile } from "../../test/support/editing.ts";
import { numbersFrom, valuesOf } from "../../test/support/i4.ts";
import { EditedFile, newDataset } from "../../test/support/new-datasets.ts";
import { Disk, PowerCut } from "../../test/support/power-cut.ts";
import { checked } from "../../test/support/sound.ts";
import { asAddress } from "../bytes/address.ts";
import { readSuperblock, superblockSizes } from "../format/superblock/superblock.ts";
import { runSync } from "../steps/run-sync.ts";
import { MemoryStorage } from "../storage/memory.ts";
import { encodedSuperblock } from "./editing.ts";
import { openForEditing } from "./open-editor.ts";
import { type Recovered, type RecoverOptions, recoverFile } from "./recover.ts";

/** The file with other flags, or another end, in its superblock. */
function left(bytes: Uint8Array, { flags, end }: { flags?: number; end?: number }): Uint8Array {
  const sizes = superblockSizes(bytes, 0);
  const value = readSuperblock(bytes, 0, sizes);
  const changed = {
    ...value,
    ...(flags === undefined ? {} : { consistencyFlags: flags }),
    ...(end === undefined ? {} : { endOfFile: asAddress(end) }),
  };
  const result = bytes.slice();
  result.set(encodedSuperblock(changed, sizes));
  return result;
}

function recover(bytes: Uint8Array, options: Partial<RecoverOptions> = {}): Recovered & { readonly bytes: Uint8Array } {
  const storage = new MemoryStorage(bytes.slice());
  const recovered = runSync(recoverFile(storage, { ...editingOptions(), ...options }));
  return { ...recovered, bytes: storage.toUint8Array() };
}

const N = 5000;
const values = Array.from({ length: N }, (_, i) => i);
const made = (libver: "earliest" | "latest"): Uint8Array =>
  h5wasmFile(libver, (f) => {
    for (const name of ["a", "b"]) f.create_dataset({ name, data: new Int32Array(values) });
  });

const latest = made("latest");
const earliest = made("earliest");

describe("recovering", () => {
  it("has nothing to do for a file that was closed", () => {
    for (const bytes of [latest, earliest]) {
      const { found, done, ok, bytes: after } = recover(bytes);
      expect({ found, done, ok }).toEqual({ found: [], done: [], ok: true });
      expect(after).toEqual(bytes);
    }
  });

  it("clears flags, so that the file can be changed", () => {
    const bytes = left(latest, { flags: 5 });
    expect(() => runSync(openForEditing(new MemoryStorage(bytes.slice()), editingOptions()))).toThrow("h5ts recover");
    const { found, done, ok, bytes: after } = recover(bytes);
    expect(found).toEqual([
      "the superblock says that the file is open for writing",
      "the superblock says that the file is open for writing while others read",
    ]);
    expect({ done, ok }).toEqual({ done: ["cleared the flags of the superblock"], ok: true });
    expect(after).toEqual(latest);
  });

  it("sets an end that the file has outgrown, and cuts nothing off", () => {
    const bytes = left(earliest, { end: 463 });
    const { done, ok, bytes: after } = recover(bytes);
    expect({ done, ok }).toEqual({ done: [`set the end-of-file address to ${earliest.length}`], ok: true });
    expect(after).toEqual(earliest);
    expect(byLibhdf5(after, valuesOf("b"))).toEqual(values);
  });

  it("only tells what it would do, where that is asked for", () => {
    const bytes = left(latest, { flags: 1, end: 2000 });
    const { found, done, bytes: after } = recover(bytes, { dryRun: true });
    expect(found).toHaveLength(2);
    expect(done).toEqual([]);
    expect(after).toEqual(bytes);
  });

  it("gives space that was never written the bytes that it lacks", () => {
    const cut = left(latest, { flags: 1 }).slice(0, latest.length - 1000);
    const { done, ok, bytes: after } = recover(cut);
    expect(ok).toBe(true);
    expect(done).toContain("cleared the flags of the superblock");
    expect(byLibhdf5(after, valuesOf("a"))).toHaveLength(N);
    expect(checked(after).faults).toEqual([]);
  });

  it("does not take a file for whole that was cut short", () => {
    const cut = latest.slice(0, latest.length - 1000);
    const { ok, done, found, bytes: after } = recover(cut);
    expect({ ok, done }).toEqual({ ok: false, done: [] });
    expect(found.join()).toContain("past the end of the file");
    expect(after).toEqual(cut);
  });

  it("leaves a file alone that does not parse, unless it is forced to", () => {
    const bytes = left(latest, { flags: 1 });
    bytes[Buffer.from(bytes.buffer).indexOf("OHDR", 100, "latin1") + 8] ^= 0xff;
    const careful = recover(bytes);
    expect({ ok: careful.ok, done: careful.done }).toEqual({ ok: false, done: [] });
    expect(careful.bytes).toEqual(bytes);
    const forced = recover(bytes, { force: true });
    expect({ ok: forced.ok, done: forced.done }).toEqual({ ok: true, done: ["cleared the flags of the superblock"] });
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ["says that it is being written", (bytes) => left(bytes, { flags: 1 })],
    ["goes on behind its end", (bytes) => Uint8Array.from([...bytes, ...new Uint8Array(1000)])],
  ])("drops what is recorded of free space in a file that %s", (_, leave) => {
    const edited = EditedFile.made("v110", { fsPersist: true });
    edited.create("a", newDataset([100]));
    edited.write(edited.create("b", newDataset([1000])), everything([1000]), numbersFrom(0, 1000));
    const bytes = edited.commit();
    const before = checked(bytes).free;
    expect(before).not.toEqual([]);
    const { ok, done, bytes: after } = recover(leave(bytes));
    expect({ ok, last: done[done.length - 1] }).toEqual({ ok: true, last: "dropped what was recorded of free space" });
    const { free, faults } = checked(after);
    // What may be free now is what the drop itself has freed.
    for (const { address } of before) expect(free.some((one) => one.address === address)).toBe(false);
    expect(faults).toEqual([]);
    expect(byLibhdf5(after, valuesOf("b"))).toEqual(values.slice(0, 1000));
    expect(recover(after)).toMatchObject({ ok: true, done: [] });
  });

  it("finishes a commit, or goes back to the last one, wherever the writer died", () => {
    const outcomes = new Set<string>();
    for (let n = 0; n < 40; n++) {
      const disk = new Disk();
      disk.put("f.h5", latest);
      const { file, commit } = runSync(openForEditing(disk.open("f.h5"), editingOptions({ durability: "disk" })));
      const at = asAddress(latest.length - 200);
      runSync(file.raw.write(at, new Uint8Array(100).fill(9)));
      disk.cutAfter = n;
      try {
        runSync(commit());
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
      disk.cutAfter = Infinity;
      const { ok, done } = runSync(recoverFile(disk.open("f.h5"), editingOptions()));
      expect(ok).toBe(true);
      outcomes.add(done.join());
      expect(disk.files.has("f.h5.journal")).toBe(false);
      const bytes = disk.files.get("f.h5")!.toUint8Array();
      const written = bytes.subarray(at, at + 100).every((byte) => byte === 9);
      if (!written) expect(bytes).toEqual(latest);
    }
    expect([...outcomes].sort()).toEqual([
      "",
      "finished the commit",
      "removed the journal: the file is as at its last commit",
    ]);
  });
});
