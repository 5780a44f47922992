import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { attributesByLibhdf5, EditedAttributes } from "../../../test/support/attributes.ts";
import { byLibhdf5, changedByLibhdf5, type Libhdf5File } from "../../../test/support/editing.ts";
import { EditedFile } from "../../../test/support/new-datasets.ts";
import { faults } from "../../../test/support/sound.ts";
import { lookup3 } from "../../bytes/lookup3.ts";
import { encodeText } from "../../bytes/text.ts";
import { attributeInfoMessage } from "../../format/messages/attribute-info.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import { runSync } from "../../steps/run-sync.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import { EditedHeader } from "../object-header/edited-header.ts";

const fixture = (name: string): EditedFile =>
  new EditedFile(
    new MemoryStorage(new Uint8Array(readFileSync(new URL(`../../../test/fixtures/${name}`, import.meta.url)))),
    {
      bounds: { low: "v110", high: "v200" },
    },
  );
const at = (edited: EditedFile, path: string): EditedAttributes => new EditedAttributes(edited, edited.addressOf(path));

/** Where the attributes stand, and what their order of creation comes to next. */
function storage({ edited, object }: EditedAttributes): string {
  const header = runSync(EditedHeader.load(edited.file, object));
  const message = header.find(MessageType.attributeInfo);
  if (message === undefined) return "none";
  const { heap, maxCreationOrder } = attributeInfoMessage(message.decoder(edited.file.structures.sizes));
  return `${heap === null ? "compact" : "dense"} ${maxCreationOrder ?? "untracked"}`;
}

/** Two names of the same hash. */
function alike(): [string, string] {
  const seen = new Map<number, string>();
  for (let i = 0; ; i++) {
    const name = `name ${i}`;
    const hash = lookup3(encodeText(name));
    const other = seen.get(hash);
    if (other !== undefined) return [other, name];
    seen.set(hash, name);
  }
}

