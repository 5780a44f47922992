/** Text to bytes in memory that is there already; the way back of bytes/text.ts. */
import { DTypeError } from "../../errors.ts";
import type { Charset } from "../../format/datatype/datatype.ts";

/** Bytes that could not be decoded stand in texts as these code units. */
const isEscape = (unit: number): boolean => unit >= 0xdc80 && unit <= 0xdcff;

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
    // A call of TextEncoder for each text would cost more than this loop.
    if (unit > 0x7f) return encodeWide(text, i, target, at + i, end);
    target[at + i] = unit;
  }
  return at + count;
}

/** The same from code unit `i` on, of characters of several bytes. */
function encodeWide(text: string, i: number, target: Uint8Array, at: number, end: number): number {
  while (i < text.length) {
    const code = text.codePointAt(i)!;
    const width = widthOf(code);
    if (at + width > end) break;
    i += width === 4 ? 2 : 1;
    if (width === 1) target[at] = code;
    else if (width === 2) {
      target[at] = 0xc0 | (code >> 6);
      target[at + 1] = 0x80 | (code & 0x3f);
    } else {
      const known = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
      target[at] = width === 3 ? 0xe0 | (known >> 12) : 0xf0 | (known >> 18);
      if (width === 4) target[at + 1] = 0x80 | ((known >> 12) & 0x3f);
      target[at + width - 2] = 0x80 | ((known >> 6) & 0x3f);
      target[at + width - 1] = 0x80 | (known & 0x3f);
    }
    at += width;
  }
  return at;
}

/** Bytes of a code point. */
function widthOf(code: number): number {
  if (code < 0x80 || isEscape(code)) return 1;
  return code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/** Room for one more character: where there is less, the text before it may have been cut. */
const SPARE = 4;

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
  let bytes = new Uint8Array(left + SPARE);
  let at = 0;
  for (let i = 0; i < data.length; i++) {
    const text = data[i];
    let end = encodeInto(text, bytes, at, bytes.length);
    left -= text.length;
    if (bytes.length - end < left + SPARE) {
      bytes = grown(bytes, at, at + 3 * text.length + 2 * left + SPARE);
      end = encodeInto(text, bytes, at, bytes.length);
    }
    at = end;
    starts[i + 1] = at;
  }
  return { bytes, starts };
}

function grown(bytes: Uint8Array, used: number, length: number): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(length);
  more.set(bytes.subarray(0, used));
  return more;
}
