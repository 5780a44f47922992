import { describe, expect, it } from "vitest";
import { EditedAttributes } from "../../../test/support/attributes.ts";
import { byLibhdf5, editingOptions, h5wasmFile } from "../../../test/support/editing.ts";
import { EditedFile, newDataset } from "../../../test/support/new-datasets.ts";
import { faults } from "../../../test/support/sound.ts";
import { attributeElements } from "../../data/attribute-value.ts";
import { dtype } from "../../data/dtype/build.ts";
import { DType } from "../../data/dtype/dtype.ts";
import type { DTypeLike } from "../../data/dtype/like.ts";
import { Empty } from "../../data/empty.ts";
import { Reference, RegionReference } from "../../data/reference.ts";
import { openReader } from "../../engine/file-reader.ts";
import { DEFAULT_LIMITS } from "../../engine/limits.ts";
import { objectHeader } from "../../engine/object-header.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import { runSync } from "../../steps/run-sync.ts";
import { MemoryStorage } from "../../storage/memory.ts";

const REGION = { kind: "hyperslab", rank: 1, start: [1], stride: [1], count: [1], block: [3] } as const;

const VALUES: Readonly<Record<string, readonly [unknown, DTypeLike?]>> = {
  "64 bits": [BigInt64Array.of(1n, -(2n ** 62n))],
  "big-endian": [[1, -2, 70_000], ">i4"],
  halves: [[1, 2.5], "f2"],
  brain: [[1, 2.5], dtype.bfloat16],
  "one boolean": [true],
  colours: [[1, 0], dtype.enum({ red: 0, green: 1 })],
  fixed: [["one", "two"], dtype.string({ length: 5 })],
  "one text": ["a text"],
  empty: [new Empty(new Float32Array(0), DType.from("f4"))],
  "no elements": [new Float64Array(0)],
  complex: [Float64Array.of(1, 2, 3, 4), dtype.complex("f8")],
  bits: [Uint16Array.of(5, 0xffff), dtype.bitfield("u2")],
  opaque: [[Uint8Array.of(1, 2, 3)], dtype.opaque(3, "a tag")],
  array: [Int16Array.of(1, 2, 3, 4, 5, 6), dtype.array("i2", [2, 3])],
  lists: [[Float32Array.of(1, 2), Float32Array.of(), Float32Array.of(3)], dtype.vlen("f4")],
  rows: [
    [
      { n: 1, text: "one", list: Int32Array.of(1) },
      { n: 2, text: "", list: Int32Array.of() },
      { n: 3, text: "three", list: Int32Array.of(1, 2, 3) },
    ],
    dtype.compound({ n: "i4", text: dtype.string(), list: dtype.vlen("i4") }),
  ],
};

/** What reading gives, where that is another form than what was written. */
const READ: Readonly<Record<string, unknown>> = {
  rows: { n: [1, 2, 3], text: ["one", "", "three"], list: [[1], [], [1, 2, 3]] },
};

describe.each(["earliest", "v110", "v200"] as const)("values of attributes in files of %s", (low) => {
  it("of any type are read as they were written, and freed with what they refer to", () => {
    const edited = EditedFile.create(low);
    const attributes = new EditedAttributes(edited);
    const data = edited.create("data", newDataset([10]));
    const { used } = edited;
    const values: Record<string, readonly [unknown, DTypeLike?]> = {
      ...VALUES,
      references: [[new Reference(data), new Reference(null)], dtype.reference],
      regions: [[new RegionReference(data, REGION)], dtype.regionReference],
    };
    for (const [name, [value, type]] of Object.entries(values))
      attributes.set(name, value, type === undefined ? {} : { datatype: DType.from(type).datatype });
    const bytes = edited.commit();
    expect(faults(bytes)).toEqual([]);
    const reader = runSync(openReader(new MemoryStorage(bytes), editingOptions()));
    for (const [name, [value]] of Object.entries(values)) {
      const found = runSync(reader.attribute(reader.info.root, name))!;
      const elements = attributeElements(found, DEFAULT_LIMITS);
      runSync(reader.complete(elements.sink));
      const read = elements.value() as { data?: unknown };
      if (value instanceof Empty) expect(read).toBeInstanceOf(Empty);
      else expect([name, plain(read.data ?? read)]).toEqual([name, READ[name] ?? plain(value)]);
    }
    const seen = byLibhdf5(bytes, (f) => Object.entries(f.attrs).map(([name, { shape }]) => [name, shape]));
    expect(seen.length).toBe(Object.keys(values).length);
    expect(Object.fromEntries(seen)).toMatchObject({ empty: null, rows: [3], "one text": [] });
    for (const name of Object.keys(values)) if (name !== "regions") attributes.delete(name);
    edited.commit();
    // Copies of a reference to a region share its object, so that it stays.
    attributes.delete("regions");
    expect(edited.used - used).toBeLessThanOrEqual(4096);
  });

  it("have messages of the versions that libhdf5 chooses", () => {
    const libver = low === "earliest" ? low : "latest";
    const theirs = new EditedFile(
      new MemoryStorage(
        h5wasmFile(libver, (f) => {
          f.create_attribute("numbers", [1, 2, 3], null, "<i4");
          f.create_attribute("text", "text", null, "S4");
          f.create_attribute("scalar", 1.5, [], "<f4");
        }),
      ),
    );
    const edited = EditedFile.create(low === "v110" ? "v200" : low);
    const ours = new EditedAttributes(edited);
    ours.set("numbers", Int32Array.of(1, 2, 3));
    ours.set("text", "text", {
      datatype: dtype.string({ length: 4, padding: "spacepad" }).datatype,
    });
    ours.set("scalar", 1.5, { datatype: DType.from("f4").datatype });
    const messages = ({ file }: EditedFile): unknown =>
      runSync(objectHeader(file, file.info.root))
        .messages.filter(({ type }) => type === MessageType.attribute || type === MessageType.attributeInfo)
        .map(({ type, flags, data }) => [type, flags, Buffer.from(data).toString("hex")].join(" "))
        .sort();
    expect(messages(edited)).toEqual(messages(theirs));
  });
});

function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Reference) return { kind: value.kind, address: value.address };
  if (typeof value !== "object" || value === null) return typeof value === "boolean" ? value : value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
