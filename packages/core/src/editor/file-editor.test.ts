import { describe, expect, it } from "vitest";
import { byLibhdf5, editingOptions, h5wasmFile } from "../../test/support/editing.ts";
import { integer, newDataset } from "../../test/support/new-datasets.ts";
import type { NewGroup } from "../contract.ts";
import { runSync } from "../steps/run-sync.ts";
import type { Steps } from "../steps/steps.ts";
import { MemoryStorage } from "../storage/memory.ts";
import type { StructureVersion } from "./editor-file.ts";
import { type Editing, editing } from "./file-editor.ts";
import { openForEditing } from "./open-editor.ts";

const NOT_TRACKED = { tracked: false, indexed: false };
const plain = { attributeOrder: NOT_TRACKED, trackTimes: false };
const group: NewGroup = { ...plain, linkOrder: NOT_TRACKED };

function begin(low: StructureVersion): Editing & { readonly storage: MemoryStorage } {
  const storage = new MemoryStorage(h5wasmFile(low === "earliest" ? low : "latest", () => {}));
  const options = editingOptions({ bounds: { low, high: "v200" } });
  return { ...editing(runSync(openForEditing(storage, options)), options), storage };
}

describe.each<StructureVersion>(["earliest", "v108", "v110"])("a file edited for %s", (low) => {
  it("gets groups, datasets, committed types and links of all kinds, which libhdf5 finds", () => {
    const { editor, reader, storage } = begin(low);
    const { root } = reader.info;
    const run = <T>(steps: Steps<T>): T => runSync(steps);
    const outer = run(editor.createGroup(group));
    run(editor.link(root, { type: "hard", name: "outer", charset: "ascii", address: outer }));
    const inner = run(editor.createGroup({ ...group, linkOrder: { tracked: true, indexed: true } }));
    run(editor.link(outer, { type: "hard", name: "inner", charset: "ascii", address: inner }));
    const type = run(editor.createDatatype(integer(2), plain));
    run(editor.link(root, { type: "hard", name: "type", charset: "ascii", address: type }));
    const dataset = run(editor.createDataset({ ...newDataset([3]), datatype: integer(2), committed: type }));
    for (const name of ["z", "a"]) run(editor.link(inner, { type: "hard", name, charset: "ascii", address: dataset }));
    run(editor.link(root, { type: "soft", name: "soft", charset: "ascii", target: "/outer/inner/a" }));
    run(editor.link(outer, { type: "external", name: "äußer", charset: "utf8", file: "x.h5", target: "/y", flags: 0 }));
    run(editor.commit());
    expect(run(reader.object(dataset)).referenceCount).toBe(2);
    expect(run(reader.object(type)).referenceCount).toBe(2);
    const seen = byLibhdf5(storage.toUint8Array(), (f) => ({
      root: [...f.keys()].sort(),
      outer: [...(f.get("outer") as typeof f).keys()].sort(),
      inner: [...(f.get("outer/inner") as typeof f).keys()],
      shape: (f.get("soft") as unknown as { shape: number[] }).shape,
      external: f.get_external_link("outer/äußer"),
    }));
    expect(seen).toEqual({
      root: ["outer", "soft", "type"],
      outer: ["inner", "äußer"],
      inner: ["z", "a"],
      shape: [3],
      external: { filename: "x.h5", obj_path: "/y" },
    });
  });
});
