/** Data layout message, type 0x0008 (HDF5 File Format Specification, section IV.A.2.i): how and where a dataset's elements stand. */
import type { Address } from "../../bytes/address.ts";

/** In the message itself. */
export interface CompactLayout {
  readonly class: "compact";
  readonly version?: number;
  readonly data: Uint8Array;
}

/** In one block. */
export interface ContiguousLayout {
  readonly class: "contiguous";
  readonly version?: number;
  /** `null`: not allocated yet. */
  readonly address: Address | null;
  /** Bytes; versions 1 and 2 do not store it, it follows from extent and type there. */
  readonly size: number | null;
}

/** How the chunks are found (sections VIII.A to E of appendix C, and III.A.1 for `"btree-v1"`). */
export type ChunkIndexing =
  | { readonly kind: "btree-v1"; readonly address: Address | null }
  | {
      readonly kind: "single";
      readonly address: Address | null;
      readonly filtered?: { readonly size: number; readonly mask: number };
    }
  | { readonly kind: "implicit"; readonly address: Address | null }
  | { readonly kind: "fixed-array"; readonly address: Address | null; readonly pageBits: number }
  | {
      readonly kind: "extensible-array";
      readonly address: Address | null;
      readonly maxBits: number;
      readonly indexElements: number;
      readonly minPointers: number;
      readonly minElements: number;
      readonly pageBits: number;
    }
  | {
      readonly kind: "btree-v2";
      readonly address: Address | null;
      readonly nodeSize: number;
      readonly splitPercent: number;
      readonly mergePercent: number;
    };

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
