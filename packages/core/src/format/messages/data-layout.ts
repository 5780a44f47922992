/** Data layout message, type 0x0008 (HDF5 File Format Specification, section IV.A.2.i): how and where a dataset's elements stand. */
import type { Address } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";
import { UnsupportedError } from "../../errors.ts";
import { type ChunkIndexing, chunkIndexing } from "./chunk-indexing.ts";

export type { ChunkIndexing } from "./chunk-indexing.ts";

/** In the message itself. */
export interface CompactLayout {
  readonly class: "compact";
  readonly version?: number;
  /** The dataset's dimensions, which versions 1 and 2 repeat, in 32 bits. */
  readonly dims?: readonly number[];
  readonly data: Uint8Array;
}

/** In one block. */
export interface ContiguousLayout {
  readonly class: "contiguous";
  readonly version?: number;
  /** The dataset's dimensions, which versions 1 and 2 repeat, in 32 bits. */
  readonly dims?: readonly number[];
  /** `null`: not allocated yet. */
  readonly address: Address | null;
  /** Bytes; versions 1 and 2 do not store it, it follows from extent and type there. */
  readonly size: number | null;
}

/** In blocks of equal shape, each through the filters. */
export interface ChunkedLayout {
  readonly class: "chunked";
  readonly version?: number;
  /** Shape of a chunk in elements, without the element-size dimension that the file adds. */
  readonly chunk: readonly number[];
  /** Bytes of an element, as the layout message says. */
  readonly elementSize: number;
  /** Chunks that reach over the edge of the extent are stored without the filters (version 4, flag bit 0). */
  readonly edgeUnfiltered: boolean;
  readonly index: ChunkIndexing;
}

/** In other datasets: the mappings stand in a global heap object. */
export interface VirtualLayout {
  readonly class: "virtual";
  readonly version?: number;
  /** Global heap collection; `null`: no mappings. */
  readonly heap: Address | null;
  readonly index: number;
}

export type DataLayout = CompactLayout | ContiguousLayout | ChunkedLayout | VirtualLayout;

/** Layout classes by their number in the file. */
const CLASSES = ["compact", "contiguous", "chunked", "virtual"] as const;
/** As many dimensions as a dataspace may have, and the one of the element size. */
const MAX_DIMENSIONS = 33;
const EDGE_UNFILTERED = 1;
const SINGLE_FILTERED = 2;

/**
 * The message in versions 1 to 5. UnsupportedError from version 6 on.
 *
 * Written in the value's own version; where it has none, in the lowest that can express it and that current libraries
 * write: 3, or 4 for virtual layouts and for the chunk indexes that came with it.
 */
export function dataLayoutMessage(f: Fields, v?: DataLayout): DataLayout {
  const version = f.u8(v === undefined ? undefined : (v.version ?? lowestVersion(v)));
  if (version === 0) f.fail("has an unknown version", version, "1 to 5");
  if (version > 5)
    throw new UnsupportedError("is of a version that is not supported", {
      structure: "Data layout message",
      found: version,
      allowed: "1 to 5",
    });
  return version < 3 ? oldMessage(f, version, v) : newMessage(f, version, v);
}

function lowestVersion(v: DataLayout): number {
  return v.class === "virtual" || (v.class === "chunked" && v.index.kind !== "btree-v1") ? 4 : 3;
}

function layoutClass(f: Fields, v?: DataLayout): DataLayout["class"] {
  const number = f.u8(v === undefined ? undefined : CLASSES.indexOf(v.class));
  return CLASSES[number] ?? f.fail("has an unknown layout class", number, "0 to 3");
}

/** Versions 1 and 2: one fixed part, whose dimensions are the dataset's, or the chunk's with the element size behind them. */
function oldMessage(f: Fields, version: number, v?: DataLayout): DataLayout {
  const dims = v?.class === "chunked" ? [...v.chunk, v.elementSize] : (v as CompactLayout | undefined)?.dims;
  const rank = f.u8(v === undefined ? undefined : (dims?.length ?? 0));
  if (rank === 0 || rank > MAX_DIMENSIONS) f.fail("has a wrong number of dimensions", rank, `1 to ${MAX_DIMENSIONS}`);
  const kind = layoutClass(f, v);
  if (kind === "virtual") f.fail("has a layout class that its version does not know", kind);
  f.reserved(5);
  const address = kind === "compact" ? null : f.address(addressOf(v));
  const sizes = Array.from({ length: rank }, (_, i) => f.u32(dims?.[i]));
  switch (kind) {
    case "chunked":
      return {
        class: kind,
        version,
        ...chunkShape(f, sizes),
        edgeUnfiltered: false,
        index: { kind: "btree-v1", address },
      };
    case "contiguous":
      return { class: kind, version, dims: sizes, address, size: null };
    default: {
      const data = (v as CompactLayout | undefined)?.data;
      return { class: kind, version, dims: sizes, data: f.bytes(data, f.u32(data?.length)) };
    }
  }
}

