import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as any from "../../../test/support/arbitraries.ts";
import { decoded, encoded, roundTrips } from "../../../test/support/round-trip.ts";
import { DEFAULT_SIZES } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { sizeOf } from "../../bytes/sizer.ts";
import { isH5Error } from "../../errors.ts";
import { GROUP_BTREE_NODE, type GroupBtreeContext, type GroupBtreeNode, groupBtreeNode } from "./group-btree-node.ts";
import { LOCAL_HEAP, localHeap, localHeapFreeBlock } from "./local-heap.ts";
import { type SymbolTableEntry, symbolTableEntry, symbolTableEntryBytes } from "./symbol-table-entry.ts";
import {
  SYMBOL_TABLE_NODE,
  type SymbolTableNode,
  type SymbolTableNodeContext,
  symbolTableNode,
} from "./symbol-table-node.ts";

const entry: fc.Arbitrary<SymbolTableEntry> = fc.record({
  nameOffset: any.length,
  header: any.addressOrNull,
  scratch: fc.oneof(
    fc.constant({ cacheType: 0 as const }),
    fc.record({ cacheType: fc.constant(1 as const), btree: any.addressOrNull, heap: any.addressOrNull }),
    fc.record({ cacheType: fc.constant(2 as const), linkValueOffset: any.u32 }),
  ),
});

describe("symbol table entry and local heap", () => {
  it("read what they wrote", () => {
    fc.assert(
      fc.property(entry, any.sizes, (value, s) => {
        roundTrips(symbolTableEntry, value, s);
        expect(symbolTableEntryBytes(s)).toBe(sizeOf(symbolTableEntry, value, s));
      }),
    );
    const heap = fc.record({ size: any.length, freeList: any.length, data: any.address });
    fc.assert(
      fc.property(heap, any.sizes, (value, s) => {
        roundTrips(localHeap, value, s);
        const bytes = encoded(localHeap, value, s);
        expect(LOCAL_HEAP.extent(new Decoder(bytes, s, ""), undefined)).toBe(bytes.length);
      }),
    );
    const block = fc.record({ next: any.length, size: any.length });
    fc.assert(fc.property(block, any.sizes, (value, s) => roundTrips(localHeapFreeBlock, value, s)));
  });
});

describe("symbol table node", () => {
  it("reads what it wrote, and takes the room of all entries", () => {
    const value = fc
      .integer({ min: 1, max: 4 })
      .chain((leafK) => fc.tuple(fc.constant(leafK), fc.array(entry, { maxLength: 2 * leafK })));
    fc.assert(
      fc.property(value, any.sizes, ([leafK, entries], s) => {
        const layout = (f: Parameters<typeof symbolTableNode>[0], v?: SymbolTableNode): SymbolTableNode =>
          symbolTableNode(f, v, { leafK });
        const bytes = encoded(layout, { entries }, s);
        expect(bytes.length).toBe(8 + 2 * leafK * symbolTableEntryBytes(s));
        expect(sizeOf(layout, { entries }, s)).toBe(bytes.length);
        expect(decoded(layout, bytes, s)).toEqual({ entries });
        const used = SYMBOL_TABLE_NODE.extent(new Decoder(bytes, s, ""), { leafK });
        for (let cut = 0; cut < used; cut++)
          expect(() => decoded(layout, bytes.subarray(0, cut), s)).toThrow(/cut short/);
      }),
    );
  });
});

describe("version 1 B-tree node of a group", () => {
  it("reads what it wrote, and takes the room of all children", () => {
    const value = fc.integer({ min: 1, max: 6 }).chain((internalK) =>
      fc.integer({ min: 0, max: 2 * internalK }).chain((count) =>
        fc.record({
          internalK: fc.constant(internalK),
          level: any.u8,
          left: any.addressOrNull,
          right: any.addressOrNull,
          keys: fc.array(any.length, { minLength: count + 1, maxLength: count + 1 }),
          children: fc.array(any.address, { minLength: count, maxLength: count }),
        }),
      ),
    );
    fc.assert(
      fc.property(value, any.sizes, ({ internalK, ...node }, s) => {
        const layout = (f: Parameters<typeof groupBtreeNode>[0], v?: GroupBtreeNode): GroupBtreeNode =>
          groupBtreeNode(f, v, { internalK });
        const bytes = encoded(layout, node, s);
        expect(sizeOf(layout, node, s)).toBe(bytes.length);
        expect(decoded(layout, bytes, s)).toEqual(node);
        const used = GROUP_BTREE_NODE.extent(new Decoder(bytes, s, ""), { internalK });
        for (let cut = 0; cut < used; cut++)
          expect(() => decoded(layout, bytes.subarray(0, cut), s)).toThrow(/cut short/);
      }),
    );
  });
});

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isH5Error(error, "FormatError")) return error.reason;
    throw error;
  }
  return "read";
}

describe("damaged structures of groups are refused by name", () => {
  const leaf: SymbolTableNodeContext = { leafK: 4 };
  const inner: GroupBtreeContext = { internalK: 16 };
  const decoder = (text: string, ...rest: number[]): Decoder =>
    new Decoder(Uint8Array.from([...Buffer.from(text), ...rest, ...new Array(600).fill(0)]), DEFAULT_SIZES, "test");
  it.each<[string, string, string]>([
    ["node signature", refusal(() => symbolTableNode(decoder("SNOX", 1), undefined, leaf)), "has a wrong signature"],
    [
      "node version",
      refusal(() => symbolTableNode(decoder("SNOD", 2), undefined, leaf)),
      "has a version that is not known",
    ],
    [
      "too many entries",
      refusal(() => symbolTableNode(decoder("SNOD", 1, 0, 9), undefined, leaf)),
      "has too many entries",
    ],
    [
      "cache type",
      refusal(() => symbolTableNode(decoder("SNOD", 1, 0, 1, 0, ...new Array(16).fill(0), 3), undefined, leaf)),
      "has an entry of unknown cache type",
    ],
    ["tree of chunks", refusal(() => groupBtreeNode(decoder("TREE", 1), undefined, inner)), "is of a wrong type"],
    [
      "too many children",
      refusal(() => groupBtreeNode(decoder("TREE", 0, 0, 33), undefined, inner)),
      "has too many children",
    ],
    [
      "child without address",
      refusal(() => groupBtreeNode(decoder("TREE", 0, 0, 1, 0, ...new Array(40).fill(255)), undefined, inner)),
      "has a child without an address",
    ],
    ["heap version", refusal(() => localHeap(decoder("HEAP", 1))), "has a version that is not known"],
    [
      "heap without data",
      refusal(() => localHeap(decoder("HEAP", 0, 0, 0, 0, ...new Array(28).fill(255)))),
      "has no data segment",
    ],
  ])("%s", (_, found, expected) => expect(found).toBe(expected));
});
