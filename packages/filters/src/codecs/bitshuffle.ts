/**
 * Bitshuffle, filter 32008: blocks of elements transposed by bits, each compressed or not. With compression: u64 bytes
 * of output, u32 bytes of a block, then for each block u32 compressed bytes and an LZ4 block or a zstd frame, all
 * big-endian. Elements past the last multiple of 8 follow as they are.
 *
 * Client data: version (major, minor), element size, elements of a block (0: about 8 KB), codec (0 none, 2 LZ4, 3 zstd),
 * level; the last two may be missing.
 */
import {
  type ChunkDescription,
  type ClientData,
  type Codec,
  CodecError,
  type FilterOptions,
  type OutputSize,
} from "../filter.ts";
import { withArena } from "../kernels/arena.ts";
import { bitshuffle as shuffleBits, bitunshuffle as unshuffleBits } from "../kernels/blocks.ts";
import { lz4Bound, lz4Decode, lz4Encode } from "../kernels/lz4.ts";
import { zstdEncode } from "../kernels/wasm-zstd-encode.ts";
import { OptionReader, word } from "../options.ts";
import { checked, checkedSize } from "../output.ts";
import { zstdDecompressInto, zstdLevel } from "./zstd.ts";

const LZ4 = 2;
const ZSTD = 3;
const HEADER = 12;
const TARGET_BLOCK = 8192;
const MIN_BLOCK = 128;

interface Parameters {
  readonly minor: number;
  readonly width: number;
  /** Elements of a block. */
  readonly block: number;
  readonly codec: number;
  readonly level: number;
}

function parameters(clientData: ClientData): Parameters {
  const [, minor = 0, width = 0, block = 0, codec = 0, level = 0] = clientData;
  if (width === 0) fail("element size 0 in the client data");
  if (block % 8) fail(`blocks of ${block} elements, not a multiple of 8`);
  if (codec !== 0 && codec !== LZ4 && codec !== ZSTD) fail(`codec ${codec}, not 0, 2 or 3`);
  return { minor, width, block: block || defaultBlock(width), codec, level };
}

/** The block size that bitshuffle takes by default, in elements. */
export function defaultBlock(width: number): number {
  return Math.max(MIN_BLOCK, Math.floor(TARGET_BLOCK / width / 8) * 8);
}

function decode(input: Uint8Array, clientData: ClientData, size: OutputSize): Uint8Array {
  const { minor, width, block, codec } = parameters(clientData);
  // Version 0.3 built without zstd takes codec 3 and stores what codec 0 does.
  const plain =
    codec === 0 || (codec === ZSTD && minor <= 3 && input.length === size.exact && !isHeader(input, size.exact));
  return plain ? decodePlain(input, width, block, size) : decodeCompressed(input, width, codec, size);
}

function isHeader(input: Uint8Array, exact: number): boolean {
  if (input.length < HEADER) return false;
  const view = new DataView(input.buffer, input.byteOffset);
  return view.getUint32(0) === 0 && view.getUint32(4) === exact;
}

/** Calls `step` for each block: elements in the last one are rounded down to a multiple of 8. Gives the bytes covered. */
function eachBlock(length: number, width: number, block: number, step: (at: number, count: number) => void): number {
  const elements = Math.floor(length / width / 8) * 8;
  for (let first = 0; first < elements; first += block) step(first * width, Math.min(block, elements - first));
  return elements * width;
}

function decodePlain(input: Uint8Array, width: number, block: number, size: OutputSize): Uint8Array {
  checked("bitshuffle", input, size);
  return transposed(input, width, block, unshuffleBits, size.room);
}

/** All blocks of a chunk transposed; what is left behind them is copied. */
function transposed(
  input: Uint8Array,
  width: number,
  block: number,
  transpose: typeof shuffleBits,
  room?: Uint8Array,
): Uint8Array {
  const { length } = input;
  const blockBytes = Math.min(block * width, length);
  return withArena([length, length, blockBytes], (arena) => {
    const [from, to, scratch] = [arena.put(input), arena.make(length), arena.scratch(blockBytes)];
    const end = eachBlock(length, width, block, (at, count) => {
      const next = at + count * width;
      transpose(from.subarray(at, next), scratch.subarray(0, next - at), to.subarray(at, next), width);
    });
    to.set(from.subarray(end), end);
    return arena.take(to, room);
  });
}

function decodeCompressed(input: Uint8Array, width: number, codec: number, size: OutputSize): Uint8Array {
  if (input.length < HEADER) fail(`${input.length} bytes are too few for a header`);
  const head = new DataView(input.buffer, input.byteOffset, input.length);
  const total = checkedSize("bitshuffle", head.getUint32(0) * 2 ** 32 + head.getUint32(4), size);
  const blockBytes = head.getUint32(8);
  if (blockBytes === 0 || blockBytes % (8 * width)) fail(`blocks of ${blockBytes} bytes for elements of ${width}`);
  const room = Math.min(blockBytes, total);
  return withArena([input.length, total, room, room], (arena) => {
    const output = arena.make(total);
    decodeBlocks(arena.put(input), output, [arena.make(room), arena.scratch(room)], width, blockBytes / width, codec);
    return arena.take(output, size.room);
  });
}

