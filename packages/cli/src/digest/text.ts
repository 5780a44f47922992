/** Names as bytes and as text that any JSON reader takes. */

const encoder = new TextEncoder();
/** Lone surrogates that stand for bytes which are not UTF-8: U+DC80 + (byte - 0x80). */
const ESCAPED = /[\udc80-\udcff]/;

/** The bytes of a text as the file has them. */
export function rawBytes(text: string): Uint8Array {
  if (!ESCAPED.test(text)) return encoder.encode(text);
  const out: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code >= 0xdc80 && code <= 0xdcff) out.push(code - 0xdc00);
    else out.push(...encoder.encode(character));
  }
  return Uint8Array.from(out);
}

/** The text with bytes that are not UTF-8 written as `\xNN`. */
export function shownText(text: string): string {
  if (!ESCAPED.test(text)) return text;
  let out = "";
  for (const character of text) {
    const code = character.codePointAt(0)!;
    out += code >= 0xdc80 && code <= 0xdcff ? `\\x${(code - 0xdc00).toString(16)}` : character;
  }
  return out;
}

/** Order of the bytes of two texts. */
export const byBytes = (a: string, b: string): number => Buffer.compare(rawBytes(a), rawBytes(b));
