/** Strings out of many bytes at once: a block is decoded in one go and cut, which is several times faster than string by string. */
import { decodeText } from "../../bytes/text.ts";
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

/** Bytes decoded at a time. */
const BLOCK_BYTES = 64 * 1024;

/** Decodes `count` fields of `size` bytes each; to `out` from `base` on. */
export function decodeFields(
  bytes: Uint8Array,
  size: number,
  count: number,
  padding: StringPadding,
  out: string[],
  base: number,
): void {
  const step = Math.max(1, Math.floor(BLOCK_BYTES / size));
  for (let first = 0; first < count; first += step) {
    const last = Math.min(first + step, count);
    const from = first * size;
    const text = asciiBlock(bytes.subarray(from, last * size));
    for (let i = first; i < last; i++) {
      const start = i * size;
      const end = textEnd(bytes, start, start + size, padding);
      out[base + i] = text === undefined ? decodeText(bytes, start, end) : text.slice(start - from, end - from);
    }
  }
}

/** Longest string that is gathered with others. */
const SHORT = 1024;

/** Gathers strings from here and there, and decodes them together. */
export class TextGatherer {
  private readonly out: string[];
  private readonly bytes = new Uint8Array(BLOCK_BYTES);
  private used = 0;
  /** Number of each gathered string in `out`, and its end among the bytes. */
  private readonly slots = new Float64Array(BLOCK_BYTES / 4);
  private readonly ends = new Uint32Array(BLOCK_BYTES / 4);
  private count = 0;

  constructor(out: string[]) {
    this.out = out;
  }

  /** The string at `block[start, end)`, up to its first NUL. */
  add(slot: number, block: Uint8Array, start: number, end: number): void {
    if (end - start > SHORT) {
      this.out[slot] = decodeText(block, start, textEnd(block, start, end, "nullterm"));
      return;
    }
    if (this.used + SHORT > BLOCK_BYTES || this.count === this.slots.length) this.flush();
    const { bytes } = this;
    let to = this.used;
    for (let i = start; i < end; i++) {
      const byte = block[i];
      if (byte === 0) break;
      bytes[to++] = byte;
    }
    this.slots[this.count] = slot;
    this.ends[this.count++] = to;
    this.used = to;
  }

  /** Decodes what is gathered. */
  flush(): void {
    const { bytes, out, slots, ends } = this;
    const text = asciiBlock(bytes.subarray(0, this.used));
    for (let i = 0, start = 0; i < this.count; i++) {
      const end = ends[i];
      out[slots[i]] = text === undefined ? decodeText(bytes, start, end) : text.slice(start, end);
      start = end;
    }
    this.used = 0;
    this.count = 0;
  }
}
