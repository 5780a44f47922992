import { describe, expect, it } from "vitest";
import type { Datatype } from "../../format/datatype/datatype.ts";
import { dtype } from "./build.ts";
import { sizedType } from "./sized.ts";

describe("datatypes in files of other widths", () => {
  it.each([
    ["numbers", dtype("f8").datatype, 8, 8],
    ["text", dtype("string").datatype, 12, 10],
    ["sequences of text", dtype.vlen("string").datatype, 12, 10],
    ["references", dtype.reference.datatype, 4, 2],
    ["references to regions", dtype.regionReference.datatype, 8, 6],
    ["references of 1.12", { class: "reference", kind: "standard", size: 18 }, 14, 12],
    ["arrays", dtype.array("string", [3]).datatype, 36, 30],
    ["compounds", dtype.compound({ a: "u1", s: "string", r: dtype.reference, b: "u2" }).datatype, 19, 15],
  ] as [string, Datatype, number, number][])("%s", (_, type, four, two) => {
    expect(sizedType(type, { offsets: 4, lengths: 4 }).size).toBe(four);
    expect(sizedType(type, { offsets: 2, lengths: 2 }).size).toBe(two);
    expect(sizedType(type, { offsets: 8, lengths: 8 })).toEqual(type);
  });

  it("keep the order of members, and the gaps between them", () => {
    const type: Datatype = {
      class: "compound",
      size: 40,
      members: [
        { name: "last", offset: 28, type: dtype.reference.datatype },
        { name: "first", offset: 4, type: dtype("string").datatype },
      ],
    };
    const sized = sizedType(type, { offsets: 4, lengths: 8 }) as typeof type;
    expect(sized.size).toBe(32);
    expect(sized.members.map(({ name, offset }) => [name, offset])).toEqual([
      ["last", 24],
      ["first", 4],
    ]);
  });
});
