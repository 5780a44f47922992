import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as any from "../../../test/support/arbitraries.ts";
import { encoded, roundTrips } from "../../../test/support/round-trip.ts";
import { asAddress, DEFAULT_SIZES } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { Encoder } from "../../bytes/encoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import { Sizer, sizeOf } from "../../bytes/sizer.ts";
import { isH5Error } from "../../errors.ts";
import { SHARED_MESSAGE_LIST, type SharedMessageList, sharedMessageList } from "../shared-messages/list.ts";
import { SHARED_MESSAGE_TABLE, type SharedMessageTable, sharedMessageTable } from "../shared-messages/table.ts";
import { BTREE_V2_HEADER, type BtreeV2Header, btreeV2Header, nodeShapes } from "./header.ts";
import { BTREE_V2_NODE, type NodeContext, type RecordLayout, recordAt, writeBtreeV2Node } from "./node.ts";
import { ATTRIBUTE_HASH_OFFSET, ATTRIBUTE_NAME_RECORD, type AttributeNameRecord } from "./records/attribute-name.ts";
import { ATTRIBUTE_ORDER_RECORD } from "./records/attribute-order.ts";
import {
  HUGE_DIRECT_FILTERED_RECORD,
  HUGE_DIRECT_RECORD,
  HUGE_INDIRECT_FILTERED_RECORD,
  HUGE_INDIRECT_RECORD,
} from "./records/huge-object.ts";
import { LINK_NAME_RECORD } from "./records/link-name.ts";
import { LINK_ORDER_RECORD } from "./records/link-order.ts";
import { SHARED_MESSAGE_RECORD, type SharedMessageRecord } from "./records/shared-message.ts";

const huge = { address: any.address, length: any.length };
const filtering = { filterMask: any.u32, memorySize: any.length };
const sharedRecord: fc.Arbitrary<SharedMessageRecord> = fc.oneof(
  fc.record({ location: fc.constant("heap" as const), hash: any.u32, references: any.u32, heapId: any.bytes(8, 8) }),
  fc.record({
    location: fc.constant("header" as const),
    hash: any.u32,
    messageType: any.u8,
    index: any.u16,
    header: any.address,
  }),
);

function record<R>(layout: RecordLayout<R>, values: fc.Arbitrary<R>): [string, () => void] {
  const run = (f: Fields, v?: R): R => layout.layout(f, v);
  return [
    layout.title,
    () =>
      fc.assert(
        fc.property(values, any.sizes, (value, s) => {
          roundTrips(run, value, s);
          expect(layout.bytes(s)).toBe(sizeOf(run, value, s));
        }),
      ),
  ];
}

describe("records of version 2 B-trees", () => {
  it.each([
    record(HUGE_INDIRECT_RECORD, fc.record({ ...huge, id: any.length })),
    record(HUGE_INDIRECT_FILTERED_RECORD, fc.record({ ...huge, ...filtering, id: any.length })),
    record(HUGE_DIRECT_RECORD, fc.record(huge)),
    record(HUGE_DIRECT_FILTERED_RECORD, fc.record({ ...huge, ...filtering })),
    record(LINK_NAME_RECORD, fc.record({ hash: any.u32, heapId: any.bytes(7, 7) })),
    record(LINK_ORDER_RECORD, fc.record({ creationOrder: any.u64, heapId: any.bytes(7, 7) })),
    record(SHARED_MESSAGE_RECORD, sharedRecord),
    record(
      ATTRIBUTE_NAME_RECORD,
      fc.record({ heapId: any.bytes(8, 8), flags: any.u8, creationOrder: any.u32, hash: any.u32 }),
    ),
    record(ATTRIBUTE_ORDER_RECORD, fc.record({ heapId: any.bytes(8, 8), flags: any.u8, creationOrder: any.u32 })),
  ])("%s", (_, run) => run());

  it("have their hashes where lookups find them", () => {
    const value: AttributeNameRecord = { heapId: new Uint8Array(8), flags: 0, creationOrder: 0, hash: 0x01020304 };
    const bytes = encoded((f: Fields, v?: AttributeNameRecord) => ATTRIBUTE_NAME_RECORD.layout(f, v), value);
    expect(new DataView(bytes.buffer).getUint32(ATTRIBUTE_HASH_OFFSET, true)).toBe(0x01020304);
  });
});

const header: fc.Arbitrary<BtreeV2Header> = fc.record({
  type: any.u8,
  nodeSize: fc.integer({ min: 300, max: 0xffff }),
  recordSize: fc.integer({ min: 1, max: 250 }),
  depth: fc.nat(5),
  splitPercent: any.u8,
  mergePercent: any.u8,
  root: any.address,
  rootRecords: fc.nat(100),
  totalRecords: fc.integer({ min: 100, max: 0xfffe }),
});

