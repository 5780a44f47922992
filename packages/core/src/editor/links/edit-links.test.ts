import { describe, expect, it } from "vitest";
import { byLibhdf5 } from "../../../test/support/editing.ts";
import { EditedFile, newDataset } from "../../../test/support/new-datasets.ts";
import { faults } from "../../../test/support/sound.ts";
import type { Address } from "../../bytes/address.ts";
import type { GroupInfo, LinkTarget, NewLink } from "../../contract.ts";
import { objectHeader } from "../../engine/object-header.ts";
import { groupInfoMessage } from "../../format/messages/group-info.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import { runSync } from "../../steps/run-sync.ts";
import type { StructureVersion } from "../editor-file.ts";
import { EditedHeader } from "../object-header/edited-header.ts";

const NOT_TRACKED = { tracked: false, indexed: false };
const TRACKED = { tracked: true, indexed: true };

/** A file whose groups are easily made and linked to. */
class Linked extends EditedFile {
  get root(): Address {
    return this.file.info.root;
  }

  group(name: string, linkOrder: GroupInfo["linkOrder"] = NOT_TRACKED, trackTimes = false): Address {
    const address = runSync(this.editor.createGroup({ attributeOrder: NOT_TRACKED, trackTimes, linkOrder }));
    this.place(this.root, name, { type: "hard", address });
    return address;
  }

  place(group: Address, name: string, target: LinkTarget, charset: NewLink["charset"] = "ascii"): void {
    runSync(this.editor.link(group, { ...target, name, charset } as NewLink));
  }

  names(group: Address): string[] {
    return runSync(this.reader.links(group, "creation")).map(({ name }) => name);
  }

  groupInfo(group: Address): GroupInfo {
    const info = runSync(this.reader.object(group));
    if (info.kind !== "group") throw new Error(info.kind);
    return info;
  }

  static begin(low: StructureVersion): Linked {
    const { storage, file } = EditedFile.made(low);
    const made = new Linked(storage, { bounds: file.bounds }, {});
    return made;
  }
}

const SOFT: LinkTarget = { type: "soft", target: "/somewhere" };
const BOTH = ["earliest", "v110"] as const;

