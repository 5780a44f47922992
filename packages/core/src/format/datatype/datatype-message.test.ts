import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as any from "../../../test/support/arbitraries.ts";
import { decoded, encoded, roundTrips } from "../../../test/support/round-trip.ts";
import { isH5Error } from "../../errors.ts";
import type { CompoundMember, Datatype, FloatType, IntegerType } from "./datatype.ts";
import { datatypeMessage } from "./datatype-message.ts";

const version = fc.integer({ min: 1, max: 5 });
const order = fc.constantFrom("le" as const, "be" as const);
const pad = fc.constantFrom(
  {},
  { lowPad: 1 as const },
  { highPad: 1 as const },
  { lowPad: 1 as const, highPad: 1 as const },
);

const bits = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.nat(63), fc.nat(63)).map(([size, a, b]) => {
  const bitOffset = a % (8 * size);
  return { size, bitOffset, precision: 1 + (b % (8 * size - bitOffset)) };
});
const integer: fc.Arbitrary<IntegerType> = fc
  .tuple(version, bits, order, fc.boolean(), pad)
  .map(([v, b, o, signed, p]) => ({ class: "integer", version: v, ...b, order: o, signed, ...p }));
const bitfield: fc.Arbitrary<Datatype> = fc
  .tuple(version, bits, order, pad)
  .map(([v, b, o, p]) => ({ class: "bitfield", version: v, ...b, order: o, ...p }));
const time: fc.Arbitrary<Datatype> = fc
  .tuple(version, fc.constantFrom(4, 8), order)
  .map(([v, size, o]) => ({ class: "time", version: v, size, order: o, precision: 8 * size }));
const float: fc.Arbitrary<FloatType> = fc
  .tuple(
    fc.integer({ min: 3, max: 5 }),
    fc.constantFrom("le" as const, "be" as const, "vax" as const),
    fc.constantFrom([1, 4, 3], [2, 5, 10], [2, 8, 7], [4, 8, 23], [8, 11, 52], [16, 15, 64]),
    fc.constantFrom("none" as const, "msbset" as const, "implied" as const),
    pad,
  )
  .map(([v, o, [size, exponentSize, mantissaSize], normalization, p]) => ({
    class: "float",
    version: v,
    size,
    order: o,
    bitOffset: 0,
    precision: 1 + exponentSize + mantissaSize,
    signPosition: exponentSize + mantissaSize,
    exponentPosition: mantissaSize,
    exponentSize,
    exponentBias: 2 ** (exponentSize - 1) - 1,
    mantissaPosition: 0,
    mantissaSize,
    normalization,
    ...p,
  }));
const text = {
  padding: fc.constantFrom("nullterm" as const, "nullpad" as const, "spacepad" as const),
  charset: any.charset,
};
const string = fc.record({
  class: fc.constant("string" as const),
  version,
  size: fc.integer({ min: 1, max: 500 }),
  ...text,
});
const opaque = fc.record({
  class: fc.constant("opaque" as const),
  version,
  size: fc.integer({ min: 1, max: 500 }),
  tag: fc.oneof(fc.constant(""), any.text(248)),
});
const reference = fc
  .constantFrom(["object", 8], ["region", 12], ["standard", 18])
  .map(([kind, size]) => ({ class: "reference", version: kind === "standard" ? 4 : 1, kind, size }) as Datatype);
const complex = float.map((base): Datatype => ({ class: "complex", version: 5, size: 2 * base.size, base }));
const enumeration = fc
  .tuple(version, integer, fc.array(any.text(20), { maxLength: 5 }), any.bytes(8, 8))
  .map(([v, base, names, value]): Datatype => {
    const members = names.map((name) => ({ name, value: value.slice(0, base.size) }));
    return { class: "enum", version: v, size: base.size, base, members };
  });

const leaf: fc.Arbitrary<Datatype> = fc.oneof(
  integer,
  bitfield,
  time,
  float,
  string,
  opaque,
  reference,
  complex,
  enumeration,
);

