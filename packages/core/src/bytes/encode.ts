/** Encoding of small structures, which are many: they share one encoder, and the memory that they end up in. */
import type { Sizes } from "./address.ts";
import { Encoder } from "./encoder.ts";
import type { Fields } from "./fields.ts";

/** What is longer gets memory of its own. */
const SMALL = 1 << 12;
const ROOM = 1 << 15;

/** The encoder, while nobody uses it. */
let idle: Encoder | undefined;
let room = new Uint8Array(0);
let used = 0;

/** The bytes that a layout function writes. They stand beside others in larger memory: not to be written to. */
export function encode(sizes: Sizes, write: (f: Fields) => void): Uint8Array<ArrayBuffer> {
  const to = idle?.sizes === sizes ? idle : new Encoder(sizes, SMALL);
  // One that fails stays with whoever used it.
  idle = undefined;
  to.restart();
  write(to);
  const bytes = kept(to.finish());
  idle = to;
  return bytes;
}

function kept(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const { length } = bytes;
  if (length > SMALL) return bytes.slice();
  const place = smallBytes(length);
  place.set(bytes);
  return place;
}

/** Zeros for a small structure, beside others in larger memory. */
export function smallBytes(length: number): Uint8Array<ArrayBuffer> {
  if (length > SMALL) return new Uint8Array(length);
  if (used + length > room.length) {
    room = new Uint8Array(ROOM);
    used = 0;
  }
  const at = used;
  used += length;
  return room.subarray(at, used);
}
