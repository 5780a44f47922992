import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { h5wasmFile } from "../../../test/support/editing.ts";
import { checked } from "../../../test/support/sound.ts";
import { lookup3 } from "../../bytes/lookup3.ts";

const folder = fileURLToPath(new URL("../../../../../test/fixtures/files/", import.meta.url));
const fixture = (name: string): Uint8Array => Uint8Array.from(readFileSync(folder + name));

describe("files of libhdf5 are sound", () => {
  it.each(readdirSync(folder).filter((name) => name.endsWith(".h5")))("%s", (name) => {
    const { faults } = checked(fixture(name));
    expect(faults.map(({ message }) => message)).toEqual([]);
  });
});

/** A file in the structures of old: every kind of them is there more than once. */
const old = h5wasmFile("earliest", (f) => {
  for (let i = 0; i < 300; i++) f.create_group(`group ${i}`);
  f.create_dataset({ name: "chunked", data: new Int32Array(1200), shape: [1200], chunks: [4], maxshape: [null] });
  f.create_dataset({ name: "words", data: ["one", "two", "three"] });
});

class Patched {
  readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes.slice();
    this.view = new DataView(this.bytes.buffer);
  }

  /** Where the `nth` structure with a signature begins. */
  find(signature: string, nth = 0): number {
    let at = -1;
    for (let i = 0; i <= nth; i++) at = Buffer.from(this.bytes.buffer).indexOf(signature, at + 1, "latin1");
    expect(at).toBeGreaterThan(0);
    return at;
  }

  /** A leaf of the B-tree of chunks. */
  chunks(): number {
    for (let nth = 0; ; nth++) {
      const at = this.find("TREE", nth);
      if (this.bytes[at + 4] === 1 && this.bytes[at + 5] === 0) return at;
    }
  }

  u32(at: number, value: number): void {
    this.view.setUint32(at, value, true);
  }

  u64(at: number, value: number): void {
    this.view.setBigUint64(at, BigInt(value), true);
  }

  get64(at: number): number {
    return Number(this.view.getBigUint64(at, true));
  }

  copy(to: number, from: number, length: number): void {
    this.bytes.copyWithin(to, from, from + length);
  }

  /** The checksum at the end of a structure. */
  sum(at: number, length: number): void {
    this.u32(at + length - 4, lookup3(this.bytes, at, at + length - 4));
  }
}

function reasons(bytes: Uint8Array, damage: (file: Patched) => void): string[] {
  const file = new Patched(bytes);
  damage(file);
  return [...new Set(checked(file.bytes).faults.map(({ reason }) => reason))];
}

/** Elements of `words`: length, address and index of a heap object. */
function words(file: Patched): number {
  const heap = file.find("GCOL");
  const id = Buffer.alloc(12);
  id.writeUInt32LE(3);
  id.writeBigUInt64LE(BigInt(heap), 4);
  return Buffer.from(file.bytes.buffer).indexOf(id);
}

describe("what is wrong is found", () => {
  it("nothing, where nothing is", () => expect(reasons(old, () => undefined)).toEqual([]));

  it.each<[string, (file: Patched) => void, string]>([
    [
      "a reference count",
      (f) => f.u32(f.get64(f.find("SNOD") + 16) + 4, 2),
      "has another reference count than there are links to it",
    ],
    ["a name twice", (f) => f.copy(f.find("SNOD") + 48, f.find("SNOD") + 8, 40), "has names out of order"],
    [
      "a free block over a name",
      (f) => {
        const heap = f.find("HEAP");
        const data = f.get64(heap + 24);
        f.u64(data + 8, 1);
        f.u64(data + 16, 16);
        f.u64(heap + 16, 8);
      },
      "has a free block that is in use",
    ],
    ["a left neighbour", (f) => f.u64(f.find("TREE", 1) + 8, 800), "has a wrong left neighbour"],
    ["a chunk in two places", (f) => f.copy(f.chunks() + 80, f.chunks() + 48, 8), "overlaps another structure"],
    ["a chunk past the end", (f) => f.u64(f.chunks() + 48, f.bytes.length - 8), "runs past the end of the file"],
    ["chunks out of order", (f) => f.u64(f.chunks() + 64, 4000), "has keys out of order"],
    ["a chunk off the grid", (f) => f.u64(f.chunks() + 64, 5), "has a chunk off the grid"],
    [
      "one object for two elements",
      (f) => f.copy(words(f) + 16, words(f), 16),
      "has an object that several elements have for their value",
    ],
    ["an object that is not there", (f) => f.u32(words(f) + 12, 77), "has no object that an element refers to"],
    ["an object too short", (f) => f.u32(words(f), 700), "has an object shorter than its element says"],
  ])("%s", (_, damage, reason) => expect(reasons(old, damage)).toContain(reason));

  it.each<[string, string, (file: Patched) => void, string]>([
    [
      "a hash in an index of names",
      "groups_v110.h5",
      (f) => {
        const leaf = f.find("BTLF");
        f.u32(leaf + 6, 1);
        // Records of the leaf, as the header of its tree counts them.
        f.sum(leaf, 10 + 11 * f.bytes[f.find("BTHD", 3) + 24]);
      },
      "has a hash that is not that of the name",
    ],
    [
      "a count of heap objects",
      "groups_v110.h5",
      (f) => {
        f.u64(f.find("FRHP") + 70, 3);
        f.sum(f.find("FRHP"), 146);
      },
      "has a wrong number of managed objects in its header",
    ],
    [
      "free space that is in use",
      "fsm_persist.h5",
      (f) => {
        const header = f.find("FSHD");
        const sections = f.get64(header + 54);
        f.u64(sections + 22, 8);
        f.sum(sections, f.get64(header + 62));
      },
      "names space that is in use",
    ],
  ])("%s", (_, name, damage, reason) => expect(reasons(fixture(name), damage)).toContain(reason));

  it("a damaged structure does not hide the rest", () => {
    const found = reasons(old, (f) => {
      f.bytes[f.find("GCOL") + 4] = 9;
      f.u32(f.get64(f.find("SNOD") + 16) + 4, 2);
    });
    expect(found).toContain("has an unknown version");
    expect(found).toContain("has another reference count than there are links to it");
  });
});

it("what is lost is told", () => {
  const before = checked(old);
  expect(before.counts).toMatchObject({ groups: 301, datasets: 2, links: 302, chunks: 300 });
  const longer = new Patched(Uint8Array.from([...old, ...new Uint8Array(1000)]));
  longer.u64(40, longer.bytes.length);
  const { leaks, ok } = checked(longer.bytes);
  expect(ok).toBe(true);
  expect(leaks.at(-1)).toEqual({ address: old.length, length: 1000 });
});
