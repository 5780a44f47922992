/** Strings from here and there, gathered and decoded together. */
import { decodeText } from "../../bytes/text.ts";
import { asciiBlock, textEnd } from "./text-blocks.ts";

/**
 * Bytes decoded at a time. Strings cut from a text keep it: above 128 KB engines do not move it about, which saves a
 * fifth of the whole.
 */
const BLOCK_BYTES = 512 * 1024;
/** Longest string that is gathered with others. */
const SHORT = 1024;
const MAX_COUNT = BLOCK_BYTES / 8;

export class TextGatherer {
  private readonly out: string[];
  private readonly bytes: Uint8Array<ArrayBuffer>;
  private readonly view: DataView;
  private used = 0;
  /** Number of each gathered string in `out`, and its end among the bytes. */
  private readonly slots: Float64Array;
  private readonly ends: Uint32Array;
  private count = 0;
  private block: Uint8Array | undefined;
  private from: DataView;

  /** For `count` strings of `total` bytes: a single one shall not cost the memory of thousands. */
  constructor(out: string[], count: number, total: number) {
    this.out = out;
    this.bytes = new Uint8Array(Math.min(BLOCK_BYTES, total));
    this.view = new DataView(this.bytes.buffer);
    this.slots = new Float64Array(Math.min(MAX_COUNT, count));
    this.ends = new Uint32Array(this.slots.length);
    this.from = this.view;
  }

  /** The string at `block[start, end)`, up to its first NUL. */
  add(slot: number, block: Uint8Array, start: number, end: number): void {
    if (end - start > SHORT) {
      this.out[slot] = decodeText(block, start, textEnd(block, start, end, "nullterm"));
      return;
    }
    if (this.used + end - start > this.bytes.length || this.count === this.slots.length) this.flush();
    if (this.block !== block) {
      this.block = block;
      this.from = new DataView(block.buffer, block.byteOffset, block.byteLength);
    }
    const first = this.used;
    const zeros = this.copy(start, end);
    this.used = zeros ? textEnd(this.bytes, first, first + end - start, "nullterm") : first + end - start;
    this.slots[this.count] = slot;
    this.ends[this.count++] = this.used;
  }

  /** Copies to the end of what is gathered, four bytes at a time; says whether a byte may be zero. */
  private copy(start: number, end: number): boolean {
    const { from, view } = this;
    let to = this.used;
    let zeros = 0;
    for (; start + 4 <= end; start += 4, to += 4) {
      const word = from.getInt32(start, true);
      view.setInt32(to, word, true);
      zeros |= (word - 0x01010101) & ~word;
    }
    for (; start < end; start++, to++) {
      const byte = from.getUint8(start);
      view.setUint8(to, byte);
      zeros |= byte - 1;
    }
    return (zeros & 0x80808080) !== 0;
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
