import { describe, expect, it } from "vitest";
import { EditedAttributes } from "../../../test/support/attributes.ts";
import { everything } from "../../../test/support/byte-sink.ts";
import { byLibhdf5, editingOptions } from "../../../test/support/editing.ts";
import { numbersFrom } from "../../../test/support/i4.ts";
import { EditedFile, integer, newDataset } from "../../../test/support/new-datasets.ts";
import { faults, leaked } from "../../../test/support/sound.ts";
import type { Address } from "../../bytes/address.ts";
import type { NewDataset } from "../../contract.ts";
import { valueToWrite } from "../../data/writing/write-value.ts";
import { isH5Error, StorageError } from "../../errors.ts";
import { runSync } from "../../steps/run-sync.ts";
import type { Extent } from "../../steps/storage.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import type { StructureVersion } from "../editor-file.ts";
import { editing } from "../file-editor.ts";
import { EditedHeader } from "../object-header/edited-header.ts";
import { openForEditing } from "../open-editor.ts";

const NOT_TRACKED = { tracked: false, indexed: false };
const PLAIN = { attributeOrder: NOT_TRACKED, trackTimes: false };
const DEFLATE = { id: 1, name: "deflate", flags: 1, clientData: [1] };

function group({ editor }: EditedFile, parent: Address, name: string): Address {
  const address = runSync(editor.createGroup({ ...PLAIN, linkOrder: NOT_TRACKED }));
  hard({ editor }, parent, name, address);
  return address;
}

function hard({ editor }: Pick<EditedFile, "editor">, parent: Address, name: string, address: Address): void {
  runSync(editor.link(parent, { type: "hard", name, charset: "ascii", address }));
}

const chunked = (dims: number[], maxDims: number[], options: Partial<NewDataset> = {}): NewDataset =>
  newDataset(dims, {
    layout: { class: "chunked", chunk: dims.map(() => 2) },
    dataspace: { kind: "simple", dims, maxDims },
    ...options,
  });

/** Datasets of every layout and index. */
const KINDS: readonly [string, NewDataset][] = [
  ["contiguous", newDataset([6])],
  ["compact", newDataset([6], { layout: { class: "compact" } })],
  ["fixed array, or B-tree", chunked([6], [6])],
  ["extensible array", chunked([6], [Infinity])],
  ["version 2 B-tree", chunked([6, 6], [Infinity, Infinity])],
  ["implicit", chunked([6], [6], { fill: { defined: "default", allocTime: "early", writeTime: "ifset" } })],
  ["single", newDataset([6], { layout: { class: "chunked", chunk: [6] } })],
  ["filtered", chunked([6, 60], [6, Infinity], { pipeline: { filters: [DEFLATE] } })],
  ["external", newDataset([6], { external: [{ name: "x.raw", offset: 0, size: 24 }] })],
  [
    "virtual",
    newDataset([6], {
      layout: {
        class: "virtual",
        mappings: [{ file: ".", dataset: "/d", source: { kind: "all" }, destination: { kind: "all" } }],
      },
    }),
  ],
];

/** A group with all that there is, for which nothing may be left when it goes. */
function fill(edited: EditedFile, parent: Address): void {
  const { editor } = edited;
  const type = runSync(editor.createDatatype(integer(4), PLAIN));
  hard(edited, parent, "type", type);
  for (const [name, options] of KINDS) {
    const dataset = runSync(editor.createDataset({ ...options, committed: name === "single" ? type : undefined }));
    hard(edited, parent, name, dataset);
    if (name === "virtual" || name === "external") continue;
    const { dims } = options.dataspace;
    edited.write(
      dataset,
      everything(dims),
      numbersFrom(
        1,
        dims.reduce((a, b) => a * b, 1),
      ),
    );
    if (name === "filtered") hard(edited, parent, "filtered again", dataset);
  }
  const { datatype, source } = valueToWrite(["a text", "another"], {});
  const texts = runSync(editor.createDataset(newDataset([2], { datatype })));
  hard(edited, parent, "texts", texts);
  edited.put(texts, everything([2]), source);
  const attributes = new EditedAttributes(edited, texts);
  attributes.set("text", "of an attribute");
  attributes.set("of a type", Int32Array.of(1), { committed: type });
  for (let i = 0; i < 12; i++) attributes.set(`number ${i}`, i);
  for (let i = 0; i < 30; i++) group(edited, parent, `group ${i}`);
}