describe("version 2 B-tree header", () => {
  it("reads what it wrote", () => {
    fc.assert(
      fc.property(header, any.sizes, (value, s) => {
        roundTrips(btreeV2Header, value, s);
        const bytes = encoded(btreeV2Header, value, s);
        expect(BTREE_V2_HEADER.extent(new Decoder(bytes, s, ""), undefined)).toBe(bytes.length);
      }),
    );
  });

  const GOOD: BtreeV2Header = {
    type: 5,
    nodeSize: 512,
    recordSize: 11,
    depth: 2,
    splitPercent: 98,
    mergePercent: 40,
    root: asAddress(64),
    rootRecords: 2,
    totalRecords: 3000,
  };

  it("tells the shape of nodes as libhdf5 computes it", () => {
    const shapes = nodeShapes(GOOD, DEFAULT_SIZES);
    expect(shapes[0]).toEqual({ maxRecords: 45, maxTotal: 45, countWidth: 0, totalWidth: 0 });
    // (512 - 10 - 9) / (11 + 9), then (512 - 10 - 11) / (11 + 11), whose children hold up to 1,169 records.
    expect(shapes[1]).toEqual({ maxRecords: 24, maxTotal: 25 * 45 + 24, countWidth: 1, totalWidth: 0 });
    expect(shapes[2]).toEqual({ maxRecords: 22, maxTotal: 23 * 1149 + 22, countWidth: 1, totalWidth: 2 });
  });

  it.each<[string, Partial<BtreeV2Header>, string]>([
    ["records of no bytes", { recordSize: 0 }, "has records of no bytes"],
    ["nodes of no bytes", { nodeSize: 0 }, "has nodes too small for a record"],
    ["nodes of gigabytes", { nodeSize: 2 ** 31 }, "has nodes larger than any writer's"],
    ["records without a root", { root: null }, "has records and no root"],
    ["too many records in the root", { rootRecords: 3001 }, "has more records in its root than in all"],
  ])("refuses %s", (_, damage, expected) => {
    const bytes = encoded(btreeV2Header, { ...GOOD, ...damage });
    try {
      btreeV2Header(new Decoder(bytes, DEFAULT_SIZES, ""));
      expect.unreachable();
    } catch (error) {
      expect(isH5Error(error, "FormatError") && error.reason).toBe(expected);
    }
  });
});

describe("version 2 B-tree node", () => {
  const shape = { maxRecords: 20, maxTotal: 500, countWidth: 1, totalWidth: 2 };
  const value = fc.tuple(fc.nat(3), fc.nat(6), fc.integer({ min: 1, max: 20 })).chain(([depth, count, recordSize]) =>
    fc.tuple(
      fc.constant<NodeContext>({
        type: 5,
        depth,
        count,
        recordSize,
        shape: depth > 1 ? shape : { ...shape, totalWidth: 0 },
      }),
      any.bytes(count * recordSize, count * recordSize),
      fc.array(fc.tuple(any.address, fc.nat(255), fc.nat(1000)), { minLength: count + 1, maxLength: count + 1 }),
    ),
  );
  it("reads what it wrote; every truncation is refused", () => {
    fc.assert(
      fc.property(value, any.sizes, ([context, records, list], s) => {
        const children =
          context.depth === 0
            ? []
            : list.map(([address, n, more]) => ({ address, records: n, total: context.depth > 1 ? n + more : n }));
        const node = { count: context.count, records, view: new DataView(records.buffer), children };
        const encoder = new Encoder(s, 1);
        writeBtreeV2Node(encoder, node, context);
        const sizer = new Sizer(s);
        writeBtreeV2Node(sizer, node, context);
        const bytes = encoder.finish();
        expect(bytes.length).toBe(sizer.position);
        const from = (end: number): Decoder => new Decoder(bytes.subarray(0, end), s, BTREE_V2_NODE.title);
        expect(BTREE_V2_NODE.extent(from(bytes.length), context)).toBe(bytes.length);
        expect(BTREE_V2_NODE.guess(context)).toBeGreaterThanOrEqual(bytes.length);
        const found = BTREE_V2_NODE.decode(from(bytes.length), context);
        expect([found.records, found.children]).toEqual([records, children]);
        for (let cut = 0; cut < bytes.length; cut++)
          expect(() => BTREE_V2_NODE.decode(from(cut), context)).toThrow(/node/);
      }),
    );
  });

  it("gives single records", () => {
    const records = Uint8Array.from([1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 2, 0, 0, 0, 7, 6, 5, 4, 3, 2, 1]);
    const node = { count: 2, records, view: new DataView(records.buffer), children: [] };
    expect(recordAt(node, 1, LINK_NAME_RECORD, DEFAULT_SIZES)).toEqual({
      hash: 2,
      heapId: Uint8Array.of(7, 6, 5, 4, 3, 2, 1),
    });
  });
});

describe("table and lists of shared messages", () => {
  it("read what they wrote", () => {
    const index = fc.record({
      kind: fc.constantFrom("list" as const, "btree" as const),
      messageTypes: any.u16,
      minimumSize: any.u32,
      listCutoff: any.u16,
      btreeCutoff: any.u16,
      messages: any.u16,
      index: any.addressOrNull,
      heap: any.addressOrNull,
    });
    fc.assert(
      fc.property(fc.array(index, { minLength: 1, maxLength: 8 }), any.sizes, (indexes, s) => {
        const context = { indexes: indexes.length };
        const layout = (f: Fields, v?: SharedMessageTable): SharedMessageTable => sharedMessageTable(f, v, context);
        roundTrips(layout, { indexes }, s);
        const bytes = encoded(layout, { indexes }, s);
        expect(SHARED_MESSAGE_TABLE.extent(new Decoder(bytes, s, ""), context)).toBe(bytes.length);
      }),
    );
    fc.assert(
      fc.property(fc.array(sharedRecord, { maxLength: 5 }), any.sizes, (records, s) => {
        const context = { messages: records.length };
        const layout = (f: Fields, v?: SharedMessageList): SharedMessageList => sharedMessageList(f, v, context);
        roundTrips(layout, { records }, s);
        const bytes = encoded(layout, { records }, s);
        expect(SHARED_MESSAGE_LIST.extent(new Decoder(bytes, s, ""), context)).toBe(bytes.length);
      }),
    );
  });
});
