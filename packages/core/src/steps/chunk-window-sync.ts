/** Reads, decodes and places chunks one after the other; neighbours in the storage are read together into one buffer. */
import type { ChunksRequest } from "./steps.ts";
import type { SyncStorage } from "./storage.ts";

/** Bytes read at once: enough that the call costs nothing, little enough to stay in the processor's cache. */
const WINDOW = 1 << 20;

export function placeChunksSync(request: ChunksRequest, storage: SyncStorage): void {
  const { at, lengths } = request;
  let buffer = new Uint8Array(0);
  for (let first = 0; first < at.length; ) {
    const start = at[first];
    let end = start + lengths[first];
    let next = first + 1;
    while (
      next < at.length &&
      at[next] >= start &&
      at[next] - end <= storage.costs.gap &&
      at[next] + lengths[next] - start <= WINDOW
    ) {
      end = Math.max(end, at[next] + lengths[next]);
      next++;
    }
    if (buffer.length < end - start) buffer = new Uint8Array(end - start);
    const [outcome] = storage.readSync([{ at: start, length: end - start, into: buffer.subarray(0, end - start) }]);
    for (let i = first; i < next; i++) {
      if (!(outcome instanceof Uint8Array) || outcome.length < at[i] - start + lengths[i])
        throw request.failed(i, outcome);
      const stored = outcome.subarray(at[i] - start, at[i] - start + lengths[i]);
      request.place(i, request.decode(i, stored));
    }
    first = next;
  }
}
