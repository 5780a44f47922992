/**
 * Text in files: UTF-8, where bytes that are not valid UTF-8 are kept reversibly.
 *
 * Names and strings in HDF5 files are bytes; most are ASCII or UTF-8, some (Latin-1 written by old programs) are
 * neither. As in Python's `surrogateescape`, which h5py uses, each byte that cannot be decoded becomes the lone
 * surrogate U+DC80 + (byte - 0x80), and encodes back to that byte.
 */

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
/** Up to this many bytes a loop over character codes is faster than TextDecoder and TextEncoder (tried: 54-100 ns a call). */
const SHORT = 24;

/** Decodes `bytes[start, end)`. */
export function decodeText(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  if (end - start <= SHORT) {
    let text = "";
    for (let i = start; i < end; i++) {
      const byte = bytes[i];
      if (byte >= 0x80) return decodeAny(bytes, start, end);
      text += String.fromCharCode(byte);
    }
    return text;
  }
  return decodeAny(bytes, start, end);
}

function decodeAny(bytes: Uint8Array, start: number, end: number): string {
  const view = bytes.subarray(start, end);
  try {
    return strict.decode(shared(view) ? view.slice() : view);
  } catch {
    return decodeEscaping(view);
  }
}

/** TextDecoder refuses views of shared memory. */
function shared(view: Uint8Array): boolean {
  return typeof SharedArrayBuffer !== "undefined" && (view.buffer as ArrayBufferLike) instanceof SharedArrayBuffer;
}

/** Length of the valid UTF-8 sequence at `i`, or 0. */
function sequenceLength(b: Uint8Array, i: number): number {
  const lead = b[i];
  const cont = (k: number, low = 0x80, high = 0xbf): boolean => b[i + k] >= low && b[i + k] <= high;
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return cont(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    return cont(1, lead === 0xe0 ? 0xa0 : 0x80, lead === 0xed ? 0x9f : 0xbf) && cont(2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    return cont(1, lead === 0xf0 ? 0x90 : 0x80, lead === 0xf4 ? 0x8f : 0xbf) && cont(2) && cont(3) ? 4 : 0;
  }
  return 0;
}

function decodeEscaping(b: Uint8Array): string {
  const parts: string[] = [];
  let valid = 0;
  let i = 0;
  while (i < b.length) {
    const length = sequenceLength(b, i);
    if (length > 0) {
      i += length;
      continue;
    }
    if (i > valid) parts.push(strict.decode(b.slice(valid, i)));
    parts.push(String.fromCharCode(0xdc00 + b[i]));
    valid = ++i;
  }
  if (i > valid) parts.push(strict.decode(b.slice(valid, i)));
  return parts.join("");
}

/** Encodes text as {@link decodeText} reads it. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  const { length } = text;
  if (length > SHORT) return encodeAny(text);
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) return encodeAny(text);
    bytes[i] = code;
  }
  return bytes;
}

function encodeAny(text: string): Uint8Array<ArrayBuffer> {
  if (!/[\udc80-\udcff]/.test(text)) return encoder.encode(text);
  const out: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code >= 0xdc80 && code <= 0xdcff) out.push(code - 0xdc00);
    else out.push(...encoder.encode(character));
  }
  return Uint8Array.from(out);
}

/** Order of the raw bytes of two texts: the order of names in symbol tables, and of `keys()` where creation is not tracked. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    if (x < 0x80 || y < 0x80) return x - y;
    return compareBytes(encodeText(a), encodeText(b));
  }
  return a.length - b.length;
}

/** Order of two byte strings, as `memcmp` gives it, the shorter first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
