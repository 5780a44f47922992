/** Objects of fractal heaps, by their ids: tiny, managed and huge ones, filtered or not. */
import { FormatError } from "../../errors.ts";
import type { FilteredHugeObject, HugeObject } from "../../format/btree-v2/records/huge-object.ts";
import { type HeapId, readHeapId } from "../../format/fractal-heap/heap-id.ts";
import type { Steps } from "../../steps/steps.ts";
import { withinLimit } from "../limits.ts";
import type { MetadataFile } from "../metadata-file.ts";
import { unfiltered } from "./filtered.ts";
import type { FractalHeap, HeapBlock } from "./heap.ts";
import { numberedObject } from "./huge-objects.ts";
import { findBlock, peekBlock, readBlock } from "./managed-blocks.ts";

const TITLE = "Fractal heap";

/** An object's bytes, where they are in hand: a view, to be read before anything else is. */
export function peekObject(file: MetadataFile, heap: FractalHeap, idBytes: Uint8Array): Uint8Array | undefined {
  const id = readHeapId(idBytes, heap.shape, file.structures.sizes);
  if (id.kind === "tiny") return id.data;
  if (id.kind !== "managed") return undefined;
  const block = peekBlock(heap, id.offset);
  return block && within(heap, block, id);
}

/** An object's bytes: a view, to be read before anything else is. In hot paths: `peekObject(...) ?? (yield* ...)`. */
export function* heapObject(file: MetadataFile, heap: FractalHeap, idBytes: Uint8Array): Steps<Uint8Array> {
  const id = readHeapId(idBytes, heap.shape, file.structures.sizes);
  switch (id.kind) {
    case "tiny":
      return id.data;
    case "huge":
      return yield* hugeObject(file, heap, id.object);
    case "huge-numbered":
      return yield* hugeObject(file, heap, yield* numberedObject(file, heap, id.id));
    case "managed": {
      const place = yield* findBlock(file, heap, id.offset);
      const block = yield* readBlock(file, heap, place);
      return within(heap, block, id);
    }
  }
}

type ManagedId = Extract<HeapId, { kind: "managed" }>;

function within(heap: FractalHeap, block: HeapBlock, { offset, length }: ManagedId): Uint8Array {
  const from = offset - block.offset;
  if (from < block.headerBytes || from + length > block.bytes.length || length === 0) {
    throw new FormatError("has an object outside its blocks", {
      structure: TITLE,
      address: heap.address,
      found: `${length} bytes at heap offset ${offset}`,
    });
  }
  return block.bytes.subarray(from, from + length);
}

function* hugeObject(
  file: MetadataFile,
  heap: FractalHeap,
  object: HugeObject | FilteredHugeObject,
): Steps<Uint8Array> {
  const { address, length } = object;
  withinLimit(file.limits, "chunkBytes", length, TITLE);
  const window = file.pages.peek(address, length) ?? (yield* file.pages.read(address, length));
  if (window.length < length) {
    throw new FormatError("has an object that runs past the end of the file", {
      structure: TITLE,
      address,
      found: `${window.length} bytes`,
      allowed: String(length),
    });
  }
  const stored = window.block.subarray(window.offset, window.offset + length);
  if (!("memorySize" in object) || heap.pipeline === undefined) return stored;
  return yield* unfiltered(file, heap.pipeline, stored, object.filterMask, object.memorySize, address);
}
