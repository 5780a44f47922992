/** Snappy's raw format (format_description.txt of the project): a length, then literals and copies from up to 4 GB back. */
import { CodecError } from "../filter.ts";

/**
 * Decodes `input[i, end)` into `output[at, limit)`.
 *
 * @returns the position in `output` behind the last byte
 */
export function snappyDecode(
  input: Uint8Array,
  i: number,
  end: number,
  output: Uint8Array,
  at: number,
  limit: number,
): number {
  const base = at;
  let total = 0;
  for (let shift = 0; ; shift += 7) {
    if (i >= end || shift > 28) fail("a bad length");
    total += (input[i] & 127) * 2 ** shift;
    if (input[i++] < 128) break;
  }
  if (at + total > limit) fail("more output than expected");
  while (i < end) {
    const tag = input[i++];
    const kind = tag & 3;
    let length = (tag >> 2) + 1;
    if (kind === 0) {
      const bytes = length - 60;
      if (bytes > 0) {
        length = littleEndian(input, i, bytes, end) + 1;
        i += bytes;
      }
      if (i + length > end) fail("input ends within literals");
      if (at + length > limit) fail("more output than expected");
      output.set(input.subarray(i, i + length), at);
      at += length;
      i += length;
      continue;
    }
    const bytes = kind === 3 ? 4 : kind;
    let distance = littleEndian(input, i, bytes, end);
    i += bytes;
    if (kind === 1) {
      distance |= (tag >> 5) << 8;
      length = ((tag >> 2) & 7) + 4;
    }
    if (distance === 0 || distance > at - base) fail("a copy from before the output");
    if (at + length > limit) fail("more output than expected");
    for (const next = at + length; at < next; at++) output[at] = output[at - distance];
  }
  if (at - base !== total) fail(`output has ${at - base} bytes instead of ${total}`);
  return at;
}

function littleEndian(input: Uint8Array, i: number, bytes: number, end: number): number {
  if (i + bytes > end) fail("input ends within a number");
  let value = 0;
  for (let k = bytes - 1; k >= 0; k--) value = value * 256 + input[i + k];
  return value;
}

function fail(reason: string): never {
  throw new CodecError("snappy", reason);
}

const HASH_BITS = 13;

/** Bytes that `length` bytes need at most when encoded. */
export function snappyBound(length: number): number {
  return 32 + length + Math.floor(length / 6);
}

/**
 * Encodes `input[start, end)` into `output` from `at`.
 *
 * @returns the position in `output` behind the last byte; there must be room for {@link snappyBound}
 */
export function snappyEncode(input: Uint8Array, start: number, end: number, output: Uint8Array, at: number): number {
  for (let total = end - start; ; total >>>= 7) {
    output[at++] = total < 128 ? total : (total & 127) | 128;
    if (total < 128) break;
  }
  const table = new Int32Array(1 << HASH_BITS).fill(-1);
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  let anchor = start;
  for (let i = start; i + 4 <= end; ) {
    const word = view.getInt32(i, true);
    const hash = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    const from = table[hash];
    table[hash] = i;
    const distance = i - from;
    if (from < 0 || distance > 0xffff || view.getInt32(from, true) !== word) {
      i++;
      continue;
    }
    at = literal(input, anchor, i, output, at);
    let next = i + 4;
    while (next < end && input[next] === input[next - distance]) next++;
    for (let left = next - i; left > 0; ) {
      const length = Math.min(64, left);
      output[at++] = ((length - 1) << 2) | 2;
      output[at++] = distance;
      output[at++] = distance >> 8;
      left -= length;
    }
    i = anchor = next;
  }
  return literal(input, anchor, end, output, at);
}

function literal(input: Uint8Array, from: number, to: number, output: Uint8Array, at: number): number {
  const length = to - from;
  if (length === 0) return at;
  if (length <= 60) output[at++] = (length - 1) << 2;
  else {
    const bytes = length <= 256 ? 1 : length <= 65536 ? 2 : length <= 1 << 24 ? 3 : 4;
    output[at++] = (59 + bytes) << 2;
    for (let k = 0; k < bytes; k++) output[at++] = (length - 1) >>> (8 * k);
  }
  output.set(input.subarray(from, to), at);
  return at + length;
}
