/** LZ4 blocks (LZ4 Block Format Description): sequences of literals and a copy from up to 64 KB back. */
import { CodecError } from "../filter.ts";
import { kernelOf } from "./arena.ts";

/**
 * Decodes the block `input[i, end)` into `output[at, limit)`.
 *
 * @returns the position in `output` behind the last byte written
 * @throws CodecError when the block ends within a sequence, a copy reaches before `at`, or the output is full
 */
export function lz4Decode(
  input: Uint8Array,
  i: number,
  end: number,
  output: Uint8Array,
  at: number,
  limit: number,
): number {
  const kernel = kernelOf(output);
  if (kernel && input.buffer === output.buffer) {
    const [from, to] = [input.byteOffset, output.byteOffset];
    const written = kernel.lz4Decode(from + i, from + end, to + at, to + limit);
    return written < 0 ? fail(ERRORS[-1 - written]) : at + written;
  }
  const base = at;
  while (i < end) {
    const token = input[i++];
    let length = token >> 4;
    if (length === 15) {
      let more: number;
      do {
        if (i >= end) fail("input ends within a length");
        more = input[i++];
        length += more;
      } while (more === 255);
    }
    if (i + length > end) fail("input ends within literals");
    if (at + length > limit) fail("more output than expected");
    if (length > 32) {
      output.set(input.subarray(i, i + length), at);
      at += length;
      i += length;
    } else for (const next = at + length; at < next; ) output[at++] = input[i++];
    if (i === end) return at;
    if (i + 2 > end) fail("input ends within an offset");
    const distance = input[i] | (input[i + 1] << 8);
    i += 2;
    length = (token & 15) + 4;
    if (length === 19) {
      let more: number;
      do {
        if (i >= end) fail("input ends within a length");
        more = input[i++];
        length += more;
      } while (more === 255);
    }
    if (distance === 0 || distance > at - base) fail("a copy from before the output");
    const next = at + length;
    if (next > limit) fail("more output than expected");
    if (length > 24 && distance >= length) {
      output.copyWithin(at, at - distance, at - distance + length);
      at = next;
    } else if (distance === 1) {
      output.fill(output[at - 1], at, next);
      at = next;
    } else for (let from = at - distance; at < next; ) output[at++] = output[from++];
  }
  return fail("input ends within a sequence");
}

/** What the kernel's errors mean, from -1 on. */
const ERRORS = ["input ends within a sequence", "more output than expected", "a copy from before the output"];

function fail(reason: string): never {
  throw new CodecError("lz4", reason);
}

/** Bytes that `length` bytes need at most when encoded. */
export function lz4Bound(length: number): number {
  return length + Math.floor(length / 255) + 16;
}

const HASH_BITS = 14;
/** A block ends with at least 5 literals, and no copy starts in its last 12 bytes. */
const LAST_LITERALS = 5;
const MARGIN = 12;

/**
 * Encodes `input[start, end)` into `output` from `at`, greedily.
 *
 * @param table of 16,384 entries, reused between calls; its content does not matter
 * @returns the position in `output` behind the last byte; `output` must have room for {@link lz4Bound}
 */
export function lz4Encode(
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  at: number,
  table: Int32Array = new Int32Array(1 << HASH_BITS),
): number {
  const kernel = kernelOf(output);
  if (kernel && input.buffer === output.buffer) {
    const from = input.byteOffset;
    return at + kernel.lz4Encode(from + start, from + end, output.byteOffset + at);
  }
  table.fill(-1);
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  const last = end - MARGIN;
  let anchor = start;
  let i = start;
  let misses = 0;
  while (i <= last) {
    const word = view.getInt32(i, true);
    const hash = slot(word, input[i + 4]);
    let from = table[hash];
    table[hash] = i;
    if (from < 0 || i - from > 0xffff || view.getInt32(from, true) !== word) {
      i += 1 + (misses++ >> 6); // strides grow where nothing matches
      continue;
    }
    misses = 0;
    while (i > anchor && from > start && input[i - 1] === input[from - 1]) {
      i--;
      from--;
    }
    const distance = i - from;
    let next = i + 4;
    for (from += 4; next < end - LAST_LITERALS && input[next] === input[from]; ) {
      next++;
      from++;
    }
    at = writeLz4Match(input, anchor, i, output, at, distance, next - i);
    i = next;
    anchor = next;
    if (i <= last) table[slot(view.getInt32(i - 2, true), input[i + 2])] = i - 2;
  }
  return writeLz4Tail(input, anchor, end, output, at);
}

/** By five bytes: matches of four are hardly shorter than what tells them. */
function slot(word: number, fifth: number): number {
  return (Math.imul(word, 0x9e3779b1) + Math.imul(fifth, 0x85ebca6b)) >>> (32 - HASH_BITS);
}

/** Writes the literals `input[from, to)` and a match of `length` bytes from `distance` back. */
export function writeLz4Match(
  input: Uint8Array,
  from: number,
  to: number,
  output: Uint8Array,
  at: number,
  distance: number,
  length: number,
): number {
  at = sequence(input, from, to, output, at, length - 4);
  output[at++] = distance;
  output[at++] = distance >> 8;
  return lengthBytes(output, at, length - 4);
}

/** Writes the literals `input[from, to)` that end a block. */
export function writeLz4Tail(input: Uint8Array, from: number, to: number, output: Uint8Array, at: number): number {
  return sequence(input, from, to, output, at, 0);
}

/** Writes a token, the length of the literals and the literals `input[from, to)`. */
function sequence(input: Uint8Array, from: number, to: number, output: Uint8Array, at: number, copy: number): number {
  const literals = to - from;
  output[at++] = (Math.min(literals, 15) << 4) | Math.min(copy, 15);
  at = lengthBytes(output, at, literals);
  if (literals > 32) {
    output.set(input.subarray(from, to), at);
    return at + literals;
  }
  while (from < to) output[at++] = input[from++];
  return at;
}

/** The bytes that continue a length of 15 or more. */
function lengthBytes(output: Uint8Array, at: number, length: number): number {
  if (length < 15) return at;
  for (length -= 15; length >= 255; length -= 255) output[at++] = 255;
  output[at++] = length;
  return at;
}
