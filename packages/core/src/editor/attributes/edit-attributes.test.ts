import { describe, expect, it } from "vitest";
import { attributesByLibhdf5, EditedAttributes } from "../../../test/support/attributes.ts";
import { EditedFile } from "../../../test/support/new-datasets.ts";
import { DType } from "../../data/dtype/dtype.ts";
import { Empty } from "../../data/empty.ts";

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
});
