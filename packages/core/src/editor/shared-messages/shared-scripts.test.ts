import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attributesByLibhdf5, EditedAttributes } from "../../../test/support/attributes.ts";
import { byLibhdf5 } from "../../../test/support/editing.ts";
import { EditedFile } from "../../../test/support/new-datasets.ts";
import { countsInIndexes, countsOfUsers } from "../../../test/support/shared-counts.ts";
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
const ARRAYS = [Int32Array.of(0, 1, 2, 3, 4), Int32Array.of(9, 8, 7, 6, 5)];

const operations = fc.array(
  fc.record({
    object: fc.constantFrom(...OBJECTS),
    pick: fc.nat(),
    kind: fc.constantFrom("set", "set", "new", "modify", "modify", "delete", "delete", "resize", "unlink", "commit"),
  }),
  { minLength: 10, maxLength: 80, size: "max" },
);

describe.each(FILES)("scripts over %s", (name) => {
  const original = new Uint8Array(readFileSync(new URL(name, FOLDER)));

  it("leave what a model has, with every shared message counted", () => {
    fc.assert(
      fc.property(operations, (list) => {
        const edited = new EditedFile(new MemoryStorage(original.slice()), {
          bounds: { low: "earliest", high: "v200" },
        });
        const { file } = edited;
        const model = new Map(OBJECTS.map((object) => [object, attributesByLibhdf5(original, object)]));
        for (const { object, pick, kind } of list) {
          const values = model.get(object);
          if (values === undefined) continue;
          const attributes = new EditedAttributes(edited, edited.addressOf(object));
          const names = attributes.names();
          const chosen = names[pick % Math.max(1, names.length)];
          if (kind === "commit") edited.commit();
          else if (kind === "new") {
            attributes.set(`new ${pick % 7}`, pick);
            values[`new ${pick % 7}`] = pick;
          } else if (kind === "resize") {
            if (object.startsWith("data")) edited.resize(edited.addressOf(object), [pick % 30, 1 + (pick % 2)]);
          } else if (kind === "unlink" && pick % 4 === 0) {
            runSync(removeLinkOf(file, file.info.root, object));
            runSync(deleteLost(file));
            model.delete(object);
          } else if (chosen === undefined) continue;
          else if (kind === "set") {
            attributes.set(chosen, ["a", `text ${pick % 3}`]);
            values[chosen] = ["a", `text ${pick % 3}`];
          } else if (kind === "modify" && chosen === "same" && Array.isArray(values.same) && values.same.length === 5) {
            attributes.modify(chosen, ARRAYS[pick % 2]);
            values[chosen] = Array.from(ARRAYS[pick % 2]);
          } else if (kind === "delete") {
            attributes.delete(chosen);
            delete values[chosen];
          }
        }
        const bytes = edited.commit();
        expect(faults(bytes)).toEqual([]);
        expect(countsOfUsers(file)).toEqual(countsInIndexes(file));
        expect(byLibhdf5(bytes, (f) => f.keys().sort())).toEqual([...model.keys(), "type"].sort());
        for (const [object, values] of model) expect(attributesByLibhdf5(bytes, object)).toEqual(values);
      }),
      { numRuns: 6, endOnFailure: true },
    );
  });
});
