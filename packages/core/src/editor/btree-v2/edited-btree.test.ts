import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editingOptions, h5wasmFile } from "../../../test/support/editing.ts";
import type { Address } from "../../bytes/address.ts";
import { openBtreeV2, visitNodes } from "../../engine/btree-v2.ts";
import { runSync } from "../../steps/run-sync.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import type { EditorFile } from "../editor-file.ts";
import { openForEditing } from "../open-editor.ts";
import type { RecordOrder } from "./btree-way.ts";
import { createBtreeV2, insertRecord, removeRecord } from "./edited-btree.ts";

/** Records of one number, in little-endian order, filled up to a size. */
const KIND = { type: 5, bytes: () => 11 };
const record = (n: number): Uint8Array => {
  const bytes = new Uint8Array(11);
  new DataView(bytes.buffer).setUint32(0, n, true);
  return bytes;
};
const orderOf = (n: number): RecordOrder => ({ compare: (view) => n - view.getUint32(0, true) });
const original = h5wasmFile("latest", () => {});

function numbers(file: EditorFile, address: Address): number[] {
  const found: number[] = [];
  const tree = runSync(openBtreeV2(file, address, KIND));
  runSync(
    visitNodes(file, tree, (node) => {
      for (let i = 0; i < node.count; i++) found.push(node.view.getUint32(i * 11, true));
    }),
  );
  return found.sort((a, b) => a - b);
}

const operations = fc.array(fc.record({ remove: fc.boolean(), n: fc.nat(600) }), {
  maxLength: 1500,
  minLength: 200,
  size: "max",
});

describe("version 2 B-trees", () => {
  it("hold what was put in and not taken out, through every split, merge and redistribution", () => {
    let deepest = 0;
    fc.assert(
      fc.property(operations, fc.constantFrom(110, 160, 512), (list, nodeSize) => {
        const storage = new MemoryStorage(original.slice());
        const { file, commit } = runSync(openForEditing(storage, editingOptions()));
        const address = createBtreeV2(file, { kind: KIND, nodeSize });
        const present = new Set<number>();
        for (const [i, { remove, n }] of list.entries()) {
          if (remove && i > list.length / 3)
            expect(runSync(removeRecord(file, address, KIND, orderOf(n))) !== undefined).toBe(present.delete(n));
          else if (!present.has(n)) {
            runSync(insertRecord(file, address, KIND, record(n), orderOf(n)));
            present.add(n);
          }
        }
        deepest = Math.max(deepest, runSync(openBtreeV2(file, address, KIND)).header.depth);
        const sorted = [...present].sort((a, b) => a - b);
        expect(numbers(file, address)).toEqual(sorted);
        runSync(commit());
        const again = runSync(openForEditing(new MemoryStorage(storage.toUint8Array()), editingOptions())).file;
        expect(numbers(again, address)).toEqual(sorted);
        for (const n of sorted) runSync(removeRecord(again, address, KIND, orderOf(n)));
        expect(runSync(openBtreeV2(again, address, KIND)).header).toMatchObject({
          root: null,
          totalRecords: 0,
          depth: 0,
        });
      }),
      { numRuns: 25, endOnFailure: true },
    );
    expect(deepest).toBeGreaterThan(2);
  });
});
