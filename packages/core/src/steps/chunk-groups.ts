/** Chunks that stand near each other in the storage are read together. */
import type { ChunksRequest } from "./steps.ts";
import type { Outcome } from "./storage.ts";

/** Chunks from `first` up to, and without, `next`; they stand between `at` and `at + length`. */
export interface ChunkGroup {
  readonly first: number;
  readonly next: number;
  readonly at: number;
  readonly length: number;
  /** Where the bytes of a single chunk go at once, if they need no decoding and no scattering. */
  readonly into?: Uint8Array;
}

/** Shorter chunks are cheaper to copy out of a group than to read each. */
const DIRECT = 8 << 10;

/** The group that begins with chunk `first`: as long as gaps and the whole stay within the bounds, one chunk at least. */
export function groupFrom(request: ChunksRequest, first: number, gap: number, most: number): ChunkGroup {
  const { at, lengths } = request;
  const start = at[first];
  const into = directly(request, first);
  if (into !== undefined) return { first, next: first + 1, at: start, length: lengths[first], into };
  let end = start + lengths[first];
  let next = first + 1;
  while (
    next < at.length &&
    at[next] >= start &&
    at[next] - end <= gap &&
    at[next] + lengths[next] - start <= most &&
    directly(request, next) === undefined
  ) {
    end = Math.max(end, at[next] + lengths[next]);
    next++;
  }
  return { first, next, at: start, length: end - start };
}

function directly(request: ChunksRequest, i: number): Uint8Array | undefined {
  return request.into !== undefined && request.lengths[i] >= DIRECT ? request.into(i) : undefined;
}

/** The stored bytes of chunk `i` within what was read of its group; throws where it failed or is cut short. */
export function storedChunk(request: ChunksRequest, group: ChunkGroup, i: number, outcome: Outcome): Uint8Array {
  const from = request.at[i] - group.at;
  const to = from + request.lengths[i];
  if (!(outcome instanceof Uint8Array)) throw request.failed(i, outcome);
  if (outcome.length < to) throw request.failed(i, outcome.subarray(Math.min(from, outcome.length)));
  return from === 0 && to === outcome.length ? outcome : outcome.subarray(from, to);
}