/** Members side by side, with a gap before each. */
function compound(v: number, parts: readonly [string, Datatype, number][]): Datatype {
  const members: CompoundMember[] = [];
  let offset = 0;
  for (const [name, type, gap] of parts) {
    members.push({ name, offset: offset + gap, type });
    offset += gap + type.size;
  }
  return { class: "compound", version: v, size: offset, members };
}

const any_type: fc.Arbitrary<Datatype> = fc.letrec<{ type: Datatype }>((tie) => ({
  type: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc
      .tuple(version, fc.array(fc.tuple(any.text(20), tie("type"), fc.nat(300)), { minLength: 1, maxLength: 4 }))
      .map(([v, parts]) => compound(v, parts)),
    fc.tuple(version, tie("type")).map(
      ([v, base]): Datatype => ({
        class: "vlen",
        version: v,
        size: 16,
        kind: "sequence",
        padding: "nullterm",
        charset: "ascii",
        base,
      }),
    ),
    fc
      .tuple(version, integer, fc.record(text))
      .map(([v, base, t]): Datatype => ({ class: "vlen", version: v, size: 16, kind: "string", ...t, base })),
    fc.tuple(version, fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }), tie("type")).map(
      ([v, dims, base]): Datatype => ({
        class: "array",
        version: v,
        dims,
        base,
        size: dims.reduce((product, n) => product * n, base.size),
      }),
    ),
  ),
})).type;

describe("datatype message", () => {
  it("reads what it wrote, of every class and version, nested at will", () => {
    fc.assert(
      fc.property(any_type, any.sizes, (type, s) => roundTrips(datatypeMessage, type, s)),
      { numRuns: 400 },
    );
  });

  it("takes dimensions of version 1 members for arrays without a version, and writes them back", () => {
    const base: Datatype = {
      class: "integer",
      version: 1,
      size: 2,
      order: "le",
      signed: true,
      bitOffset: 0,
      precision: 16,
    };
    const members = [
      { name: "a", offset: 0, type: { class: "array", dims: [2, 3], base, size: 12 } as Datatype },
      { name: "b", offset: 12, type: base },
    ];
    roundTrips(datatypeMessage, { class: "compound", version: 1, size: 14, members });
  });

  it("writes types without a version in the lowest that can express them", () => {
    const base: Datatype = { class: "integer", size: 2, order: "le", signed: true, bitOffset: 0, precision: 16 };
    const versionOf = (type: Datatype): number | undefined =>
      decoded(datatypeMessage, encoded(datatypeMessage, type)).version;
    const array: Datatype = { class: "array", dims: [2], base, size: 4 };
    expect(versionOf(base)).toBe(1);
    expect(versionOf(array)).toBe(2);
    expect(versionOf(compound(1, [["a", base, 0]]))).toBe(1);
    const { version: _, ...unversioned } = compound(1, [["a", array, 0]]);
    expect(versionOf(unversioned as Datatype)).toBe(2);
    expect(versionOf({ class: "reference", kind: "standard", size: 18 })).toBe(4);
  });

  /** Bytes that libhdf5 2.0 writes (H5Tencode). */
  it.each<[string, string, Partial<Datatype>]>([
    [
      "complex of two 32-bit floats",
      "5b0100000800000011201f000400000000002000170800177f000000",
      { class: "complex", size: 8 },
    ],
    ["object reference", "1700000008000000", { class: "reference", kind: "object" }],
    ["region reference", "170100000c000000", { class: "reference", kind: "region" }],
    ["half", "11200f0002000000000010000a05000a0f000000", { class: "float", size: 2, exponentBias: 15 }],
    [
      "boolean",
      "180200000100000010080000010000000000080046414c534500000054525545000000000001",
      {
        class: "enum",
        members: [
          { name: "FALSE", value: Uint8Array.of(0) },
          { name: "TRUE", value: Uint8Array.of(1) },
        ],
      },
    ],
    [
      "array of floats",
      "2a00000018000000020000000200000003000000000000000100000011201f000400000000002000170800177f000000",
      { class: "array", dims: [2, 3] },
    ],
  ])("%s", (_, hex, expected) => {
    const bytes = Uint8Array.from(Buffer.from(hex, "hex"));
    const type = decoded(datatypeMessage, bytes);
    expect(type).toMatchObject(expected);
    expect(Buffer.from(encoded(datatypeMessage, type)).toString("hex")).toBe(hex);
  });
});

