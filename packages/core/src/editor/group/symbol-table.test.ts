import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byLibhdf5, editingOptions, h5wasmFile } from "../../../test/support/editing.ts";
import { compareText, encodeText } from "../../bytes/text.ts";
import { openReader } from "../../engine/file-reader.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import { symbolTableMessage } from "../../format/messages/symbol-table.ts";
import { runSync } from "../../steps/run-sync.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import { EditedHeader } from "../object-header/edited-header.ts";
import { openForEditing } from "../open-editor.ts";
import { insertEntry, removeEntry } from "./symbol-table.ts";

const original = h5wasmFile("earliest", (f) => {
  f.create_dataset({ name: "m", data: [7], dtype: "<i4" });
});

/** The root group of a file, whose one dataset new links lead to. */
function opened(storage: MemoryStorage) {
  const { file, commit } = runSync(openForEditing(storage, editingOptions()));
  const message = runSync(EditedHeader.load(file, file.info.root)).find(MessageType.symbolTable);
  const table = symbolTableMessage(message!.decoder(file.structures.sizes));
  const reader = runSync(openReader(storage, editingOptions()));
  const link = runSync(reader.link(file.info.root, "m"));
  if (link?.type !== "hard") throw new Error("no dataset to link to");
  return { file, commit, table, target: link.address };
}

const someName = fc.oneof(
  fc.integer({ min: 0, max: 999 }).map((n) => `n${n}`),
  fc.integer({ min: 0, max: 99 }).map((n) => "long ".repeat(n % 13) + n),
);
const operations = fc.array(fc.record({ remove: fc.boolean(), name: someName, again: fc.nat(3) }), {
  minLength: 1,
  maxLength: 900,
});

function names(bytes: Uint8Array): string[] {
  const reader = runSync(openReader(new MemoryStorage(bytes), editingOptions()));
  return runSync(reader.links(reader.info.root, "name")).map(({ name }) => name);
}

describe("symbol tables", () => {
  it("hold what was put in and not taken out, for us and for libhdf5", () => {
    fc.assert(
      fc.property(operations, (list) => {
        const storage = new MemoryStorage(original.slice());
        const { file, commit, table, target } = opened(storage);
        const present = new Set(["m"]);
        for (const { remove, name, again } of list) {
          if (remove) {
            const victim = again > 0 ? [...present][(again * 17) % present.size] : name;
            if (victim === undefined) continue;
            const gone = runSync(removeEntry(file, table, encodeText(victim)));
            expect(gone !== undefined).toBe(present.delete(victim));
          } else if (!present.has(name)) {
            runSync(insertEntry(file, table, encodeText(name), { header: target, scratch: { cacheType: 0 } }));
            present.add(name);
          }
        }
        runSync(commit());
        const sorted = [...present].sort(compareText);
        expect(names(storage.toUint8Array())).toEqual(sorted);
        expect(byLibhdf5(storage.toUint8Array(), (f) => f.keys())).toEqual(sorted);
        expect(byLibhdf5(storage.toUint8Array(), (f) => sorted.every((name) => f.get(name) !== null))).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it("grow to several levels, in any order, and shrink back to nothing", () => {
    const storage = new MemoryStorage(original.slice());
    const { file, commit, table, target } = opened(storage);
    const all = Array.from({ length: 3000 }, (_, i) => `object ${(i * 1201) % 3000}`);
    for (const name of all)
      runSync(insertEntry(file, table, encodeText(name), { header: target, scratch: { cacheType: 0 } }));
    runSync(commit());
    const size = storage.toUint8Array().length;
    expect(byLibhdf5(storage.toUint8Array(), (f) => f.keys()).length).toBe(3001);
    for (const name of all.slice(10)) runSync(removeEntry(file, table, encodeText(name)));
    runSync(commit());
    expect(byLibhdf5(storage.toUint8Array(), (f) => f.keys())).toEqual([...all.slice(0, 10), "m"].sort(compareText));
    for (const name of all.slice(10))
      runSync(insertEntry(file, table, encodeText(name), { header: target, scratch: { cacheType: 0 } }));
    runSync(commit());
    expect(storage.toUint8Array().length).toBeLessThan(size * 1.1);
    for (const name of [...all, "m"]) runSync(removeEntry(file, table, encodeText(name)));
    runSync(commit());
    expect(byLibhdf5(storage.toUint8Array(), (f) => f.keys())).toEqual([]);
  });

  it("keep soft links with their values", () => {
    const storage = new MemoryStorage(original.slice());
    const { file, commit, table } = opened(storage);
    runSync(
      insertEntry(file, table, encodeText("soft"), { header: null, scratch: { cacheType: 0 }, soft: encodeText("/m") }),
    );
    runSync(commit());
    expect(
      byLibhdf5(storage.toUint8Array(), (f) => Array.from((f.get("soft") as { value: ArrayLike<number> }).value)),
    ).toEqual([7]);
  });
});
