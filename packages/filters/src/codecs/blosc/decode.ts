/** Decoding of one Blosc chunk, of Blosc 1 or 2: its blocks, their streams, and the filters behind them. */
import { CodecError, type OutputSize } from "../../filter.ts";
import { type Arena, withArena } from "../../kernels/arena.ts";
import { bitunshuffle, unshuffle } from "../../kernels/blocks.ts";
import { checkedSize } from "../../output.ts";
import { BITSHUFFLE, type BloscHeader, DELTA, NONE, readBloscHeader, SHUFFLE, TRUNCATE } from "./header.ts";
import { decodeStream } from "./inner.ts";

/** Splits of a block that Blosc 1 writers without the flag made only up to this type size and from this block size on. */
const MAX_SPLITS = 16;
const MIN_SPLIT = 128;

/** Decodes the chunk at `input[start, ...)`. */
export function decodeBloscChunk(filter: string, input: Uint8Array, start: number, size: OutputSize): Uint8Array {
  const header = readBloscHeader(filter, input, start);
  const length = checkedSize(filter, header.bytes, size);
  if (header.special) return specialChunk(filter, input, start, header);
  const { stored, blockSize, storedBytes } = header;
  if (length === 0) return new Uint8Array(0);
  if (stored) {
    if (header.length + length > storedBytes) throw new CodecError(filter, "input ends within a stored chunk");
    return input.slice(start + header.length, start + header.length + length);
  }
  const blocks = Math.ceil(length / blockSize);
  if (header.length + 4 * blocks > storedBytes) throw new CodecError(filter, "input ends within the block offsets");
  return withArena([storedBytes, length, blockSize, blockSize, blockSize], (arena) => {
    const output = arena.make(length);
    const decoder = new BlockDecoder(
      filter,
      arena.put(input.subarray(start, start + storedBytes)),
      header,
      output,
      arena,
    );
    for (let block = 0; block < blocks; block++) decoder.decode(block);
    return arena.take(output, size.room);
  });
}

/** A chunk without blocks: all zero, all not-a-number, one value repeated, or never written. */
function specialChunk(filter: string, input: Uint8Array, start: number, header: BloscHeader): Uint8Array {
  const output = new Uint8Array(header.bytes);
  const { typeSize, special } = header;
  if (special === "value") {
    const from = start + header.length;
    if (header.length + typeSize > header.storedBytes) throw new CodecError(filter, "input ends within the value");
    for (let at = 0; at + typeSize <= output.length; at += typeSize)
      output.set(input.subarray(from, from + typeSize), at);
  } else if (special === "nan") {
    const view = new DataView(output.buffer);
    if (typeSize !== 4 && typeSize !== 8) throw new CodecError(filter, `not-a-numbers of ${typeSize} bytes`);
    for (let at = 0; at + typeSize <= output.length; at += typeSize) {
      if (typeSize === 4) view.setFloat32(at, Number.NaN, true);
      else view.setFloat64(at, Number.NaN, true);
    }
  }
  return output;
}

/** Decodes the blocks of a chunk, with the buffers that they share. */
class BlockDecoder {
  readonly #filter: string;
  readonly #chunk: Uint8Array;
  readonly #view: DataView;
  readonly #header: BloscHeader;
  readonly #output: Uint8Array;
  readonly #filters: readonly number[];
  /** Buffers of a block: what its streams decode to, what is between two filters, and what a filter needs itself. */
  readonly #scratch: Uint8Array;
  readonly #spare: Uint8Array;
  readonly #planes: Uint8Array;

  constructor(filter: string, chunk: Uint8Array, header: BloscHeader, output: Uint8Array, arena: Arena) {
    this.#filter = filter;
    this.#chunk = chunk;
    this.#view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
    this.#header = header;
    this.#output = output;
    this.#filters = header.filters.filter((id) => id !== NONE && id !== TRUNCATE);
    const unknown = this.#filters.find((id) => id > TRUNCATE);
    if (unknown !== undefined) this.#fail(`inner filter ${unknown}`);
    const room = this.#filters.length ? header.blockSize : 0;
    this.#scratch = arena.make(room);
    this.#spare = arena.make(this.#filters.length > 1 ? room : 0);
    this.#planes = arena.scratch(this.#filters.includes(BITSHUFFLE) ? room : 0);
  }

