import { describe, expect, it } from "vitest";
import { everything } from "../../../test/support/byte-sink.ts";
import { byLibhdf5 } from "../../../test/support/editing.ts";
import { asNumbers, numbersFrom, valuesOf } from "../../../test/support/i4.ts";
import { EditedFile, newDataset, sourceOf } from "../../../test/support/new-datasets.ts";
import type { NewDataset } from "../../contract.ts";
import { StorageError } from "../../errors.ts";
import { runAsync } from "../../steps/run-async.ts";
import { runSync } from "../../steps/run-sync.ts";
import type { Patch } from "../../steps/storage.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import type { StructureVersion } from "../editor-file.ts";
import { flushDataset } from "./flush-chunks.ts";
import { writeDataset } from "./write-dataset.ts";

/** Memory that fails at a write, once. */
class FailingStorage extends MemoryStorage {
  /** Writes until it fails. */
  left = Infinity;

  override writeSync(patches: readonly Patch[]): void {
    if (this.left-- === 0) throw new StorageError("is full");
    super.writeSync(patches);
  }
}

const DEFLATE = { id: 1, name: "deflate", flags: 1, clientData: [1] };
const KINDS: readonly [string, StructureVersion, Partial<NewDataset>][] = [
  ["contiguous", "earliest", {}],
  ["version 1 B-tree", "earliest", { layout: { class: "chunked", chunk: [300] }, pipeline: { filters: [DEFLATE] } }],
  ["fixed array", "v110", { layout: { class: "chunked", chunk: [300] } }],
  ["single", "v110", { layout: { class: "chunked", chunk: [3000] }, pipeline: { filters: [DEFLATE] } }],
  [
    "version 2 B-tree",
    "v110",
    {
      layout: { class: "chunked", chunk: [30, 10] },
      dataspace: { kind: "simple", dims: [300, 10], maxDims: [Infinity, Infinity] },
      pipeline: { filters: [DEFLATE] },
    },
  ],
];

describe("writes that fail", () => {
  it.each(KINDS)("leave old or new elements, and no space behind: %s", (_, version, options) => {
    for (const stored of [false, true]) {
      for (let n = 0; ; n++) {
        const storage = new FailingStorage(EditedFile.create(version).commit());
        const edited = new EditedFile(storage, { bounds: { low: version, high: "v200" } });
        const dims = options.dataspace?.dims ?? [3000];
        const address = edited.create("d", newDataset(dims, options));
        if (stored) {
          edited.write(address, everything(dims), numbersFrom(1, 3000));
          edited.commit();
        }
        const before = edited.used;
        storage.left = n;
        let failed = false;
        try {
          edited.write(address, everything(dims), numbersFrom(10_000, 3000));
        } catch (error) {
          expect(error).toBeInstanceOf(StorageError);
          failed = true;
        }
        storage.left = Infinity;
        const found = asNumbers(edited.read(address));
        found.forEach((value, i) => {
          expect([stored ? i + 1 : 0, i + 10_000]).toContain(value);
        });
        if (!failed) expect(found).toEqual(asNumbers(numbersFrom(10_000, 3000)));
        // One chunk or none was stored: whatever failed gave its space back.
        if (failed && n === 0) expect(edited.used).toBe(before);
        expect(byLibhdf5(edited.commit(), valuesOf("d"))).toEqual(found);
        if (!failed) break;
        expect(n).toBeLessThan(100);
      }
    }
  });

  it("while chunks are stored that wait leave them waiting", () => {
    const storage = new FailingStorage(EditedFile.create("earliest").commit());
    const edited = new EditedFile(storage);
    const address = edited.create(
      "d",
      newDataset([10_000], { layout: { class: "chunked", chunk: [8000] }, pipeline: { filters: [DEFLATE] } }),
    );
    // Not compressible: what is small waits for the commit in any case.
    const values = Int32Array.from(
      { length: 10_000 },
      (_, i) => Math.imul(i, 0x9e3779b1) ^ Math.imul(i * i, 0x85ebca6b),
    );
    const some = {
      kind: "runs",
      starts: Float64Array.of(5),
      lengths: Float64Array.of(9000),
      shape: [9000],
      count: 9000,
    } as const;
    const expected = [...new Array(5).fill(0), ...values.subarray(0, 9000), ...new Array(995).fill(0)];
    edited.write(address, some, new Uint8Array(values.buffer, 0, 36_000));
    storage.left = 0;
    expect(() => edited.commit()).toThrow(StorageError);
    storage.left = Infinity;
    expect(asNumbers(edited.read(address))).toEqual(expected);
    runSync(flushDataset(edited.file, address));
    expect(byLibhdf5(edited.commit(), valuesOf("d"))).toEqual(expected);
  });

  it("do not happen in asynchronous mode, where filters work side by side", async () => {
    const edited = EditedFile.create("v110");
    const dims = [400, 500];
    const address = edited.create(
      "d",
      newDataset(dims, { layout: { class: "chunked", chunk: [100, 100] }, pipeline: { filters: [DEFLATE] } }),
    );
    const data = numbersFrom(0, 200_000);
    await runAsync(writeDataset(edited.file, edited.info(address), everything(dims), sourceOf(data, 4)));
    expect(byLibhdf5(edited.commit(), valuesOf("d"))).toEqual(asNumbers(data));
  });
});
