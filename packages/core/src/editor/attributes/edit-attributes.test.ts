import { describe, expect, it } from "vitest";
import { attributesByLibhdf5, EditedAttributes, newAttribute } from "../../../test/support/attributes.ts";
import { byLibhdf5, type Libhdf5File } from "../../../test/support/editing.ts";
import { EditedFile } from "../../../test/support/new-datasets.ts";
import { faults } from "../../../test/support/sound.ts";
import type { Address } from "../../bytes/address.ts";
import { dtype } from "../../data/dtype/build.ts";
import { DType } from "../../data/dtype/dtype.ts";
import { Empty } from "../../data/empty.ts";
import { objectHeader } from "../../engine/object-header.ts";
import { objectInfo } from "../../engine/object-info.ts";
import { runSync } from "../../steps/run-sync.ts";
import { FileEditor } from "../file-editor.ts";
import { setAttribute } from "./edit-attributes.ts";

const VALUES: Readonly<Record<string, unknown>> = {
  number: 7,
  floats: Float32Array.of(1, 2.5, -3),
  table: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  text: "a text of variable length",
  texts: ["one", "", "three"],
  "naïve name": 1,
  flags: [true, false],
};
const BY_LIBHDF5: Readonly<Record<string, unknown>> = {
  ...VALUES,
  floats: [1, 2.5, -3],
  table: [1, 2, 3, 4, 5, 6],
  flags: [1, 0],
};

