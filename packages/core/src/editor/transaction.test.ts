import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { byLibhdf5, editingOptions, h5wasmFile } from "../../test/support/editing.ts";
import { asAddress } from "../bytes/address.ts";
import { isH5Error, StorageError } from "../errors.ts";
import { closeStorage } from "../steps/close.ts";
import { runAsync } from "../steps/run-async.ts";
import { runSync } from "../steps/run-sync.ts";
import { read } from "../steps/steps.ts";
import type { Patch } from "../steps/storage.ts";
import { WritableNodeFile } from "../storage/writable-node-file.ts";
import type { OpenedForEditing } from "./editing.ts";
import { openForEditing } from "./open-editor.ts";

const MIB = 1 << 20;
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "h5ts-transaction-"));
  path = join(folder, "a.h5");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A file with `size` bytes of contiguous data, and where these are. */
function fileOf(size: number): number {
  const marker = Uint8Array.from({ length: 32 }, (_, i) => 0xa5 ^ i);
  const data = new Uint8Array(size);
  data.set(marker);
  const bytes = h5wasmFile("earliest", (f) => f.create_dataset({ name: "x", data, shape: [size], dtype: "<B" }));
  writeFileSync(path, bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(marker);
}

function opened(target = new WritableNodeFile(path, "existing")): OpenedForEditing {
  return runSync(openForEditing(target, editingOptions()));
}

const seen = ({ file }: OpenedForEditing, at: number, length: number): Uint8Array => {
  const [outcome] = runSync(read(file.storage, [{ at, length }]));
  if (outcome instanceof Uint8Array) return outcome;
  throw outcome;
};

describe("bytes that change in place", () => {
  it("wait in the journal where they are many, are read from there, and reach the file with the commit", async () => {
    const at = fileOf(40 * MIB);
    const model = new Uint8Array(readFileSync(path));
    const edited = opened();
    const writes = fc.sample(
      fc.record({
        offset: fc.integer({ min: 0, max: 34 * MIB }),
        length: fc.integer({ min: 1, max: 6 * MIB }),
        byte: fc.nat(255),
      }),
      { numRuns: 25, seed: 7 },
    );
    for (const [i, { offset, length, byte }] of writes.entries()) {
      const bytes = new Uint8Array(length).fill(byte);
      const steps = edited.file.raw.write(asAddress(at + offset), bytes);
      if (i % 2 === 0) runSync(steps);
      else await runAsync(steps);
      model.set(bytes, at + offset);
      if (i % 6 === 3) {
        const from = at + Math.max(0, offset - 1000);
        expect(Buffer.compare(seen(edited, from, length + 2000), model.subarray(from, from + length + 2000))).toBe(0);
        const [later] = await runAsync(read(edited.file.storage, [{ at: from, length }]));
        expect(Buffer.compare(later as Uint8Array, model.subarray(from, from + length))).toBe(0);
      }
    }
    expect(readdirSync(folder)).toEqual(["a.h5", "a.h5.journal"]);
    runSync(edited.commit());
    expect(readFileSync(`${path}.journal`).length).toBe(0);
    runSync(closeStorage(edited.file.storage));
    expect(readdirSync(folder)).toEqual(["a.h5"]);
    expect(Buffer.compare(readFileSync(path), model)).toBe(0);
  });

  it("need no more of the disk when they are overwritten again and again", () => {
    const at = fileOf(20 * MIB);
    const edited = opened();
    for (let i = 0; i < 6; i++) {
      for (let part = 0; part < 20; part++) {
        runSync(edited.file.raw.write(asAddress(at + part * MIB), new Uint8Array(MIB).fill(i * 20 + part)));
      }
    }
    expect(readFileSync(`${path}.journal`).length).toBeLessThan(45 * MIB);
    runSync(edited.commit());
    runSync(closeStorage(edited.file.storage));
    expect(
      byLibhdf5(new Uint8Array(readFileSync(path)), (f) => (f.get("x") as { value: Uint8Array }).value[5 * MIB]),
    ).toBe(105);
  });

  it("are gone with who did not commit them", () => {
    const at = fileOf(20 * MIB);
    const before = readFileSync(path);
    const target = new WritableNodeFile(path, "existing");
    const edited = opened(target);
    runSync(edited.file.raw.write(asAddress(at), new Uint8Array(18 * MIB).fill(1)));
    // As if the process had ended.
    target.closeSync();
    expect(readdirSync(folder)).toEqual(["a.h5", "a.h5.journal"]);
    runSync(closeStorage(opened().file.storage));
    expect(readdirSync(folder)).toEqual(["a.h5"]);
    expect(Buffer.compare(readFileSync(path), before)).toBe(0);
  });
});

/** Fails at one write, and tells of all. */
class FailingFile extends WritableNodeFile {
  left = Infinity;
  override writeSync(patches: readonly Patch[]): void {
    if (this.left-- <= 0) throw new StorageError("no space is left on the disk");
    super.writeSync(patches);
  }
}

describe("a commit that fails", () => {
  it("leaves the last commit or, behind the point of no return, the new one; nothing can be done but close and open anew", () => {
    const at = fileOf(1000);
    const outcomes: string[] = [];
    for (let n = 0, failed = true; failed; n++) {
      const old = readFileSync(path);
      const target = new FailingFile(path, "existing");
      const edited = opened(target);
      runSync(edited.file.raw.write(asAddress(at + 100), Uint8Array.of(n + 1, n + 1)));
      target.left = n;
      try {
        runSync(edited.commit());
        failed = false;
      } catch (error) {
        expect(isH5Error(error, "StorageError")).toBe(true);
      }
      target.left = Infinity;
      if (failed) {
        const poisoned = expect.objectContaining({
          name: "ClosedError",
          message: expect.stringMatching(/a commit failed \(no space is left on the disk\)/),
          cause: expect.objectContaining({ name: "StorageError" }),
        });
        expect(() => runSync(edited.commit())).toThrow(poisoned);
        expect(() => runSync(edited.file.raw.write(asAddress(at), Uint8Array.of(1)))).toThrow(poisoned);
        expect(() => seen(edited, at, 8)).toThrow(poisoned);
      }
      runSync(closeStorage(edited.file.storage));
      const found = opened();
      const [a, b] = seen(found, at + 100, 2);
      runSync(closeStorage(found.file.storage));
      outcomes.push(
        a === n + 1 && b === n + 1 ? "new" : a === old[at + 100] && b === old[at + 101] ? "old" : "neither",
      );
      expect(readdirSync(folder)).toEqual(["a.h5"]);
    }
    expect(outcomes).toContain("old");
    expect(outcomes).toContain("new");
    expect(outcomes).not.toContain("neither");
    expect(outcomes.length).toBeGreaterThan(3);
  });

  it("gives back what it took of the disk, where it has not come to its point of no return", () => {
    const at = fileOf(1000);
    const old = readFileSync(path);
    const target = new WritableNodeFile(path, "existing");
    const openSync = (create: boolean): undefined => {
      if (create) throw new StorageError("no space is left on the disk");
    };
    Object.assign(target, { companion: { label: "journal", openSync, removeSync() {} } });
    const edited = opened(target);
    runSync(edited.file.raw.write(asAddress(at), Uint8Array.of(1)));
    runSync(edited.file.raw.write(edited.file.allocator.allocate(30_000, "raw"), new Uint8Array(30_000)));
    expect(target.sizeSync()).toBe(old.length + 30_000);
    expect(() => runSync(edited.commit())).toThrow(/no space/);
    runSync(closeStorage(edited.file.storage));
    expect(Buffer.compare(readFileSync(path), old)).toBe(0);
  });
});
