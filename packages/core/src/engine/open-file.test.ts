import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultFilters } from "@h5ts/filters";
import { describe, expect, it } from "vitest";
import { isH5Error } from "../errors.ts";
import type { LinkPolicy } from "../steps/link-policy.ts";
import { runSync } from "../steps/run-sync.ts";
import type { SyncStorage } from "../steps/storage.ts";
import { MemoryStorage } from "../storage/memory.ts";
import { type FileReader, openReader } from "./file-reader.ts";

const FOLDER = join(import.meta.dirname, "../../test/fixtures/metadata");
const fixture = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(join(FOLDER, name)));
const LINKS: LinkPolicy = {
  *storage() {
    return undefined;
  },
  within: () => LINKS,
};

function open(bytes: Uint8Array): FileReader {
  return runSync(openReader(new MemoryStorage(bytes), { filters: defaultFilters, links: LINKS }));
}

function refusal(bytes: Uint8Array): string {
  try {
    const reader = open(bytes);
    const links = runSync(reader.links(reader.info.root, "name"));
    for (const link of links) {
      if (link.type !== "hard") continue;
      runSync(reader.object(link.address));
      runSync(reader.attributes(link.address, "name"));
    }
  } catch (error) {
    if (isH5Error(error)) return `${error.name}: ${error.reason}`;
    throw error;
  }
  return "read";
}

const small = fixture("sizes_8_4_latest.h5");
const old = fixture("sizes_8_4_earliest.h5");

/** `bytes` behind `count` others. */
function behind(count: number, bytes: Uint8Array, fill: (userblock: Uint8Array) => void = () => {}): Uint8Array {
  const all = new Uint8Array(count + bytes.length);
  fill(all.subarray(0, count));
  all.set(bytes, count);
  return all;
}

describe("the superblock", () => {
  it.each([512, 1024, 2048, 65_536])("is found behind %i bytes of something else", (count) => {
    const reader = open(behind(count, small));
    expect(reader.info.userblockSize).toBe(count);
    expect(runSync(reader.linkCount(reader.info.root))).toBe(2);
  });

  it("is not looked for elsewhere, and decoys do not count", () => {
    const decoys = (userblock: Uint8Array): void => {
      for (const at of [8, 100, 256, 600, 768]) userblock.set(small.subarray(0, 8), at);
    };
    expect(open(behind(1024, small, decoys)).info.userblockSize).toBe(1024);
    for (const count of [8, 100, 256, 768, 1536]) {
      expect(refusal(behind(count, small))).toBe("FormatError: is not found: this is no HDF5 file");
    }
  });

  it.each<[string, Uint8Array]>([
    ["nothing", new Uint8Array(0)],
    ["seven bytes", small.subarray(0, 7)],
    ["text", Buffer.from("These are no bytes of HDF5. ".repeat(100))],
    ["netCDF-3", Buffer.from("CDF\x01\0\0\0\0".padEnd(600, "\0"))],
    ["a zip", Buffer.from("PK\x03\x04".padEnd(1500, "x"))],
  ])("is not found in %s", (_, bytes) => {
    expect(refusal(bytes)).toBe("FormatError: is not found: this is no HDF5 file");
  });
});

describe("files that are cut short", () => {
  it.each([
    ["old", old],
    ["new", small],
  ])("at any length are refused, never read in part: %s", (_, bytes) => {
    for (let length = 0; length < bytes.length; length += length < 200 ? 1 : 13) {
      expect(refusal(bytes.slice(0, length))).toMatch(/^FormatError/);
    }
    expect(refusal(bytes)).toBe("read");
  });

  it("are opened while they are being written", () => {
    const bytes = old.slice(0, old.length - 1);
    expect(refusal(bytes)).toBe("FormatError: is cut short");
    bytes[20] = 1;
    expect(refusal(bytes)).toBe("read");
  });
});

describe("damage to a superblock", () => {
  const patched = (bytes: Uint8Array, at: number, ...values: number[]): Uint8Array => {
    const copy = bytes.slice();
    copy.set(values, at);
    return copy;
  };
  // In `old`: root entry behind four addresses of 8 bytes, its header behind a length of 4.
  const ROOT = 24 + 4 * 8 + 4;
  it.each<[string, Uint8Array, RegExp]>([
    ["no root group", patched(old, ROOT, ...new Array(8).fill(255)), /no root group/],
    ["root group at 0", patched(old, ROOT, ...new Array(8).fill(0)), /has a version that is not known/],
    ["root group past the end", patched(old, ROOT, 0, 0, 0, 1), /past the end of the file/],
    ["root group beyond 2^53", patched(old, ROOT, 0, 0, 0, 0, 0, 0, 32, 0), /beyond 2\^53/],
    ["end of file beyond the end", patched(old, 24 + 16, 0, 0, 1), /is cut short/],
    ["driver information past the end", patched(old, 24 + 24, 0, 0, 1, 0, 0, 0, 0, 0), /past the end of the file/],
  ])("%s", (_, bytes, expected) => expect(refusal(bytes)).toMatch(expected));
});

describe("what is said of a file", () => {
  it.each<[string, object]>([
    ["sizes_2_2_earliest.h5", { superblockVersion: 0, sizes: { offsets: 2, lengths: 2 } }],
    ["sizes_4_8_latest.h5", { superblockVersion: 3, sizes: { offsets: 4, lengths: 8 } }],
    ["superblock_1_userblock.h5", { superblockVersion: 1, userblockSize: 2048 }],
    ["paged.h5", { fileSpace: { strategy: "page", persist: true, threshold: 1, pageSize: 512 } }],
  ])("%s", (name, expected) => expect(open(fixture(name)).info).toMatchObject(expected));

  it("ranks of B-trees come from the superblock, or from its extension", () => {
    const ranks = { groupLeafK: 2, groupInternalK: 3, chunkInternalK: 7 };
    expect(open(fixture("superblock_1_userblock.h5")).file.ranks).toEqual(ranks);
    expect(open(fixture("links_latest.h5")).file.ranks).toMatchObject({ groupLeafK: 1, groupInternalK: 2 });
    expect(open(small).file.ranks).toEqual({ groupLeafK: 4, groupInternalK: 16, chunkInternalK: 32 });
  });
});

describe("refreshing", () => {
  it("reads anew what has changed", () => {
    const bytes = fixture("attributes_earliest.h5");
    const changing: SyncStorage = {
      label: "changing",
      costs: { gap: 0, parallel: 1, maxAccess: 2 ** 20, page: 512 },
      readSync: (extents) => extents.map(({ at, length }) => bytes.slice(at, at + length)),
      sizeSync: () => bytes.length,
      closeSync: () => {},
    };
    const reader = runSync(openReader(changing, { filters: defaultFilters, links: LINKS }));
    const data = runSync(reader.resolve(reader.info.root, "data"))!.address;
    const units = (): number => new Uint8Array(runSync(reader.attribute(data, "units"))!.data)[3];
    const before = units();
    // Behind the name: its padding, a datatype of 24 bytes, and a dataspace of 8.
    const at = Buffer.from(bytes).indexOf("units\0", data) + 8 + 24 + 8;
    bytes[at + 3] = 7;
    expect(units()).toBe(before);
    runSync(reader.refresh(data));
    expect(units()).toBe(7);
  });
});
