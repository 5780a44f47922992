import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { selectionIn } from "../../../test/support/arbitrary-selections.ts";
import { ByteSink, everything, selectedElements } from "../../../test/support/byte-sink.ts";
import { Disk } from "../../../test/support/disk.ts";
import { type EngineFileOptions, engineFile } from "../../../test/support/engine-file.ts";
import { asAddress } from "../../bytes/address.ts";
import type { DatasetInfo, ExternalFile } from "../../contract.ts";
import { PolicyError } from "../../errors.ts";
import type { DataLayout } from "../../format/messages/data-layout.ts";
import type { LinkPolicy } from "../../steps/link-policy.ts";
import { runAsync } from "../../steps/run-async.ts";
import { runSync } from "../../steps/run-sync.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import type { EngineFile } from "../file.ts";
import { readDataset } from "./read-dataset.ts";

/** A dataset of unsigned bytes, filled with 7. */
function bytesDataset(
  dims: readonly number[],
  layout: DataLayout,
  external: readonly ExternalFile[] = [],
): DatasetInfo {
  return {
    kind: "dataset",
    address: asAddress(48),
    headerVersion: 1,
    referenceCount: 1,
    attributeOrder: { tracked: false, indexed: false },
    attributeStorage: "none",
    datatype: { class: "integer", size: 1, order: "le", signed: false, bitOffset: 0, precision: 8 },
    dataspace: { kind: dims.length === 0 ? "scalar" : "simple", dims, maxDims: dims },
    layout,
    pipeline: { filters: [] },
    fill: { defined: "user", value: Uint8Array.of(7), allocTime: "late", writeTime: "ifset" },
    external,
  };
}

function readAll(file: EngineFile, info: DatasetInfo): number[] {
  const all = everything(info.dataspace.dims);
  const sink = ByteSink.of(info, all);
  runSync(readDataset(file, info, all, sink));
  return [...sink.bytes];
}

const numbers = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => i & 255);
const empty = (options: EngineFileOptions = {}): EngineFile =>
  engineFile(new MemoryStorage(new Uint8Array(0)), options);

describe("compact and contiguous datasets", () => {
  it("are read in part as in whole", () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 });
    const cases = shapes.chain((dims) => fc.tuple(fc.constant(dims), selectionIn(dims), fc.boolean()));
    fc.assert(
      fc.property(cases, ([dims, selection, direct]) => {
        const count = dims.reduce((all, n) => all * n, 1);
        const contiguous = { class: "contiguous", address: asAddress(3), size: count } as const;
        const file = engineFile(new Disk(new Uint8Array([9, 9, 9, ...numbers(count)]), { gap: 3 }));
        for (const layout of [{ class: "compact", data: numbers(count) } as const, contiguous]) {
          const sink = new ByteSink(1, selection.count, direct);
          runSync(readDataset(file, bytesDataset(dims, layout), selection, sink));
          expect([...sink.bytes]).toEqual(selectedElements(selection, dims).map((element) => element & 255));
        }
      }),
    );
  });

  it.each<[string, DataLayout]>([
    ["contiguous", { class: "contiguous", address: null, size: 4 }],
    ["compact", { class: "compact", data: new Uint8Array(0) }],
    [
      "chunked",
      {
        class: "chunked",
        chunk: [3],
        elementSize: 1,
        edgeUnfiltered: false,
        index: { kind: "btree-v1", address: null },
      },
    ],
  ])("%s without storage have the fill value", (_, layout) => {
    expect(readAll(empty(), bytesDataset([4], layout))).toEqual([7, 7, 7, 7]);
  });

  it.each<[string, readonly number[], DataLayout, object, RegExp]>([
    [
      "too little storage",
      [9],
      { class: "contiguous", address: asAddress(0), size: 8 },
      {},
      /FormatError.*less storage/,
    ],
    ["too little data", [9], { class: "compact", data: numbers(8) }, {}, /FormatError.*less storage/],
    [
      "storage behind the file",
      [9],
      { class: "contiguous", address: asAddress(9), size: 9 },
      {},
      /FormatError.*end of the file/,
    ],
    [
      "more than the limit of results",
      [9],
      { class: "compact", data: numbers(9) },
      { resultBytes: 8 },
      /LimitError.*limits\.resultBytes/,
    ],
    ["chunks of another rank", [9], chunkedBy([3, 3]), {}, /FormatError.*another rank/],
    ["chunks of a scalar", [], chunkedBy([3]), {}, /FormatError.*another rank/],
    ["elements of another size", [9], { ...chunkedBy([3]), elementSize: 2 }, {}, /FormatError.*another size/],
    [
      "more than 2^53 chunks",
      [2 ** 30, 2 ** 30],
      chunkedBy([1, 1]),
      { resultBytes: Infinity },
      /UnsupportedError.*2\^53 chunks/,
    ],
  ])("with %s are refused", (_, dims, layout, limits, expected) => {
    let message = "";
    try {
      const file = engineFile(new Disk(new Uint8Array(12)), { limits });
      const info = bytesDataset(dims, layout);
      const selection = everything(dims);
      runSync(readDataset(file, info, selection, new ByteSink(1, Math.min(9, selection.count), true)));
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(expected);
  });
});

