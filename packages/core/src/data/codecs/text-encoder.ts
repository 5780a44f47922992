/** Text to bytes in memory that is there already. */
import { encodeText } from "../../bytes/text.ts";
import type { Charset } from "../../format/datatype/datatype.ts";

/** Bytes that a text has in UTF-8. */
export const longest = (text: string): number => encodeText(text).length;

/** Bytes that could not be decoded stand in texts as these code units. */
const isEscape = (unit: number): boolean => unit >= 0xdc80 && unit <= 0xdcff;

/**
 * Writes a text to `target[at, end)`; where it ends. -1 if it does not fit, is no ASCII where it should be, or holds a
 * NUL where that ends a text.
 */
export function encodeInto(
  text: string,
  target: Uint8Array,
  at: number,
  end: number,
  charset: Charset,
  terminated: boolean,
): number {
  if (text.length > end - at) return -1;
  let to = at;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return encodeWide(text, target, at, end, charset, terminated);
    if (unit === 0 && terminated) return -1;
    target[to++] = unit;
  }
  return to;
}

function encodeWide(
  text: string,
  target: Uint8Array,
  at: number,
  end: number,
  charset: Charset,
  terminated: boolean,
): number {
  if (terminated && text.includes("\0")) return -1;
  if (charset === "ascii") {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f && !isEscape(unit)) return -1;
    }
  }
  const bytes = encodeText(text);
  if (bytes.length > end - at) return -1;
  target.set(bytes, at);
  return at + bytes.length;
}
