/** Files that are changed in one session after another, ours and libhdf5's: what is free is used again, also after a writer died. */
import { describe, expect, it } from "vitest";
import { changedByLibhdf5, type Libhdf5File } from "../../core/test/support/editing.ts";
import { Disk } from "../../core/test/support/power-cut.ts";
import { checkSync, type H5File, MemoryStorage, openSync, recoverSync } from "./index.ts";

const NAME = "f.h5";
type Libhdf5Group = ReturnType<Libhdf5File["create_group"]>;

function edited(bytes: Uint8Array, change: (file: H5File<"sync">) => void, mode: "r+" | "w" = "r+"): Uint8Array {
  const storage = new MemoryStorage(bytes.slice());
  const file = openSync(storage, mode, { libver: "latest", fsPersist: mode === "w" ? true : undefined });
  change(file);
  file.close();
  return storage.toUint8Array().slice();
}

function sound(bytes: Uint8Array): void {
  expect(checkSync(bytes).faults.map(({ message }) => message)).toEqual([]);
}

describe("fractal heaps", () => {
  const names = (from: number, to: number): string[] =>
    Array.from({ length: to - from }, (_, i) => `a member of the group ${from + i}`);

  const dense = (): Uint8Array =>
    edited(
      new Uint8Array(0),
      (file) => {
        const group = file.createGroup("g");
        for (const name of names(0, 60)) group.createSoftLink(name, "/nowhere");
        for (let i = 0; i < 40; i++) group.attrs.set(`attribute ${i}`, new Float64Array(i));
        file.flush();
        for (const name of names(10, 40)) group.delete(name);
        for (let i = 3; i < 30; i++) group.attrs.delete(`attribute ${i}`);
      },
      "w",
    );

  it("keep their free space from one session to the next", () => {
    let bytes = dense();
    sound(bytes);
    const { length } = bytes;
    for (let i = 0; i < 60; i++) {
      bytes = edited(bytes, (file) => {
        const group = file.group("g");
        if (i % 2 === 0) group.createSoftLink(`passing ${i}`, "/nowhere");
        else group.delete(`passing ${i - 1}`);
        group.attrs.set("passing", new Float64Array(i % 7));
      });
    }
    sound(bytes);
    expect(bytes.length).toBeLessThan(length + 2048);
  });

  it("give libhdf5 the space that is free, and take it back", () => {
    let bytes = dense();
    for (let round = 0; round < 3; round++) {
      bytes = changedByLibhdf5(bytes, (file) => {
        for (const name of names(100 * round + 100, 100 * round + 120)) file.create_group(`g/${name}`);
        const group = file.get("g") as Libhdf5Group;
        for (let i = 0; i < 12; i++) group.create_attribute(`by libhdf5 ${round} ${i}`, new Float64Array(i + 1));
        for (let i = 0; i < 6; i++) group.delete_attribute(`by libhdf5 ${round} ${i}`);
      });
      sound(bytes);
      bytes = edited(bytes, (file) => {
        const group = file.group("g");
        for (const name of names(100 * round + 105, 100 * round + 115)) group.delete(name);
        for (const name of names(100 * round + 160, 100 * round + 170)) group.createSoftLink(name, "/nowhere");
      });
      sound(bytes);
    }
    const file = openSync(bytes);
    const kept = [...names(0, 10), ...names(40, 60)];
    for (let round = 0; round < 3; round++)
      for (const [from, to] of [
        [100, 105],
        [115, 120],
        [160, 170],
      ])
        kept.push(...names(100 * round + from, 100 * round + to));
    expect(file.group("g").keys().sort()).toEqual(kept.sort());
    expect(file.group("g").attrs.get("by libhdf5 2 11")).toMatchObject({ data: new Float64Array(12) });
  });
});

describe("what a writer left uncommitted when it died", () => {
  /** A file whose writer committed `x` as 1, wrote a megabyte more and died. */
  function died(disk: Disk, persist: boolean): number {
    if (!disk.files.has(NAME)) {
      disk.put(NAME, new Uint8Array(0));
      const made = openSync(disk.open(NAME), "w", { libver: "latest", fsPersist: persist });
      made.createDataset("x", { data: Int32Array.of(0, 0, 0) });
      made.close();
    }
    const file = openSync(disk.open(NAME), "r+");
    file.dataset("x", "i4").write(Int32Array.of(1, 1, 1));
    file.flush();
    const committed = disk.files.get(NAME)!.toUint8Array().length;
    file.createDataset("more", { data: new Uint8Array(1 << 20) });
    return committed;
  }

  it.each([false, true])("is used by the next one, free space kept: %s", (persist) => {
    const disk = new Disk();
    const lengths = Array.from({ length: 5 }, () => died(disk, persist));
    expect(Math.max(...lengths)).toBeLessThan(lengths[0] + 1024);
    expect(disk.files.get(NAME)!.toUint8Array().length).toBeGreaterThan(1 << 20);
    const file = openSync(disk.open(NAME), "r+");
    file.dataset("x", "i4").write(Int32Array.of(2, 2, 2));
    file.close();
    const bytes = disk.files.get(NAME)!.toUint8Array();
    expect(bytes.length).toBeLessThan(lengths[0] + 1024);
    sound(bytes);
    expect(disk.files.has(`${NAME}.journal`)).toBe(false);
  });

  it("is given back by recover", () => {
    const disk = new Disk();
    const committed = died(disk, true);
    const { found, done, ok } = recoverSync(disk.open(NAME));
    expect({ ok, last: found.at(-1), did: done.at(-1) }).toMatchObject({
      ok: true,
      last: expect.stringMatching(/^\d+ bytes behind the end that were not committed$/),
      did: expect.stringMatching(/^gave back \d+ bytes$/),
    });
    expect(disk.files.get(NAME)!.toUint8Array().length).toBe(committed);
    expect(recoverSync(disk.open(NAME))).toMatchObject({ ok: true, done: [] });
  });

  it("stays where the writer was none of ours", () => {
    const disk = new Disk();
    died(disk, false);
    disk.files.delete(`${NAME}.journal`);
    const { length } = disk.files.get(NAME)!.toUint8Array();
    openSync(disk.open(NAME), "r+").close();
    expect(recoverSync(disk.open(NAME)).ok).toBe(true);
    expect(disk.files.get(NAME)!.toUint8Array().length).toBe(length);
  });
});
