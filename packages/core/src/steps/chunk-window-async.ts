/**
 * Reads, decodes and places chunks with a bounded number of bytes in flight. Several requests are under way at once, and
 * chunks are decoded while others are read; neighbours in the storage are read together.
 */
import { type ChunkGroup, groupFrom, storedChunk } from "./chunk-groups.ts";
import { Gate } from "./gate.ts";
import type { ChunksRequest } from "./steps.ts";
import type { AsyncStorage, Outcome } from "./storage.ts";
import { transferAsync } from "./transfer.ts";
import { Turns } from "./turn.ts";

/** Bytes in flight at most, of stored and decoded chunks; one group of chunks is always let in. */
const WINDOW = 16 << 20;
/** Reads under way at once, at least where the storage gains by more; and chunks that are decoded off this thread. */
const IN_FLIGHT = 8;
/** Bytes read at once: so many that the window holds all reads that may be under way. */
const GROUP = WINDOW / IN_FLIGHT;

export async function placeChunksAsync(
  request: ChunksRequest,
  storage: AsyncStorage,
  signal?: AbortSignal,
): Promise<void> {
  const window = new ChunkWindow(request, storage, signal);
  const lanes = Math.min(request.at.length, Math.max(IN_FLIGHT, storage.costs.parallel));
  await Promise.all(Array.from({ length: lanes }, () => window.lane()));
  // All lanes have come to rest: nothing is placed after this.
  if (window.failed) throw window.failure;
}

class ChunkWindow {
  /** The first failure; it stops all lanes. */
  failure: unknown;
  failed = false;
  private readonly request: ChunksRequest;
  private readonly storage: AsyncStorage;
  private readonly signal: AbortSignal | undefined;
  private readonly bytes = new Gate(WINDOW);
  private readonly decoders: Gate;
  private readonly turns = new Turns();
  private next = 0;

  constructor(request: ChunksRequest, storage: AsyncStorage, signal: AbortSignal | undefined) {
    this.request = request;
    this.storage = storage;
    this.signal = signal;
    this.decoders = new Gate(Math.max(1, Math.min(IN_FLIGHT, Math.floor(WINDOW / request.decodedSize))));
  }

  /** Takes one group of chunks after the other, until none is left or one failed. */
  async lane(): Promise<void> {
    let buffer = new Uint8Array(0);
    try {
      while (this.next < this.request.at.length && !this.failed) {
        const group = this.take();
        const weight = Math.max(group.length, this.request.decodedSize);
        await this.bytes.take(weight);
        try {
          if (this.failed) return;
          if (group.into === undefined && this.storage.memory === undefined && buffer.length < group.length)
            buffer = new Uint8Array(group.length);
          await this.handle(group, buffer);
        } finally {
          this.bytes.give(weight);
        }
      }
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    if (this.failed) return;
    this.failed = true;
    this.failure = error;
  }

  private take(): ChunkGroup {
    const { costs, memory } = this.storage;
    const group = groupFrom(this.request, this.next, memory === undefined ? costs.gap : Infinity, GROUP);
    this.next = group.next;
    return group;
  }

  private async handle(group: ChunkGroup, buffer: Uint8Array): Promise<void> {
    this.signal?.throwIfAborted();
    const outcome = await this.read(group, buffer);
    const turn = this.turns.due();
    if (turn !== undefined) await turn;
    this.signal?.throwIfAborted();
    if (group.into !== undefined) return void storedChunk(this.request, group, group.first, outcome);
    const decoding: Promise<void>[] = [];
    try {
      for (let i = group.first; i < group.next && !this.failed; i++) {
        const stored = storedChunk(this.request, group, i, outcome);
        const waiting = this.decoders.take(1);
        if (waiting !== undefined) await waiting;
        const done = this.decode(i, stored);
        if (done !== undefined) decoding.push(done);
      }
    } finally {
      // The buffer is theirs until all are through.
      await Promise.all(decoding);
    }
  }

  private async read({ at, length, into }: ChunkGroup, buffer: Uint8Array): Promise<Outcome> {
    if (this.storage.memory !== undefined && into === undefined) return this.storage.memory.subarray(at, at + length);
    const target = into ?? buffer.subarray(0, length);
    const [outcome] = await transferAsync(this.storage, [{ at, length, into: target }], this.signal);
    return outcome;
  }

  /** Decodes and places a chunk, then leaves the decoders' gate; a promise, which never rejects, where that takes time. */
  private decode(i: number, stored: Uint8Array): Promise<void> | undefined {
    const { request, decoders } = this;
    let given: Promise<Uint8Array> | undefined;
    try {
      const decoded = (request.decodeAsync ?? request.decode)(i, stored, this.signal);
      if ("then" in decoded) given = decoded;
      else request.place(i, decoded);
    } finally {
      if (given === undefined) decoders.give(1);
    }
    return given
      ?.then((bytes) => {
        if (!this.failed) request.place(i, bytes);
      })
      .catch((error: unknown) => this.fail(error))
      .finally(() => decoders.give(1));
  }
}
