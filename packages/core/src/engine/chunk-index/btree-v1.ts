/** Chunks by a version 1 B-tree: only the nodes that lead to wanted chunks are read. */
import { type Address, asAddress } from "../../bytes/address.ts";
import { FormatError } from "../../errors.ts";
import { CHUNK_NODE, type ChunkNode, type ChunkNodeContext } from "../../format/btree-v1/chunk-node.ts";
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import type { Steps } from "../../steps/steps.ts";
import type { ChunkGrid } from "../dataset/chunk-grid.ts";
import type { EngineFile } from "../file.ts";
import { withinLimit } from "../limits.ts";
import type { ChunkIndex, ChunkPlaces } from "./chunk-index.ts";
import type { ChunkList } from "./chunk-list.ts";
import { GROUP, loadStructures } from "./load.ts";

export const btreeV1: ChunkIndex = {
  *locate(file, grid, numbers, count, places) {
    places.addresses.fill(ABSENT, 0, count);
    const root = yield* rootOf(file, grid);
    if (root !== undefined) yield* descend(file, grid, root, { numbers, places }, 0, count);
  },
  *list(file, grid, list) {
    const root = yield* rootOf(file, grid);
    if (root !== undefined) yield* walk(file, grid, root, { list, last: undefined });
  },
};

function* rootOf(file: EngineFile, grid: ChunkGrid): Steps<{ node: ChunkNode; address: Address } | undefined> {
  const { address } = grid.layout.index;
  if (address === null) return undefined;
  const context = contextOf(file, grid);
  const node =
    file.structures.peek(CHUNK_NODE, address, context) ?? (yield* file.structures.get(CHUNK_NODE, address, context));
  withinLimit(file.limits, "treeDepth", node.level + 1, CHUNK_NODE.title);
  return { node, address };
}

const contextOf = (file: EngineFile, grid: ChunkGrid): ChunkNodeContext => ({
  rank: grid.rank,
  k: file.ranks?.chunkInternalK,
});

/** Leaves of a look-up that are kept in hand for the next: a large read goes through each but once. */
const FEW = 64;

interface Placed {
  readonly node: ChunkNode;
  readonly address: Address;
}

interface Wanted {
  readonly numbers: Float64Array;
  readonly places: ChunkPlaces;
}

/** A child that leads to `numbers[from, to)`. */
interface Part {
  readonly address: Address;
  readonly from: number;
  readonly to: number;
}

/** Finds `numbers[from, to)` below a node. */
function* descend(
  file: EngineFile,
  grid: ChunkGrid,
  { node, address }: Placed,
  wanted: Wanted,
  from: number,
  to: number,
): Steps<void> {
  if (node.level === 0) {
    leaf(grid, node, address, wanted, from, to);
    return;
  }
  const parts = partsOf(grid, node, address, wanted.numbers, from, to);
  const context = contextOf(file, grid);
  for (let group = 0; group < parts.length; group += GROUP) {
    const some = parts.slice(group, group + GROUP);
    if (some.length > 1)
      yield* loadStructures(
        file,
        CHUNK_NODE,
        some.map(({ address }) => ({ address, context })),
      );
    for (const part of some) {
      const at = part.address;
      const child =
        file.structures.peek(CHUNK_NODE, at, context) ?? (yield* file.structures.get(CHUNK_NODE, at, context));
      checkLevel(child, node, at);
      if (child.level > 0) yield* descend(file, grid, { node: child, address: at }, wanted, part.from, part.to);
      else {
        leaf(grid, child, at, wanted, part.from, part.to);
        if (parts.length > FEW) file.structures.release(at);
      }
    }
  }
}

/** The children of a node that lead to wanted chunks. */
function partsOf(
  grid: ChunkGrid,
  node: ChunkNode,
  address: Address,
  numbers: Float64Array,
  from: number,
  to: number,
): Part[] {
  const parts: Part[] = [];
  let next = from;
  checkOrder(grid, node, address);
  let bound = lowerBound(grid, node, 0, address);
  for (let i = 0; i < node.count && next < to; i++) {
    // The last key may be that of the last chunk itself: only its element offset, which is not kept, tells it apart.
    const above = lowerBound(grid, node, i + 1, address) + (i + 1 === node.count ? 1 : 0);
    if (above < bound) throw disordered(address);
    const first = firstAtLeast(numbers, bound, next, to);
    next = firstAtLeast(numbers, above, first, to);
    if (next > first) parts.push({ address: asAddress(node.children[i]), from: first, to: next });
    bound = above;
  }
  return parts;
}

function placesOf(
  addresses: ArrayLike<number>,
  context: ChunkNodeContext,
): { address: number; context: ChunkNodeContext }[] {
  return Array.from(addresses, (address) => ({ address, context }));
}

