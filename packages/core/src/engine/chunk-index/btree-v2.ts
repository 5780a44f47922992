/** Chunks by a version 2 B-tree: only the nodes that lead to wanted chunks are read. */
import type { Sizes } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { FormatError } from "../../errors.ts";
import type { BtreeV2Child, BtreeV2Node } from "../../format/btree-v2/node.ts";
import { CHUNK_RECORD, chunkRecordForm, FILTERED_CHUNK_RECORD } from "../../format/btree-v2/records/chunk.ts";
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import type { Steps } from "../../steps/steps.ts";
import { type BtreeV2, openBtreeV2, peekNode, rangeOf, readNode, rootOf, visitNodes } from "../btree-v2.ts";
import type { ChunkGrid } from "../dataset/chunk-grid.ts";
import type { EngineFile } from "../file.ts";
import type { ChunkIndex, ChunkPlaces } from "./chunk-index.ts";
import { GROUP } from "./load.ts";

export const btreeV2: ChunkIndex = {
  *locate(file, grid, numbers, count, places) {
    places.addresses.fill(ABSENT, 0, count);
    const tree = yield* openTree(file, grid);
    if (tree === undefined) return;
    const search = { file, grid, tree, records: new Records(grid, file.structures.sizes), numbers, places };
    for (const child of rootOf(tree)) yield* descend(search, child, tree.header.depth, 0, count);
  },
  *list(file, grid, list) {
    const tree = yield* openTree(file, grid);
    if (tree === undefined) return;
    const records = new Records(grid, file.structures.sizes);
    yield* visitNodes(file, tree, (node) => {
      for (let i = 0; i < node.count; i++) {
        records.at(node, i);
        if (records.within) list.add(records.number, records.address, records.size, records.mask);
      }
    });
  },
};

function* openTree(file: EngineFile, grid: ChunkGrid): Steps<BtreeV2 | undefined> {
  const { address } = grid.layout.index;
  if (address === null) return undefined;
  const form = chunkRecordForm(grid.layout, grid.bytes, grid.filtered, file.structures.sizes);
  return yield* openBtreeV2(file, address, {
    type: grid.filtered ? FILTERED_CHUNK_RECORD : CHUNK_RECORD,
    bytes: () => form.bytes,
  });
}

const STRUCTURE = "Version 2 B-tree record of a chunk";

/** Reads records in place. */
class Records {
  /** The lowest number of a chunk in the extent that does not come before the record: its own, where it is within. */
  number = 0;
  within = false;
  address = 0;
  size = 0;
  mask = 0;
  private readonly grid: ChunkGrid;
  private readonly sizes: Sizes;
  private readonly sizeWidth: number;
  private readonly bytes: number;
  private readonly coordinates: number;

  constructor(grid: ChunkGrid, sizes: Sizes) {
    this.grid = grid;
    this.sizes = sizes;
    const form = chunkRecordForm(grid.layout, grid.bytes, grid.filtered, sizes);
    this.sizeWidth = form.sizeWidth;
    this.bytes = form.bytes;
    this.coordinates = form.coordinates;
  }

  /** Takes record `i` of a node as the current one. */
  at(node: BtreeV2Node, i: number): void {
    const start = i * this.bytes;
    this.address = this.addressAt(node, start);
    this.size = this.grid.bytes;
    this.mask = 0;
    if (this.grid.filtered) {
      this.size = unsigned(node.records, start + this.sizes.offsets, this.sizeWidth);
      this.mask = node.view.getUint32(start + this.sizes.offsets + this.sizeWidth, true);
    }
    this.locate(node.records, start + this.coordinates);
  }

  private addressAt({ records, view }: BtreeV2Node, at: number): number {
    const { sizes } = this;
    if (sizes.regions === undefined) return unsigned(records, at, sizes.offsets);
    return new Decoder(records, sizes, STRUCTURE, 0, at, records.length, view).address() ?? ABSENT;
  }

  private locate(records: Uint8Array, at: number): void {
    const { strides, counts, rank } = this.grid;
    this.number = 0;
    this.within = true;
    for (let d = 0; d < rank; d++) {
      const coordinate = unsigned(records, at + 8 * d, 8);
      if (coordinate >= counts[d]) {
        this.number += counts[d] * strides[d];
        this.within = false;
        return;
      }
      this.number += coordinate * strides[d];
    }
  }
}

/** An unsigned number, little-endian; what exceeds 2^53 is no address, size or coordinate of anything. */
function unsigned(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let k = width - 1; k >= 0; k--) value = value * 256 + bytes[at + k];
  if (value > Number.MAX_SAFE_INTEGER) throw new FormatError("holds a number beyond 2^53", { structure: STRUCTURE });
  return value;
}

interface Search {
  readonly file: EngineFile;
  readonly grid: ChunkGrid;
  readonly tree: BtreeV2;
  readonly records: Records;
  readonly numbers: Float64Array;
  readonly places: ChunkPlaces;
}

/** Finds `numbers[from, to)` in a node and below it. */
function* descend(search: Search, child: BtreeV2Child, depth: number, from: number, to: number): Steps<void> {
  const { file, tree, records, numbers } = search;
  const node = peekNode(file, tree, child, depth) ?? (yield* readNode(file, tree, child, depth));
  const below: { child: BtreeV2Child; from: number; to: number }[] = [];
  let next = from;
  for (let i = 0; i <= node.count && next < to; i++) {
    const first = next;
    if (i < node.count) {
      records.at(node, i);
      while (next < to && numbers[next] < records.number) next++;
    } else next = to;
    if (depth > 0 && next > first) below.push({ child: node.children[i], from: first, to: next });
    if (i < node.count && next < to && place(search, next)) next++;
  }
  for (let group = 0; group < below.length; group += GROUP) {
    const some = below.slice(group, group + GROUP);
    if (some.length > 1) yield* file.pages.load(some.map((part) => rangeOf(tree, part.child, depth - 1)));
    for (const part of some) yield* descend(search, part.child, depth - 1, part.from, part.to);
  }
}

/** Places the chunk of the current record, if it is wanted number `i`. */
function place({ records, numbers, places }: Search, i: number): boolean {
  if (!records.within || numbers[i] !== records.number) return false;
  places.addresses[i] = records.address;
  places.sizes[i] = records.size;
  places.masks[i] = records.mask;
  return true;
}
