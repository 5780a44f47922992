/** Decoding of text in blocks: one call for many strings, which are then cut, is several times faster than a call for each. */
import type { StringPadding } from "../../format/datatype/datatype.ts";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of a block in which every byte is a character of its own; `undefined` where one is not ASCII. */
export function asciiBlock(bytes: Uint8Array): string | undefined {
  try {
    const text = strict.decode(bytes);
    // In valid UTF-8 only ASCII has as many code units as bytes.
    return text.length === bytes.length ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Where the text of a field of fixed size ends. */
export function textEnd(bytes: Uint8Array, start: number, end: number, padding: StringPadding): number {
  if (padding === "nullterm") {
    for (let i = start; i < end; i++) if (bytes[i] === 0) return i;
    return end;
  }
  const pad = padding === "nullpad" ? 0 : 0x20;
  while (end > start && bytes[end - 1] === pad) end--;
  return end;
}
