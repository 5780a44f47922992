/** Text to bytes in memory that is there already. */
import { encodeText } from "../../bytes/text.ts";
import { DTypeError } from "../../errors.ts";
import type { Charset } from "../../format/datatype/datatype.ts";

/** Bytes that could not be decoded stand in texts as these code units. */
const isEscape = (unit: number): boolean => unit >= 0xdc80 && unit <= 0xdcff;

/** Bytes that a text takes at most. */
const most = (text: string): number => text.length * 3;

/** DTypeError where one of them is no text, no ASCII where it should be, or holds a NUL where that ends a text. */
export function checkTexts(data: readonly string[], charset: Charset, terminated: boolean, structure: string): void {
  const ascii = charset === "ascii";
  for (let i = 0; i < data.length; i++) {
    const text = data[i];
    if (typeof text === "string" && !(terminated && text.includes("\0")) && !(ascii && hasWide(text))) continue;
    throw new DTypeError(`cannot hold element ${i}`, {
      structure,
      found: typeof text === "string" ? text : typeof text,
      allowed: `${ascii ? "ASCII" : "UTF-8"}${terminated ? " without NUL" : ""}`,
    });
  }
}

function hasWide(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f && !isEscape(unit)) return true;
  }
  return false;
}

/** Writes a text to `target[at, end)`, or as many of its characters as fit; where it ends. */
export function encodeInto(text: string, target: Uint8Array, at: number, end: number): number {
  const count = Math.min(text.length, end - at);
  for (let i = 0; i < count; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return encodeWide(text, target, at, end);
    target[at + i] = unit;
  }
  return at + count;
}

function encodeWide(text: string, target: Uint8Array, at: number, end: number): number {
  const bytes = encodeText(text);
  let length = Math.min(bytes.length, end - at);
  // Not within a character.
  if (length < bytes.length) while (length > 0 && (bytes[length] & 0xc0) === 0x80) length--;
  target.set(bytes.subarray(0, length), at);
  return at + length;
}

/** Texts one behind the other. */
export interface PackedTexts {
  readonly bytes: Uint8Array;
  /** Where each begins, and where the last ends. */
  readonly starts: Float64Array;
}

/** The bytes of all texts in one piece of memory: an array for each would cost more than its text. */
export function packTexts(data: readonly string[]): PackedTexts {
  const starts = new Float64Array(data.length + 1);
  let left = 0;
  for (let i = 0; i < data.length; i++) left += data[i].length;
  // Enough if all are ASCII.
  let bytes = new Uint8Array(left + 64);
  let at = 0;
  for (let i = 0; i < data.length; i++) {
    const text = data[i];
    let end = encodeInto(text, bytes, at, bytes.length);
    if (bytes.length - end < left - text.length + 4) {
      bytes = grown(bytes, at, at + most(text) + 2 * left);
      end = encodeInto(text, bytes, at, bytes.length);
    }
    left -= text.length;
    at = end;
    starts[i + 1] = at;
  }
  return { bytes, starts };
}

function grown(bytes: Uint8Array, used: number, length: number): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(length + 64);
  more.set(bytes.subarray(0, used));
  return more;
}
