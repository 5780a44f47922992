/** Bit streams of zfp: the first bit is the least significant one of the first byte. */

const PADDING = 8;

/** Reads bits. Past the end there are zeros; {@link overrun} tells. */
export class ZfpReader {
  /** Position of the next bit. */
  position = 0;
  readonly #end: number;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;

  constructor(input: Uint8Array) {
    this.#bytes = new Uint8Array(input.length + PADDING);
    this.#bytes.set(input);
    this.#view = new DataView(this.#bytes.buffer);
    this.#end = 8 * input.length;
  }

  /** Whether more bits were read than there are. */
  get overrun(): boolean {
    return this.position > this.#end;
  }

  /** The next 32 bits as a signed word, without taking them. */
  peek(): number {
    if (this.position >= this.#end) return 0;
    const i = this.position >> 3;
    const shift = this.position & 7;
    const word = this.#view.getInt32(i, true);
    return shift === 0 ? word : (word >>> shift) | (this.#bytes[i + 4] << (32 - shift));
  }

  /** The next `count` bits as an unsigned number; 0 to 32. */
  take(count: number): number {
    if (count === 0) return 0;
    const word = this.peek();
    this.position += count;
    return (count === 32 ? word : word & ((1 << count) - 1)) >>> 0;
  }
}

/** Collects bits; grows as needed. */
export class ZfpWriter {
  /** Bits written. */
  position = 0;
  #bytes: Uint8Array<ArrayBuffer>;

  /** @param capacity bytes that will probably be written */
  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity + PADDING);
  }

  /** Appends the low `count` bits of `value`; 0 to 32. */
  put(value: number, count: number): void {
    const bytes = this.#room(count);
    for (let left = count; left > 0; ) {
      const shift = this.position & 7;
      const taken = Math.min(8 - shift, left);
      bytes[this.position >> 3] |= (value & ((1 << taken) - 1)) << shift;
      value >>>= taken;
      this.position += taken;
      left -= taken;
    }
  }

  /** Appends `count` zero bits. */
  skip(count: number): void {
    this.#room(count);
    this.position += count;
  }

  /** What was written, filled up with zeros to a word of 64 bits. */
  finish(): Uint8Array {
    const length = 8 * Math.ceil(this.position / 64);
    this.#room(64);
    return this.#bytes.subarray(0, length);
  }

  #room(bits: number): Uint8Array {
    const needed = ((this.position + bits) >> 3) + PADDING;
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    return this.#bytes;
  }
}
