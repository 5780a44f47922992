import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decoded, encoded, roundTrips } from "../../../test/support/round-trip.ts";
import { lookup3 } from "../../bytes/lookup3.ts";
import { type VirtualMappingBlock, virtualMappingBlock } from "./virtual-mapping-block.ts";

const text = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));

/** Written by HDF5 2.0: four mappings of two datasets in two files. */
const LATEST = text(`
  01040000000000000000736f757263655f66696c655f6c6f6e675f302e683500615f6c6f6e675f646174617365745f6e616d655f6f6e6500
  03000000010000000000000000000000020000000300000001020200000000000100010001000000010001000a0001000000000000000062
  5f6c6f6e675f646174617365745f6e616d655f74776f00030000000100000000000000000000000200000003000000010202000000010001
  00010001000000010001000a0002736f757263655f66696c655f6c6f6e675f312e6835000100000000000000030000000100000000000000
  00000000020000000300000001020200000002000100010001000000010001000a0003020000000000000000000000000000000300000001
  0000000000000000000000020000000300000001020200000003000100010001000000010001000a00d3c619f3`);

describe("virtual mapping block", () => {
  it("reads shared names of version 1 as HDF5 2.0 writes them", () => {
    const block = decoded(virtualMappingBlock, LATEST);
    expect(block.entries.map((e) => [e.file, e.dataset])).toEqual([
      ["source_file_long_0.h5", "a_long_dataset_name_one"],
      ["source_file_long_0.h5", "b_long_dataset_name_two"],
      ["source_file_long_1.h5", "b_long_dataset_name_two"],
      ["source_file_long_1.h5", "a_long_dataset_name_one"],
    ]);
    expect(block.entries[3].destination).toMatchObject({
      kind: "hyperslab",
      start: [3, 0],
      count: [1, 1],
      block: [1, 10],
    });
    expect(new Uint8Array(encoded(virtualMappingBlock, block))).toEqual(LATEST);
  });

  it("reads what it wrote, in both versions", () => {
    const name = fc.constantFrom(".", "a.h5", "b.h5", "longer name.h5");
    const selection = fc.constantFrom({ kind: "all" as const }, { kind: "none" as const });
    const entry = fc.record({ file: name, dataset: name, source: selection, destination: selection });
    const blocks: fc.Arbitrary<VirtualMappingBlock> = fc.record({
      version: fc.constantFrom(0 as const, 1 as const),
      entries: fc.array(entry, { maxLength: 6 }),
    });
    fc.assert(fc.property(blocks, (value) => roundTrips(virtualMappingBlock, value)));
  });

  const sealed = (bytes: number[]): Uint8Array => {
    const sum = lookup3(Uint8Array.from(bytes));
    return Uint8Array.from([...bytes, sum & 255, (sum >> 8) & 255, (sum >> 16) & 255, sum >>> 24]);
  };
  it.each<[string, number[], RegExp]>([
    ["version 2", [2, 0, 0, 0, 0, 0, 0, 0, 0], /version/],
    ["2^32 mappings", [0, 0, 0, 0, 0, 1, 0, 0, 0], /more mappings/],
    ["a name shared with itself", [1, 1, 0, 0, 0, 0, 0, 0, 0, 1, ...new Array(60).fill(0)], /shares a name/],
    ["unknown flags", [1, 1, 0, 0, 0, 0, 0, 0, 0, 8, ...new Array(60).fill(0)], /flags/],
  ])("refuses %s", (_, bytes, expected) => {
    expect(() => decoded(virtualMappingBlock, sealed(bytes))).toThrow(expected);
  });
});
