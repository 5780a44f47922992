import { describe, expect, it } from "vitest";
import { everything } from "../../../test/support/byte-sink.ts";
import { numbersFrom } from "../../../test/support/i4.ts";
import { EditedFile, integer, newDataset, sourceOf } from "../../../test/support/new-datasets.ts";
import { checked } from "../../../test/support/sound.ts";
import { runSync } from "../../steps/run-sync.ts";
import { setAttribute } from "../attributes/edit-attributes.ts";
import type { StructureVersion } from "../editor-file.ts";
import { deleteLost } from "../links/delete-objects.ts";
import { removeLinkOf } from "../links/edit-links.ts";

const PAGE = 1024;
const RAW = /^(Raw data|Chunk|Huge object|Global heap collection)/;

/** Pages in which both raw data and metadata stand. */
function mixed(bytes: Uint8Array): number[] {
  const { extents, faults } = checked(bytes);
  expect(faults).toEqual([]);
  const uses = new Map<number, Set<boolean>>();
  for (const { address, length, structure } of extents) {
    for (let page = Math.floor(address / PAGE); page * PAGE < address + length; page++)
      uses.set(page, (uses.get(page) ?? new Set()).add(RAW.test(structure)));
  }
  return [...uses].filter(([, both]) => both.size > 1).map(([page]) => page);
}

describe.each<StructureVersion>(["earliest", "v110"])("files in pages, for %s", (low) => {
  it("keep raw data and metadata in pages of their own", () => {
    const edited = EditedFile.made(low, { fsStrategy: "page", fsPageSize: PAGE });
    const { file } = edited;
    for (let i = 0; i < 40; i++) {
      const count = 50 + ((i * 997) % 700);
      const layout = i % 2 === 0 ? ({ class: "contiguous" } as const) : ({ class: "chunked", chunk: [50] } as const);
      const address = edited.create(`d${i}`, newDataset([count], { layout }));
      edited.write(address, everything([count]), numbersFrom(i, count));
      // From version 2 headers on, large attributes are huge objects of a heap.
      const bytes = new Uint8Array(low === "earliest" ? 400 : 70_000 * Number(i % 8 === 0) + 4);
      const dataspace = { kind: "simple", dims: [bytes.length / 4], maxDims: [bytes.length / 4] } as const;
      runSync(
        setAttribute(file, address, {
          name: "a",
          charset: "ascii",
          datatype: integer(4),
          dataspace,
          source: sourceOf(bytes, 4),
        }),
      );
      if (i % 5 === 4) {
        runSync(removeLinkOf(file, file.info.root, `d${i - 3}`));
        runSync(deleteLost(file));
        edited.commit();
      }
    }
    const bytes = edited.commit();
    expect(bytes.length % PAGE).toBe(0);
    expect(mixed(bytes)).toEqual([]);
    const structures = new Set(checked(bytes).extents.map(({ structure }) => structure));
    expect(structures.has("Huge object")).toBe(low === "v110");
  });
});