function decodeBlocks(
  input: Uint8Array,
  output: Uint8Array,
  [scratch, spare]: readonly [Uint8Array, Uint8Array],
  width: number,
  block: number,
  codec: number,
): void {
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  let position = HEADER;
  const end = eachBlock(output.length, width, block, (at, count) => {
    if (position + 4 > input.length) fail("input ends before the last block");
    const next = position + 4 + view.getUint32(position);
    if (next > input.length) fail(`a block of ${next - position - 4} bytes passes the end`);
    const plain = scratch.subarray(0, count * width);
    decodeBlock(input, position + 4, next, plain, codec);
    unshuffleBits(plain, spare.subarray(0, plain.length), output.subarray(at, at + plain.length), width);
    position = next;
  });
  const rest = output.length - end;
  if (input.length - position !== rest) fail(`${input.length - position} bytes behind the blocks, not ${rest}`);
  output.set(input.subarray(position), end);
}

function decodeBlock(input: Uint8Array, start: number, end: number, block: Uint8Array, codec: number): void {
  if (codec === ZSTD) {
    zstdDecompressInto("bitshuffle", input, start, end, block, 0, block.length);
  } else if (lz4Decode(input, start, end, block, 0, block.length) !== block.length) fail("a block is too short");
}

/** The plug-in takes whole elements only: a filter before this one may have left others. */
function encode(input: Uint8Array, clientData: ClientData): Uint8Array | undefined {
  const { width, block, codec, level } = parameters(clientData);
  if (input.length % width) return undefined;
  return codec === 0
    ? transposed(input, width, block, shuffleBits)
    : encodeCompressed(input, width, block, codec, level);
}

function encodeCompressed(input: Uint8Array, width: number, block: number, codec: number, level: number): Uint8Array {
  const room = Math.min(block * width, input.length);
  const blocks = Math.ceil(input.length / (block * width));
  const bound = HEADER + input.length + blocks * (4 + lz4Bound(block * width) - block * width);
  return withArena([input.length, bound, room, room], (arena) => {
    const output = arena.make(bound);
    const scratch = [arena.make(room), arena.scratch(room)] as const;
    return arena.take(output.subarray(0, encodeBlocks(arena.put(input), output, scratch, width, block, codec, level)));
  });
}

/** Writes the header, the blocks and what is left behind them; gives the position behind all. */
function encodeBlocks(
  input: Uint8Array,
  output: Uint8Array,
  [scratch, spare]: readonly [Uint8Array, Uint8Array],
  width: number,
  block: number,
  codec: number,
  level: number,
): number {
  const view = new DataView(output.buffer, output.byteOffset);
  view.setUint32(0, Math.floor(input.length / 2 ** 32));
  view.setUint32(4, input.length);
  view.setUint32(8, block * width);
  const table = new Int32Array(1 << 14);
  let position = HEADER;
  const end = eachBlock(input.length, width, block, (at, count) => {
    const shuffled = scratch.subarray(0, count * width);
    shuffleBits(input.subarray(at, at + shuffled.length), spare.subarray(0, shuffled.length), shuffled, width);
    let next: number;
    if (codec === LZ4) next = lz4Encode(shuffled, 0, shuffled.length, output, position + 4, table);
    else {
      const frame = zstdEncode(shuffled, zstdLevel(level));
      output.set(frame, position + 4);
      next = position + 4 + frame.length;
    }
    view.setUint32(position, next - position - 4);
    position = next;
  });
  output.set(input.subarray(end), position);
  return position + input.length - end;
}

const VERSION = [0, 4] as const;
const DEFAULT_LEVEL = 3;

function clientData(options: FilterOptions, { type }: ChunkDescription): ClientData {
  const reader = new OptionReader("bitshuffle", options, ["blockSize", "codec", "level"]);
  const block = reader.integer(["blockSize", "nelems"], 0, 0, 2 ** 31 - 8);
  const lz4 = reader.take("lz4"); // hdf5plugin's older way
  const codec = reader.choice(["codec", "cname"], lz4 === false ? 0 : LZ4, ["none", undefined, "lz4", "zstd"]);
  const level = reader.integer(["level", "clevel"], DEFAULT_LEVEL, -131072, 22);
  reader.done();
  if (block % 8) reader.fail(`blockSize ${block}, not a multiple of 8`);
  return [...VERSION, type.size, block, codec, ...(codec === ZSTD ? [word(level)] : [])];
}

function fail(reason: string): never {
  throw new CodecError("bitshuffle", reason);
}

/** The codec of filter 32008. */
export const bitshuffle: Codec = {
  encodedSize: (length, clientData) => (parameters(clientData).codec === 0 ? length : undefined),
  decode,
  encode,
  clientData,
};
