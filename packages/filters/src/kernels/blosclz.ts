/** BloscLZ, Blosc's own codec of the FastLZ family: literal runs of up to 32 bytes, and copies from up to 72 KB back. */
import { CodecError } from "../filter.ts";

/** Distances from this on are written in two more bytes. */
const NEAR = 8191;

/**
 * Decodes `input[i, end)` into `output[at, limit)`.
 *
 * @returns the position in `output` behind the last byte
 */
export function blosclzDecode(
  input: Uint8Array,
  i: number,
  end: number,
  output: Uint8Array,
  at: number,
  limit: number,
): number {
  const base = at;
  if (i >= end) fail("no input");
  let control = input[i++] & 31;
  for (;;) {
    if (control < 32) {
      const count = control + 1;
      if (i + count > end) fail("input ends within literals");
      if (at + count > limit) fail("more output than expected");
      for (const next = at + count; at < next; ) output[at++] = input[i++];
    } else {
      let length = (control >> 5) - 1;
      let distance = (control & 31) << 8;
      if (length === 6) {
        let more: number;
        do {
          if (i >= end) fail("input ends within a length");
          more = input[i++];
          length += more;
        } while (more === 255);
      }
      if (i >= end) fail("input ends within a distance");
      const low = input[i++];
      distance += low;
      if (low === 255 && control % 32 === 31) {
        if (i + 2 > end) fail("input ends within a distance");
        distance = ((input[i] << 8) | input[i + 1]) + NEAR;
        i += 2;
      }
      distance++;
      length += 3;
      if (distance > at - base) fail("a copy from before the output");
      const next = at + length;
      if (next > limit) fail("more output than expected");
      if (distance === 1) output.fill(output[at - 1], at, next);
      else if (length > 24 && distance >= length) output.copyWithin(at, at - distance, at - distance + length);
      else for (let from = at - distance, to = at; to < next; ) output[to++] = output[from++];
      at = next;
    }
    if (i >= end) return at;
    control = input[i++];
  }
}

function fail(reason: string): never {
  throw new CodecError("blosclz", reason);
}

const HASH_BITS = 14;
const MAX_DISTANCE = 65535 + NEAR - 1;
/** Bytes at the end that are always literals. */
const MARGIN = 12;

/**
 * Encodes `input[start, end)` into `output[at, limit)`.
 *
 * @returns the position in `output` behind the last byte, or -1 when it does not fit
 */
export function blosclzEncode(
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  at: number,
  limit: number,
): number {
  const table = new Int32Array(1 << HASH_BITS).fill(-1);
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  const last = end - MARGIN;
  let anchor = start;
  // A copy can not come first: the top bits of the first control byte are for the version of the format.
  for (let i = start; i <= last; ) {
    const word = view.getInt32(i, true);
    const hash = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    const from = table[hash];
    table[hash] = i;
    const distance = i - from;
    if (from < 0 || distance > MAX_DISTANCE || i === start || view.getInt32(from, true) !== word) {
      i++;
      continue;
    }
    let next = i + 4;
    while (next < end - 2 && input[next] === input[next - distance]) next++;
    if (distance > NEAR && next - i < 8) {
      i++;
      continue;
    }
    at = literals(input, anchor, i, output, at, limit);
    if (at < 0 || at + 8 + (next - i) / 255 > limit) return -1;
    at = copy(output, at, distance - 1, next - i - 2);
    i = anchor = next;
    if (i <= last) table[Math.imul(view.getInt32(i - 1, true), 0x9e3779b1) >>> (32 - HASH_BITS)] = i - 1;
  }
  at = literals(input, anchor, end, output, at, limit);
  if (at < 0) return -1;
  return at;
}

function literals(input: Uint8Array, from: number, to: number, output: Uint8Array, at: number, limit: number): number {
  while (from < to) {
    const count = Math.min(32, to - from);
    if (at + count + 1 > limit) return -1;
    output[at++] = count - 1;
    for (const next = from + count; from < next; ) output[at++] = input[from++];
  }
  return at;
}

/** Writes a copy of `length + 2` bytes from `distance + 1` back. */
function copy(output: Uint8Array, at: number, distance: number, length: number): number {
  const far = distance >= NEAR;
  const high = far ? 31 : distance >> 8;
  output[at++] = (Math.min(length, 7) << 5) | high;
  if (length >= 7) {
    for (length -= 7; length >= 255; length -= 255) output[at++] = 255;
    output[at++] = length;
  }
  if (!far) {
    output[at++] = distance;
    return at;
  }
  output[at++] = 255;
  output[at++] = (distance - NEAR) >> 8;
  output[at++] = distance - NEAR;
  return at;
}
