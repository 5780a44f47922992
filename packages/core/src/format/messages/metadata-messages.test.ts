import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as any from "../../../test/support/arbitraries.ts";
import { decoded, encoded, roundTrips } from "../../../test/support/round-trip.ts";
import { Decoder } from "../../bytes/decoder.ts";
import type { Layout } from "../../bytes/fields.ts";
import { isH5Error } from "../../errors.ts";
import { type AttributeMessage, attributeMessage, readAttribute } from "./attribute.ts";
import { type AttributeInfoMessage, attributeInfoMessage } from "./attribute-info.ts";
import { bogusMessage } from "./bogus.ts";
import { btreeKMessage } from "./btree-k.ts";
import { cacheImageMessage } from "./cache-image.ts";
import { continuationMessage } from "./continuation.ts";
import { type Dataspace, dataspaceMessage } from "./dataspace.ts";
import { driverInfoMessage } from "./driver-info.ts";
import { type FileSpaceInfo, fileSpaceInfoMessage } from "./file-space-info.ts";
import { groupInfoMessage } from "./group-info.ts";
import { type LinkMessage, linkMessage } from "./link.ts";
import { type LinkInfoMessage, linkInfoMessage } from "./link-info.ts";
import { modificationTimeMessage, oldModificationTimeMessage } from "./modification-time.ts";
import { objectCommentMessage } from "./object-comment.ts";
import { referenceCountMessage } from "./reference-count.ts";
import { type SharedMessage, sharedMessage } from "./shared-message.ts";
import { sharedMessageTableMessage } from "./shared-message-table.ts";
import { symbolTableMessage } from "./symbol-table.ts";

const rank = fc.integer({ min: 0, max: 32 });
/** Dimensions with their maxima, whose product fits a number. */
const extent = rank
  .chain((n) =>
    fc.array(fc.tuple(fc.nat(2), fc.oneof(fc.nat(3), fc.constant(Infinity))), { minLength: n, maxLength: n }),
  )
  .map((pairs) => ({ dims: pairs.map(([d]) => d), maxDims: pairs.map(([d, more]) => d + more) }));
const dataspace: fc.Arbitrary<Dataspace> = fc.oneof(
  fc.tuple(fc.constantFrom(1 as const, 2 as const), extent).map(([version, { dims, maxDims }]) => ({
    kind: dims.length === 0 ? ("scalar" as const) : ("simple" as const),
    dims,
    maxDims,
    version,
  })),
  fc.constant<Dataspace>({ kind: "null", dims: [], maxDims: [], version: 2 }),
);

const phaseChange = fc.record({ maxCompact: any.u16, minDense: any.u16 });
const order = fc.constantFrom<[boolean, boolean]>([false, false], [true, false], [true, true]);
function storage(max: fc.Arbitrary<number>): fc.Arbitrary<LinkInfoMessage> {
  return fc
    .tuple(order, max, any.addressOrNull, any.addressOrNull, any.addressOrNull)
    .map(([[orderTracked, orderIndexed], maxCreationOrder, heap, nameIndex, orderIndex]) => ({
      orderTracked,
      orderIndexed,
      ...(orderTracked ? { maxCreationOrder } : {}),
      heap,
      nameIndex,
      ...(orderIndexed ? { orderIndex } : {}),
    }));
}
const linkInfo: fc.Arbitrary<LinkInfoMessage> = storage(any.u64);
const attributeInfo: fc.Arbitrary<AttributeInfoMessage> = storage(any.u16);

const target = fc.oneof(
  fc.record({ type: fc.constant("hard" as const), address: any.address }),
  fc.record({ type: fc.constant("soft" as const), target: any.text() }),
  fc.record({
    type: fc.constant("external" as const),
    file: any.text(),
    target: any.text(),
    flags: fc.integer({ min: 0, max: 15 }),
  }),
  fc.record({ type: fc.constant("user" as const), code: fc.integer({ min: 65, max: 255 }), data: any.bytes(40) }),
);
const link: fc.Arbitrary<LinkMessage> = fc
  .tuple(target, fc.record({ name: any.text(400), charset: any.charset }), fc.option(any.u64, { nil: undefined }))
  .map(([value, named, creationOrder]) => ({
    ...value,
    ...named,
    ...(creationOrder === undefined ? {} : { creationOrder }),
  }));

