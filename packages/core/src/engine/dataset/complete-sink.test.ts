import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Disk } from "../../../test/support/disk.ts";
import { engineFile } from "../../../test/support/engine-file.ts";
import { encoded } from "../../../test/support/round-trip.ts";
import type { HeapReferences, Sink } from "../../data/sink.ts";
import { globalHeapCollection } from "../../format/global-heap/global-heap-collection.ts";
import { runSync } from "../../steps/run-sync.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import { completeSink } from "./complete-sink.ts";

/** Collections of 4,096 bytes, one after the other from address 512 on; object `i` of each has `i` times its own number as bytes. */
function heaps(count: number, objects: number): Uint8Array {
  const file = new Uint8Array(512 + count * 4096);
  for (let c = 0; c < count; c++) {
    const list = Array.from({ length: objects }, (_, i) => ({
      index: i + 1,
      referenceCount: 1,
      data: new Uint8Array(i + 1).fill(c + i + 1),
    }));
    file.set(encoded(globalHeapCollection, { size: 4096, objects: list }), addressOf(c));
  }
  return file;
}

const addressOf = (collection: number): number => 512 + collection * 4096;

/** Asks for rounds of objects, and keeps what it is given. */
class Asking implements Sink {
  readonly elementSize = 16;
  readonly given: string[][] = [];
  private readonly rounds: [collection: number, index: number][][];
  constructor(...rounds: [collection: number, index: number][][]) {
    this.rounds = rounds;
  }
  put(): void {}
  fill(): void {}
  finish(): HeapReferences | undefined {
    const round = this.rounds[this.given.length];
    if (round === undefined) return undefined;
    const given: string[] = [];
    this.given.push(given);
    return {
      count: round.length,
      addresses: Float64Array.from(round, ([c]) => addressOf(c)),
      indices: Uint32Array.from(round, ([, index]) => index),
      resolved: (i, block, offset, length) => {
        if (given[i] !== undefined) throw new Error(`given twice: ${i}`);
        given[i] = Buffer.from(block.subarray(offset, offset + length)).toString("hex");
      },
    };
  }
}

const bytesOf = ([c, index]: [number, number]): string => Buffer.alloc(index, c + index).toString("hex");

describe("completing a sink", () => {
  it("gives every object to whom it belongs, in any order, from memory and from a disk", () => {
    const bytes = heaps(9, 6);
    const reference = fc.tuple(fc.nat(8), fc.integer({ min: 1, max: 6 }));
    fc.assert(
      fc.property(fc.array(reference, { maxLength: 40 }), fc.array(reference, { maxLength: 9 }), (first, second) => {
        for (const storage of [new MemoryStorage(bytes), new Disk(bytes)]) {
          const sink = new Asking(first, second);
          runSync(completeSink(engineFile(storage), sink));
          expect(sink.given).toEqual([first.map(bytesOf), second.map(bytesOf)]);
        }
      }),
    );
  });

  it("reads each collection once, many in one round", () => {
    const storage = new Disk(heaps(300, 3), { gap: 4096 });
    const every = Array.from({ length: 900 }, (_, i): [number, number] => [(i * 7) % 300, 1 + (i % 3)]);
    runSync(completeSink(engineFile(storage), new Asking(every)));
    expect(storage.bytesRead).toBeLessThan(300 * 4096 + 16_384);
  });

  it("reads many collections that are longer than its first guess in few rounds", () => {
    const file = new Uint8Array(64 * 65_536);
    const data = new Uint8Array(60_000).fill(5);
    const collection = encoded(globalHeapCollection, {
      size: 65_536,
      objects: [{ index: 1, referenceCount: 1, data }],
    });
    for (let c = 0; c < 64; c++) file.set(collection, c * 65_536);
    let rounds = 0;
    const storage = new Disk(file, { gap: 0 });
    const readSync = storage.readSync.bind(storage);
    storage.readSync = (extents) => {
      rounds++;
      return readSync(extents);
    };
    const sink = new Asking([]);
    let found = 0;
    let finished = 0;
    sink.finish = () =>
      finished++ > 0
        ? undefined
        : {
            count: 64,
            addresses: Float64Array.from({ length: 64 }, (_, c) => c * 65_536),
            indices: new Uint32Array(64).fill(1),
            resolved: (_i, _block, _offset, length) => {
              found += length;
            },
          };
    runSync(completeSink(engineFile(storage), sink));
    expect(found).toBe(64 * 60_000);
    expect(rounds).toBeLessThan(6);
    expect(storage.bytesRead).toBeLessThan(file.length + 64 * 16_384);
  });

  it("reads a collection that is longer than its first guess", () => {
    const data = Uint8Array.from({ length: 30_000 }, (_, i) => i & 255);
    const collection = encoded(globalHeapCollection, {
      size: 40_960,
      objects: [{ index: 5, referenceCount: 1, data }],
    });
    const file = new Uint8Array(512 + collection.length);
    file.set(collection, 512);
    const sink = new Asking([[0, 5]]);
    runSync(completeSink(engineFile(new Disk(file)), sink));
    expect(sink.given[0][0]).toBe(Buffer.from(data).toString("hex"));
  });

  it.each<[string, [number, number][][], object, RegExp]>([
    ["an index that no object has", [[[0, 7]]], {}, /FormatError.*no object of the index.*found 7/],
    ["index 0, the free space", [[[0, 0]]], {}, /FormatError.*no object/],
    ["an address without a collection", [[[-0.01, 1]]], {}, /FormatError.*signature/],
    ["an address behind the file", [[[1000, 1]]], {}, /FormatError.*end of the file/],
    ["an object over the limit", [[[0, 5]]], { vlenElementBytes: 4 }, /LimitError.*limits\.vlenElementBytes/],
    [
      "objects over the limit together, over rounds",
      [[[0, 5]], [[1, 5]]],
      { vlenBytes: 9 },
      /LimitError.*limits\.vlenBytes/,
    ],
    ["rounds without end", new Array(100).fill([[0, 1]]), {}, /FormatError.*too deeply/],
  ])("refuses %s", (_, rounds, limits, expected) => {
    const file = engineFile(new Disk(heaps(3, 6)), { limits });
    let message = "";
    try {
      runSync(completeSink(file, new Asking(...rounds)));
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(expected);
  });
});
