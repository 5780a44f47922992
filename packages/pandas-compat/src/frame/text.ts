/** Text out of fields of fixed width, as pandas decodes it, and back. */
import { textOf } from "@h5ts/pickle";
import { UnsupportedError } from "h5ts";
import { bytesAt, type FixedBytes } from "../pytables/raw-column.ts";

/** How text is kept: the attributes `encoding` and `errors` of a pandas object. */
export interface TextForm {
  /** Python's name of the encoding. */
  readonly encoding: string;
  readonly errors: string;
  /** What stands for missing text; null: nothing does, and none is missing. */
  readonly nanRep: string | null;
}

export const PLAIN_TEXT: TextForm & { readonly nanRep: string } = {
  encoding: "UTF-8",
  errors: "strict",
  nanRep: "nan",
};

const isUtf8 = (encoding: string): boolean => /^utf-?_?8$/i.test(encoding);
const isLatin1 = (encoding: string): boolean => /^(latin-?_?1|iso-?_?8859-?_?1)$/i.test(encoding);
const isAscii = (encoding: string): boolean => /^(us-)?ascii$/i.test(encoding);

function decoderFor(encoding: string): (bytes: Uint8Array) => string {
  if (isUtf8(encoding)) return textOf;
  // The Encoding Standard takes Latin 1 for Windows 1252.
  if (isLatin1(encoding) || isAscii(encoding)) return (bytes) => String.fromCharCode(...bytes);
  try {
    const decoder = new TextDecoder(encoding.replaceAll("_", "-"));
    return (bytes) => decoder.decode(bytes);
  } catch {
    throw new UnsupportedError("has text in an encoding that is not known", {
      structure: "pandas object",
      found: encoding,
    });
  }
}

/** Bytes that are looked at in one piece. */
const BLOCK_BYTES = 1 << 20;

/** All texts, null where one is missing. */
export function decodeTexts(fixed: FixedBytes, form: TextForm): (string | null)[] {
  const { width, bytes } = fixed;
  const count = width === 0 ? 0 : bytes.length / width;
  const out = new Array<string | null>(count);
  const decode = decoderFor(form.encoding);
  const room = Math.max(1, Math.floor(BLOCK_BYTES / width));
  const ascii =
    isUtf8(form.encoding) || isLatin1(form.encoding) || isAscii(form.encoding) ? new TextDecoder("latin1") : undefined;
  for (let from = 0; from < count; from += room) {
    const to = Math.min(count, from + room);
    const block = bytes.subarray(from * width, to * width);
    if (ascii !== undefined && isPlain(block)) cut(ascii.decode(block), block, width, out, from);
    else for (let i = from; i < to; i++) out[i] = decode(bytesAt(fixed, i));
  }
  const { nanRep } = form;
  if (nanRep === null) return out;
  for (let i = 0; i < count; i++) if (out[i] === nanRep) out[i] = null;
  return out;
}

function isPlain(block: Uint8Array): boolean {
  let all = 0;
  for (const byte of block) all |= byte;
  return all < 0x80;
}

/** Texts that have been used already, by their hash: the same few repeat in many columns. */
const KEPT = 4096;

/** The fields of a block that is ASCII. */
function cut(text: string, block: Uint8Array, width: number, out: (string | null)[], first: number): void {
  const kept = new Array<string | undefined>(KEPT);
  for (let at = 0, i = first; at < block.length; at += width, i++) {
    let end = at + width;
    while (end > at && block[end - 1] === 0) end--;
    let hash = end - at;
    for (let k = at; k < end; k++) hash = (Math.imul(hash, 31) + block[k]) | 0;
    const slot = hash & (KEPT - 1);
    const known = kept[slot];
    if (known !== undefined && known.length === end - at && isSame(known, block, at)) out[i] = known;
    else out[i] = kept[slot] = text.slice(at, end);
  }
}

function isSame(known: string, block: Uint8Array, at: number): boolean {
  for (let k = 0; k < known.length; k++) if (known.charCodeAt(k) !== block[at + k]) return false;
  return true;
}

const UTF8 = new TextEncoder();

/** A text's bytes. UnsupportedError where the encoding does not have a character. */
export function encodeText(text: string, { encoding, errors }: TextForm): Uint8Array {
  if (isUtf8(encoding)) return /[\ud800-\udfff]/u.test(text) ? withSurrogates(text, errors) : UTF8.encode(text);
  const most = isLatin1(encoding) ? 0xff : isAscii(encoding) ? 0x7f : -1;
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > most) refuse(encoding, text);
  return bytes;
}

function refuse(encoding: string, text: string): never {
  throw new UnsupportedError("cannot be written in this encoding", {
    structure: "text",
    found: text.slice(0, 40),
    allowed: encoding,
  });
}

/** Halves of surrogate pairs by themselves, which Python writes only if told to. */
function withSurrogates(text: string, errors: string): Uint8Array {
  if (errors !== "surrogatepass") refuse("UTF-8", text);
  const bytes: number[] = [];
  for (const one of text) {
    const code = one.codePointAt(0)!;
    if (code >= 0xd800 && code <= 0xdfff) bytes.push(0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else bytes.push(...UTF8.encode(one));
  }
  return Uint8Array.from(bytes);
}
