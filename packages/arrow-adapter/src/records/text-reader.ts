/** Text of a fixed length out of records as they stand in the file: UTF-8 one behind the other, without a string for each. */
import type { DType, FileDatatype } from "h5ts";
import type { TextMemory } from "../codecs/text-memory.ts";
import { unsetMemory } from "./memory.ts";
import type { MemberReader, RecordBlock } from "./number-readers.ts";

/** The most bytes that offsets of 32 bits count. */
const MAX_BYTES = 2 ** 31 - 1;
/** Bytes of a text that are made room for at first. */
const FIRST_GUESS = 16;

/** A reader of texts; `undefined` of other datatypes. */
export function textReader({ datatype }: DType, rows: number): TextReader | undefined {
  return datatype.class === "string" && datatype.size > 0 ? new TextReader(datatype, rows) : undefined;
}

export class TextReader implements MemberReader {
  private readonly size: number;
  private readonly padding: string;
  private readonly offsets: Int32Array<ArrayBuffer>;
  private memory: Uint8Array<ArrayBuffer>;
  private length = 0;
  /** All bytes by "or": below 0x80 where all are ASCII. */
  private bits = 0;

  constructor({ size, padding }: FileDatatype & { class: "string" }, rows: number) {
    this.size = size;
    this.padding = padding;
    this.offsets = new Int32Array(rows + 1);
    this.memory = new Uint8Array(unsetMemory(rows * Math.min(size, FIRST_GUESS)));
  }

  put({ bytes }: RecordBlock, at: number, stride: number, row: number, count: number): void {
    this.room(count * this.size);
    const { size, offsets, memory, padding } = this;
    let { length, bits } = this;
    for (let i = row; i < row + count; i++, at += stride) {
      const end = padding === "nullterm" ? terminated(bytes, at, size) : unpadded(bytes, at, size, padding);
      for (let from = at; from < end; from++) {
        const byte = bytes[from];
        memory[length++] = byte;
        bits |= byte;
      }
      offsets[i + 1] = length;
    }
    this.length = length;
    this.bits = bits;
  }

  private room(more: number): void {
    const needed = this.length + more;
    if (needed <= this.memory.length) return;
    const grown = new Uint8Array(unsetMemory(Math.max(needed, this.memory.length * 2)));
    grown.set(this.memory.subarray(0, this.length));
    this.memory = grown;
  }

  /** The texts; `undefined` where they are not all UTF-8, or too many. */
  finish(): TextMemory | undefined {
    const { offsets, length, memory } = this;
    if (length > MAX_BYTES) return undefined;
    const bytes = length * 2 < memory.length ? memory.slice(0, length) : memory.subarray(0, length);
    return this.bits < 0x80 || isUtf8(bytes, offsets) ? { offsets, bytes } : undefined;
  }
}

function terminated(bytes: Uint8Array, at: number, size: number): number {
  let end = at;
  while (end < at + size && bytes[end] !== 0) end++;
  return end;
}

function unpadded(bytes: Uint8Array, at: number, size: number, padding: string): number {
  const pad = padding === "nullpad" ? 0 : 0x20;
  let end = at + size;
  while (end > at && bytes[end - 1] === pad) end--;
  return end;
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Bytes that are looked at together, about. */
const BLOCK = 2 ** 20;

/** Whether each text is UTF-8: all of them together, and none begins within a character. */
function isUtf8(bytes: Uint8Array, offsets: Int32Array): boolean {
  const rows = offsets.length - 1;
  for (let i = 0; i < rows; i++) if ((bytes[offsets[i]] & 0xc0) === 0x80 && offsets[i] < offsets[i + 1]) return false;
  try {
    for (let i = 0, first = 0; i < rows; i++) {
      if (i < rows - 1 && offsets[i + 1] - offsets[first] < BLOCK) continue;
      strict.decode(bytes.subarray(offsets[first], offsets[i + 1]));
      first = i + 1;
    }
    return true;
  } catch {
    // The usual way says which text it is, or mends it.
    return false;
  }
}