describe.each(["earliest", "v108", "v110", "v200"] as const)("attributes in files of %s", (low) => {
  it("are set, replaced and deleted, and libhdf5 reads them", () => {
    const edited = EditedFile.create(low);
    const attributes = new EditedAttributes(edited);
    for (const [name, value] of Object.entries(VALUES)) attributes.set(name, value);
    expect(attributesByLibhdf5(edited.commit())).toEqual(BY_LIBHDF5);
    attributes.set("number", "now a text");
    attributes.set("texts", 3);
    attributes.delete("table");
    const { table: _, ...rest } = BY_LIBHDF5;
    expect(attributesByLibhdf5(edited.commit())).toEqual({ ...rest, number: "now a text", texts: 3 });
    for (const name of attributes.names()) attributes.delete(name);
    expect(attributesByLibhdf5(edited.commit())).toEqual({});
  });

  it("without elements are set", () => {
    const edited = EditedFile.create(low);
    const attributes = new EditedAttributes(edited);
    attributes.set("empty", new Empty(new Float32Array(0), DType.from("f4")));
    attributes.set("no elements", new Float64Array(0));
    expect(attributesByLibhdf5(edited.commit())).toEqual({ empty: null, "no elements": [] });
  });

  it("are modified where they stand, of the same type and shape", () => {
    const edited = EditedFile.create(low);
    const attributes = new EditedAttributes(edited);
    for (const [name, value] of Object.entries(VALUES)) attributes.set(name, value);
    const { used } = edited;
    attributes.modify("floats", Float32Array.of(9, 8, 7));
    attributes.modify("texts", ["another", "t", ""]);
    expect(attributesByLibhdf5(edited.commit())).toEqual({
      ...BY_LIBHDF5,
      floats: [9, 8, 7],
      texts: ["another", "t", ""],
    });
    expect(edited.used).toBe(used);
    expect(() => attributes.modify("absent", 1)).toThrow(expect.objectContaining({ name: "NotFoundError" }));
    expect(() => attributes.delete("absent")).toThrow(expect.objectContaining({ name: "NotFoundError" }));
    expect(() => attributes.modify("number", Float32Array.of(1))).toThrow(
      expect.objectContaining({ name: "DTypeError" }),
    );
  });

  it("refer to committed datatypes, which count who does and go with the last", () => {
    const edited = EditedFile.create(low);
    const { file } = edited;
    const editor = new FileEditor({ file, commit: () => never() });
    const { used } = edited;
    const { datatype } = DType.from("i4");
    const plain = { attributeOrder: { tracked: false, indexed: false }, trackTimes: false };
    const type = runSync(editor.createDatatype(datatype, plain));
    runSync(editor.link(file.info.root, { type: "hard", name: "type", charset: "ascii", address: type }));
    const references = (): number => runSync(objectInfo(file, runSync(objectHeader(file, type)))).referenceCount;
    const set = (object: Address, name: string, committed: Address | undefined, value: number): void =>
      runSync(editor.setAttribute(object, { ...newAttribute(name, value, { datatype }), committed }));
    const { root } = file.info;
    for (const [i, name] of ["a", "b"].entries()) set(root, name, type, i);
    // Its own attribute, too.
    set(type, "self", type, 2);
    expect(references()).toBe(4);
    set(root, "a", type, 7);
    expect(references()).toBe(4);
    set(root, "b", undefined, 8);
    expect(references()).toBe(3);
    const seen = byLibhdf5(edited.commit(), (f) => [
      attributesOf(f),
      attributesOf(f.get("type") as unknown as typeof f),
      Object.entries(f.attrs).map(([name, { metadata }]) => [name, (metadata as { type: number }).type]),
    ]);
    expect(seen).toEqual([
      { a: 7, b: 8 },
      { self: 2 },
      [
        ["a", 0],
        ["b", 0],
      ],
    ]);
    expect(faults(edited.commit())).toEqual([]);
    runSync(editor.deleteAttribute(type, "self"));
    runSync(editor.unlink(root, "type"));
    expect(references()).toBe(1);
    expect(attributesByLibhdf5(edited.commit())).toEqual({ a: 7, b: 8 });
    for (const name of ["a", "b"]) runSync(editor.deleteAttribute(root, name));
    expect(faults(edited.commit())).toEqual([]);
    expect(edited.used - used).toBeLessThanOrEqual(0);
  });

  it("that are refused leave nothing behind", () => {
    const edited = EditedFile.create(low);
    const attributes = new EditedAttributes(edited);
    attributes.set("text", ["a", "b"]);
    const { used } = edited;
    const bytes = edited.commit();
    const refused = (name: string, set: () => void): void => expect(set).toThrow(expect.objectContaining({ name }));
    refused("UnsupportedError", () => attributes.set("", "text"));
    refused("UnsupportedError", () => attributes.set("long".repeat(20_000), "text"));
    refused("DTypeError", () => attributes.modify("text", Int32Array.of(1, 2)));
    const huge = dtype.compound(Array.from({ length: 9000 }, (_, i) => [`member ${i}`, "i4"] as const));
    const elements = { ...newAttribute("huge", 1), datatype: huge.datatype };
    const source = { elementSize: huge.datatype.size, prepare: () => undefined, take: () => {} };
    refused("UnsupportedError", () => runSync(setAttribute(edited.file, attributes.object, { ...elements, source })));
    if (low === "earliest") {
      const large = (): void => attributes.set("large", new Float64Array(9000));
      refused("UnsupportedError", large);
      expect(large).toThrow(/"large".*libver: "latest".*72\d\d\d bytes/);
    }
    expect(edited.used).toBe(used);
    expect(edited.commit()).toEqual(bytes);
  });
});

describe("attributes in headers of version 1", () => {
  it("are as many and as large as can be read again", () => {
    const edited = EditedFile.create("earliest", { limits: { objectHeaderBytes: 500_000 } });
    const attributes = new EditedAttributes(edited);
    let n = 0;
    const refusal = expect.objectContaining({ name: "LimitError" });
    const fill = (): void => {
      for (; n < 100; n++) attributes.set(`large ${n}`, new Float64Array(3000).fill(n));
    };
    expect(fill).toThrow(refusal);
    expect(n).toBeGreaterThan(10);
    const { used } = edited;
    expect(fill).toThrow(refusal);
    expect(edited.used).toBe(used);
    expect(attributes.names().length).toBe(n);
    expect(Object.keys(attributesByLibhdf5(edited.commit())).length).toBe(n);
    for (const name of attributes.names()) attributes.delete(name);
    attributes.set("small", 1);
    expect(attributesByLibhdf5(edited.commit())).toEqual({ small: 1 });
  });
});

const attributesOf = (f: Libhdf5File): unknown =>
  Object.fromEntries(Object.entries(f.attrs).map(([name, { value }]) => [name, value]));

/** The file is committed by other means. */
function never(): never {
  throw new Error("not committed here");
}
