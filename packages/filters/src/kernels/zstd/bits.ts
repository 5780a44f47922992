/** Bits of a zstd bit stream (RFC 8878, section 4.1): written forwards, read from the last bit backwards. */
import { CodecError } from "../../filter.ts";

export function fail(reason: string): never {
  throw new CodecError("zstd", reason);
}

/** Reads `input[start, end)` backwards. Reading before the start gives zeros and makes {@link left} negative. */
export class BackwardBits {
  /** Bits not read yet. */
  left: number;
  readonly #input: Uint8Array;
  readonly #start: number;

  constructor(input: Uint8Array, start: number, end: number) {
    if (end <= start || input[end - 1] === 0) fail("a bit stream without its end mark");
    this.#input = input;
    this.#start = start;
    this.left = 8 * (end - start) - Math.clz32(input[end - 1]) + 23;
  }

  /** The next `count` bits, at most 25. */
  take(count: number): number {
    this.left -= count;
    return this.#at(this.left) & ((1 << count) - 1);
  }

  /** 25 bits or more from bit `position` on, zeros before the start. */
  #at(position: number): number {
    if (position < 0) return position <= -32 ? 0 : this.#at(0) << -position;
    const i = this.#start + (position >> 3);
    const input = this.#input;
    return (input[i] | (input[i + 1] << 8) | (input[i + 2] << 16) | (input[i + 3] << 24)) >>> (position & 7);
  }
}
