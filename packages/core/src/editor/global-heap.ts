/**
 * Global heaps while they are edited: objects go to collections with free space, or to new ones; collections that become
 * empty are freed. Elements of variable length and references to regions have their bytes there.
 */
import { type Address, asAddress } from "../bytes/address.ts";
import type { HeapObjects } from "../data/source.ts";
import type { Structures } from "../engine/structures.ts";
import {
  COLLECTION_BYTES,
  GLOBAL_HEAP_TABLE,
  objectHeaderBytes,
} from "../format/global-heap/global-heap-collection.ts";
import type { Steps } from "../steps/steps.ts";
import type { EditorFile } from "./editor-file.ts";
import { align } from "./free-extents.ts";
import { EditedCollection } from "./global-heap-collection.ts";
import { freeRaw } from "./raw-space.ts";

/** Objects of global heaps. */
export interface HeapPlaces {
  readonly addresses: number[];
  readonly indices: number[];
}

/** Collections grow with the number of objects that are put in at once, up to this. */
const LARGEST_COLLECTION = 1 << 16;
/** Collections that are remembered for their free space; the reference library has as many. */
const REMEMBERED = 16;

/** Bytes of the largest object that fits, by the collection's address. */
const spaces = new WeakMap<Structures, Map<Address, number>>();

function spaceOf({ structures }: EditorFile): Map<Address, number> {
  let space = spaces.get(structures);
  if (space === undefined) {
    space = new Map();
    spaces.set(structures, space);
  }
  return space;
}

function remember(file: EditorFile, collection: EditedCollection): void {
  const space = spaceOf(file);
  space.delete(collection.address);
  if (collection.room <= 0) return;
  space.set(collection.address, collection.room);
  if (space.size > REMEMBERED) space.delete(space.keys().next().value!);
}

/** Stores the heap objects that elements need before they can be taken, those of all rounds; where they stand. */
export function* placeHeapObjects(file: EditorFile, source: { prepare(): HeapObjects | undefined }): Steps<HeapPlaces> {
  const placed: HeapPlaces = { addresses: [], indices: [] };
  try {
    for (let objects = source.prepare(); objects !== undefined; objects = source.prepare())
      yield* placeAll(file, objects, placed);
  } catch (error) {
    yield* removeHeapObjects(file, placed);
    throw error;
  }
  return placed;
}

function* placeAll(file: EditorFile, objects: HeapObjects, placed: HeapPlaces): Steps<void> {
  const insertion = new HeapInsertion(file, yield* openCollection(file));
  try {
    for (let i = 0; i < objects.count; i++) {
      const { address, index } = insertion.add(objects.bytes(i));
      objects.placed(i, address, index);
      placed.addresses.push(address);
      placed.indices.push(index);
      if (insertion.isFull) yield* insertion.write();
    }
  } finally {
    // Those that were placed before a failure are removed by whoever knows of them.
    insertion.finish();
  }
}

/** The collection with most free space of those that are known. */
function* openCollection(file: EditorFile): Steps<EditedCollection | undefined> {
  let best: Address | undefined;
  let most = 0;
  for (const [address, room] of spaceOf(file))
    if (room > most) {
      best = address;
      most = room;
    }
  if (best === undefined) return undefined;
  const table = yield* file.structures.get(GLOBAL_HEAP_TABLE, best, undefined);
  return EditedCollection.of(best, file.structures.sizes, table);
}

/** Objects put in one after the other, without asking for anything. */
export class HeapInsertion {
  private readonly file: EditorFile;
  private collection: EditedCollection | undefined;
  /** New collections that have no more room, and are not written yet. */
  private full: EditedCollection[] = [];
  private fullBytes = 0;
  private nextSize = COLLECTION_BYTES;
  /** Whether the collection at hand stood in the file before. */
  private isOld: boolean;
  private changed = false;
  /** Whether the collection at hand was put, and must be copied before it changes again. */
  private isPut = false;

  constructor(file: EditorFile, collection: EditedCollection | undefined) {
    this.file = file;
    this.collection = collection;
    this.isOld = collection !== undefined;
  }

  add(data: Uint8Array): { readonly address: Address; readonly index: number } {
    if (this.isPut) this.collection = this.collection?.copy();
    this.isPut = false;
    let { collection } = this;
    if (collection === undefined || align(data.length, 8) > collection.room) {
      this.setAside();
      const { lengths } = this.file.structures.sizes;
      const need = align(8 + lengths, 8) + objectHeaderBytes(lengths) + align(data.length, 8);
      collection = EditedCollection.create(this.file, Math.max(need, this.nextSize));
      this.nextSize = Math.min(LARGEST_COLLECTION, this.nextSize * 2);
      this.collection = collection;
      this.isOld = false;
    }
    this.changed = true;
    return { address: collection.address, index: collection.add(data) };
  }

  private setAside(): void {
    const { collection, file } = this;
    if (collection === undefined || !this.changed) return;
    if (this.isOld) {
      collection.put(file);
      remember(file, collection);
    } else {
      this.full.push(collection);
      this.fullBytes += collection.size;
    }
    this.changed = false;
  }

  /** Whether there is enough to be worth being written. */
  get isFull(): boolean {
    return this.fullBytes >= 1 << 20;
  }

  /** Writes collections that are new and full: they need not wait for the commit. */
  *write(): Steps<void> {
    const { full, file } = this;
    this.full = [];
    this.fullBytes = 0;
    for (let i = 0; i < full.length; i++) {
      try {
        yield* file.raw.write(full[i].address, full[i].finish());
      } catch (error) {
        for (const collection of full.slice(i)) collection.put(file);
        throw error;
      }
      file.structures.forget(full[i].address);
    }
  }

  /** Puts what is left in front of the file's bytes. */
  finish(): void {
    const { file } = this;
    for (const collection of this.full) collection.put(file);
    this.full = [];
    if (this.collection === undefined || !this.changed) return;
    this.collection.put(file);
    remember(file, this.collection);
    this.changed = false;
    this.isOld = true;
    this.isPut = true;
  }
}

/** Stores one object. */
export function* insertHeapObject(
  file: EditorFile,
  data: Uint8Array,
): Steps<{ readonly address: Address; readonly index: number }> {
  const insertion = new HeapInsertion(file, yield* openCollection(file));
  const place = insertion.add(data);
  insertion.finish();
  return place;
}

/** Removes objects; those that are not there are passed over. */
export function* removeHeapObjects(file: EditorFile, { addresses, indices }: HeapPlaces): Steps<void> {
  const byCollection = new Map<number, Set<number>>();
  addresses.forEach((address, i) => {
    const known = byCollection.get(address);
    if (known === undefined) byCollection.set(address, new Set([indices[i]]));
    else known.add(indices[i]);
  });
  for (const [at, gone] of byCollection) {
    const address = asAddress(at);
    const table = yield* file.structures.get(GLOBAL_HEAP_TABLE, address, undefined);
    const collection = EditedCollection.of(address, file.structures.sizes, table);
    collection.remove(gone);
    if (collection.isEmpty) {
      file.structures.forget(address);
      spaceOf(file).delete(address);
      freeRaw(file, address, collection.size);
    } else {
      collection.put(file);
      remember(file, collection);
    }
  }
}