/** First position in `numbers[from, to)` whose number is at least `least`. */
function firstAtLeast(numbers: Float64Array, least: number, from: number, to: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Matches a leaf's chunks with `numbers[from, to)`, both ascending. */
function leaf(grid: ChunkGrid, node: ChunkNode, address: Address, wanted: Wanted, from: number, to: number): void {
  const { numbers, places } = wanted;
  let next = from;
  checkOrder(grid, node, address);
  for (let i = 0; i < node.count && next < to; i++) {
    const number = lowerBound(grid, node, i, address);
    while (next < to && numbers[next] < number) next++;
    if (next === to || numbers[next] !== number || !within(grid, node, i)) continue;
    places.addresses[next] = node.children[i];
    places.sizes[next] = node.sizes[i];
    places.masks[next] = node.masks[i];
    next++;
  }
}

/** The lowest number of a chunk in the extent that does not come before key `i`: its own, where it is within. */
function lowerBound(grid: ChunkGrid, node: ChunkNode, i: number, address: Address): number {
  const { rank } = grid;
  let number = 0;
  for (let d = 0; d < rank; d++) {
    const offset = node.offsets[i * rank + d];
    const coordinate = offset / grid.chunk[d];
    if (i < node.count && !Number.isInteger(coordinate)) throw offGrid(address, offset, grid.chunk[d]);
    const { strides, counts } = grid;
    if (coordinate >= counts[d]) return number + counts[d] * strides[d];
    number += Math.ceil(coordinate) * strides[d];
  }
  return number;
}

function within(grid: ChunkGrid, node: ChunkNode, i: number): boolean {
  for (let d = 0; d < grid.rank; d++) if (node.offsets[i * grid.rank + d] >= grid.dims[d]) return false;
  return true;
}

interface Walk {
  readonly list: ChunkList;
  /** Node and entry of the last chunk: the next must come after it, so that no cycle is walked. */
  last: { readonly node: ChunkNode; readonly entry: number } | undefined;
}

function* walk(file: EngineFile, grid: ChunkGrid, { node, address }: Placed, walked: Walk): Steps<void> {
  if (node.level === 0) {
    listLeaf(grid, node, address, walked);
    return;
  }
  const context = contextOf(file, grid);
  for (let group = 0; group < node.count; group += GROUP) {
    const end = Math.min(node.count, group + GROUP);
    yield* loadStructures(file, CHUNK_NODE, placesOf(node.children.subarray(group, end), context));
    for (let i = group; i < end; i++) {
      const at = asAddress(node.children[i]);
      const child =
        file.structures.peek(CHUNK_NODE, at, context) ?? (yield* file.structures.get(CHUNK_NODE, at, context));
      checkLevel(child, node, at);
      if (child.level === 0) listLeaf(grid, child, at, walked);
      else yield* walk(file, grid, { node: child, address: at }, walked);
    }
  }
}

function listLeaf(grid: ChunkGrid, node: ChunkNode, address: Address, walked: Walk): void {
  for (let i = 0; i < node.count; i++) {
    if (walked.last !== undefined && compareKeys(grid.rank, walked.last.node, walked.last.entry, node, i) >= 0)
      throw disordered(address);
    walked.last = { node, entry: i };
    const number = lowerBound(grid, node, i, address);
    if (within(grid, node, i)) walked.list.add(number, node.children[i], node.sizes[i], node.masks[i]);
  }
}

/** Nodes whose keys are known to ascend. */
const ordered = new WeakSet<ChunkNode>();

/**
 * All keys ascend, the one that bounds the last chunk included: a look-up that stops early would not notice, and would miss
 * chunks; libhdf5 misses those that are not below the last key.
 */
function checkOrder({ rank }: ChunkGrid, node: ChunkNode, address: Address): void {
  if (ordered.has(node)) return;
  for (let i = 1; i <= node.count; i++) {
    const order = compareKeys(rank, node, i - 1, node, i);
    const above = order < 0 || (order === 0 && i === node.count && (node.lastByte ?? 0) > 0);
    if (!above) throw disordered(address);
  }
  ordered.add(node);
}

function compareKeys(rank: number, a: ChunkNode, i: number, b: ChunkNode, j: number): number {
  for (let d = 0; d < rank; d++) {
    const order = a.offsets[i * rank + d] - b.offsets[j * rank + d];
    if (order !== 0) return order;
  }
  return 0;
}

function checkLevel(child: ChunkNode, parent: ChunkNode, address: Address): void {
  const allowed = parent.level - 1;
  if (child.level !== allowed)
    throw new FormatError("is on a wrong level below its parent", {
      structure: CHUNK_NODE.title,
      address,
      found: child.level,
      allowed: String(allowed),
    });
  if (child.count === 0)
    throw new FormatError("is empty below its parent", { structure: CHUNK_NODE.title, address, found: 0 });
}

function disordered(address: Address): FormatError {
  return new FormatError("has keys out of order", { structure: CHUNK_NODE.title, address });
}

function offGrid(address: Address, found: number, chunk: number): FormatError {
  return new FormatError("has a chunk off the grid", {
    structure: CHUNK_NODE.title,
    address,
    found,
    allowed: `multiples of ${chunk}`,
  });
}