function refusal(hex: string): string {
  try {
    decoded(datatypeMessage, Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex")));
  } catch (error) {
    if (isH5Error(error, "FormatError", "LimitError")) return `${error.name}: ${error.reason}`;
    throw error;
  }
  return "read";
}

const INT = "10000000 01000000 0000 0800";

describe("a datatype that contradicts itself is refused", () => {
  const nested = (depth: number): string => `${"19000000 10000000".repeat(depth)}${INT}`;
  it.each<[string, string, string]>([
    ["version 0", "00000000 01000000 0000 0800", "FormatError: has a version that is not known"],
    ["version 6", "60000000 01000000 0000 0800", "FormatError: has a version that is not known"],
    ["class 12", "1c000000 01000000", "FormatError: has a class that is not known"],
    ["size 0", "10000000 00000000 0000 0800", "FormatError: has a size of 0"],
    ["precision beyond its bytes", "10000000 01000000 0100 0800", "FormatError: has its value outside its bytes"],
    ["precision 0", "10000000 01000000 0000 0000", "FormatError: has its value outside its bytes"],
    [
      "exponent over mantissa",
      "11201f00 04000000 0000 2000 16 08 00 17 7f000000",
      "FormatError: has an exponent that overlaps its mantissa",
    ],
    [
      "normalization 3",
      "11301f00 04000000 0000 2000 17 08 00 17 7f000000",
      "FormatError: has an unknown normalization",
    ],
    ["VAX bit alone", "31601f00 04000000 0000 2000 17 08 00 17 7f000000", "FormatError: has an unknown byte order"],
    ["string padding 3", "13030000 04000000", "FormatError: has an unknown string padding"],
    ["compound without members", "36000000 01000000", "FormatError: has no members"],
    ["member past the end", `36010000 01000000 6100 01 ${INT}`, 'FormatError: has a member "a" past its end'],
    [
      "overlapping members",
      `36020000 02000000 6100 00 ${INT} 6200 00 ${INT}`,
      'FormatError: has overlapping members "a" and "b"',
    ],
    [
      "enum of another size than its base",
      `38000000 02000000 ${INT}`,
      "FormatError: has a size other than its base type",
    ],
    ["array without dimensions", `3a000000 01000000 00 ${INT}`, "FormatError: has a wrong number of dimensions"],
    ["array of 33 dimensions", `3a000000 01000000 21 ${INT}`, "FormatError: has a wrong number of dimensions"],
    [
      "array of another size",
      `3a000000 01000000 01 02000000 ${INT}`,
      "FormatError: has a size other than its elements",
    ],
    ["dimension 0", `3a000000 01000000 01 00000000 ${INT}`, "FormatError: has a size other than its elements"],
    ["reference of kind 5", "17050000 08000000", "FormatError: has an unknown kind of reference"],
    ["variable-length of kind 2", `19020000 10000000 ${INT}`, "FormatError: has an unknown variable-length type"],
    ["complex of integers", `5b010000 02000000 ${INT}`, "FormatError: has parts of a wrong class"],
    ["31 levels deep", nested(31), "read"],
    ["32 levels deep", nested(32), "LimitError: exceeds the option limits.datatypeNesting"],
    ["10,000 levels deep", nested(10_000), "LimitError: exceeds the option limits.datatypeNesting"],
  ])("%s", (_, hex, expected) => expect(refusal(hex)).toBe(expected));

  it("refuses more members in all than the limit", () => {
    const bytes = Uint8Array.from(
      Buffer.from(`36020000 02000000 6100 00 ${INT} 6200 01 ${INT}`.replaceAll(" ", ""), "hex"),
    );
    const bounds = { datatypeNesting: 32, datatypeMembers: 1 };
    expect(() => decoded(datatypeMessage, bytes, undefined, bounds)).toThrow(/limits.datatypeMembers/);
  });
});
