/** Fractal heaps as they are opened: the header, and what follows from it. */
import type { Address } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { DoublingTable } from "../../format/fractal-heap/doubling-table.ts";
import { FRACTAL_HEAP_HEADER, type FractalHeapHeader } from "../../format/fractal-heap/header.ts";
import { type HeapIdShape, heapIdShape } from "../../format/fractal-heap/heap-id.ts";
import { type FilterPipeline, filterPipelineMessage } from "../../format/messages/filter-pipeline.ts";
import type { Steps } from "../../steps/steps.ts";
import type { MetadataFile } from "../metadata-file.ts";

/** A direct block in hand. */
export interface HeapBlock {
  /** Heap offset of its first byte. */
  readonly offset: number;
  readonly headerBytes: number;
  readonly bytes: Uint8Array;
}

export class FractalHeap {
  readonly address: Address;
  readonly header: FractalHeapHeader;
  readonly table: DoublingTable;
  readonly shape: HeapIdShape;
  readonly pipeline: FilterPipeline | undefined;
  /** The block in which the last object stood: the next one is often there too. */
  last: HeapBlock | undefined;

  constructor(file: MetadataFile, address: Address, header: FractalHeapHeader) {
    const { sizes } = file.structures;
    this.address = address;
    this.header = header;
    this.table = new DoublingTable(header);
    this.shape = heapIdShape(header, sizes);
    this.pipeline =
      header.filters && filterPipelineMessage(new Decoder(header.filters.pipeline, sizes, "Fractal heap filters"));
  }
}

/** The heap whose header stands at `address`, where it was opened before. */
export function peekFractalHeap(file: MetadataFile, address: Address): FractalHeap | undefined {
  const known = file.structures.derived(address);
  return known instanceof FractalHeap ? known : undefined;
}

/** The heap whose header stands at `address`. */
export function* openFractalHeap(file: MetadataFile, address: Address): Steps<FractalHeap> {
  const { structures } = file;
  const known = peekFractalHeap(file, address);
  if (known !== undefined) return known;
  const header =
    structures.peek(FRACTAL_HEAP_HEADER, address, undefined) ??
    (yield* structures.get(FRACTAL_HEAP_HEADER, address, undefined));
  const heap = new FractalHeap(file, address, header);
  structures.derive(address, heap);
  return heap;
}
