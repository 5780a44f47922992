import { describe, expect, it } from "vitest";
import { everything } from "../../test/support/byte-sink.ts";
import { byLibhdf5, editingOptions, h5wasmFile } from "../../test/support/editing.ts";
import { numbersFrom, valuesOf } from "../../test/support/i4.ts";
import { EditedFile, newDataset } from "../../test/support/new-datasets.ts";
import { Disk, PowerCut } from "../../test/support/power-cut.ts";
import { openReader } from "../engine/file-reader.ts";
import { runSync } from "../steps/run-sync.ts";
import { MemoryStorage } from "../storage/memory.ts";
import { createForEditing, type NewFile } from "./create-file.ts";
import type { StructureVersion } from "./editor-file.ts";

const VERSIONS: readonly StructureVersion[] = ["earliest", "v108", "v110", "v112", "v114", "v200"];
const KINDS: [string, NewFile][] = [
  ["plain", {}],
  ["with a user block", { userblockSize: 512 }],
  ["with a large user block", { userblockSize: 4096 }],
  ["in pages", { fsStrategy: "page" }],
  ["in large pages behind a user block", { fsStrategy: "page", fsPageSize: 16384, userblockSize: 16384 }],
  ["with free space that persists", { fsPersist: true }],
  ["in pages, with free space that persists", { fsStrategy: "page", fsPersist: true, fsThreshold: 100 }],
  ["that looks for no free space", { fsStrategy: "aggregate" }],
  ["without a strategy", { fsStrategy: "none" }],
  ["with other ranks", { ranks: { chunkInternalK: 8 } }],
  ["with other ranks of groups", { ranks: { groupLeafK: 2, groupInternalK: 3 } }],
  [
    "that tracks the order of creation",
    {
      linkOrder: { tracked: true, indexed: true },
      attributeOrder: { tracked: true, indexed: true },
    },
  ],
];

const info = (bytes: Uint8Array) => runSync(openReader(new MemoryStorage(bytes), editingOptions())).info;

describe.each(VERSIONS)("new files for %s", (low) => {
  it.each(KINDS)("%s are read by libhdf5, and are what was asked for", (_, asked) => {
    const made = EditedFile.made(low, asked);
    made.commit();
    expect(byLibhdf5(made.storage.toUint8Array(), (f) => f.keys())).toEqual([]);
    const names = ["b", "a", "c"];
    for (const name of names)
      made.write(made.create(name, newDataset([1000])), everything([1000]), numbersFrom(7, 1000));
    made.commit();
    const bytes = made.storage.toUint8Array();
    expect(byLibhdf5(bytes, (f) => [...f.keys()].sort())).toEqual(["a", "b", "c"]);
    for (const name of names)
      expect(byLibhdf5(bytes, valuesOf(name))).toEqual(Array.from({ length: 1000 }, (_, i) => 7 + i));
    const { fsStrategy = "fsm", fsPersist = false, fsThreshold = 1, fsPageSize = 4096, userblockSize = 0 } = asked;
    const found = info(bytes);
    expect(found.userblockSize).toBe(userblockSize);
    expect(bytes.subarray(0, userblockSize).every((byte) => byte === 0)).toBe(true);
    expect(bytes.length).toBe(found.endOfFile + userblockSize);
    const usual = fsStrategy === "fsm" && !fsPersist;
    expect(found.fileSpace).toEqual(
      usual
        ? undefined
        : {
            strategy: fsStrategy === "fsm" ? "fsm-aggregate" : fsStrategy,
            persist: fsPersist,
            threshold: fsThreshold,
            pageSize: fsPageSize,
          },
    );
    const newer = low !== "earliest";
    const rank = asked.ranks?.chunkInternalK === undefined ? 0 : 1;
    expect(found.superblockVersion).toBe(low === "v108" || (!usual && !newer) ? 2 : newer ? 3 : rank);
  });
});

describe("new files", () => {
  it("are smaller than those of libhdf5, or as large", () => {
    for (const [low, libver] of [
      ["earliest", "earliest"],
      ["v200", "latest"],
    ] as const) {
      const ours = EditedFile.made(low).commit().length;
      expect(ours).toBeLessThanOrEqual(h5wasmFile(libver, () => {}).length);
    }
  });

  it("are whole or no files at all, wherever the power fails in their first commit", () => {
    const seen = { none: 0, whole: 0 };
    for (let n = 0; n < 20; n++) {
      const disk = new Disk();
      disk.put(
        "f.h5",
        h5wasmFile("earliest", () => {}),
      );
      const options = editingOptions({ durability: "disk" });
      try {
        const { commit } = runSync(createForEditing(disk.open("f.h5"), { ...options, userblockSize: 512 }));
        disk.cutAfter = n;
        runSync(commit());
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
      for (const keep of [() => true, () => false, (i: number) => i % 2 === 0, (i: number) => i % 2 === 1]) {
        const bytes = disk.after(keep).get("f.h5")!;
        const found = bytes.length > 512 && bytes[512] === 0x89;
        seen[found ? "whole" : "none"]++;
        if (found) expect(byLibhdf5(bytes, (f) => f.keys())).toEqual([]);
      }
    }
    expect(Math.min(seen.none, seen.whole)).toBeGreaterThan(0);
  });

  it("are no files before their first commit, and nothing is left of what was there", () => {
    const storage = new MemoryStorage(
      h5wasmFile("latest", (f) => void f.create_dataset({ name: "x", data: [1, 2], dtype: "<i4" })),
    );
    const { commit } = runSync(createForEditing(storage, editingOptions()));
    expect(storage.sizeSync()).toBe(0);
    expect(() => info(storage.toUint8Array())).toThrow("no HDF5 file");
    runSync(commit());
    expect(byLibhdf5(storage.toUint8Array(), (f) => f.keys())).toEqual([]);
  });

  it.each<[NewFile, string]>([
    [{ userblockSize: 513 }, "userblockSize"],
    [{ userblockSize: 256 }, "userblockSize"],
    [{ userblockSize: 512, fsStrategy: "page" }, "multiple of fsPageSize"],
    [{ fsStrategy: "page", fsPageSize: 511 }, "fsPageSize"],
    [{ fsStrategy: "page", fsPageSize: 2 ** 30 + 1 }, "fsPageSize"],
    [{ ranks: { groupLeafK: 0 } }, "ranks.groupLeafK"],
  ])("%o is refused, and the storage stays as it is", (asked, message) => {
    const storage = new MemoryStorage(new Uint8Array([1, 2, 3]));
    expect(() => runSync(createForEditing(storage, { ...editingOptions(), ...asked }))).toThrow(message);
    expect(storage.sizeSync()).toBe(3);
  });

  it("need versions of the library that know what is asked for", () => {
    const old = editingOptions({ bounds: { low: "earliest", high: "v108" } });
    const storage = () => new MemoryStorage(new Uint8Array(0));
    expect(() => runSync(createForEditing(storage(), { ...old, fsStrategy: "page" }))).toThrow("libver");
    const older = editingOptions({ bounds: { low: "earliest", high: "earliest" } });
    const linkOrder = { tracked: true, indexed: false };
    expect(() => runSync(createForEditing(storage(), { ...older, linkOrder }))).toThrow("libver");
  });
});
