import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byLibhdf5, editingOptions, h5wasmFile } from "../../../test/support/editing.ts";
import { compareText } from "../../bytes/text.ts";
import { openReader } from "../../engine/file-reader.ts";
import { runSync } from "../../steps/run-sync.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import { openForEditing } from "../open-editor.ts";
import { insertLink, removeLink } from "./new-style-links.ts";

const original = h5wasmFile("latest", (f) => {
  f.create_dataset({ name: "m", data: [7], dtype: "<i4" });
  f.create_group("tracked", true);
});

const operations = fc.array(fc.record({ remove: fc.boolean(), n: fc.nat(60), long: fc.boolean() }), {
  maxLength: 400,
  size: "max",
});

function names(bytes: Uint8Array, group: string): string[] {
  const reader = runSync(openReader(new MemoryStorage(bytes), editingOptions()));
  const at = runSync(reader.resolve(reader.info.root, group));
  return runSync(reader.links(at!.address, "name")).map(({ name }) => name);
}

describe.each(["/", "/tracked"])("links of the new-style group %s", (group) => {
  it("change between header and dense storage as they come and go, and libhdf5 finds all of them", () => {
    fc.assert(
      fc.property(operations, (list) => {
        const storage = new MemoryStorage(original.slice());
        const { file, commit } = runSync(openForEditing(storage, editingOptions()));
        const reader = runSync(openReader(new MemoryStorage(original), editingOptions()));
        const address = runSync(reader.resolve(reader.info.root, group))!.address;
        const target = runSync(reader.resolve(reader.info.root, "m"))!.address;
        const present = new Set(group === "/" ? ["m", "tracked"] : []);
        for (const [i, { remove, n, long }] of list.entries()) {
          const name = long ? `${"a long name ".repeat(30)}${n}` : `n${n}`;
          if (remove || i > list.length * 0.8) {
            const gone = runSync(removeLink(file, address, name));
            expect(gone?.name).toBe(present.has(name) ? name : undefined);
            present.delete(name);
          } else if (!present.has(name)) {
            runSync(insertLink(file, address, { type: "hard", name, charset: "ascii", address: target }));
            present.add(name);
          }
          if (n === 0) runSync(commit());
        }
        runSync(commit());
        const sorted = [...present].sort(compareText);
        const bytes = storage.toUint8Array();
        expect(names(bytes, group)).toEqual(sorted);
        const seen = byLibhdf5(bytes, (f) => {
          const g = f.get(group) as { keys(): string[]; get(name: string): unknown };
          return { keys: g.keys().sort(compareText), found: sorted.every((name) => g.get(name) !== null) };
        });
        expect(seen).toEqual({ keys: sorted, found: true });
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  it("grow to a thousand and shrink to none, and the space is used again", () => {
    const storage = new MemoryStorage(original.slice());
    const { file, commit } = runSync(openForEditing(storage, editingOptions()));
    const reader = runSync(openReader(new MemoryStorage(original), editingOptions()));
    const address = runSync(reader.resolve(reader.info.root, group))!.address;
    const target = runSync(reader.resolve(reader.info.root, "m"))!.address;
    const all = Array.from({ length: 1000 }, (_, i) => `object ${i}`);
    const sizes: number[] = [];
    for (let round = 0; round < 3; round++) {
      for (const name of all)
        runSync(insertLink(file, address, { type: "hard", name, charset: "ascii", address: target }));
      runSync(commit());
      sizes.push(storage.toUint8Array().length);
      expect(byLibhdf5(storage.toUint8Array(), (f) => (f.get(group) as { keys(): string[] }).keys().length)).toBe(
        group === "/" ? 1002 : 1000,
      );
      for (const name of all) runSync(removeLink(file, address, name));
      runSync(commit());
    }
    expect(sizes[2]).toBeLessThan(sizes[0] * 1.2);
    expect(names(storage.toUint8Array(), group)).toEqual(group === "/" ? ["m", "tracked"] : []);
  });
});
