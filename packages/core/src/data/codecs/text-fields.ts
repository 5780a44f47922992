/** Text of fixed size out of many elements: in blocks, and each text but once where few different ones repeat. */
import { decodeText } from "../../bytes/text.ts";
import type { StringPadding } from "../../format/datatype/datatype.ts";
import { asciiBlock, textEnd } from "./text-blocks.ts";

/** Bytes decoded at a time. */
const BLOCK_BYTES = 512 * 1024;

/** From this many fields side by side they are decoded from where they stand. */
const LONG = 512;

const NONE = new Uint8Array(0);

export class FieldDecoder {
  private readonly size: number;
  private readonly padding: StringPadding;
  private readonly out: string[];
  /** Fields that wait to be decoded, and their numbers in `out`. */
  private bytes: Uint8Array = NONE;
  private slots: Float64Array = new Float64Array(0);
  private readonly room: number;
  private waiting = 0;
  private repeated: RepeatedTexts | undefined;

  /** `count`: how many fields there will be, about. */
  constructor(size: number, padding: StringPadding, count: number, out: string[]) {
    this.size = size;
    this.padding = padding;
    this.out = out;
    this.room = Math.max(1, Math.min(Math.floor(BLOCK_BYTES / size), count));
    if (count >= TRIAL && size <= REPEATED_BYTES) this.repeated = new RepeatedTexts(size);
  }

  /** Fields of `source`, to numbers `slot` and up. */
  put(source: Uint8Array, view: DataView, at: number, stride: number, slot: number, count: number): void {
    const { size, room } = this;
    let i = 0;
    if (this.repeated !== undefined) i = this.lookUp(this.repeated, source, view, at, stride, slot, count);
    if (stride === size && count - i >= Math.min(room, LONG)) {
      for (; i < count; i += room) {
        const some = Math.min(room, count - i);
        this.block(source.subarray(at + i * size, at + (i + some) * size), some, (k) => slot + i + k);
      }
      return;
    }
    for (; i < count; i++) this.gather(source, at + i * stride, slot + i);
  }

  /** How many fields were done by looking them up: all, unless too few repeat. */
  private lookUp(
    known: RepeatedTexts,
    source: Uint8Array,
    view: DataView,
    at: number,
    stride: number,
    slot: number,
    count: number,
  ): number {
    const { out, size, padding } = this;
    const make = (from: number): string => decodeText(source, from, textEnd(source, from, from + size, padding));
    for (let i = 0; i < count; i++, at += stride) {
      if (!known.useful) {
        this.repeated = undefined;
        return i;
      }
      out[slot + i] = known.find(view, at, make);
    }
    return count;
  }

  private allocate(): void {
    this.bytes = new Uint8Array(this.room * this.size);
    this.slots = new Float64Array(this.room);
  }

  private gather(source: Uint8Array, at: number, slot: number): void {
    if (this.bytes === NONE) this.allocate();
    const { bytes, size } = this;
    const to = this.waiting * size;
    if (size < 48) for (let k = 0; k < size; k++) bytes[to + k] = source[at + k];
    else bytes.set(source.subarray(at, at + size), to);
    this.slots[this.waiting++] = slot;
    if (this.waiting === this.room) this.flush();
  }

  /** Decodes what waits. */
  flush(): void {
    const { slots, waiting } = this;
    if (waiting > 0) this.block(this.bytes.subarray(0, waiting * this.size), waiting, (k) => slots[k]);
    this.waiting = 0;
  }

  private block(bytes: Uint8Array, count: number, slotOf: (k: number) => number): void {
    const { size, padding, out } = this;
    const text = asciiBlock(bytes);
    for (let k = 0, start = 0; k < count; k++, start += size) {
      const end = textEnd(bytes, start, start + size, padding);
      out[slotOf(k)] = text === undefined ? decodeText(bytes, start, end) : text.slice(start, end);
    }
  }
}

/** Largest fields that are looked up, in bytes. */
const REPEATED_BYTES = 64;
/** Fields after which looking up goes on only if it found enough. */
const TRIAL = 4096;
/** Texts remembered: sets of four, by the hash of their fields. */
const WAYS = 4;
const SETS = 1024;

/** Texts seen before, by the bytes of their fields: labels repeat, and to find one costs a fraction of making it. */
class RepeatedTexts {
  useful = true;
  private readonly size: number;
  /** Bytes of the fields, and their hashes. */
  private readonly fields: DataView;
  private readonly hashes = new Int32Array(SETS * WAYS);
  private readonly texts = new Array<string | undefined>(SETS * WAYS).fill(undefined);
  private tried = 0;
  private found = 0;

  constructor(size: number) {
    this.size = size;
    this.fields = new DataView(new ArrayBuffer(SETS * WAYS * size));
  }

  /** The text of the field at `view[at]`: one seen before, or what `make` makes of it. */
  find(view: DataView, at: number, make: (at: number) => string): string {
    if (++this.tried === TRIAL) this.useful = this.found * 4 > TRIAL;
    const { hashes, texts } = this;
    const hash = this.hash(view, at);
    const first = (hash >>> 22) * WAYS;
    for (let slot = first; slot < first + WAYS; slot++) {
      const text = texts[slot];
      if (text === undefined) return this.remember(slot, hash, view, at, make(at));
      if (hashes[slot] === hash && this.same(slot, view, at)) {
        this.found++;
        return text;
      }
    }
    return this.remember(first + (this.tried % WAYS), hash, view, at, make(at));
  }

  private hash(view: DataView, at: number): number {
    const { size } = this;
    let hash = 0;
    let k = 0;
    for (; k + 4 <= size; k += 4) hash = mix(hash ^ view.getInt32(at + k));
    for (; k < size; k++) hash = mix(hash ^ view.getUint8(at + k));
    return hash;
  }

  private same(slot: number, view: DataView, at: number): boolean {
    const { size, fields } = this;
    const known = slot * size;
    let k = 0;
    for (; k + 4 <= size; k += 4) if (fields.getInt32(known + k) !== view.getInt32(at + k)) return false;
    for (; k < size; k++) if (fields.getUint8(known + k) !== view.getUint8(at + k)) return false;
    return true;
  }

  private remember(slot: number, hash: number, view: DataView, at: number, text: string): string {
    const { size, fields } = this;
    for (let k = 0; k < size; k++) fields.setUint8(slot * size + k, view.getUint8(at + k));
    this.hashes[slot] = hash;
    this.texts[slot] = text;
    return text;
  }
}

function mix(hash: number): number {
  const product = Math.imul(hash, 0x9e3779b1);
  return product ^ (product >>> 15);
}
