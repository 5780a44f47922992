/** Elements taken from sources, with the heap objects that they refer to. */
import type { Source } from "../../src/data/source.ts";

export interface Stored {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly heap: ReadonlyMap<string, Uint8Array>;
}

/** Stores what the source refers to, then takes its elements in pieces. */
export function store(source: Source, count: number, piece: number = count): Stored {
  const heap = new Map<string, Uint8Array>();
  let next = 1;
  for (let objects = source.prepare(); objects !== undefined; objects = source.prepare()) {
    for (let i = 0; i < objects.count; i++) {
      const address = 0x800 + (next >> 4);
      heap.set(`${address}:${next}`, objects.bytes(i).slice());
      objects.placed(i, address, next++);
    }
  }
  // Memory that is not clean: every byte of an element must be written.
  const bytes = new Uint8Array(count * source.elementSize).fill(0xa5);
  for (let i = 0; i < count; i += piece) {
    const some = Math.min(piece, count - i);
    source.take(i, some, bytes, i * source.elementSize, source.elementSize);
  }
  return { bytes, heap };
}