const attribute: fc.Arbitrary<AttributeMessage> = fc
  .record({
    version: fc.constantFrom(1 as const, 2 as const, 3 as const),
    name: any.text(),
    charset: any.charset,
    datatypeShared: fc.boolean(),
    datatype: any.bytes(30),
    dataspaceShared: fc.boolean(),
    dataspace: any.bytes(30),
    data: any.bytes(60),
  })
  .map((v) => ({
    ...v,
    charset: v.version === 3 ? v.charset : "ascii",
    datatypeShared: v.version > 1 && v.datatypeShared,
    dataspaceShared: v.version > 1 && v.dataspaceShared,
  }));

const fileSpace: fc.Arbitrary<FileSpaceInfo> = fc.oneof(
  fc
    .record({
      version: fc.constant(1 as const),
      strategy: fc.constantFrom("fsm-aggregate" as const, "page" as const, "aggregate" as const, "none" as const),
      persist: fc.boolean(),
      threshold: any.length,
      pageSize: fc.integer({ min: 512, max: 0xfffe }),
      pageEndThreshold: any.u16,
      endOfAllocation: any.addressOrNull,
      managers: fc.array(any.addressOrNull, { minLength: 12, maxLength: 12 }),
    })
    .map((v) => ({ ...v, managers: v.persist ? v.managers : [] })),
  fc
    .record({
      version: fc.constant(0 as const),
      strategy: fc.constantFrom("fsm-aggregate" as const, "aggregate" as const, "none" as const),
      persist: fc.boolean(),
      threshold: any.length,
      managers: fc.array(any.addressOrNull, { minLength: 6, maxLength: 6 }),
    })
    .map((v) => {
      const persist = v.persist && v.strategy === "fsm-aggregate";
      const managers = persist ? v.managers : [];
      return { ...v, persist, pageSize: 4096, pageEndThreshold: 0, endOfAllocation: null, managers };
    }),
);

const shared: fc.Arbitrary<SharedMessage> = fc.oneof(
  fc.record({ kind: fc.constant("heap" as const), version: fc.constant(3 as const), heapId: any.bytes(8, 8) }),
  fc.record({
    kind: fc.constant("committed" as const),
    version: fc.constantFrom(1 as const, 2 as const, 3 as const),
    header: any.address,
  }),
);
const positive = fc.integer({ min: 1, max: 0xffff });
/** From 1970 to 2099. */
const seconds = fc.integer({ min: 0, max: 0xf485_0000 });

function message<T>(name: string, layout: Layout<T>, values: fc.Arbitrary<T>): [string, () => void] {
  return [name, () => fc.assert(fc.property(values, any.sizes, (value, s) => roundTrips(layout, value, s)))];
}

describe("what was written is read, in the size that was measured; what is cut short is refused", () => {
  it.each([
    message("dataspace", dataspaceMessage, dataspace),
    message("link info", linkInfoMessage, linkInfo),
    message("link", linkMessage, link),
    message(
      "group info",
      groupInfoMessage,
      fc.record({ phaseChange, estimate: fc.record({ entries: any.u16, nameLength: any.u16 }) }, { requiredKeys: [] }),
    ),
    message("attribute info", attributeInfoMessage, attributeInfo),
    message("object comment", objectCommentMessage, fc.record({ comment: any.text() })),
    message("modification time", modificationTimeMessage, fc.record({ seconds: any.u32 })),
    message("old modification time", oldModificationTimeMessage, fc.record({ seconds })),
    message(
      "shared message table",
      sharedMessageTableMessage,
      fc.record({ table: any.address, indexes: fc.integer({ min: 1, max: 8 }) }),
    ),
    message("continuation", continuationMessage, fc.record({ address: any.address, length: any.length })),
    message("symbol table", symbolTableMessage, fc.record({ btree: any.address, heap: any.address })),
    message(
      "B-tree K values",
      btreeKMessage,
      fc.record({ chunkInternalK: positive, groupInternalK: positive, groupLeafK: positive }),
    ),
    message(
      "driver info",
      driverInfoMessage,
      fc.record({ driver: fc.constantFrom("NCSAfami", "NCSAmult"), data: any.bytes(60) }),
    ),
    message("reference count", referenceCountMessage, fc.record({ count: any.u32 })),
    message("file space info", fileSpaceInfoMessage, fileSpace),
    message("metadata cache image", cacheImageMessage, fc.record({ address: any.addressOrNull, length: any.length })),
    message("bogus", bogusMessage, fc.constant({ value: 0xdeadbeef })),
    message("shared message", sharedMessage, shared),
  ])("%s message", (_, run) => run());

  it("attribute message, whose data takes what is left", () => {
    fc.assert(
      fc.property(attribute, any.sizes, (value, s) => {
        const bytes = encoded(attributeMessage, value, s);
        expect(decoded(attributeMessage, bytes, s)).toEqual(value);
        const { datatype, dataspace, ...rest } = readAttribute(new Decoder(bytes, s, "test structure"));
        const all = (from: Decoder): Uint8Array => from.bytes(undefined, from.remaining);
        expect({ ...rest, datatype: all(datatype), dataspace: all(dataspace) }).toEqual(value);
        const head = bytes.length - value.data.length;
        for (let cut = 0; cut < head; cut++) {
          const short = bytes.subarray(0, cut);
          expect(() => decoded(attributeMessage, short, s)).toThrow(/cut short|NUL|another length/);
          expect(() => readAttribute(new Decoder(short, s, "test structure"))).toThrow(/cut short|NUL|another length/);
        }
      }),
    );
  });
});

