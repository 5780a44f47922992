/** Editing of fractal heaps: objects are put in and taken out; each is known by its id. */
import type { Address } from "../../bytes/address.ts";
import { Encoder } from "../../bytes/encoder.ts";
import { type FractalHeap, openFractalHeap } from "../../engine/fractal-heap/heap.ts";
import { type BlockPlace, findBlock, readBlock } from "../../engine/fractal-heap/managed-blocks.ts";
import { UnsupportedError } from "../../errors.ts";
import { DIRECT_BLOCK } from "../../format/fractal-heap/direct-block.ts";
import type { FractalHeapHeader } from "../../format/fractal-heap/header.ts";
import { type HeapId, heapId, readHeapId } from "../../format/fractal-heap/heap-id.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { FreeExtents } from "../free-extents.ts";
import { blockOverhead, makeBlock, objectRoom, planBlock, putBlock } from "./heap-blocks.ts";
import { takeManager } from "./heap-space.ts";
import { insertHuge, removeHuge } from "./huge-objects.ts";
import { putHeapHeader } from "./new-heap.ts";

/** Objects of up to this many bytes stand in their ids, where these are long enough. */
const TINY = 16;

/** Puts an object into a heap; its id. */
export function* insertObject(file: EditorFile, address: Address, object: Uint8Array): Steps<Uint8Array> {
  const heap = yield* openForWriting(file, address);
  const { header } = heap;
  if (object.length <= Math.min(TINY, header.idLength - 1)) {
    const tinySpace = header.tinySpace + object.length;
    putHeapHeader(file, address, { ...header, tinySpace, tinyObjects: header.tinyObjects + 1 });
    return encodeId(file, heap, { kind: "tiny", data: object });
  }
  if (object.length > header.maxManagedObject) return encodeId(file, heap, yield* insertHuge(file, heap, object));
  return encodeId(file, heap, yield* insertManaged(file, heap, object));
}

/** Takes the object of that id out. */
export function* removeObject(file: EditorFile, address: Address, idBytes: Uint8Array): Steps<void> {
  const heap = yield* openForWriting(file, address);
  const { header } = heap;
  const id = readHeapId(idBytes, heap.shape, file.structures.sizes);
  switch (id.kind) {
    case "tiny":
      putHeapHeader(file, address, {
        ...header,
        tinySpace: header.tinySpace - id.data.length,
        tinyObjects: header.tinyObjects - 1,
      });
      return;
    case "managed":
      spaceOf(file, heap).add(id.offset, id.length);
      putHeapHeader(file, address, {
        ...header,
        freeSpace: header.freeSpace + id.length,
        managedObjects: header.managedObjects - 1,
      });
      return;
    default:
      yield* removeHuge(file, heap, id);
  }
}

/** The heap, with its free space known. Its own free-space manager goes, and comes back with the commit: see heap-space.ts. */
export function* openForWriting(file: EditorFile, address: Address): Steps<FractalHeap> {
  const heap = yield* openFractalHeap(file, address);
  if (heap.pipeline !== undefined) {
    throw new UnsupportedError("has filters: its objects can be read, not changed", {
      structure: "Fractal heap",
      address,
    });
  }
  if (heap.header.freeSpaceManager === null) return heap;
  const space = yield* takeManager(file, heap, heap.header.freeSpaceManager);
  file.heapSpace.set(address, space);
  putHeapHeader(file, address, { ...heap.header, freeSpaceManager: null });
  return yield* openFractalHeap(file, address);
}

function spaceOf(file: EditorFile, { address }: FractalHeap): FreeExtents {
  let space = file.heapSpace.get(address);
  if (space === undefined) {
    space = new FreeExtents();
    file.heapSpace.set(address, space);
  }
  return space;
}

function* insertManaged(file: EditorFile, heap: FractalHeap, object: Uint8Array): Steps<HeapId> {
  const space = spaceOf(file, heap);
  const { length } = object;
  const offset = space.take(length);
  if (offset === undefined) return yield* insertIntoNewBlock(file, heap, object);
  try {
    const place = yield* findBlock(file, heap, offset);
    const { bytes } = yield* readBlock(file, heap, place);
    putObject(file, heap, place, bytes, offset, object);
  } catch (error) {
    space.add(offset, length);
    throw error;
  }
  const { header } = heap;
  putHeapHeader(file, heap.address, counted(header, header.freeSpace - length));
  return { kind: "managed", offset, length };
}

function* insertIntoNewBlock(file: EditorFile, heap: FractalHeap, object: Uint8Array): Steps<HeapId> {
  const plan = yield* planBlock(file, heap, object.length);
  const overhead = blockOverhead(file, heap);
  const header = makeBlock(file, heap, plan);
  const offset = plan.offset + overhead;
  const rest = plan.size - overhead - object.length;
  spaceOf(file, heap).add(offset + object.length, rest);
  const added = objectRoom(file, heap, header) - objectRoom(file, heap, heap.header);
  putHeapHeader(file, heap.address, counted(header, header.freeSpace + added - object.length));
  const grown = yield* openFractalHeap(file, heap.address);
  const place = yield* findBlock(file, grown, plan.offset);
  const { bytes } = yield* readBlock(file, grown, place);
  putObject(file, grown, place, bytes, offset, object);
  return { kind: "managed", offset, length: object.length };
}

const counted = (header: FractalHeapHeader, freeSpace: number): FractalHeapHeader => ({
  ...header,
  freeSpace,
  managedObjects: header.managedObjects + 1,
});

function putObject(
  file: EditorFile,
  heap: FractalHeap,
  place: BlockPlace,
  bytes: Uint8Array,
  offset: number,
  object: Uint8Array,
): void {
  // A block that stands in front of the file's is nobody else's, and large: it is not copied for each object.
  const own = file.structures.inFront(DIRECT_BLOCK, place.address);
  const changed = own ?? bytes.slice();
  changed.set(object, offset - place.offset);
  if (own !== undefined) return;
  heap.last = undefined;
  putBlock(file, heap, place.address, changed);
}

function encodeId(file: EditorFile, heap: FractalHeap, id: HeapId): Uint8Array {
  const to = new Encoder(file.structures.sizes, heap.shape.idLength);
  heapId(to, id, heap.shape);
  return to.finish();
}
