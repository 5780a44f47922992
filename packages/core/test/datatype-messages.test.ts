/** Datatype messages byte by byte as h5py writes them, for each lower bound of library versions: see test/fixtures/elements/make.py. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Encoder } from "../src/bytes/encoder.ts";
import { dtype } from "../src/data/dtype/build.ts";
import type { DType } from "../src/data/dtype/dtype.ts";
import { versionedDatatype } from "../src/editor/dataset/structure-versions.ts";
import type { StructureVersion } from "../src/editor/editor-file.ts";
import { datatypeMessage } from "../src/format/datatype/datatype-message.ts";

const file = new URL("fixtures/elements/datatypes.json", import.meta.url);
const messages: Readonly<Record<string, Record<StructureVersion, string>>> = JSON.parse(readFileSync(file, "utf8"));

const pair = dtype.compound({ a: "<i4", bb: "<f8" });

const TYPES: Readonly<Record<string, DType>> = {
  ...Object.fromEntries(
    ["i1", "u1", "<i2", ">i4", "<u8", ">i8", "<f2", ">f4", "<f8"].map((name) => [name, dtype(name)]),
  ),
  bool: dtype("bool"),
  c8: dtype("c8"),
  "native complex": dtype.complex("f4", { native: true }),
  S7: dtype("S7"),
  nullterm: dtype.string({ length: 5, padding: "nullterm", encoding: "ascii" }),
  spacepad: dtype.string({ length: 5, padding: "spacepad", encoding: "ascii" }),
  "utf-8": dtype.string({ length: 9 }),
  string: dtype("string"),
  "string ascii": dtype.string({ encoding: "ascii" }),
  enum: dtype.enum({ A: 1, BB: 2 }),
  "wide enum": dtype.enum({ MINUS: -1 }, ">i8"),
  compound: pair,
  nested: dtype.compound({ a: dtype.array("<i4", [3]), in: pair }),
  "compound of text": dtype.compound({ s: "string", v: dtype.vlen("<f4") }),
  array: dtype.array("<i2", [2, 3]),
  vlen: dtype.vlen("<i4"),
  "vlen of array": dtype.vlen(dtype.array("<i2", [2, 3])),
  "vlen of compound": dtype.vlen(pair),
  opaque: dtype.opaque(3, "tag"),
  V4: dtype("V4"),
  M8: dtype("<M8[ns]"),
  bitfield: dtype.bitfield("u1"),
  "wide bitfield": dtype.bitfield("u8"),
  reference: dtype.reference,
  "region reference": dtype.regionReference,
};

describe("datatype messages", () => {
  it("are there for every type", () => {
    expect(Object.keys(TYPES).sort()).toEqual(Object.keys(messages).sort());
  });

  it.each(Object.entries(messages))("of %s", (name, byVersion) => {
    for (const [low, expected] of Object.entries(byVersion) as [StructureVersion, string][]) {
      const encoder = new Encoder();
      datatypeMessage(encoder, versionedDatatype(TYPES[name].datatype, { low, high: "v200" }));
      const found = Buffer.from(encoder.finish()).toString("hex");
      // Headers of version 1 fill messages up to 8 bytes.
      const padded = low === "earliest" ? found.padEnd(Math.ceil(found.length / 16) * 16, "0") : found;
      expect(padded, low).toBe(expected);
    }
  });
});
