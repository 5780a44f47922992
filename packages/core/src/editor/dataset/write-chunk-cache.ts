/**
 * Chunks of a file that is being changed: beside those kept between reads, those that were written in part and are not
 * stored yet. Readers find both, so that a chunk is filtered once, however often it is written to before the commit.
 */
import type { Address } from "../../bytes/address.ts";
import { type ChunkCacheOptions, DEFAULT_CHUNK_CACHE, LruChunkCache } from "../../engine/chunk-cache.ts";

export class WriteChunkCache extends LruChunkCache {
  /** Bytes that chunks waiting to be stored may take before the oldest of them are stored. */
  readonly room: number;
  /** By dataset, then by the chunk's number; those written to first come first. */
  private readonly waiting = new Map<Address, Map<number, Uint8Array>>();
  private waitingBytes = 0;

  constructor(options: ChunkCacheOptions = DEFAULT_CHUNK_CACHE) {
    super(options);
    this.room = options.bytes;
  }

  override get(dataset: Address, chunk: number): Uint8Array | undefined {
    return this.waiting.get(dataset)?.get(chunk) ?? super.get(dataset, chunk);
  }

  override has(dataset: Address): boolean {
    return this.waiting.has(dataset) || super.has(dataset);
  }

  override set(dataset: Address, chunk: number, bytes: Uint8Array, whole = false): void {
    if (this.changed(dataset, chunk) === undefined) super.set(dataset, chunk, bytes, whole);
  }

  /** Decoded bytes of a chunk that waits to be stored, to be changed in place. */
  changed(dataset: Address, chunk: number): Uint8Array | undefined {
    return this.waiting.get(dataset)?.get(chunk);
  }

  /** Whether chunks of the dataset wait. */
  waits(dataset: Address): boolean {
    return this.waiting.has(dataset);
  }

  /** Whether chunks take more room than they should. */
  get full(): boolean {
    return this.waitingBytes > this.room;
  }

  /** Datasets of which chunks wait. */
  get waitingDatasets(): Address[] {
    return [...this.waiting.keys()];
  }

  /** Numbers of a dataset's chunks that wait. */
  numbers(dataset: Address): number[] {
    return [...(this.waiting.get(dataset)?.keys() ?? [])];
  }

  /** A chunk that was changed, and waits to be stored. */
  change(dataset: Address, chunk: number, bytes: Uint8Array): void {
    this.delete(dataset, chunk);
    let chunks = this.waiting.get(dataset);
    if (chunks === undefined) {
      chunks = new Map();
      this.waiting.set(dataset, chunks);
    }
    const before = chunks.get(chunk);
    this.waitingBytes += bytes.length - (before?.length ?? 0);
    chunks.set(chunk, bytes);
  }

  /** A chunk was stored, or is not to be: it waits no more. */
  settle(dataset: Address, chunk: number): void {
    const chunks = this.waiting.get(dataset);
    const bytes = chunks?.get(chunk);
    if (chunks === undefined || bytes === undefined) return;
    this.waitingBytes -= bytes.length;
    chunks.delete(chunk);
    if (chunks.size === 0) this.waiting.delete(dataset);
  }

  /** All chunks of a dataset are forgotten, those that wait too: it is deleted. */
  drop(dataset: Address): void {
    for (const chunk of this.numbers(dataset)) this.settle(dataset, chunk);
    this.clear(dataset);
  }

  /** The dataset has another extent: chunks get other numbers; those without one are forgotten. */
  renumber(dataset: Address, numberOf: (chunk: number) => number | undefined): void {
    this.clear(dataset);
    const chunks = this.waiting.get(dataset);
    if (chunks === undefined) return;
    const renumbered = new Map<number, Uint8Array>();
    for (const [chunk, bytes] of chunks) {
      const number = numberOf(chunk);
      if (number === undefined) this.waitingBytes -= bytes.length;
      else renumbered.set(number, bytes);
    }
    if (renumbered.size === 0) this.waiting.delete(dataset);
    else this.waiting.set(dataset, renumbered);
  }
}
