/** Numbers of any bits into elements: the value at its offset, and around it what the datatype fills up with. */
import { DTypeError } from "../../errors.ts";
import type { Bits } from "./bits.ts";
import type { Writer } from "./writer.ts";

/** What stands in the bits below and above the value. */
export interface Padding {
  readonly lowPad?: 0 | 1;
  readonly highPad?: 0 | 1;
}

export class BitsWriter implements Writer {
  private readonly bits: Bits;
  private readonly source: { readonly [index: number]: number | bigint };
  private readonly outside: bigint;

  constructor(bits: Bits, padding: Padding, source: { readonly [index: number]: number | bigint }) {
    this.bits = bits;
    this.source = source;
    this.outside = outsideBits(bits, padding);
  }

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    for (let i = 0; i < count; i++, at += stride) this.one(BigInt(this.source[index + i]), index + i, target, at);
  }

  private one(value: bigint, index: number, target: Uint8Array, at: number): void {
    const { size, little, signed, bitOffset, precision } = this.bits;
    if ((signed ? BigInt.asIntN(precision, value) : BigInt.asUintN(precision, value)) !== value) {
      throw new DTypeError(`cannot hold the value of element ${index}`, {
        structure: "fixed-point datatype",
        found: value,
        allowed: `${signed ? "signed" : "unsigned"} integers of ${precision} bits`,
      });
    }
    let all = (BigInt.asUintN(precision, value) << BigInt(bitOffset)) | this.outside;
    for (let k = 0; k < size; k++) {
      target[little ? at + k : at + size - 1 - k] = Number(all & 0xffn);
      all >>= 8n;
    }
  }
}

function outsideBits(bits: Bits, padding: Padding): bigint {
  const { size, bitOffset, precision } = bits;
  const low = padding.lowPad === 1 ? (1n << BigInt(bitOffset)) - 1n : 0n;
  const top = BigInt(bitOffset + precision);
  const high = padding.highPad === 1 ? ((1n << BigInt(size * 8)) - 1n) & ~((1n << top) - 1n) : 0n;
  return low | high;
}