/** What reading these bytes throws: the reason and the value found. */
function refusal<T>(layout: Layout<T>, ...bytes: number[]): string {
  try {
    decoded(layout, Uint8Array.from(bytes));
  } catch (error) {
    if (isH5Error(error, "FormatError")) return `${error.reason}: ${error.found}`;
    throw error;
  }
  return "read";
}

describe("what contradicts the specification is refused by name", () => {
  const zeros = (n: number): number[] => new Array(n).fill(0);
  const ones = (n: number): number[] => new Array(n).fill(255);
  it.each<[string, string, string]>([
    ["version", refusal(dataspaceMessage, 3, 0, 0, 0), "has a version that is not known: 3"],
    ["rank", refusal(dataspaceMessage, 2, 33, 0, 1), "has too many dimensions: 33"],
    ["scalar with rank", refusal(dataspaceMessage, 2, 1, 0, 0), "is scalar and has dimensions: 1"],
    ["type of extent", refusal(dataspaceMessage, 2, 0, 0, 3), "has an unknown type of extent: 3"],
    [
      "maximum below the extent",
      refusal(dataspaceMessage, 2, 1, 1, 1, 5, ...zeros(7), 4, ...zeros(7)),
      "has a dimension larger than its maximum: 5",
    ],
    [
      "unlimited extent",
      refusal(dataspaceMessage, 2, 1, 0, 1, ...ones(8)),
      "has a dimension larger than its maximum: Infinity",
    ],
    [
      "number of elements",
      refusal(dataspaceMessage, 2, 2, 0, 1, ...zeros(6), 1, 0, ...zeros(6), 1, 0),
      "has too many elements: 281474976710656 x 281474976710656",
    ],
    ["link flags", refusal(linkMessage, 1, 0x20), "has unknown flags: 0x20"],
    ["link type", refusal(linkMessage, 1, 0x08, 2, 1, 65), "is of a type that is not known: 2"],
    ["empty name", refusal(linkMessage, 1, 0, 0), "has an empty name: undefined"],
    ["charset", refusal(linkMessage, 1, 0x10, 2), "has an unknown character set: 2"],
    [
      "external value without NUL",
      refusal(linkMessage, 1, 0x08, 64, 1, 65, 2, 0, 0, 65),
      "holds a string without a terminating NUL: undefined",
    ],
    ["hard link to nowhere", refusal(linkMessage, 1, 0, 1, 65, ...ones(8)), "is hard and has no address: undefined"],
    ["soft link to nothing", refusal(linkMessage, 1, 0x08, 1, 1, 65, 0, 0), "is soft and has no target: undefined"],
    ["attribute flags", refusal(attributeMessage, 3, 4), "has unknown flags: 4"],
    [
      "attribute name",
      refusal(attributeMessage, 1, 0, 9, 0, 0, 0, 0, 0, 65, ...zeros(20)),
      "has a name of another length: 2",
    ],
    ["date", refusal(oldModificationTimeMessage, ...zeros(16)), "holds no date: \0\0\0\0\0\0\0\0\0\0\0\0\0\0"],
    ["shared kind", refusal(sharedMessage, 3, 3, ...zeros(8)), "is shared in an unknown manner: 3"],
    ["shared version", refusal(sharedMessage, 0, 0), "is shared in a version that is not known: 0"],
    ["K of 0", refusal(btreeKMessage, ...zeros(7)), "has a B-tree rank of 0: undefined"],
    ["page size", refusal(fileSpaceInfoMessage, 1, 1, 0, ...zeros(40)), "has a wrong page size: 0"],
    ["old strategy 0", refusal(fileSpaceInfoMessage, 0, 0, ...zeros(40)), "has an unknown strategy: -1"],
  ])("%s", (_, found, expected) => expect(found).toBe(expected));
});
