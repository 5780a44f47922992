/** Encoding of one Blosc chunk, of Blosc 1 or 2. */
import { withArena } from "../../kernels/arena.ts";
import { bitshuffle, shuffle } from "../../kernels/blocks.ts";
import { deltaStep } from "./decode.ts";
import { BITSHUFFLE, DELTA, SHUFFLE } from "./header.ts";
import { type Compressor, FORMATS, StreamEncoder, streamBound } from "./inner-encode.ts";

/** How a chunk is to be encoded. */
export interface BloscOptions {
  readonly generation: 1 | 2;
  readonly compressor: Compressor;
  /** 1 to 9. */
  readonly level: number;
  readonly typeSize: number;
  /** Bytes of a block; 0: chosen here. */
  readonly blockSize: number;
  /** 0 none, 1 shuffle, 2 bit shuffle, 3 delta. */
  readonly filter: number;
}

/** Compressors that gain from a stream for each byte of the type. */
const SPLITTING: readonly Compressor[] = ["blosclz", "lz4", "snappy"];
const MAX_SPLITS = 16;
const MIN_SPLIT = 128;
const TARGET_BLOCK = 256 * 1024;

/** The size of the blocks: whole elements in groups of 8, as bit shuffle wants them. */
function chooseBlock(length: number, { blockSize, typeSize }: BloscOptions, exact: boolean): number {
  if (exact) return blockSize;
  const group = 8 * typeSize;
  const wanted = blockSize || TARGET_BLOCK;
  return wanted >= length ? length : Math.max(group, wanted - (wanted % group));
}

/**
 * Encodes `input` as a chunk; `undefined` when that would not be smaller than `input` and its header.
 *
 * @param exact whether blocks must have the size that the options say
 */
export function encodeBloscChunk(input: Uint8Array, options: BloscOptions, exact = false): Uint8Array | undefined {
  const head = options.generation === 1 ? 16 : 32;
  const blockSize = chooseBlock(input.length, options, exact);
  const bound = streamBound(options.compressor, blockSize);
  return withArena([input.length, head + input.length, blockSize, blockSize, bound], (arena) => {
    const output = arena.make(head + input.length);
    const encoder = new StreamEncoder(options.compressor, options.level, arena.make(bound));
    const buffers = { scratch: arena.make(blockSize), planes: arena.make(blockSize) };
    const length = encodeBlocks(arena.put(input), output, encoder, buffers, blockSize, options);
    return length > 0 ? arena.take(output.subarray(0, length)) : undefined;
  });
}

/** Buffers of a block: what a filter makes of it, and what the filter needs itself. */
interface Buffers {
  readonly scratch: Uint8Array;
  readonly planes: Uint8Array;
}

/** Writes the header and the blocks; gives the length of the chunk, or 0 when the output is full. */
function encodeBlocks(
  input: Uint8Array,
  output: Uint8Array,
  encoder: StreamEncoder,
  buffers: Buffers,
  blockSize: number,
  options: BloscOptions,
): number {
  const { generation, typeSize, compressor, filter } = options;
  const head = generation === 1 ? 16 : 32;
  const blocks = Math.ceil(input.length / Math.max(1, blockSize));
  const split =
    SPLITTING.includes(compressor) &&
    filter === SHUFFLE &&
    typeSize <= MAX_SPLITS &&
    blockSize % typeSize === 0 &&
    blockSize / typeSize >= MIN_SPLIT;
  const view = new DataView(output.buffer, output.byteOffset, output.length);
  output.fill(0, 0, head);
  let at = head + 4 * blocks;
  for (let block = 0; block < blocks; block++) {
    const start = block * blockSize;
    const part = input.subarray(start, Math.min(input.length, start + blockSize));
    const filtered = applyFilter(part, buffers, input, block, options);
    const streams = split && part.length === blockSize ? typeSize : 1;
    if (head + 4 * block + 4 > output.length) return 0;
    view.setUint32(head + 4 * block, at, true);
    at = writeStreams(encoder, filtered, streams, output, at, generation);
    if (at < 0) return 0;
  }
  writeHeader(view, input.length, blockSize, at, split, options);
  return at;
}

/** Writes the streams of a block, each with its size; -1 when the output is full. */
function writeStreams(
  encoder: StreamEncoder,
  block: Uint8Array,
  count: number,
  output: Uint8Array,
  at: number,
  generation: number,
): number {
  const view = new DataView(output.buffer, output.byteOffset, output.length);
  const size = block.length / count;
  for (let i = 0; i < count; i++) {
    const plain = block.subarray(i * size, (i + 1) * size);
    const zeros = generation === 2 && plain.every((byte) => byte === 0);
    const stream = zeros ? plain.subarray(0, 0) : (encoder.encode(plain) ?? plain);
    if (at + 4 + stream.length > output.length) return -1;
    view.setInt32(at, stream.length, true);
    output.set(stream, at + 4);
    at += 4 + stream.length;
  }
  return at;
}

function applyFilter(
  block: Uint8Array,
  buffers: Buffers,
  input: Uint8Array,
  index: number,
  { filter, typeSize, generation }: BloscOptions,
): Uint8Array {
  const scratch = buffers.scratch.subarray(0, block.length);
  if (filter === SHUFFLE) shuffle(block, scratch, typeSize);
  else if (filter === BITSHUFFLE) {
    if (generation === 1 && Math.floor(block.length / typeSize) % 8) return block;
    bitshuffle(block, buffers.planes.subarray(0, block.length), scratch, typeSize);
  } else if (filter === DELTA) {
    const step = deltaStep(typeSize);
    scratch.set(block);
    if (index === 0) for (let i = block.length - 1; i >= step; i--) scratch[i] ^= block[i - step];
    else for (let i = 0; i < block.length; i++) scratch[i] ^= input[i];
  } else return block;
  return scratch;
}

function writeHeader(
  view: DataView,
  length: number,
  blockSize: number,
  stored: number,
  split: boolean,
  { generation, compressor, typeSize, filter }: BloscOptions,
): void {
  const filterFlags = generation === 2 ? 5 : filter === SHUFFLE ? 1 : filter === BITSHUFFLE ? 4 : 0;
  view.setUint8(0, generation === 1 ? 2 : 5);
  view.setUint8(1, 1);
  view.setUint8(2, filterFlags | (split ? 0 : 16) | (FORMATS[compressor] << 5));
  view.setUint8(3, typeSize);
  view.setUint32(4, length, true);
  view.setUint32(8, blockSize, true);
  view.setUint32(12, stored, true);
  if (generation === 2) view.setUint8(21, filter);
}

/** A chunk of Blosc 2 that holds `input` as it is. */
export function storedChunk(input: Uint8Array, typeSize: number, blockSize: number = input.length): Uint8Array {
  const output = new Uint8Array(32 + input.length);
  const view = new DataView(output.buffer);
  writeHeader(view, input.length, blockSize, output.length, true, {
    generation: 2,
    compressor: "blosclz",
    level: 0,
    typeSize,
    blockSize: 0,
    filter: 0,
  });
  view.setUint8(2, 5 | 2);
  output.set(input, 32);
  return output;
}
