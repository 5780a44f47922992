/**
 * LZ4, filter 32004: a header of u64 total bytes and u32 block bytes, then for each block u32 compressed bytes and an
 * LZ4 block; all big-endian. A block whose compressed size is its plain size is stored.
 *
 * Client data: bytes of a block; 0 or none is the default of 1 GiB.
 */
import { type ClientData, type Codec, CodecError, type FilterOptions, type OutputSize } from "../filter.ts";
import { withArena } from "../kernels/arena.ts";
import { lz4Bound, lz4Decode, lz4Encode } from "../kernels/lz4.ts";
import { OptionReader } from "../options.ts";
import { checkedSize } from "../output.ts";

const HEADER = 12;
const DEFAULT_BLOCK = 2 ** 30;
/** Largest input of an LZ4 block. */
const MAX_BLOCK = 0x7e000000;

function decode(input: Uint8Array, _clientData: ClientData, size: OutputSize): Uint8Array {
  if (input.length < HEADER) throw new CodecError("lz4", `${input.length} bytes are too few for a header`);
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  const total = checkedSize("lz4", view.getUint32(0) * 2 ** 32 + view.getUint32(4), size);
  const block = Math.min(view.getUint32(8), total);
  if (block === 0 && total > 0) throw new CodecError("lz4", "block size 0");
  checkExpansion(total, input.length);
  return withArena([input.length, total], (arena) => {
    const output = arena.make(total);
    decodeBlocks(arena.put(input), block, output);
    return arena.take(output, size.room);
  });
}

function decodeBlocks(input: Uint8Array, block: number, output: Uint8Array): void {
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  const total = output.length;
  let position = HEADER;
  for (let at = 0; at < total; at += block) {
    const end = Math.min(total, at + block);
    if (position + 4 > input.length) throw new CodecError("lz4", "input ends before the last block");
    const stored = view.getUint32(position);
    position += 4;
    if (position + stored > input.length) throw new CodecError("lz4", `a block of ${stored} bytes passes the end`);
    if (stored === end - at) output.set(input.subarray(position, position + stored), at);
    else if (lz4Decode(input, position, position + stored, output, at, end) !== end) {
      throw new CodecError("lz4", "a block is too short");
    }
    position += stored;
  }
}

/** A byte of LZ4 makes 255 bytes at most: no output is allocated that cannot come. */
function checkExpansion(total: number, length: number): void {
  if (total > 255 * length) throw new CodecError("lz4", `${length} bytes cannot make ${total}`);
}

function encode(input: Uint8Array, clientData: ClientData): Uint8Array {
  const block = Math.min(clientData[0] || DEFAULT_BLOCK, MAX_BLOCK, Math.max(1, input.length));
  const blocks = Math.ceil(input.length / block);
  const bound = HEADER + blocks * (4 + lz4Bound(block));
  return withArena([input.length, bound], (arena) => {
    const output = arena.make(bound);
    return arena.take(output.subarray(0, encodeBlocks(arena.put(input), block, output)));
  });
}

/** Writes the header and the blocks; gives the position behind them. */
function encodeBlocks(input: Uint8Array, block: number, output: Uint8Array): number {
  const view = new DataView(output.buffer, output.byteOffset);
  view.setUint32(0, Math.floor(input.length / 2 ** 32));
  view.setUint32(4, input.length);
  view.setUint32(8, block);
  let position = HEADER;
  for (let at = 0; at < input.length; at += block) {
    const end = Math.min(input.length, at + block);
    let next = lz4Encode(input, at, end, output, position + 4);
    if (next - position - 4 >= end - at) {
      output.set(input.subarray(at, end), position + 4);
      next = position + 4 + end - at;
    }
    view.setUint32(position, next - position - 4);
    position = next;
  }
  return position;
}

function clientData(options: FilterOptions): ClientData {
  const reader = new OptionReader("lz4", options, ["blockSize"]);
  const block = reader.integer(["blockSize", "nbytes"], 0, 0, MAX_BLOCK);
  reader.done();
  return [block];
}

/** The codec of filter 32004. */
export const lz4: Codec = { decode, encode, clientData };
