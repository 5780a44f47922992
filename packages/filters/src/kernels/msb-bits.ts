/** Bit streams whose first bit is the most significant one of a byte: szip, n-bit, scale-offset, bzip2. */

/** Bytes behind the input that are read, as zeros. */
const PADDING = 8;

/** Reads bits of `input` from byte `start` on. Reading past the end gives zeros; {@link overrun} tells. */
export class MsbReader {
  /** Position of the next bit. */
  position: number;
  readonly #end: number;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;

  constructor(input: Uint8Array, start: number) {
    this.#bytes = new Uint8Array(input.length - start + PADDING);
    this.#bytes.set(input.subarray(start));
    this.#view = new DataView(this.#bytes.buffer);
    this.position = 0;
    this.#end = 8 * (input.length - start);
  }

  /** Whether more bits were read than there are. */
  get overrun(): boolean {
    return this.position > this.#end;
  }

  /** Bits left; negative after an overrun. */
  get left(): number {
    return this.#end - this.position;
  }

  /** The next 32 bits as a signed word, without taking them. */
  peek(): number {
    if (this.position >= this.#end) return 0;
    const i = this.position >> 3;
    const shift = this.position & 7;
    return (this.#view.getInt32(i) << shift) | (this.#bytes[i + 4] >>> (8 - shift));
  }

  /** The next `count` bits as an unsigned number; 0 to 32. */
  take(count: number): number {
    if (count === 0) return 0;
    const value = this.peek() >>> (32 - count);
    this.position += count;
    return value;
  }

  /** The number of one bits before the next zero bit, which is taken too; at most 31. */
  unaryOnes(): number {
    const count = Math.clz32(~this.peek());
    this.position += count + 1;
    return count;
  }

  /** The number of zero bits before the next one bit, which is taken too. At the end of the input: Infinity. */
  unary(): number {
    let zeros = 0;
    for (;;) {
      const word = this.peek();
      if (word !== 0) {
        const count = Math.clz32(word);
        this.position += count + 1;
        return zeros + count;
      }
      zeros += 32;
      this.position += 32;
      if (this.position > this.#end) return Number.POSITIVE_INFINITY;
    }
  }
}

/** `count` numbers of `bits` bits each, 0 to 32, from byte `start` on, as words; past the end there are zeros. */
export function unpackWords(input: Uint8Array, start: number, bits: number, count: number): Int32Array<ArrayBuffer> {
  const words = new Int32Array(count);
  if (bits === 0) return words;
  const bytes = new Uint8Array(((bits * count + 7) >> 3) + PADDING);
  bytes.set(input.subarray(start, start + bytes.length));
  const view = new DataView(bytes.buffer);
  const down = 32 - bits;
  let position = 0;
  for (let i = 0; i < count; i++, position += bits) {
    const at = position >>> 3;
    const shift = position & 7;
    let word = view.getInt32(at) << shift;
    if (bits > 25) word |= bytes[at + 4] >>> (8 - shift);
    words[i] = word >>> down;
  }
  return words;
}

/** Collects bits; grows as needed. */
export class MsbWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  #hold = 0;
  #free = 32;

  /** @param capacity bytes that will probably be written */
  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity + 8);
  }

  /** Bits written. */
  get position(): number {
    return 8 * this.#length + 32 - this.#free;
  }

  /** Appends the low `count` bits of `value`; 0 to 32. */
  put(value: number, count: number): void {
    if (count === 0) return;
    if (count < 32) value &= (1 << count) - 1;
    if (count <= this.#free) {
      this.#hold |= count === 32 ? value : value << (this.#free - count);
      this.#free -= count;
    } else {
      const rest = count - this.#free;
      this.#hold |= value >>> rest;
      this.#flush();
      this.#hold = rest === 32 ? value : value << (32 - rest);
      this.#free = 32 - rest;
    }
    if (this.#free === 0) this.#flush();
  }

  /** Appends `zeros` zero bits and a one bit. */
  unary(zeros: number): void {
    for (; zeros >= 32; zeros -= 32) this.put(0, 32);
    this.put(1, zeros + 1);
  }

  /** What was written, the last byte filled up with zeros. */
  finish(): Uint8Array {
    const bits = 32 - this.#free;
    const length = this.#length + ((bits + 7) >> 3);
    this.#flush();
    return this.#bytes.subarray(0, length);
  }

  #flush(): void {
    if (this.#length + 4 > this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#bytes.length);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    const at = this.#length;
    this.#bytes[at] = this.#hold >>> 24;
    this.#bytes[at + 1] = this.#hold >>> 16;
    this.#bytes[at + 2] = this.#hold >>> 8;
    this.#bytes[at + 3] = this.#hold;
    this.#length += 4;
    this.#hold = 0;
    this.#free = 32;
  }
}
