/** Texts in Arrow's memory: UTF-8 one behind the other, and where each begins. */
import { DTypeError, LimitError } from "h5ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The most bytes that offsets of 32 bits count. */
const MAX_BYTES = 2 ** 31 - 1;
/** Texts that are encoded or decoded at once. */
const BLOCK = 1024;

export interface TextMemory {
  readonly offsets: Int32Array<ArrayBuffer>;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Memory that grows as texts come. */
class Growing {
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
  }

  /** Makes room for so many bytes more. */
  room(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  /** Appends a text; how many bytes it takes. */
  put(text: string): number {
    this.room(text.length * 3);
    const { written } = encoder.encodeInto(text, this.bytes.subarray(this.length));
    this.length += written;
    return written;
  }
}

/**
 * Texts as UTF-8. DTypeError for text that is none (h5ts keeps bytes that are no UTF-8 as lone surrogates), unless it shall be
 * replaced; LimitError beyond 2 GiB.
 */
export function encodeTexts(texts: readonly string[], badText: "error" | "replace" = "error"): TextMemory {
  const offsets = new Int32Array(texts.length + 1);
  const memory = new Growing(texts.length * 8);
  for (let start = 0; start < texts.length; start += BLOCK) {
    const end = Math.min(start + BLOCK, texts.length);
    const block = texts.slice(start, end);
    const joined = block.join("");
    if (badText === "error" && !isWellFormed(joined, block)) throw noText(block);
    const before = memory.length;
    const written = memory.put(joined);
    if (memory.length > MAX_BYTES) throw tooMuch(memory.length);
    if (written === joined.length) placeAscii(block, offsets, start, before);
    else placeOthers(block, offsets, start, before, memory);
  }
  return { offsets, bytes: memory.bytes.subarray(0, memory.length) };
}

function placeAscii(block: readonly string[], offsets: Int32Array, start: number, before: number): void {
  let at = before;
  for (let i = 0; i < block.length; i++) {
    at += block[i].length;
    offsets[start + i + 1] = at;
  }
}

/** Where text is not ASCII its bytes are counted one by one; joined, halves of a pair from two texts would be one. */
function placeOthers(
  block: readonly string[],
  offsets: Int32Array,
  start: number,
  before: number,
  memory: Growing,
): void {
  memory.length = before;
  for (let i = 0; i < block.length; i++) {
    memory.put(block[i]);
    offsets[start + i + 1] = memory.length;
  }
}

interface Checkable {
  isWellFormed(): boolean;
  toWellFormed(): string;
}

/** A name or remark as UTF-8: what is none becomes U+FFFD. */
export const utf8 = (text: string): string => (text as unknown as Checkable).toWellFormed();

const wellFormed = (text: string): boolean => (text as unknown as Checkable).isWellFormed();

function isWellFormed(joined: string, block: readonly string[]): boolean {
  return wellFormed(joined) && !/[\ud800-\udfff]/.test(joined) ? true : block.every(wellFormed);
}

function noText(block: readonly string[]): DTypeError {
  return new DTypeError(
    'is no UTF-8, which Arrow\'s text has to be; the option badText: "replace" puts U+FFFD for it',
    {
      structure: "text",
      found: block.find((text) => !wellFormed(text)),
    },
  );
}

function tooMuch(found: number): LimitError {
  return new LimitError("has more text than offsets of 32 bits can count: take fewer rows at once", {
    structure: "text column",
    found,
    allowed: `${MAX_BYTES} bytes`,
  });
}

/** Texts from UTF-8; of rows that are null the empty one. */
export function decodeTexts(
  bytes: Uint8Array,
  offsets: Int32Array | Float64Array,
  count: number,
  valid: Uint8Array | undefined,
): string[] {
  const texts = new Array<string>(count);
  for (let start = 0; start < count; start += BLOCK) {
    const end = Math.min(start + BLOCK, count);
    const from = offsets[start];
    const block = decoder.decode(bytes.subarray(from, offsets[end]));
    const ascii = block.length === offsets[end] - from;
    for (let i = start; i < end; i++) {
      if (valid !== undefined && valid[i] === 0) texts[i] = "";
      else if (ascii) texts[i] = block.slice(offsets[i] - from, offsets[i + 1] - from);
      else texts[i] = decoder.decode(bytes.subarray(offsets[i], offsets[i + 1]));
    }
  }
  return texts;
}