describe.each<StructureVersion>(["earliest", "v108", "v110", "v200"])("deletion in files of %s", (low) => {
  it("leaves nothing of what a group holds", () => {
    const edited = EditedFile.made(low);
    const { root } = edited.file.info;
    // The root group's own heap has room for its names by then.
    group(edited, root, "all");
    runSync(edited.editor.unlink(root, "all"));
    edited.commit();
    const { used } = edited;
    const all = group(edited, root, "all");
    fill(edited, all);
    fill(edited, group(edited, all, "below"));
    const bytes = edited.commit().slice();
    expect(faults(bytes)).toEqual([]);
    expect(byLibhdf5(bytes, (f) => (f.get("all/below") as typeof f).keys().length)).toBe(KINDS.length + 33);
    const gone = runSync(edited.editor.unlink(root, "all"));
    expect(gone.length).toBe(2 * (KINDS.length + 33 - 1) + 1 + 1);
    const after = edited.commit();
    expect(edited.used).toBe(used);
    expect(faults(after)).toEqual([]);
    expect(after.length - leaked(after)).toBe(used);
    expect(byLibhdf5(after, (f) => f.keys())).toEqual([]);
  });

  it("leaves nothing of one object after the other either, when it is opened anew", () => {
    const made = EditedFile.made(low);
    fill(made, made.file.info.root);
    made.commit();
    const edited = made.reopened();
    const { root } = edited.file.info;
    for (const { name } of runSync(edited.reader.links(root, "name"))) runSync(edited.editor.unlink(root, name));
    const after = edited.commit();
    expect(faults(after)).toEqual([]);
    expect(byLibhdf5(after, (f) => f.keys())).toEqual([]);
  });

  it("reaches as deep as groups nest", () => {
    const edited = EditedFile.made(low);
    const { root } = edited.file.info;
    group(edited, root, "0");
    runSync(edited.editor.unlink(root, "0"));
    edited.commit();
    const { used } = edited;
    let parent = root;
    for (let i = 0; i < 2000; i++) parent = group(edited, parent, "0");
    edited.commit();
    expect(runSync(edited.editor.unlink(root, "0")).length).toBe(2000);
    edited.commit();
    expect(edited.used).toBe(used);
  });

  it("spares what something else refers to", () => {
    const edited = EditedFile.made(low);
    const { root } = edited.file.info;
    const [a, b] = [group(edited, root, "a"), group(edited, root, "b")];
    const type = runSync(edited.editor.createDatatype(integer(4), PLAIN));
    hard(edited, a, "type", type);
    const dataset = runSync(edited.editor.createDataset(newDataset([3], { committed: type })));
    hard(edited, a, "d", dataset);
    hard(edited, b, "d", dataset);
    new EditedAttributes(edited, b).set("attribute", Int32Array.of(7), { committed: type });
    expect(runSync(edited.editor.unlink(root, "a"))).toEqual([a]);
    expect(runSync(edited.reader.object(type)).referenceCount).toBe(2);
    const bytes = edited.commit();
    expect(faults(bytes)).toEqual([]);
    expect(byLibhdf5(bytes, (f) => (f.get("b/d") as unknown as { shape: number[] }).shape)).toEqual([3]);
    runSync(edited.editor.deleteAttribute(b, "attribute"));
    expect([...runSync(edited.editor.unlink(b, "d"))].sort()).toEqual([dataset, type].sort());
    expect(faults(edited.commit())).toEqual([]);
  });

  it("gives up new objects that nothing links to, and those alone", () => {
    const edited = EditedFile.made(low);
    edited.commit();
    const { used } = edited;
    const dataset = runSync(edited.editor.createDataset(newDataset([3])));
    edited.write(dataset, everything([3]), numbersFrom(1, 3));
    new EditedAttributes(edited, dataset).set("text", "some");
    runSync(edited.editor.discard(dataset));
    edited.commit();
    expect(edited.used).toBe(used);
    edited.link("linked", runSync(edited.editor.createDataset(newDataset([3]))));
    expect(() => runSync(edited.editor.discard(edited.addressOf("linked")))).toThrow(/is referred to/);
  });
});

describe("files that count wrongly", () => {
  it("never lose their root group", () => {
    const edited = EditedFile.made("earliest");
    const { root } = edited.file.info;
    hard(edited, root, "root", root);
    const header = runSync(EditedHeader.load(edited.file, root));
    if (header.head.version === 1) header.head = { ...header.head, referenceCount: 1 };
    header.apply();
    const before = edited.commit().slice();
    expect(() => runSync(edited.editor.unlink(root, "root"))).toThrow(/referred to by more than it counts/);
    expect(() => edited.commit()).toThrow(expect.objectContaining({ name: "ClosedError" }) as Error);
    expect(edited.storage.toUint8Array()).toEqual(before);
  });
});

/** Memory that fails at one read. */
class FailingReads extends MemoryStorage {
  /** Reads until it fails. */
  left = Infinity;

  override readSync(extents: readonly Extent[]): Uint8Array[] {
    if (this.left-- === 0) throw new StorageError("fails as it was told to");
    return super.readSync(extents);
  }
}

describe.each<StructureVersion>(["earliest", "v110"])("deletion that cannot read, in files of %s", (low) => {
  it("does nothing, or ends the use of the file", () => {
    const made = EditedFile.made(low);
    fill(made, group(made, made.file.info.root, "all"));
    const bytes = made.commit().slice();
    const options = editingOptions({ bounds: { low, high: "v200" } });
    const outcomes = { nothing: 0, closed: 0, done: 0 };
    for (let n = 0; outcomes.done === 0; n += 1 + (n >> 3)) {
      const storage = new FailingReads(bytes.slice());
      const { editor, reader } = editing(
        runSync(openForEditing(storage, { ...options, pages: { pageSize: 512 } })),
        options,
      );
      const { root } = reader.info;
      storage.left = n;
      try {
        runSync(editor.unlink(root, "all"));
        outcomes.done++;
      } catch (error) {
        expect(isH5Error(error, "StorageError")).toBe(true);
        storage.left = Infinity;
        try {
          runSync(editor.unlink(root, "all"));
          runSync(editor.commit());
          expect(runSync(reader.linkCount(root))).toBe(0);
          outcomes.nothing++;
        } catch (later) {
          if (!isH5Error(later, "ClosedError")) throw later;
          expect(storage.toUint8Array()).toEqual(bytes);
          outcomes.closed++;
        }
      }
    }
    expect(outcomes.nothing).toBeGreaterThan(0);
  });
});
