import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decoded, encoded, roundTrips } from "../../../test/support/round-trip.ts";
import { asAddress, type Sizes } from "../../bytes/address.ts";
import { isH5Error } from "../../errors.ts";
import { type ChunkIndexing, type DataLayout, dataLayoutMessage } from "./data-layout.ts";
import { type ExternalDataFiles, externalDataFilesMessage } from "./external-data-files.ts";
import { type FillValue, fillValueMessage, oldFillValueMessage } from "./fill-value.ts";
import { type FilterPipeline, filterPipelineMessage } from "./filter-pipeline.ts";

const sizes = fc.record<Sizes>({ offsets: fc.constantFrom(2, 4, 8), lengths: fc.constantFrom(2, 4, 8) });
const bytes = fc.uint8Array({ maxLength: 40 }).map((b) => new Uint8Array(b));
const address = fc.oneof(fc.constant(null), fc.nat(0xfffe).map(asAddress));
const length = fc.nat(0xfffe);
const dims = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 });
const byte = fc.integer({ min: 1, max: 255 });

const indexing: fc.Arbitrary<ChunkIndexing> = fc.oneof(
  fc.record({ kind: fc.constant("single" as const), address }),
  fc.record({
    kind: fc.constant("single" as const),
    address,
    filtered: fc.record({ size: length, mask: fc.nat(0xffffffff) }),
  }),
  fc.record({ kind: fc.constant("implicit" as const), address }),
  fc.record({ kind: fc.constant("fixed-array" as const), address, pageBits: byte }),
  fc.record({
    kind: fc.constant("extensible-array" as const),
    address,
    maxBits: byte,
    indexElements: byte,
    minPointers: byte,
    minElements: byte,
    pageBits: byte,
  }),
  fc.record({
    kind: fc.constant("btree-v2" as const),
    address,
    nodeSize: fc.nat(0xffffffff),
    splitPercent: byte,
    mergePercent: byte,
  }),
);
const btreeV1 = fc.record({ kind: fc.constant("btree-v1" as const), address });
const chunked = { class: fc.constant("chunked" as const), chunk: dims, elementSize: byte };
const layouts: fc.Arbitrary<DataLayout> = fc.oneof(
  fc.record({ class: fc.constant("compact" as const), version: fc.constantFrom(1, 2), dims, data: bytes }),
  fc.record({ class: fc.constant("compact" as const), version: fc.constantFrom(3, 4, 5), data: bytes }),
  fc.record({
    class: fc.constant("contiguous" as const),
    version: fc.constantFrom(1, 2),
    dims,
    address,
    size: fc.constant(null),
  }),
  fc.record({ class: fc.constant("contiguous" as const), version: fc.constantFrom(3, 4, 5), address, size: length }),
  fc.record({ ...chunked, version: fc.constantFrom(1, 2, 3), edgeUnfiltered: fc.constant(false), index: btreeV1 }),
  fc.record({ ...chunked, version: fc.constantFrom(4, 5), edgeUnfiltered: fc.boolean(), index: indexing }),
  fc.record({
    class: fc.constant("virtual" as const),
    version: fc.constantFrom(4, 5),
    heap: address,
    index: fc.nat(0xffffffff),
  }),
);

function reason(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isH5Error(error)) return `${error.name}: ${error.reason}`;
    throw error;
  }
  return "no error";
}

describe("data layout message", () => {
  it("reads what it wrote, in every version and class", () => {
    fc.assert(fc.property(layouts, sizes, (value, s) => roundTrips(dataLayoutMessage, value, s)));
  });

  it("takes 64-bit chunk dimensions in the bytes that they need", () => {
    const index = { kind: "implicit", address: null } as const;
    const value = {
      class: "chunked",
      version: 4,
      chunk: [2 ** 34, 3],
      elementSize: 8,
      edgeUnfiltered: false,
      index,
    } as const;
    expect(encoded(dataLayoutMessage, value)[4]).toBe(5);
    roundTrips(dataLayoutMessage, value);
  });

  it("takes the lowest version that can express the value", () => {
    const contiguous: DataLayout = { class: "contiguous", address: null, size: 1 };
    expect(encoded(dataLayoutMessage, contiguous)[0]).toBe(3);
    expect(encoded(dataLayoutMessage, { class: "virtual", heap: null, index: 0 })[0]).toBe(4);
  });

  const version4 = [4, 2, 0, 2, 1, 5, 4];
  it.each<[string, number[], RegExp]>([
    ["version 0", [0, 1], /FormatError: .*version/],
    ["version 6", [6, 1], /UnsupportedError: .*version/],
    ["class 4", [3, 4], /FormatError: .*layout class/],
    ["virtual in version 3", [3, 3], /FormatError: .*does not know/],
    ["rank 0 in version 1", [1, 0, 1], /FormatError: .*dimensions/],
    ["rank 34 in version 1", [1, 34, 1], /FormatError: .*dimensions/],
    ["one dimension of a chunk", [3, 2, 1], /FormatError: .*dimensions/],
    ["chunk dimension 0", [3, 2, 2, ...new Array(8).fill(255), 0, 0, 0, 0, 4, 0, 0, 0], /FormatError: .*zero/],
    ["width 9", [4, 2, 0, 2, 9], /FormatError: .*width/],
    ["flags 4", [4, 2, 4, 2, 1], /FormatError: .*flags/],
    ["index type 0", [...version4, 0], /FormatError: .*indexing type/],
    ["index type 6", [...version4, 6], /FormatError: .*indexing type/],
    ["page bits 0", [...version4, 3, 0], /FormatError: .*pages/],
    [
      "a chunk beyond 2^53 bytes",
      [4, 2, 0, 3, 4, ...new Array(12).fill(255), 2, ...new Array(8).fill(0)],
      /FormatError: .*2\^53/,
    ],
    ["compact data longer than the message", [3, 0, 9, 0, 1], /FormatError: .*cut short/],
  ])("refuses %s", (_, found, expected) => {
    expect(reason(() => decoded(dataLayoutMessage, Uint8Array.from(found)))).toMatch(expected);
  });
});

