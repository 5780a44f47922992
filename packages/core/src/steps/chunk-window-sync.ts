/** Reads, decodes and places chunks one after the other; neighbours in the storage are read together into one buffer. */
import { groupFrom, storedChunk } from "./chunk-groups.ts";
import type { ChunksRequest } from "./steps.ts";
import type { SyncStorage } from "./storage.ts";

/** Bytes read at once: enough that the call costs nothing, little enough to stay in the processor's cache. */
const WINDOW = 1 << 20;

export function placeChunksSync(request: ChunksRequest, storage: SyncStorage): void {
  const { memory, costs } = storage;
  const gap = memory === undefined ? costs.gap : Infinity;
  let buffer: Uint8Array | undefined;
  for (let first = 0; first < request.at.length; ) {
    const group = groupFrom(request, first, gap, WINDOW);
    const { at, length } = group;
    let { into } = group;
    if (into === undefined && memory === undefined) {
      if (buffer === undefined || buffer.length < length) buffer = new Uint8Array(bufferSize(length));
      into = buffer.subarray(0, length);
    }
    const [outcome] = storage.readSync([{ at, length, into }]);
    for (let i = first; i < group.next; i++) {
      const stored = storedChunk(request, group, i, outcome);
      if (group.into === undefined) request.place(i, request.decode(i, stored));
    }
    first = group.next;
  }
}

/** Somewhat more than asked for, as the next may be somewhat longer. */
const bufferSize = (length: number): number => (length > WINDOW ? length : Math.min(WINDOW, 2 * length));
