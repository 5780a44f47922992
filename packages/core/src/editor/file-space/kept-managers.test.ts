import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { everything } from "../../../test/support/byte-sink.ts";
import { byLibhdf5 } from "../../../test/support/editing.ts";
import { numbersFrom, valuesOf } from "../../../test/support/i4.ts";
import { EditedFile, newDataset } from "../../../test/support/new-datasets.ts";
import { checked } from "../../../test/support/sound.ts";
import { DEFAULT_SIZES } from "../../bytes/address.ts";
import { Encoder } from "../../bytes/encoder.ts";
import { objectHeader } from "../../engine/object-header.ts";
import { fileSpaceInfoMessage } from "../../format/messages/file-space-info.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import { readSuperblock, type Superblock } from "../../format/superblock/superblock.ts";
import { runSync } from "../../steps/run-sync.ts";
import type { NewFile } from "../create-file.ts";
import { encodedSuperblock } from "../editing.ts";
import { deleteLost } from "../links/delete-objects.ts";
import { removeLinkOf } from "../links/edit-links.ts";
import { createExtensionWith, FILE_SPACE_FLAGS } from "../superblock-extension.ts";

const operations = fc.array(
  fc.record({
    kind: fc.constantFrom("add", "add", "add", "remove", "commit", "open anew"),
    count: fc.integer({ min: 1, max: 3000 }),
    pick: fc.nat(),
  }),
  { minLength: 1, maxLength: 40 },
);

const KINDS: [string, NewFile][] = [
  ["files that keep free space", { fsPersist: true }],
  ["files that keep no small free space", { fsPersist: true, fsThreshold: 200 }],
  ["files in pages that keep free space", { fsStrategy: "page", fsPersist: true }],
  ["files in small pages that keep free space", { fsStrategy: "page", fsPersist: true, fsPageSize: 512 }],
  ["files in pages", { fsStrategy: "page", fsPageSize: 1024 }],
  ["files", {}],
];

describe.each(KINDS)("%s", (_, asked) => {
  const keeps = asked.fsPersist === true && asked.fsThreshold === undefined;

  it.each(["earliest", "v110"] as const)(
    "made for %s are sound after every commit, and lose nothing they keep",
    (low) => {
      fc.assert(
        fc.property(operations, (list) => {
          let edited = EditedFile.made(low, asked);
          const present = new Map<string, number>();
          const commit = (): void => {
            const bytes = edited.commit();
            const { faults, leaks } = checked(bytes);
            expect(faults.map(({ message }) => message)).toEqual([]);
            if (keeps) expect(leaks).toEqual([]);
          };
          list.forEach(({ kind, count, pick }, i) => {
            if (kind === "commit") commit();
            else if (kind === "open anew") {
              commit();
              edited = edited.reopened();
            } else if (kind === "add") {
              edited.write(edited.create(`n${i}`, newDataset([count])), everything([count]), numbersFrom(i, count));
              present.set(`n${i}`, count);
            } else if (present.size > 0) {
              const name = [...present.keys()][pick % present.size];
              runSync(removeLinkOf(edited.file, edited.file.info.root, name));
              runSync(deleteLost(edited.file));
              present.delete(name);
            }
          });
          commit();
          const bytes = edited.storage.toUint8Array();
          expect(byLibhdf5(bytes, (f) => [...f.keys()].sort())).toEqual([...present.keys()].sort());
          for (const [name, count] of present) {
            const first = Number(name.slice(1));
            expect(byLibhdf5(bytes, valuesOf(name))).toEqual(Array.from({ length: count }, (_, i) => first + i));
          }
        }),
        { numRuns: 12 },
      );
    },
  );
});

describe.each(KINDS)("%s", (_, asked) => {
  it("use again what a commit has freed, and give back their end", () => {
    const edited = EditedFile.made("v110", asked);
    const add = (name: string): void =>
      edited.write(edited.create(name, newDataset([5000])), everything([5000]), numbersFrom(0, 5000));
    const remove = (name: string): void => {
      runSync(removeLinkOf(edited.file, edited.file.info.root, name));
      runSync(deleteLost(edited.file));
    };
    for (const name of ["a", "b"]) add(name);
    const both = edited.commit().length;
    remove("a");
    edited.commit();
    add("c");
    expect(edited.commit().length).toBeLessThan(both + 5000);
    for (const name of ["b", "c"]) remove(name);
    edited.commit();
    // Managers may have had no place but behind what the last commit has freed.
    edited.create("d", newDataset([1]));
    expect(edited.commit().length).toBeLessThan(both - 30_000);
    expect(checked(edited.storage.toUint8Array()).faults).toEqual([]);
  });
});