describe.each(BOTH)("links in files of %s", (low) => {
  it.each<[string, string, LinkTarget]>([
    ["an empty name", "", SOFT],
    ["a name that is the group itself", ".", SOFT],
    ["a path", "a/b", SOFT],
    ["a NUL", "a\0b", SOFT],
    ["no target", "a", { type: "soft", target: "" }],
    ["too long a target", "a", { type: "soft", target: "x".repeat(65536) }],
    ["too long a value", "a", { type: "external", file: "x".repeat(40_000), target: "y".repeat(40_000), flags: 0 }],
    ["a code that is the format's own", "a", { type: "user", code: 64, data: new Uint8Array(1) }],
    ["too long data", "a", { type: "user", code: 70, data: new Uint8Array(65536) }],
    ["a name that is taken", "group", SOFT],
  ])("are refused with %s, and nothing happens", (_, name, target) => {
    const edited = Linked.begin(low);
    edited.group("group");
    const before = edited.commit().slice();
    expect(() => edited.place(edited.root, name, target)).toThrow(
      expect.objectContaining({ name: "UnsupportedError" }) as Error,
    );
    expect(edited.commit()).toEqual(before);
  });

  it("that are absent, or of what is no group, are not found", () => {
    const edited = Linked.begin(low);
    const dataset = edited.create("dataset", newDataset([2]));
    const before = edited.commit().slice();
    for (const change of [
      () => runSync(edited.editor.unlink(edited.root, "absent")),
      () => runSync(edited.editor.moveLink(edited.root, "absent", edited.root, "new")),
      () => runSync(edited.editor.unlink(dataset, "a")),
      () => edited.place(dataset, "a", SOFT),
    ])
      expect(change).toThrow(expect.objectContaining({ name: "NotFoundError" }) as Error);
    expect(edited.commit()).toEqual(before);
  });

  it("of objects that are none are refused before anything happens", () => {
    const edited = Linked.begin(low);
    const before = edited.commit().slice();
    expect(() => edited.place(edited.root, "a", { type: "hard", address: 2 as Address })).toThrow(
      expect.objectContaining({ name: "FormatError" }) as Error,
    );
    edited.place(edited.root, "b", SOFT);
    expect(edited.names(edited.root)).toEqual(["b"]);
    expect(before.length).toBeGreaterThan(0);
  });

  it("have names of any length", () => {
    const edited = Linked.begin(low);
    const group = edited.group("group");
    const names = [255, 256, 4000, 5000, 65_535, 65_536, 70_000].map((length) => String(length).padEnd(length, "x"));
    for (const name of names) edited.place(group, name, SOFT);
    const bytes = edited.commit();
    expect(faults(bytes)).toEqual([]);
    const seen = byLibhdf5(bytes, (f) => (f.get("group") as unknown as { keys(): string[] }).keys());
    expect(seen.sort()).toEqual([...names].sort());
    for (const name of names) runSync(edited.editor.unlink(group, name));
    expect(edited.names(group)).toEqual([]);
  });

  it("move with their character set and target, and the object is not touched", () => {
    const edited = Linked.begin(low);
    const [a, b] = [edited.group("a"), edited.group("b")];
    const dataset = edited.create("dataset", newDataset([2]));
    const external: LinkTarget = { type: "external", file: "ö.h5", target: "/x", flags: 0 };
    edited.place(a, "external", external, "utf8");
    edited.place(a, "ä", SOFT, "utf8");
    const header = runSync(objectHeader(edited.file, dataset)).first;
    runSync(edited.editor.moveLink(a, "external", b, "e"));
    runSync(edited.editor.moveLink(a, "ä", a, "soft"));
    runSync(edited.editor.moveLink(edited.root, "dataset", b, "d"));
    expect(runSync(edited.reader.link(b, "e"))).toMatchObject({ ...external, charset: "utf8" });
    expect(runSync(edited.reader.link(a, "soft"))).toMatchObject({ ...SOFT, charset: "utf8" });
    expect(runSync(edited.reader.link(b, "d"))).toMatchObject({ type: "hard", address: dataset });
    expect(runSync(objectHeader(edited.file, dataset)).first).toBe(header);
    expect(() => runSync(edited.editor.moveLink(b, "d", b, "e"))).toThrow(/already/);
    const bytes = edited.commit();
    expect(faults(bytes)).toEqual([]);
    expect(byLibhdf5(bytes, (f) => [f.get_external_link("b/e"), f.get_link("a/soft")])).toEqual([
      { filename: "ö.h5", obj_path: "/x" },
      "/somewhere",
    ]);
  });

  it("of a group to itself and to the root count", () => {
    const edited = Linked.begin(low);
    const group = edited.group("group");
    edited.place(group, "self", { type: "hard", address: group });
    edited.place(group, "root", { type: "hard", address: edited.root });
    expect(edited.groupInfo(group).referenceCount).toBe(2);
    expect(edited.groupInfo(edited.root).referenceCount).toBe(2);
    expect(faults(edited.commit())).toEqual([]);
    expect(runSync(edited.editor.unlink(group, "root"))).toEqual([]);
    expect(runSync(edited.editor.unlink(group, "self"))).toEqual([]);
    expect(faults(edited.commit())).toEqual([]);
    expect(runSync(edited.editor.unlink(edited.root, "group"))).toEqual([group]);
  });

  it("go from headers to dense storage and back where the group says so", () => {
    const edited = Linked.begin(low);
    const group = edited.group("group", TRACKED);
    const header = runSync(EditedHeader.load(edited.file, group));
    const limits = { maxCompact: 3, minDense: 2 };
    const old = header.find(MessageType.groupInfo)!;
    header.replace(
      old,
      header.encode((f) => void groupInfoMessage(f, { phaseChange: limits })),
    );
    header.apply();
    const storage = (): string => edited.groupInfo(group).storage;
    const seen: string[] = [];
    for (const name of ["a", "b", "c", "d"]) {
      edited.place(group, name, SOFT);
      seen.push(storage());
    }
    expect(seen).toEqual(["compact", "compact", "compact", "dense"]);
    expect(faults(edited.commit())).toEqual([]);
    for (const name of ["a", "b", "c"]) {
      runSync(edited.editor.unlink(group, name));
      seen.push(storage());
    }
    expect(seen.slice(4)).toEqual(["dense", "dense", "compact"]);
    expect(faults(edited.commit())).toEqual([]);
  });

  it("keep the order of their creation, which begins anew in an empty group", () => {
    const edited = Linked.begin(low);
    const group = edited.group("group", TRACKED);
    const orders = (): (number | undefined)[] =>
      runSync(edited.reader.links(group, "creation")).map(({ creationOrder }) => creationOrder);
    for (const name of ["c", "a", "b"]) edited.place(group, name, SOFT);
    runSync(edited.editor.unlink(group, "a"));
    edited.place(group, "a", SOFT);
    expect([edited.names(group), orders()]).toEqual([
      ["c", "b", "a"],
      [0, 2, 3],
    ]);
    for (const name of ["c", "a", "b"]) runSync(edited.editor.unlink(group, name));
    edited.place(group, "z", SOFT);
    expect(orders()).toEqual([0]);
    for (let i = 0; i < 20; i++) edited.place(group, `many ${i}`, SOFT);
    for (let i = 0; i < 20; i++) runSync(edited.editor.unlink(group, `many ${i}`));
    expect(orders()).toEqual([0]);
    runSync(edited.editor.unlink(group, "z"));
    edited.place(group, "y", SOFT);
    expect(orders()).toEqual([0]);
    expect(faults(edited.commit())).toEqual([]);
  });
});

