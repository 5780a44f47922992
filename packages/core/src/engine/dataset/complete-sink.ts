/** Fetches the global heap objects that elements refer to: variable-length data, and references to regions. */
import { asAddress } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import type { HeapReferences, Sink } from "../../data/sink.ts";
import { FormatError, LimitError } from "../../errors.ts";
import {
  COLLECTION_BYTES,
  GLOBAL_HEAP_TABLE,
  type GlobalHeapTable,
} from "../../format/global-heap/global-heap-collection.ts";
import type { Range } from "../../steps/pages.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EngineFile } from "../file.ts";

/** Collections of one round, and their bytes. */
const GROUP = 256;
const GROUP_BYTES = 4 << 20;
/** Bytes that hold the header of a collection, whatever the sizes of offsets and lengths. */
const HEADER_BYTES = 16;
/** Collections of a read that are kept in hand for the next. */
const FEW = 64;
/** Rounds of heap objects that refer to heap objects: as deep as types may nest, and no deeper. */
const MAX_ROUNDS = 64;

/** Fetches until the sink needs no more. LimitError beyond `limits.vlenElementBytes` and `limits.vlenBytes`. */
export function* completeSink(file: EngineFile, sink: Sink): Steps<void> {
  let bytes = 0;
  let round = 0;
  for (let needed = sink.finish(); needed !== undefined; needed = sink.finish()) {
    if (++round > MAX_ROUNDS)
      throw new FormatError("nests heap objects too deeply", { structure: "Global heap", found: round });
    bytes = yield* fetch(file, needed, bytes);
  }
}

/** Fetches the objects of one round; `bytes`: what those of the rounds before had. */
function* fetch(file: EngineFile, needed: HeapReferences, bytes: number): Steps<number> {
  if (needed.count === 0) return bytes;
  const { collections, firsts, order } = byCollection(needed);
  const { structures } = file;
  // Those that are changed and not yet written stand elsewhere than in the file.
  const unread = (at: number): boolean => structures.peek(GLOBAL_HEAP_TABLE, asAddress(at), undefined) === undefined;
  let total = bytes;
  // Writers make collections of like sizes: what one has is the guess at the next.
  let guess = COLLECTION_BYTES;
  for (let group = 0; group < collections.length; ) {
    const end = Math.min(collections.length, group + Math.max(1, Math.min(GROUP, Math.floor(GROUP_BYTES / guess))));
    if (end - group > 1) yield* load(file, collections.subarray(group, end).filter(unread), guess);
    for (let c = group; c < end; c++) {
      const address = asAddress(collections[c]);
      const table =
        structures.peek(GLOBAL_HEAP_TABLE, address, undefined) ??
        (yield* structures.get(GLOBAL_HEAP_TABLE, address, undefined));
      guess = Math.min(GROUP_BYTES, Math.max(COLLECTION_BYTES, table.size));
      for (let j = firsts[c]; j < firsts[c + 1]; j++)
        total = resolve(file, needed, order === undefined ? j : order[j], table, total);
      // A table keeps the page alive that it was read from.
      if (collections.length > FEW) structures.release(address);
    }
    group = end;
  }
  return total;
}

/** Has the collections in hand: as many bytes as guessed first, then what the headers say beyond. */
function* load(file: EngineFile, collections: Float64Array, guess: number): Steps<void> {
  yield* loadRanges(file, collections, () => guess);
  yield* loadRanges(file, collections, (at) => {
    const head = file.pages.peek(at, HEADER_BYTES);
    if (head === undefined || head.length < HEADER_BYTES) return 0;
    const from = new Decoder(head.block, file.structures.sizes, GLOBAL_HEAP_TABLE.title, head.base, head.offset);
    return Math.min(GROUP_BYTES, GLOBAL_HEAP_TABLE.extent(from, undefined));
  });
}

function* loadRanges(file: EngineFile, collections: Float64Array, lengthAt: (at: number) => number): Steps<void> {
  const ranges: Range[] = [];
  for (const at of collections) {
    const length = lengthAt(at);
    if (length > 0 && file.pages.peek(at, length) === undefined) ranges.push({ at, length });
  }
  if (ranges.length > 0) yield* file.pages.load(ranges);
}