describe("free space that is kept", () => {
  it("is used by the next session", () => {
    const first = EditedFile.made("v110", { fsPersist: true });
    const a = first.create("a", newDataset([10_000]));
    first.write(a, everything([10_000]), numbersFrom(0, 10_000));
    first.write(first.create("b", newDataset([10])), everything([10]), numbersFrom(0, 10));
    first.commit();
    runSync(removeLinkOf(first.file, first.file.info.root, "a"));
    runSync(deleteLost(first.file));
    const before = first.commit().length;
    const second = first.reopened();
    second.write(second.create("c", newDataset([9_900])), everything([9_900]), numbersFrom(5, 9_900));
    expect(second.commit().length).toBeLessThan(before + 1000);
  });

  it("is not moved where nothing is taken or given back", () => {
    const edited = EditedFile.made("v110", { fsPersist: true });
    const a = edited.create("a", newDataset([1000]));
    edited.write(a, everything([1000]), numbersFrom(0, 1000));
    const before = edited.commit().slice();
    edited.write(a, everything([1000]), numbersFrom(1, 1000));
    const after = edited.commit();
    expect(after.length).toBe(before.length);
    expect(after.filter((byte, i) => byte !== before[i]).length).toBeLessThanOrEqual(4000);
    expect(checked(after).leaks).toEqual([]);
  });

  it("does not grow a file by commits alone", () => {
    const edited = EditedFile.made("v110", { fsPersist: true });
    const sizes = Array.from({ length: 40 }, (_, i) => {
      const name = `d${i}`;
      edited.write(edited.create(name, newDataset([100])), everything([100]), numbersFrom(0, 100));
      edited.commit();
      runSync(removeLinkOf(edited.file, edited.file.info.root, name));
      runSync(deleteLost(edited.file));
      return edited.commit().length;
    });
    expect(Math.max(...sizes.slice(10))).toBeLessThanOrEqual(Math.max(...sizes.slice(0, 10)));
  });

  it("that cannot be right is dropped, and the file stays sound", () => {
    const edited = EditedFile.made("v110", { fsPersist: true });
    edited.write(edited.create("a", newDataset([1000])), everything([1000]), numbersFrom(0, 1000));
    const bytes = edited.commit();
    const manager = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf("FSSE");
    expect(manager).toBeGreaterThan(0);
    edited.storage.writeSync([{ at: manager + 20, bytes: Uint8Array.of(0xff) }]);
    const again = edited.reopened();
    again.write(again.create("b", newDataset([100])), everything([100]), numbersFrom(0, 100));
    expect(checked(again.commit()).faults).toEqual([]);
    expect(byLibhdf5(again.storage.toUint8Array(), valuesOf("a"))[999]).toBe(999);
  });

  it("in the words of HDF5 1.10.0 is kept in those of today from the first change on", () => {
    const first = EditedFile.made("v110");
    const to = new Encoder();
    fileSpaceInfoMessage(to, {
      version: 0,
      strategy: "fsm-aggregate",
      persist: true,
      threshold: 1,
      pageSize: 4096,
      pageEndThreshold: 0,
      endOfAllocation: null,
      managers: new Array<null>(6).fill(null),
    });
    const message = { type: MessageType.fileSpaceInfo, flags: FILE_SPACE_FLAGS, data: to.finish() };
    const extension = runSync(createExtensionWith(first.file, [message]));
    const bytes = first.commit();
    const superblock = readSuperblock(bytes, 0, DEFAULT_SIZES);
    const pointing = encodedSuperblock({ ...superblock, extension } as Superblock, DEFAULT_SIZES);
    first.storage.writeSync([{ at: 0, bytes: pointing }]);
    const again = first.reopened();
    expect(again.file.info.fileSpace?.persist).toBe(true);
    again.write(again.create("a", newDataset([100])), everything([100]), numbersFrom(0, 100));
    const after = again.commit();
    const { free, faults } = checked(after);
    expect({ faults, kept: free.length > 0 }).toEqual({ faults: [], kept: true });
    const header = runSync(objectHeader(again.reopened().file, extension));
    const found = header.only(MessageType.fileSpaceInfo)?.decoder(DEFAULT_SIZES);
    expect(found && fileSpaceInfoMessage(found)).toMatchObject({ version: 1, endOfAllocation: after.length });
    expect(byLibhdf5(after, valuesOf("a"))).toHaveLength(100);
  });

  it("of a file that was never closed is not believed", () => {
    const edited = EditedFile.made("v110", { fsPersist: true });
    edited.create("a", newDataset([10_000]));
    edited.write(edited.create("b", newDataset([10])), everything([10]), numbersFrom(0, 10));
    const bytes = edited.commit();
    edited.storage.writeSync([{ at: bytes.length, bytes: new Uint8Array(5000).fill(7) }]);
    const again = edited.reopened();
    const { metadata, raw } = again.file.allocator.freeSpace();
    expect([...metadata, ...raw]).toEqual([]);
    again.write(again.create("c", newDataset([10])), everything([10]), numbersFrom(0, 10));
    const after = again.commit();
    expect(after.subarray(bytes.length, bytes.length + 5000).every((byte) => byte === 7)).toBe(true);
    expect(checked(after).faults).toEqual([]);
  });
});