describe("old-style groups", () => {
  it.each<[string, LinkTarget, NewLink["charset"], "symbol-table" | "dense"]>([
    ["stay for soft links", SOFT, "ascii", "symbol-table"],
    ["are converted for text that is not ASCII", SOFT, "utf8", "dense"],
    ["are converted for external links", { type: "external", file: "f", target: "/t", flags: 0 }, "ascii", "dense"],
    ["are converted for links of users", { type: "user", code: 99, data: Uint8Array.of(1) }, "ascii", "dense"],
  ])("%s, and so is the root", (_, target, charset, storage) => {
    const edited = Linked.begin("earliest");
    for (const group of [edited.group("group"), edited.root]) {
      for (let i = 0; i < 30; i++) edited.place(group, `soft ${i}`, { type: "soft", target: `/target ${i}` });
      const { used } = edited;
      edited.place(group, "new", target, charset);
      expect(edited.groupInfo(group).storage).toBe(storage);
      if (storage === "dense") expect(edited.used).not.toBe(used);
    }
    const bytes = edited.commit();
    expect(faults(bytes)).toEqual([]);
    const seen = byLibhdf5(bytes, (f) => ["/", "/group"].map((path) => (f.get(path) as typeof f).keys().length));
    expect(seen).toEqual([32, 31]);
    expect(byLibhdf5(bytes, (f) => f.get_link("/group/soft 29"))).toBe("/target 29");
    const again = edited.reopened();
    expect(runSync(again.reader.linkCount(again.file.info.root))).toBe(32);
  });

  it("are not converted in files for which that would be too new", () => {
    const edited = Linked.begin("earliest");
    const group = edited.group("group");
    edited.commit();
    const strict = edited.reopened({ bounds: { low: "earliest", high: "earliest" } });
    expect(() =>
      runSync(
        strict.editor.link(group, { type: "external", name: "e", charset: "ascii", file: "f", target: "/", flags: 0 }),
      ),
    ).toThrow(expect.objectContaining({ name: "UnsupportedError" }) as Error);
    expect(runSync(strict.reader.link(group, "e"))).toBeUndefined();
  });
});

describe("times of groups", () => {
  it("are of the last change of their links, where they are kept", () => {
    let now = 1000;
    const { storage, file } = EditedFile.made("v110");
    const edited = new Linked(storage, { bounds: file.bounds, now: () => now }, {});
    const [kept, not] = [edited.group("kept", NOT_TRACKED, true), edited.group("not")];
    now = 2000;
    for (const group of [kept, not]) edited.place(group, "a", SOFT);
    const at = (seconds: number): unknown => ({ accessed: seconds, modified: 1000, changed: seconds, born: 1000 });
    expect([edited.groupInfo(kept).times, edited.groupInfo(not).times]).toEqual([at(2000), undefined]);
    now = 3000;
    runSync(edited.editor.unlink(kept, "a"));
    expect(edited.groupInfo(kept).times).toEqual(at(3000));
    expect(faults(edited.commit())).toEqual([]);
  });
});
