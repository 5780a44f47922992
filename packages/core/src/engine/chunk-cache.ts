/** Decoded chunks kept between reads of a file, by recent use within a budget of bytes (option `chunkCache`, as h5py's rdcc knobs). */
import type { Address } from "../bytes/address.ts";

export interface ChunkCacheOptions {
  /** Budget in bytes a file; a chunk larger than it is not kept. Default 8 MiB, as a dataset has from HDF5 2.0 on. 0 switches the cache off. */
  readonly bytes: number;
  /** Accepted for h5py's sake (hash slots); the cache needs none. */
  readonly slots?: number;
  /**
   * How much rather chunks go that were read whole, 0 to 1: one of them goes before a chunk that is older by up to this
   * part of the age of the oldest. 0: age alone counts; 1: they always go first. Default 0.75, as h5py.
   */
  readonly w0?: number;
}

/** Keyed by the dataset's address and the chunk's number in row-major order. */
export interface ChunkCache {
  /** The decoded chunk, where it is kept. Not to be changed. */
  get(dataset: Address, chunk: number): Uint8Array | undefined;
  /** Keeps `bytes` (not copied), if they fit. `whole`: all of it was read, so that it is not likely to be read again. */
  set(dataset: Address, chunk: number, bytes: Uint8Array, whole?: boolean): void;
  /** The same of a copy of `bytes`, in the memory of a chunk that has to go for it if that was a copy as long. */
  setCopy(dataset: Address, chunk: number, bytes: Uint8Array, whole?: boolean): void;
  /** Whether any chunk of the dataset is kept. */
  has(dataset: Address): boolean;
  /** Whether a chunk of that many bytes would be kept at all. */
  fits(bytes: number): boolean;
  /** Forgets the chunks of one dataset, or all. */
  clear(dataset?: Address): void;
  readonly hits: number;
  readonly misses: number;
}

/** h5py's default, of HDF5 2.0. */
export const DEFAULT_CHUNK_CACHE: ChunkCacheOptions = { bytes: 8 * 2 ** 20, w0: 0.75 };
/** What an entry costs beside its bytes. */
const OVERHEAD = 256;

/** A chunk that is kept, in a ring of those alike, the least recently used first. */
interface Entry {
  readonly dataset: Address;
  readonly chunk: number;
  bytes: Uint8Array;
  whole: boolean;
  /** Whether its memory is the cache's own. */
  copied: boolean;
  used: number;
  before: Entry;
  after: Entry;
}

const NO_BYTES = new Uint8Array(0);

/** The beginning and end of a ring. */
function makeRing(): Entry {
  const ring = { dataset: 0 as Address, chunk: -1, bytes: NO_BYTES, whole: false, copied: false, used: 0 } as Entry;
  ring.before = ring;
  ring.after = ring;
  return ring;
}

/** The cache of one file. */
export class LruChunkCache implements ChunkCache {
  hits = 0;
  misses = 0;
  private readonly budget: number;
  private readonly w0: number;
  private readonly datasets = new Map<Address, Map<number, Entry>>();
  private readonly whole: Entry = makeRing();
  private readonly partial: Entry = makeRing();
  private held = 0;
  private clock = 0;

  constructor(options: ChunkCacheOptions = DEFAULT_CHUNK_CACHE) {
    this.budget = options.bytes;
    this.w0 = options.w0 ?? 0.75;
  }

  has(dataset: Address): boolean {
    return this.datasets.has(dataset);
  }

  fits(bytes: number): boolean {
    return bytes + OVERHEAD <= this.budget;
  }

  get(dataset: Address, chunk: number): Uint8Array | undefined {
    const entry = this.datasets.get(dataset)?.get(chunk);
    if (entry === undefined) {
      this.misses++;
      return undefined;
    }
    this.hits++;
    this.touch(entry);
    return entry.bytes;
  }

  set(dataset: Address, chunk: number, bytes: Uint8Array, whole = false): void {
    if (!this.fits(bytes.length)) return;
    let chunks = this.datasets.get(dataset);
    if (chunks === undefined) {
      chunks = new Map();
      this.datasets.set(dataset, chunks);
    }
    let entry = chunks.get(chunk);
    if (entry === undefined) {
      entry = { ...makeRing(), dataset, chunk, bytes, whole };
      entry.before = entry;
      entry.after = entry;
      chunks.set(chunk, entry);
    } else this.held -= entry.bytes.length + OVERHEAD;
    entry.bytes = bytes;
    entry.whole = whole;
    entry.copied = false;
    this.held += bytes.length + OVERHEAD;
    this.touch(entry);
    while (this.held > this.budget) this.remove(this.victim());
  }

  setCopy(dataset: Address, chunk: number, bytes: Uint8Array, whole = false): void {
    if (!this.fits(bytes.length)) return;
    this.delete(dataset, chunk);
    let memory: Uint8Array | undefined;
    while (this.held + bytes.length + OVERHEAD > this.budget) {
      const gone = this.victim();
      this.remove(gone);
      if (gone.copied && gone.bytes.length === bytes.length) memory = gone.bytes;
    }
    memory?.set(bytes);
    this.set(dataset, chunk, memory ?? bytes.slice(), whole);
    const entry = this.datasets.get(dataset)?.get(chunk);
    if (entry !== undefined) entry.copied = true;
  }

  /** Forgets one chunk. */
  delete(dataset: Address, chunk: number): void {
    const entry = this.datasets.get(dataset)?.get(chunk);
    if (entry !== undefined) this.remove(entry);
  }

  clear(dataset?: Address): void {
    const chosen = dataset === undefined ? [...this.datasets.values()] : [this.datasets.get(dataset)];
    for (const chunks of chosen) for (const entry of [...(chunks?.values() ?? [])]) this.remove(entry);
  }

  /** Makes an entry the most recently used. */
  private touch(entry: Entry): void {
    entry.used = ++this.clock;
    unlink(entry);
    const ring = entry.whole ? this.whole : this.partial;
    entry.before = ring.before;
    entry.after = ring;
    ring.before.after = entry;
    ring.before = entry;
  }

  private victim(): Entry {
    const whole = this.whole.after;
    const partial = this.partial.after;
    if (whole === this.whole) return partial;
    if (partial === this.partial) return whole;
    return whole.used <= partial.used + this.w0 * (this.clock - partial.used) ? whole : partial;
  }

  private remove(entry: Entry): void {
    unlink(entry);
    this.held -= entry.bytes.length + OVERHEAD;
    const chunks = this.datasets.get(entry.dataset);
    chunks?.delete(entry.chunk);
    if (chunks?.size === 0) this.datasets.delete(entry.dataset);
  }
}

function unlink(entry: Entry): void {
  entry.before.after = entry.after;
  entry.after.before = entry.before;
}
