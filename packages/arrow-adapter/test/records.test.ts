/** Columns straight out of records: the same as by way of elements, for every datatype and layout. */
import type * as arrow from "apache-arrow";
import { dtype, MemoryStorage, openSync } from "h5ts";
import { describe, expect, it } from "vitest";
import { type TableOptions, toArrow } from "../src/index.ts";
import { expectSame } from "./support/compare-tables.ts";
import { Random } from "./support/random-tables.ts";

const KIND = dtype.enum({ A: 0, B: 1, C: 7 });
const MEMBERS: readonly (readonly [name: string, type: ReturnType<typeof dtype>])[] = [
  ...["i1", "u1", "<i2", ">u2", "<i4", ">i4", "<u8", ">i8", "<f4", ">f4", "<f8", ">f8", "f2", "bool"].map(
    (code) => [code, dtype(code)] as const,
  ),
  ["time", dtype("<M8[us]")],
  ["span", dtype(">m8[s]")],
  ["kind", KIND],
  ["nullpad", dtype.string({ length: 6 })],
  ["nullterm", dtype.string({ length: 6, padding: "nullterm" })],
  ["spacepad", dtype.string({ length: 5, padding: "spacepad", encoding: "ascii" })],
  ["wide", dtype.string({ length: 40 })],
];

/** A file of records of random bytes: whatever they stand for, it must be the same both ways. */
function records(random: Random, text: string, chunks: number[] | undefined, rows: number) {
  const type = dtype.compound([...MEMBERS]);
  const made = openSync(new MemoryStorage(), "w").createDataset("x", {
    shape: [rows],
    dtype: type,
    ...(chunks && { chunks, compression: "gzip", shuffle: true }),
  });
  const bytes = random.bytes(rows * type.itemsize);
  for (const [name, { offset, dtype: member }] of type.fields!) {
    for (let row = 0; row < rows; row++) {
      const at = row * type.itemsize + offset;
      if (name === "kind") bytes[at] = [0, 1, 7][bytes[at] % 3];
      else if (name === "bool") bytes[at] &= 1;
      // Not a number has many bits, of which the other way keeps one.
      else if (name === "f2") bytes[at + 1] &= 0xbb;
      else if (member.class === "string") {
        const value = new TextEncoder().encode(text).subarray(0, random.below(member.itemsize + 1));
        const whole = new TextEncoder().encode(new TextDecoder().decode(value).replaceAll("\ufffd", ""));
        bytes.fill(name === "spacepad" ? 0x20 : 0, at, at + member.itemsize);
        bytes.set(whole.subarray(0, member.itemsize), at);
      }
    }
  }
  made.asBytes().write(bytes);
  return made;
}

/** By way of elements: a filter that all rows pass. */
const slowly = (made: Parameters<typeof toArrow>[0], options: TableOptions = {}): Promise<arrow.Table> =>
  toArrow(made, { ...options, filter: { columns: [], test: () => true } });

describe("columns out of records", () => {
  it.each([
    ["contiguous", undefined, "plain text"],
    ["in chunks", [64], "plain text"],
    ["in one chunk", [1000], "größer 日本"],
    ["of text that begins with marks", [100], "\u0301\u0301a"],
  ])("%s", async (_, chunks, text) => {
    const random = new Random(7);
    for (const rows of [0, 1, 1000]) {
      const made = records(random, text, rows === 1000 ? chunks : undefined, rows);
      const options = { rows: { start: -300, stop: -7 }, columns: ["nullpad", "<f8", ">i8", "kind", "time"] };
      const [all, some] = [await slowly(made), await slowly(made, options)];
      // Nothing is read by way of elements any more.
      made.read = made.fields = () => expect.fail();
      expectSame(await toArrow(made), all);
      expectSame(await toArrow(made, options), some);
    }
  });

  it("are read by way of elements where records have members of variable length", async () => {
    const type = dtype.compound({ a: "i4", s: dtype.string(), l: dtype.array(dtype.vlen("i2"), [1]), f: "f8" });
    const data = { a: [1, 2], s: ["x", "yy"], l: [[[1]], [[2, 3]]], f: [0.5, 1] };
    const made = openSync(new MemoryStorage(), "w").createDataset("x", { data, dtype: type });
    const table = await toArrow(made, { columns: ["f", "a"] });
    expect([...table.getChild("f")!]).toEqual([0.5, 1]);
    expect([...table.getChild("a")!]).toEqual([1, 2]);
  });

  it("of text that is no UTF-8 are an error, or mended", async () => {
    const type = dtype.compound({ a: "i4", s: "S3" });
    const made = openSync(new MemoryStorage(), "w").createDataset("x", { shape: [2], dtype: type });
    made.asBytes().write(Uint8Array.of(1, 0, 0, 0, 0x61, 0xfc, 0, 2, 0, 0, 0, 0x62, 0, 0));
    await expect(toArrow(made)).rejects.toMatchObject({ name: "DTypeError" });
    const table = await toArrow(made, { badText: "replace" });
    expect([...table.getChild("s")!]).toEqual(["a\ufffd", "b"]);
    expect([...table.getChild("a")!]).toEqual([1, 2]);
  });

  it("of two halves of one character are an error, though together they are text", async () => {
    const made = openSync(new MemoryStorage(), "w").createDataset("x", {
      shape: [2],
      dtype: dtype.compound({ s: "S1" }),
    });
    made.asBytes().write(Uint8Array.of(0xc3, 0xbc));
    await expect(toArrow(made)).rejects.toMatchObject({ name: "DTypeError" });
  });
});