  #fail(reason: string): never {
    throw new CodecError(this.#filter, reason);
  }

  decode(block: number): void {
    const { blockSize, bytes } = this.#header;
    const at = block * blockSize;
    const end = Math.min(bytes, at + blockSize);
    const target = this.#output.subarray(at, end);
    const streams = this.#filters.length ? this.#scratch.subarray(0, end - at) : target;
    this.#decodeStreams(block, streams);
    let from = streams;
    for (let i = this.#filters.length - 1; i >= 0; i--) {
      const to = i === 0 ? target : from === streams ? this.#spare.subarray(0, end - at) : streams;
      this.#undo(this.#filters[i], from, to, block);
      from = to;
    }
  }

  /** The streams of a block, one or one for each byte of the type. */
  #decodeStreams(block: number, target: Uint8Array): void {
    const { typeSize, length, codec, generation } = this.#header;
    const chunk = this.#chunk;
    let position = this.#view.getInt32(length + 4 * block, true);
    if (position < length || position >= chunk.length) this.#fail(`block ${block} starts at byte ${position}`);
    const count = this.#isSplit(target.length) ? typeSize : 1;
    const size = target.length / count;
    for (let stream = 0; stream < count; stream++) {
      if (position + 4 > chunk.length) this.#fail("input ends within a block");
      const stored = this.#view.getInt32(position, true);
      position += 4;
      const at = stream * size;
      if (stored <= 0 && generation === 2) {
        position = this.#run(stored, position, target, at, at + size);
        continue;
      }
      if (stored < 0 || position + stored > chunk.length) this.#fail(`a stream of ${stored} bytes passes the end`);
      if (stored === size) target.set(chunk.subarray(position, position + stored), at);
      else decodeStream(this.#filter, codec, chunk, position, position + stored, target, at, at + size);
      position += stored;
    }
  }

  #isSplit(bytes: number): boolean {
    const { unsplit, typeSize, blockSize, generation } = this.#header;
    if (unsplit || bytes !== blockSize || bytes % typeSize !== 0) return false;
    return generation === 2 || (typeSize <= MAX_SPLITS && blockSize / typeSize >= MIN_SPLIT);
  }

  /** A stream of Blosc 2 that is one byte repeated: its size is 0 for zeros, else the negative of the byte. */
  #run(stored: number, position: number, target: Uint8Array, at: number, end: number): number {
    if (stored === 0) {
      target.fill(0, at, end);
      return position;
    }
    if (position >= this.#chunk.length || !(this.#chunk[position] & 1)) this.#fail("a stream with an unknown token");
    target.fill(-stored & 0xff, at, end);
    return position + 1;
  }

  #undo(filter: number, from: Uint8Array, to: Uint8Array, block: number): void {
    const { typeSize } = this.#header;
    if (filter === SHUFFLE) unshuffle(from, to, typeSize);
    else if (filter === BITSHUFFLE) this.#bitunshuffle(from, to);
    else if (filter === DELTA) this.#undelta(from, to, block);
  }

  /** Blosc 1 leaves a block alone whose elements are no multiple of 8; Blosc 2 only its last elements. */
  #bitunshuffle(from: Uint8Array, to: Uint8Array): void {
    const { typeSize, generation } = this.#header;
    if (generation === 1 && Math.floor(from.length / typeSize) % 8) to.set(from);
    else bitunshuffle(from, this.#planes.subarray(0, from.length), to, typeSize);
  }

  #undelta(from: Uint8Array, to: Uint8Array, block: number): void {
    const step = deltaStep(this.#header.typeSize);
    to.set(from);
    if (block === 0) for (let i = step; i < to.length; i++) to[i] ^= to[i - step];
    else for (let i = 0; i < to.length; i++) to[i] ^= this.#output[i];
  }
}

/**
 * Differences of Blosc 2 are by exclusive or: in the first block to so many bytes before, in the others to the first
 * block.
 */
export function deltaStep(typeSize: number): number {
  if (typeSize === 2 || typeSize === 4) return typeSize;
  return typeSize % 8 === 0 ? 8 : 1;
}