function chunkedBy(chunk: readonly number[]): Extract<DataLayout, { class: "chunked" }> {
  return {
    class: "chunked",
    chunk,
    elementSize: 1,
    edgeUnfiltered: false,
    index: { kind: "implicit", address: asAddress(0) },
  };
}

describe("virtual datasets", () => {
  const layout: DataLayout = { class: "virtual", heap: null, index: 0 };

  it("are refused without a reader, also when empty", () => {
    for (const dims of [[4], [0]])
      expect(() => readAll(empty(), bytesDataset(dims, layout))).toThrow(
        /virtual dataset, whose reader was not handed in/,
      );
  });
});

describe("external raw files", () => {
  const layout: DataLayout = { class: "contiguous", address: null, size: 100 };
  const parts: ExternalFile[] = [
    { name: "a", offset: 10, size: 30 },
    { name: "b", offset: 0, size: 25 },
    { name: "c", offset: 5, size: Infinity },
  ];

  /** Files by name; notes what is opened and closed. */
  function policy(files: Record<string, Uint8Array>, log: string[] = []): LinkPolicy {
    return {
      *storage(name, kind) {
        log.push(`${name}: ${kind}`);
        if (name === "/etc/passwd") throw new PolicyError("is not allowed", { found: name });
        const bytes = files[name];
        if (bytes === undefined) return undefined;
        return Object.assign(new Disk(bytes), { closeSync: () => log.push(`${name} closed`) });
      },
      within: () => policy(files),
    };
  }

  const all = numbers(100);
  const files = {
    a: new Uint8Array([...new Uint8Array(10).fill(99), ...all.subarray(0, 30), 99]),
    b: new Uint8Array([...all.subarray(30, 55), 99]),
    c: new Uint8Array([...new Uint8Array(5).fill(99), ...all.subarray(55)]),
  };

  it("are one block of bytes, whatever part of it is read", () => {
    const cases = selectionIn([10, 10]);
    fc.assert(
      fc.property(cases, fc.boolean(), (selection, direct) => {
        const sink = new ByteSink(1, selection.count, direct);
        const file = empty({ links: policy(files) });
        runSync(readDataset(file, bytesDataset([10, 10], layout, parts), selection, sink));
        expect([...sink.bytes]).toEqual(selectedElements(selection, [10, 10]));
      }),
    );
  });

  it("are opened when needed, and closed", async () => {
    const log: string[] = [];
    const selection = everything([3]);
    const info = bytesDataset([3], layout, parts);
    const sink = ByteSink.of(info, selection);
    await runAsync(readDataset(empty({ links: policy(files, log) }), info, selection, sink));
    expect([...sink.bytes]).toEqual([0, 1, 2]);
    expect(log).toEqual(["a: external raw file", "a closed"]);
  });

  it("that are shorter than they should be are zero behind their end", () => {
    const short = { ...files, b: files.b.subarray(0, 20) };
    const read = readAll(empty({ links: policy(short) }), bytesDataset([100], layout, parts));
    expect(read.slice(45, 60)).toEqual([45, 46, 47, 48, 49, 0, 0, 0, 0, 0, 55, 56, 57, 58, 59]);
  });

  it.each<[string, ExternalFile[], RegExp]>([
    ["are not there", [{ name: "gone", offset: 0, size: 200 }], /NotFoundError.*found "gone"/],
    ["are not allowed", [{ name: "/etc/passwd", offset: 0, size: 200 }], /PolicyError.*not allowed/],
    ["have too little room", [{ name: "a", offset: 0, size: 20 }], /FormatError.*less room/],
    ["begin beyond all numbers", [{ name: "a", offset: 2 ** 53 - 10, size: 200 }], /FormatError.*less room/],
  ])("that %s are refused", (_, external, expected) => {
    let message = "";
    const log: string[] = [];
    try {
      readAll(empty({ links: policy(files, log) }), bytesDataset([100], layout, external));
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(expected);
    expect(log.filter((line) => line === "a closed").length).toBe(log.filter((line) => line.startsWith("a: ")).length);
  });
});