describe("dense attributes", () => {
  it("begin where the header says, and end there", () => {
    const edited = fixture("attributes/phase_change.h5");
    for (const [path, most, least] of [
      ["plain 3 2", 3, 2],
      ["tracked 8 6", 8, 6],
      ["indexed 3 2", 3, 2],
      ["indexed 0 0", 0, 0],
    ] as const) {
      const attributes = at(edited, path);
      const seen: string[] = [];
      for (let i = 0; i < 10; i++) {
        attributes.set(`a${i}`, i);
        seen.push(storage(attributes));
      }
      const next = (i: number): number | string => (path.startsWith("plain") ? "untracked" : i + 1);
      expect(seen).toEqual(seen.map((_, i) => `${i < most ? "compact" : "dense"} ${next(i)}`));
      const back: string[] = [];
      for (let i = 9; i >= 0; i--) {
        attributes.delete(`a${i}`);
        back.push(storage(attributes));
      }
      const left = back.map((_, i) => 9 - i);
      expect(back).toEqual(left.map((n) => (n === 0 ? "none" : `${n < least ? "compact" : "dense"} ${next(9)}`)));
    }
    for (const path of ["plain 3 2", "tracked 8 6", "indexed 3 2", "indexed 0 0"])
      expect(attributesByLibhdf5(edited.commit(), path)).toEqual({});
  });

  it("are as libhdf5 has them: it goes on where we stop, and we where it does", () => {
    let edited = fixture("attributes/phase_change.h5");
    const paths = ["plain 3 2", "tracked 3 2", "indexed 3 2", "plain 8 6", "indexed 8 6", "plain 0 0"];
    const expected: Record<string, unknown> = {};
    for (let round = 0; round < 6; round++) {
      for (const path of paths) {
        for (let i = 0; i < 5; i++) at(edited, path).set(`ours ${(round * 3 + i) % 11}`, [round, i]);
        if (round > 2) for (const name of at(edited, path).names().slice(0, 4)) at(edited, path).delete(name);
      }
      const bytes = changedByLibhdf5(edited.commit(), (f) => {
        for (const path of paths) {
          const object = f.get(path) as unknown as Libhdf5File;
          for (let i = 0; i < 3; i++) {
            const name = `theirs ${(round + i) % 5}`;
            if (name in object.attrs) object.delete_attribute(name);
            object.create_attribute(name, [round, i, i], null, "<i4");
          }
          if (round > 2) for (const name of Object.keys(object.attrs).slice(2, 9)) object.delete_attribute(name);
        }
      });
      edited = new EditedFile(new MemoryStorage(bytes), { bounds: { low: "v110", high: "v200" } });
      for (const path of paths) expected[path] = attributesByLibhdf5(bytes, path);
    }
    for (const path of paths) {
      expect(at(edited, path).names()).toEqual(Object.keys(expected[path] as object).sort());
      for (const name of at(edited, path).names()) at(edited, path).delete(name);
      expect(storage(at(edited, path))).toBe("none");
    }
    const bytes = edited.commit();
    for (const path of paths) expect(attributesByLibhdf5(bytes, path)).toEqual({});
    expect(faults(bytes)).toEqual([]);
  });

  it("go on in heaps of one block that libhdf5 made", () => {
    for (const path of ["plain 8 6", "indexed 3 2"]) {
      const bytes = changedByLibhdf5(fixture("attributes/phase_change.h5").commit(), (f) => {
        const object = f.get(path) as unknown as Libhdf5File;
        for (let i = 0; i < 12; i++) object.create_attribute(`theirs ${i}`, [i, i], null, "<i4");
      });
      const edited = new EditedFile(new MemoryStorage(bytes), { bounds: { low: "v110", high: "v200" } });
      const expected = attributesByLibhdf5(bytes, path);
      for (let i = 0; i < 60; i++) {
        at(edited, path).set(`ours ${i}`, [i, 1, 2, 3]);
        expected[`ours ${i}`] = [i, 1, 2, 3];
      }
      expect(attributesByLibhdf5(edited.commit(), path)).toEqual(expected);
      expect(faults(edited.commit())).toEqual([]);
    }
  });

  it.each(["2_2", "4_4", "4_8", "8_4"])("stand in files of other address widths, huge ones too: %s", (sizes) => {
    for (const libver of ["latest", "earliest"]) {
      const edited = fixture(`metadata/sizes_${sizes}_${libver}.h5`);
      const attributes = at(edited, "group");
      const expected = attributesByLibhdf5(edited.commit(), "group");
      for (let i = 0; i < 20; i++) {
        const value = i % 6 === 5 ? Array.from({ length: 600 + i }, (_, k) => k) : [`text ${i}`, ""];
        attributes.set(`attribute ${i}`, value);
        expected[`attribute ${i}`] = value;
      }
      expect(attributesByLibhdf5(edited.commit(), "group")).toEqual(expected);
      expect(faults(edited.commit())).toEqual([]);
      for (const name of attributes.names()) attributes.delete(name);
      expect(attributesByLibhdf5(edited.commit(), "group")).toEqual({});
      expect(faults(edited.commit())).toEqual([]);
    }
  });

  it("of equal hash are told apart by their names", () => {
    const [a, b] = alike();
    const edited = fixture("attributes/phase_change.h5");
    for (const path of ["plain 0 0", "indexed 0 0"]) {
      const attributes = at(edited, path);
      for (const name of [b, "between", a]) attributes.set(name, `of ${name}`);
      attributes.modify(a, "modified");
      attributes.set(b, 7);
      expect(attributesByLibhdf5(edited.commit(), path)).toEqual({ [a]: "modified", [b]: 7, between: "of between" });
      attributes.delete(b);
      expect(attributesByLibhdf5(edited.commit(), path)).toEqual({ [a]: "modified", between: "of between" });
      attributes.delete(a);
      expect(attributesByLibhdf5(edited.commit(), path)).toEqual({ between: "of between" });
    }
  });

  it("are many", () => {
    for (const low of ["earliest", "v110"] as const) {
      const edited = EditedFile.create(low);
      const attributes = new EditedAttributes(edited);
      const { used } = edited;
      const names = Array.from({ length: 600 }, (_, i) => `attribute ${i}`);
      for (const [i, name] of names.entries()) attributes.set(name, i);
      expect(byLibhdf5(edited.commit(), (f) => Object.keys(f.attrs).length)).toBe(600);
      for (const [i, name] of names.entries()) if (i % 3 > 0) attributes.modify(name, -i);
      for (const [i, name] of names.entries()) if (i % 3 === 0) attributes.delete(name);
      expect(attributesByLibhdf5(edited.commit())).toEqual(
        Object.fromEntries(names.map((name, i) => [name, -i] as const).filter(([, i]) => -i % 3 !== 0)),
      );
      for (const [i, name] of names.entries()) if (i % 3 > 0) attributes.delete(name);
      expect(edited.used).toBe(used);
    }
  });

  it("that libhdf5 made are changed: in heaps with free space of their own and with huge objects", () => {
    const edited = fixture("metadata/attributes_latest.h5");
    for (const path of byLibhdf5(edited.commit(), (f) => f.keys())) {
      const attributes = at(edited, path);
      const before = attributesByLibhdf5(edited.commit(), path);
      const names = attributes.names();
      for (const [i, name] of names.entries()) {
        if (i % 2 === 0) continue;
        attributes.delete(name);
        delete before[name];
      }
      attributes.set("new", "attribute");
      expect(attributesByLibhdf5(edited.commit(), path)).toEqual({ ...before, new: "attribute" });
      for (const name of attributes.names()) attributes.delete(name);
      expect(attributesByLibhdf5(edited.commit(), path)).toEqual({});
    }
  });

  it("run out of numbers for the order of their creation", () => {
    const edited = fixture("attributes/phase_change.h5");
    const attributes = at(edited, "tracked 3 2");
    attributes.set("a", 1);
    const header = runSync(EditedHeader.load(edited.file, attributes.object));
    const message = header.find(MessageType.attributeInfo)!;
    const info = attributeInfoMessage(message.decoder(edited.file.structures.sizes));
    header.replace(
      message,
      header.encode((f) => void attributeInfoMessage(f, { ...info, maxCreationOrder: 0xffff })),
    );
    header.apply();
    const { used } = edited;
    expect(() => attributes.set("b", "text")).toThrow(expect.objectContaining({ name: "LimitError" }));
    expect(edited.used).toBe(used);
    attributes.set("a", 2);
    expect(attributesByLibhdf5(edited.commit(), "tracked 3 2")).toEqual({ a: 2 });
  });
});