function resolve(file: EngineFile, needed: HeapReferences, i: number, table: GlobalHeapTable, bytes: number): number {
  const index = needed.indices[i];
  const offset = index < table.offsets.length ? table.offsets[index] : 0;
  if (offset === 0)
    throw new FormatError("has no object of the index that an element refers to", {
      structure: GLOBAL_HEAP_TABLE.title,
      address: needed.addresses[i],
      found: index,
    });
  const length = table.lengths[index];
  if (length > file.limits.vlenElementBytes) throw tooLong("vlenElementBytes", length, file.limits.vlenElementBytes);
  const total = bytes + length;
  if (total > file.limits.vlenBytes) throw tooLong("vlenBytes", total, file.limits.vlenBytes);
  needed.resolved(i, table.block, table.start + offset, length);
  return total;
}

function tooLong(option: "vlenElementBytes" | "vlenBytes", found: number, allowed: number): LimitError {
  return new LimitError(`exceeds the option limits.${option}`, {
    structure: GLOBAL_HEAP_TABLE.title,
    found,
    allowed: `at most ${allowed}`,
  });
}

interface ByCollection {
  /** Addresses, ascending, each once. */
  readonly collections: Float64Array;
  /** References of collection `c` are those at `[firsts[c], firsts[c + 1])` of the order. */
  readonly firsts: Uint32Array;
  /** `undefined`: they stand in order. */
  readonly order: Uint32Array | undefined;
}

const ONE = Uint32Array.of(0, 1);

/** Sorts references by collection, without comparing references: elements of one read mostly share few collections. */
function byCollection(needed: HeapReferences): ByCollection {
  return inOrder(needed) ?? sorted(needed);
}

/** Most writers fill one collection after the other: nothing is to be sorted then. */
function inOrder({ count, addresses }: HeapReferences): ByCollection | undefined {
  let collections = 0;
  for (let i = 0, last = -1; i < count; i++) {
    if (addresses[i] < last) return undefined;
    if (addresses[i] > last) collections++;
    last = addresses[i];
  }
  const found = new Float64Array(collections);
  const firsts = new Uint32Array(collections + 1);
  for (let i = 0, c = 0; i < count; i++) {
    if (i > 0 && addresses[i] === addresses[i - 1]) continue;
    found[c] = addresses[i];
    firsts[c++] = i;
  }
  firsts[collections] = count;
  return { collections: found, firsts, order: undefined };
}

function sorted({ count, addresses }: HeapReferences): ByCollection {
  if (count === 1) return { collections: addresses.subarray(0, 1), firsts: ONE, order: undefined };
  const numbers = new Map<number, number>();
  const owners = new Uint32Array(count);
  let last = -1;
  let lastNumber = 0;
  for (let i = 0; i < count; i++) {
    if (addresses[i] !== last) {
      last = addresses[i];
      const known = numbers.get(last);
      lastNumber = known ?? numbers.size;
      if (known === undefined) numbers.set(last, lastNumber);
    }
    owners[i] = lastNumber;
  }
  const found = Float64Array.from(numbers.keys());
  const collections = found.slice().sort();
  const ranks = new Uint32Array(found.length);
  for (let c = 0; c < collections.length; c++) ranks[numbers.get(collections[c])!] = c;
  return { collections, ...sortByRank(owners, ranks) };
}

/** Counting sort. */
function sortByRank(owners: Uint32Array, ranks: Uint32Array): Pick<ByCollection, "firsts" | "order"> {
  const firsts = new Uint32Array(ranks.length + 1);
  let sorted = true;
  let before = 0;
  for (let i = 0; i < owners.length; i++) {
    const rank = ranks[owners[i]];
    firsts[rank + 1]++;
    sorted &&= rank >= before;
    before = rank;
  }
  for (let c = 1; c < firsts.length; c++) firsts[c] += firsts[c - 1];
  if (sorted) return { firsts, order: undefined };
  const next = firsts.slice();
  const order = new Uint32Array(owners.length);
  for (let i = 0; i < owners.length; i++) order[next[ranks[owners[i]]]++] = i;
  return { firsts, order };
}
