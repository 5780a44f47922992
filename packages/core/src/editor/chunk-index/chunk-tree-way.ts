/** The way from the root of a version 1 B-tree of chunks down to where many chunks stand, or would. */
import { type Address, asAddress } from "../../bytes/address.ts";
import { loadStructures } from "../../engine/chunk-index/load.ts";
import { type ChunkGrid, chunkOffset } from "../../engine/dataset/chunk-grid.ts";
import { withinLimit } from "../../engine/limits.ts";
import { CHUNK_NODE, type ChunkNode, type ChunkNodeContext } from "../../format/btree-v1/chunk-node.ts";
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import type { ChangedPlaces } from "./edited-index.ts";

/** A child, and the changes `[from, to)` that concern it. */
interface Part {
  readonly child: number;
  readonly from: number;
  readonly to: number;
}

export class ChunkTreeWay {
  /** Nodes that were read. */
  readonly nodes: Map<Address, ChunkNode> = new Map();
  /** Keys of the changes, `rank` coordinates each. */
  readonly keys: Float64Array;
  private readonly file: EditorFile;
  private readonly context: ChunkNodeContext;
  private readonly count: number;
  private readonly rank: number;
  private readonly removes: boolean;

  constructor(file: EditorFile, grid: ChunkGrid, { count, numbers, places }: ChangedPlaces, context: ChunkNodeContext) {
    const { rank } = grid;
    this.file = file;
    this.context = context;
    this.count = count;
    this.rank = rank;
    this.keys = new Float64Array(count * rank);
    let removes = false;
    for (let i = 0; i < count; i++) {
      this.keys.set(chunkOffset(grid, numbers[i]), i * rank);
      removes ||= places.addresses[i] === ABSENT;
    }
    this.removes = removes;
  }

  /** Reads all nodes that the changes concern, and the neighbours whose links to them may change. */
  *load(root: Address): Steps<void> {
    yield* this.loadBelow(root, 0, this.count, 1);
  }

  private *loadBelow(address: Address, from: number, to: number, depth: number): Steps<void> {
    withinLimit(this.file.limits, "treeDepth", depth, CHUNK_NODE.title);
    const node = yield* this.get(address);
    if (node.right !== null && (this.removes || node.count + to - from > 2 * this.file.ranks.chunkInternalK))
      yield* this.get(node.right);
    if (node.left !== null && this.removes) yield* this.get(node.left);
    if (node.level === 0) return;
    const parts = this.parts(node, from, to);
    if (parts.length > 1)
      yield* loadStructures(
        this.file,
        CHUNK_NODE,
        parts.map(({ child }) => ({ address: node.children[child], context: this.context })),
      );
    for (const { child, from, to } of parts)
      yield* this.loadBelow(asAddress(node.children[child]), from, to, depth + 1);
  }

  private *get(address: Address): Steps<ChunkNode> {
    const known = this.nodes.get(address);
    if (known !== undefined) return known;
    const { structures } = this.file;
    const node =
      structures.peek(CHUNK_NODE, address, this.context) ?? (yield* structures.get(CHUNK_NODE, address, this.context));
    this.nodes.set(address, node);
    return node;
  }

  /** Which children the changes concern. */
  parts(node: ChunkNode, from: number, to: number): Part[] {
    const parts: Part[] = [];
    let child = 0;
    for (let i = from; i < to; ) {
      while (child + 1 < node.count && this.compare(i, node.offsets, child + 1) >= 0) child++;
      const first = i++;
      while (i < to && (child + 1 === node.count || this.compare(i, node.offsets, child + 1) < 0)) i++;
      parts.push({ child, from: first, to: i });
    }
    return parts;
  }

  /** Order of change `i` and key `k`. */
  compare(i: number, offsets: ArrayLike<number>, k: number): number {
    const { rank, keys } = this;
    for (let d = 0; d < rank; d++) {
      const order = keys[i * rank + d] - offsets[k * rank + d];
      if (order !== 0) return order;
    }
    return 0;
  }
}
