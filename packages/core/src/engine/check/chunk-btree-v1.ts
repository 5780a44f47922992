/** Checks version 1 B-trees of chunks: every node, its neighbours, and the order of all keys. */
import { type Address, asAddress } from "../../bytes/address.ts";
import { CHUNK_NODE, type ChunkNode, chunkNodeRoom } from "../../format/btree-v1/chunk-node.ts";
import type { Steps } from "../../steps/steps.ts";
import type { Checker } from "./checker.ts";
import type { FoundChunks } from "./found-chunks.ts";

/** A key: coordinates in elements, and the byte within one. */
type Key = readonly number[];

interface Walk {
  readonly check: Checker;
  readonly found: FoundChunks;
  readonly seen: Set<Address>;
  readonly last: Map<number, { readonly address: Address; readonly right: Address | null }>;
  /** Of the last chunk. */
  key: Key | undefined;
}

export function* checkChunkBtreeV1(check: Checker, found: FoundChunks): Steps<void> {
  const walk: Walk = { check, found, seen: new Set(), last: new Map(), key: undefined };
  yield* checkNode(walk, found.grid.layout.index.address!, undefined, undefined, undefined);
  for (const { address, right } of walk.last.values())
    if (right !== null) fault(walk, "has a right neighbour and is the last of its level", address, right);
}

function* checkNode(
  walk: Walk,
  address: Address,
  level: number | undefined,
  low: Key | undefined,
  high: Key | undefined,
): Steps<void> {
  const { check, found, seen } = walk;
  if (seen.has(address)) return fault(walk, "is pointed at twice", address);
  seen.add(address);
  const { rank } = found.grid;
  const k = check.file.ranks.chunkInternalK;
  const node = yield* check.structure(CHUNK_NODE, address, { rank, k }, chunkNodeRoom(rank, k, check.sizes));
  if (level !== undefined && node.level !== level) return fault(walk, "is on a wrong level", address, node.level);
  if (level !== undefined && node.count === 0) fault(walk, "has no children", address);
  checkNeighbours(walk, address, node);
  if (node.count === 0) return;
  const keys = Array.from({ length: node.count + 1 }, (_, i) => keyOf(node, i, rank));
  if (low !== undefined && compare(keys[0], low) < 0) fault(walk, "has a first key below its parent's", address);
  if (high !== undefined && compare(keys[node.count], high) > 0)
    fault(walk, "has a last key beyond its parent's", address);
  for (let i = 0; i < node.count; i++) {
    if (compare(keys[i], keys[i + 1]) >= 0) fault(walk, "has keys out of order", address);
    if (node.level === 0) takeChunk(walk, address, node, i, keys[i]);
    else yield* check.guard(checkNode(walk, asAddress(node.children[i]), node.level - 1, keys[i], keys[i + 1]));
  }
}

function checkNeighbours(walk: Walk, address: Address, { level, left, right }: ChunkNode): void {
  const before = walk.last.get(level);
  if (left !== (before?.address ?? null)) fault(walk, "has a wrong left neighbour", address, left);
  if (before !== undefined && before.right !== address)
    fault(walk, "has a wrong right neighbour", before.address, before.right);
  walk.last.set(level, { address, right });
}

function takeChunk(walk: Walk, address: Address, node: ChunkNode, i: number, key: Key): void {
  const { found, key: before } = walk;
  const { grid } = found;
  if (before !== undefined && compare(before, key) >= 0) fault(walk, "has chunks out of order", address);
  walk.key = key;
  let number = 0;
  for (let d = 0; d < grid.rank; d++) {
    const coordinate = key[d] / grid.chunk[d];
    if (!Number.isInteger(coordinate)) fault(walk, "has a chunk off the grid", address, key[d]);
    number = number < 0 || coordinate >= grid.counts[d] ? -1 : number + coordinate * grid.strides[d];
  }
  if (!grid.filtered && node.sizes[i] !== grid.bytes)
    fault(walk, "has a chunk of a wrong size", address, node.sizes[i]);
  found.add(number, node.children[i], node.sizes[i], node.masks[i]);
}

const keyOf = (node: ChunkNode, i: number, rank: number): Key => [
  ...node.offsets.subarray(i * rank, (i + 1) * rank),
  i === node.count ? (node.lastByte ?? 0) : 0,
];

function compare(a: Key, b: Key): number {
  for (let d = 0; d < a.length; d++) if (a[d] !== b[d]) return a[d] - b[d];
  return 0;
}

function fault({ check }: Walk, reason: string, address: Address, found?: unknown): void {
  check.fault(reason, { structure: CHUNK_NODE.title, address, found });
}