function addressOf(v?: DataLayout): Address | null | undefined {
  if (v?.class === "contiguous") return v.address;
  return v?.class === "chunked" ? v.index.address : undefined;
}

function newMessage(f: Fields, version: number, v?: DataLayout): DataLayout {
  const kind = layoutClass(f, v);
  switch (kind) {
    case "compact": {
      const data = (v as CompactLayout | undefined)?.data;
      return { class: kind, version, data: f.bytes(data, f.u16(data?.length)) };
    }
    case "contiguous": {
      const old = v as ContiguousLayout | undefined;
      return { class: kind, version, address: f.address(old?.address), size: f.length(old?.size ?? undefined) };
    }
    case "chunked":
      return version === 3
        ? chunkedVersion3(f, v as ChunkedLayout | undefined)
        : chunkedVersion4(f, version, v as ChunkedLayout | undefined);
    case "virtual": {
      if (version < 4) f.fail("has a layout class that its version does not know", kind);
      const old = v as VirtualLayout | undefined;
      return { class: kind, version, heap: f.address(old?.heap), index: f.u32(old?.index) };
    }
  }
}

function chunkedVersion3(f: Fields, v?: ChunkedLayout): ChunkedLayout {
  if (v !== undefined && v.index.kind !== "btree-v1") f.fail("needs version 4 for this chunk index", v.index.kind);
  const count = chunkRank(f, v);
  const address = f.address(v?.index.address);
  const dims = v && [...v.chunk, v.elementSize];
  const sizes = Array.from({ length: count }, (_, i) => f.u32(dims?.[i]));
  return {
    class: "chunked",
    version: 3,
    ...chunkShape(f, sizes),
    edgeUnfiltered: false,
    index: { kind: "btree-v1", address },
  };
}

function chunkedVersion4(f: Fields, version: number, v?: ChunkedLayout): ChunkedLayout {
  const dims = v && [...v.chunk, v.elementSize];
  const single = v?.index.kind === "single" && v.index.filtered !== undefined;
  const flags = f.u8(v && (v.edgeUnfiltered ? EDGE_UNFILTERED : 0) + (single ? SINGLE_FILTERED : 0));
  if ((flags & ~(EDGE_UNFILTERED | SINGLE_FILTERED)) !== 0) f.fail("has unknown flags", flags, "0 to 3");
  const count = chunkRank(f, v);
  const width = f.u8(dims && Math.max(...dims.map(bytesFor)));
  if (width === 0 || width > 8) f.fail("has a wrong width of its dimension sizes", width, "1 to 8");
  const sizes = Array.from({ length: count }, (_, i) => f.uint(dims?.[i], width));
  const index = chunkIndexing(f, (flags & SINGLE_FILTERED) !== 0, v?.index);
  return { class: "chunked", version, ...chunkShape(f, sizes), edgeUnfiltered: (flags & EDGE_UNFILTERED) !== 0, index };
}

/** Dimensions of a chunk as stored: one more than the dataset has. */
function chunkRank(f: Fields, v?: ChunkedLayout): number {
  const count = f.u8(v && v.chunk.length + 1);
  if (count < 2 || count > MAX_DIMENSIONS)
    f.fail("has a wrong number of dimensions of a chunk", count, `2 to ${MAX_DIMENSIONS}`);
  return count;
}

/** The dimensions of a chunk with the element size behind them, taken apart; their product must be a size. */
function chunkShape(f: Fields, sizes: readonly number[]): { chunk: readonly number[]; elementSize: number } {
  if (sizes.length < 2) f.fail("has a wrong number of dimensions of a chunk", sizes.length, `2 to ${MAX_DIMENSIONS}`);
  let bytes = 1;
  for (const size of sizes) bytes *= size;
  if (bytes === 0) f.fail("has a chunk dimension of zero", sizes.join(" x "), "at least 1 each");
  if (bytes > Number.MAX_SAFE_INTEGER) f.fail("has a chunk of more than 2^53 bytes", sizes.join(" x "));
  return { chunk: sizes.slice(0, -1), elementSize: sizes[sizes.length - 1] };
}

/** Bytes that an unsigned number takes. */
function bytesFor(value: number): number {
  let bytes = 1;
  for (let rest = Math.floor(value / 256); rest > 0; rest = Math.floor(rest / 256)) bytes++;
  return bytes;
}
