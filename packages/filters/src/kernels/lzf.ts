/**
 * LZF, the byte format of LibLZF: literal runs of up to 32 bytes, and copies of up to 264 bytes from up to 8 KB back.
 */
import { CodecError } from "../filter.ts";
import { kernelOf } from "./arena.ts";

/**
 * Decodes `input` into `output`.
 *
 * @returns how many bytes were written
 * @throws CodecError when the input ends within an item, a copy reaches before the output, or the output is full
 */
export function lzfDecode(input: Uint8Array, output: Uint8Array): number {
  const kernel = kernelOf(output);
  if (kernel && input.buffer === output.buffer) {
    const [from, to] = [input.byteOffset, output.byteOffset];
    const written = kernel.lzfDecode(from, from + input.length, to, to + output.length);
    return written < 0 ? fail(ERRORS[-1 - written]) : written;
  }
  const end = input.length;
  const room = output.length;
  let i = 0;
  let at = 0;
  while (i < end) {
    const control = input[i++];
    if (control < 32) {
      const next = i + control + 1;
      if (next > end) fail("input ends within literals");
      if (at + control + 1 > room) fail("more output than expected");
      while (i < next) output[at++] = input[i++];
      continue;
    }
    let length = control >> 5;
    if (length === 7) length += i < end ? input[i++] : fail("input ends within a length");
    if (i >= end) fail("input ends within an offset");
    const distance = (((control & 31) << 8) | input[i++]) + 1;
    length += 2;
    if (distance > at) fail("a copy from before the output");
    if (at + length > room) fail("more output than expected");
    copy(output, at, distance, length);
    at += length;
  }
  return at;
}

/** Bytes that `input` decodes to, as far as it is whole. */
export function lzfLength(input: Uint8Array): number {
  let length = 0;
  for (let i = 0; i < input.length; ) {
    const control = input[i++];
    if (control < 32) {
      length += control + 1;
      i += control + 1;
    } else {
      length += 2 + (control >> 5 === 7 ? 7 + (input[i++] ?? 0) : control >> 5);
      i++;
    }
  }
  return length;
}

/** Copies `length` bytes from `distance` back; they may overlap, then the pattern repeats. */
function copy(output: Uint8Array, at: number, distance: number, length: number): void {
  if (length > 32 && distance >= length) output.copyWithin(at, at - distance, at - distance + length);
  else if (distance === 1 && length > 16) output.fill(output[at - 1], at, at + length);
  else for (let from = at - distance, end = at + length; at < end; ) output[at++] = output[from++];
}

/** What the kernel's errors mean, from -1 on. */
const ERRORS = ["input ends within an item", "more output than expected", "a copy from before the output"];

function fail(reason: string): never {
  throw new CodecError("lzf", reason);
}

const HASH_BITS = 15;
const MAX_DISTANCE = 8192;
const MAX_LENGTH = 264;

/** Encodes `input`; `undefined` when the result is not smaller. */
export function lzfEncode(input: Uint8Array): Uint8Array | undefined {
  const length = input.length;
  const output = new Uint8Array(length);
  const positions = new Int32Array(1 << HASH_BITS).fill(-1);
  let at = 1; // place 0 is for the control byte of the first literals
  let literals = 0;
  let i = 0;
  for (; i + 2 < length; ) {
    if (at + 4 >= length) return undefined;
    const hash = slot(input, i);
    const from = positions[hash];
    positions[hash] = i;
    const distance = i - from - 1;
    if (
      from < 0 ||
      distance >= MAX_DISTANCE ||
      input[from] !== input[i] ||
      input[from + 1] !== input[i + 1] ||
      input[from + 2] !== input[i + 2]
    ) {
      output[at++] = input[i++];
      if (++literals === 32) {
        output[at - 33] = 31;
        literals = 0;
        at++;
      }
      continue;
    }
    if (literals > 0) output[at - literals - 1] = literals - 1;
    else at--;
    const run = matchLength(input, from, i, Math.min(length, i + MAX_LENGTH));
    if (run < 9) output[at++] = ((run - 2) << 5) | (distance >> 8);
    else {
      output[at++] = (7 << 5) | (distance >> 8);
      output[at++] = run - 9;
    }
    output[at++] = distance & 0xff;
    at++;
    literals = 0;
    const next = i + run;
    if (next + 2 < length) {
      positions[slot(input, next - 2)] = next - 2;
      positions[slot(input, next - 1)] = next - 1;
    }
    i = next;
  }
  for (; i < length; i++) {
    if (at + 1 >= length) return undefined;
    output[at++] = input[i];
    if (++literals === 32) {
      output[at - 33] = 31;
      literals = 0;
      at++;
    }
  }
  if (literals > 0) output[at - literals - 1] = literals - 1;
  else at--;
  return at < length ? output.subarray(0, at) : undefined;
}

function slot(input: Uint8Array, i: number): number {
  const three = (input[i] << 16) | (input[i + 1] << 8) | input[i + 2];
  return Math.imul(three, 0x9e3779b1) >>> (32 - HASH_BITS);
}

function matchLength(input: Uint8Array, from: number, i: number, end: number): number {
  let at = i + 3;
  for (from += 3; at < end && input[at] === input[from]; ) {
    at++;
    from++;
  }
  return at - i;
}
