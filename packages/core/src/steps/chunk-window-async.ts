/** Reads, decodes and places chunks with a bounded number in flight. */
import type { ChunksRequest } from "./steps.ts";
import type { AsyncStorage } from "./storage.ts";

/** Decoded bytes in flight at most; and chunks, where they are small. */
const WINDOW = 16 << 20;
const IN_FLIGHT = 8;

export async function placeChunksAsync(
  request: ChunksRequest,
  storage: AsyncStorage,
  signal?: AbortSignal,
): Promise<void> {
  const lanes = Math.max(1, Math.min(IN_FLIGHT, Math.floor(WINDOW / request.decodedSize), request.at.length));
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < request.at.length) {
      signal?.throwIfAborted();
      const i = next++;
      const [outcome] = await storage.read([{ at: request.at[i], length: request.lengths[i] }], signal);
      if (!(outcome instanceof Uint8Array) || outcome.length < request.lengths[i]) throw request.failed(i, outcome);
      request.place(i, await (request.decodeAsync ?? request.decode)(i, outcome));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
