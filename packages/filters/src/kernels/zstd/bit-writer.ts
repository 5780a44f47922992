/** Bits of a zstd bit stream, written from the least significant one on; decoders read them backwards. */
export class BitWriter {
  readonly #bytes: Uint8Array;
  #at: number;
  #hold = 0;
  #bits = 0;

  /** Writes to `bytes` from `at` on; there must be room. */
  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Appends the low `count` bits of `value`, 24 at most; higher bits must be 0. */
  put(value: number, count: number): void {
    this.#hold |= value << this.#bits;
    this.#bits += count;
    while (this.#bits >= 8) {
      this.#bytes[this.#at++] = this.#hold;
      this.#hold >>>= 8;
      this.#bits -= 8;
    }
  }

  /** Closes the stream by a one bit; gives the position behind it. */
  finish(): number {
    this.put(1, 1);
    return this.flush();
  }

  /** Fills the last byte up with zeros; gives the position behind it. */
  flush(): number {
    if (this.#bits > 0) this.#bytes[this.#at++] = this.#hold;
    this.#hold = 0;
    this.#bits = 0;
    return this.#at;
  }
}
