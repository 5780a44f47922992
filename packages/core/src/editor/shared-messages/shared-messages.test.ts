import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { attributesByLibhdf5, EditedAttributes } from "../../../test/support/attributes.ts";
import { byLibhdf5, changedByLibhdf5 } from "../../../test/support/editing.ts";
import { EditedFile } from "../../../test/support/new-datasets.ts";
import { countsInIndexes, countsOfUsers, indexKinds } from "../../../test/support/shared-counts.ts";
import { faults } from "../../../test/support/sound.ts";
import { runSync } from "../../steps/run-sync.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import { deleteLost } from "../links/delete-objects.ts";
import { removeLinkOf } from "../links/edit-links.ts";

const FOLDER = new URL("../../../test/fixtures/attributes/", import.meta.url);
const FILES = ["list", "btree", "change", "parts"].flatMap((kind) =>
  ["earliest", "latest"].map((libver) => `shared_${kind}_${libver}.h5`),
);
const OBJECTS = ["data 0", "data 1", "data 2", "data 3", "data 4", "first", "second"];

const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, FOLDER)));
const open = (bytes: Uint8Array): EditedFile =>
  new EditedFile(new MemoryStorage(bytes.slice()), { bounds: { low: "earliest", high: "v200" } });
const attributesOf = (edited: EditedFile, name: string): EditedAttributes =>
  new EditedAttributes(edited, edited.addressOf(name));

/** By a count of our own, and by `h5ts check`. */
function expectCounted(edited: EditedFile): void {
  const { file } = edited;
  expect(countsOfUsers(file)).toEqual(countsInIndexes(file));
  expect(faults(edited.commit())).toEqual([]);
}

describe.each(FILES)("shared messages of %s", (name) => {
  it("are counted as libhdf5 counts them", () => {
    expectCounted(open(bytesOf(name)));
  });

  it("lose users with the attributes that are deleted, and go with the last", () => {
    const edited = open(bytesOf(name));
    for (const object of OBJECTS) {
      const attributes = attributesOf(edited, object);
      const expected = attributesByLibhdf5(edited.commit(), object);
      for (const [i, attribute] of attributes.names().entries()) {
        attributes.delete(attribute);
        delete expected[attribute];
        expectCounted(edited);
        if (i % 3 === 0) expect(attributesByLibhdf5(edited.commit(), object)).toEqual(expected);
      }
    }
    edited.commit();
    expectCounted(edited.reopened());
  });

  it("stay as they are for others, when one attribute is set or modified", () => {
    const edited = open(bytesOf(name));
    const before = attributesByLibhdf5(edited.commit(), "data 3");
    const attributes = attributesOf(edited, "data 1");
    attributes.modify("same", Int32Array.of(9, 8, 7, 6, 5));
    attributes.modify("text", "modified");
    expectCounted(edited);
    attributes.set("own", "another");
    attributes.set("new", Int32Array.of(0, 1, 2, 3, 4));
    expectCounted(edited);
    expect(attributesByLibhdf5(edited.commit(), "data 1")).toEqual({
      "of the type": before["of the type"],
      same: [9, 8, 7, 6, 5],
      text: "modified",
      own: "another",
      new: [0, 1, 2, 3, 4],
    });
    expect(attributesByLibhdf5(edited.commit(), "data 3")).toEqual(before);
  });

  it("lose users with the objects that are deleted; an index without messages has no heap", () => {
    const edited = open(bytesOf(name));
    const { root } = edited.file.info;
    runSync(removeLinkOf(edited.file, root, "type"));
    for (const object of OBJECTS) {
      runSync(removeLinkOf(edited.file, root, object));
      runSync(deleteLost(edited.file));
      expectCounted(edited);
      expect(byLibhdf5(edited.commit(), (f) => f.keys().includes(object))).toBe(false);
    }
    expect(countsInIndexes(edited.file)).toEqual({});
    expect(indexKinds(edited.file).every((kind) => kind.endsWith(" 0 no heap"))).toBe(true);
    edited.commit();
    expect(indexKinds(edited.reopened().file)).toEqual(indexKinds(edited.file));
  });

  it("lose a user when the extent of a dataset changes", () => {
    const edited = open(bytesOf(name));
    for (const i of [0, 2, 1, 3, 4]) {
      edited.resize(edited.addressOf(`data ${i}`), [12, (i % 2) + 1]);
      expectCounted(edited);
    }
    const shapes = byLibhdf5(edited.commit(), (f) =>
      OBJECTS.slice(0, 5).map((one) => (f.get(one) as unknown as { shape: number[] }).shape),
    );
    expect(shapes).toEqual([0, 1, 2, 3, 4].map((i) => [12, (i % 2) + 1]));
  });

  it("are found by libhdf5, when it changes the file after us", () => {
    // Adding attributes to headers of version 1 with messages to be shared, libhdf5 makes null messages that it refuses.
    const adds = name.endsWith("latest.h5");
    const edited = open(bytesOf(name));
    attributesOf(edited, "data 0").modify("same", Int32Array.of(5, 4, 3, 2, 1));
    attributesOf(edited, "data 1").delete("same");
    attributesOf(edited, "first").delete("number 0");
    edited.resize(edited.addressOf("data 2"), [3, 1]);
    const bytes = changedByLibhdf5(edited.commit(), (f) => {
      for (const object of OBJECTS) {
        const changed = f.get(object) as unknown as typeof f;
        for (const attribute of Object.keys(changed.attrs)) changed.delete_attribute(attribute);
        if (adds) changed.create_attribute("by libhdf5", [1, 2, 3], null, "<i4");
      }
    });
    const again = open(bytes);
    // Not by `h5ts check`: a heap that shrinks to one block libhdf5 writes without allocated space.
    expect(countsOfUsers(again.file)).toEqual(countsInIndexes(again.file));
    for (const object of OBJECTS)
      expect(attributesByLibhdf5(bytes, object)).toEqual(adds ? { "by libhdf5": [1, 2, 3] } : {});
    for (const object of OBJECTS) runSync(removeLinkOf(again.file, again.file.info.root, object));
    runSync(deleteLost(again.file));
    runSync(removeLinkOf(again.file, again.file.info.root, "type"));
    expect(countsInIndexes(again.file)).toEqual({});
  });
});