const times = {
  allocTime: fc.constantFrom("early" as const, "late" as const, "incremental" as const),
  writeTime: fc.constantFrom("onalloc" as const, "never" as const, "ifset" as const),
};
const user = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((b) => new Uint8Array(b));
const fills: fc.Arbitrary<FillValue> = fc.oneof(
  fc.record({
    defined: fc.constantFrom("default" as const, "undefined" as const),
    ...times,
    version: fc.constantFrom(1, 2, 3),
  }),
  fc.record({ defined: fc.constant("user" as const), value: user, ...times, version: fc.constantFrom(1, 2, 3) }),
) as fc.Arbitrary<FillValue>;

describe("fill value messages", () => {
  it("reads what it wrote, in versions 1 to 3", () => {
    fc.assert(fc.property(fills, (value) => roundTrips(fillValueMessage, value)));
  });

  it("reads the old message", () => {
    const times = { allocTime: "late", writeTime: "ifset", version: 0 } as const;
    roundTrips(oldFillValueMessage, { defined: "user", value: Uint8Array.of(1, 2, 3), ...times });
    roundTrips(oldFillValueMessage, { defined: "undefined", ...times });
  });

  it("takes a size of -1 for undefined", () => {
    const value = decoded(fillValueMessage, Uint8Array.of(2, 1, 0, 1, 255, 255, 255, 255));
    expect(value).toEqual({ defined: "undefined", allocTime: "early", writeTime: "onalloc", version: 2 });
  });

  it.each<[string, number[], RegExp]>([
    ["version 0", [0], /version/],
    ["version 4", [4], /version/],
    ["a negative size", [2, 1, 0, 1, 254, 255, 255, 255], /negative/],
    ["a size past the message", [3, 0x22, 255, 255, 255, 127], /cut short/],
    ["both defined and undefined", [3, 0x32], /both/],
    ["unknown flags", [3, 0x40], /flags/],
    ["write time 3", [2, 1, 3, 1], /write time/],
  ])("refuses %s", (_, found, expected) => {
    expect(reason(() => decoded(fillValueMessage, Uint8Array.from(found)))).toMatch(expected);
  });
});

const filter = (least: number): fc.Arbitrary<FilterPipeline["filters"][number]> =>
  fc.record({
    id: fc.integer({ min: least, max: 65535 }),
    name: fc.string({ maxLength: 20 }).filter((t) => !t.includes("\0")),
    flags: fc.nat(1),
    clientData: fc.array(fc.nat(0xffffffff), { maxLength: 9 }),
  });
const pipelines: fc.Arbitrary<FilterPipeline> = fc.oneof(
  fc.record({ version: fc.constant(1 as const), filters: fc.array(filter(1), { maxLength: 5 }) }),
  fc.record({ version: fc.constant(2 as const), filters: fc.array(filter(256), { maxLength: 5 }) }),
);

describe("filter pipeline message", () => {
  it("reads what it wrote", () => {
    fc.assert(fc.property(pipelines, (value) => roundTrips(filterPipelineMessage, value)));
  });

  it("leaves the names of the HDF Group's filters out in version 2", () => {
    const deflate = { id: 1, name: "", flags: 1, clientData: [4] };
    roundTrips(filterPipelineMessage, { version: 2, filters: [deflate] });
    expect(encoded(filterPipelineMessage, { version: 2, filters: [deflate] }).length).toBe(2 + 6 + 4);
  });

  it.each<[string, number[], RegExp]>([
    ["version 3", [3, 1], /version/],
    ["33 filters", [2, 33], /too many/],
    ["more client data than bytes", [2, 1, 1, 0, 0, 0, 255, 255, 0], /client data/],
    ["a name of 7 bytes in version 1", [1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 7, 0], /name/],
  ])("refuses %s", (_, found, expected) => {
    expect(reason(() => decoded(filterPipelineMessage, Uint8Array.from(found)))).toMatch(expected);
  });
});

describe("external data files message", () => {
  const slot = fc.record({ nameOffset: length, offset: length, size: fc.oneof(length, fc.constant(Infinity)) });
  const files: fc.Arbitrary<ExternalDataFiles> = fc.record({
    heap: fc.nat(0xfffe).map(asAddress),
    slots: fc.array(slot, { maxLength: 5 }),
  });

  it("reads what it wrote", () => {
    fc.assert(fc.property(files, sizes, (value, s) => roundTrips(externalDataFilesMessage, value, s)));
  });

  it.each<[string, number[], RegExp]>([
    ["version 2", [2], /version/],
    ["more slots used than there are", [1, 0, 0, 0, 1, 0, 2, 0], /slots/],
    ["no heap", [1, 0, 0, 0, 1, 0, 1, 0, ...new Array(8).fill(255)], /heap/],
  ])("refuses %s", (_, found, expected) => {
    expect(reason(() => decoded(externalDataFilesMessage, Uint8Array.from(found)))).toMatch(expected);
  });
});
