/** Numbers into floating-point elements of any layout. */
import type { FloatType } from "../../format/datatype/datatype.ts";
import { byteOrder } from "./float.ts";
import { FloatEncoder } from "./float-encoder.ts";
import { isSmallFloat, SmallFloatWriter } from "./small-float-writer.ts";
import type { Writer } from "./writer.ts";

/** A writer of numbers in a format. */
export function floatWriter(type: FloatType, source: ArrayLike<number>): Writer {
  if (!isSmallFloat(type)) return new FloatWriter(type, source);
  const around = aroundBits(type).reduceRight((bits, byte) => (bits << 8) | byte, 0);
  return new SmallFloatWriter(type, byteOrder(type), around, source);
}

class FloatWriter implements Writer {
  private readonly encoder: FloatEncoder;
  /** Where byte `k`, counted from the lowest, stands in an element. */
  private readonly order: readonly number[];
  /** One element, lowest byte first; and one with nothing but the bits around the value. */
  private readonly bytes: Uint8Array;
  private readonly around: Uint8Array;
  private readonly source: ArrayLike<number>;

  constructor(type: FloatType, source: ArrayLike<number>) {
    this.encoder = new FloatEncoder(type);
    this.order = byteOrder(type);
    this.bytes = new Uint8Array(type.size);
    this.around = aroundBits(type);
    this.source = source;
  }

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    const { bytes, order, encoder, source } = this;
    for (let i = 0; i < count; i++, at += stride) {
      bytes.set(this.around);
      encoder.encode(source[index + i], bytes);
      for (let k = 0; k < order.length; k++) target[at + order[k]] = bytes[k];
    }
  }
}

/** The bits below and above the value that the datatype fills with ones. */
function aroundBits(type: FloatType): Uint8Array {
  const bytes = new Uint8Array(type.size);
  const set = (from: number, to: number): void => {
    for (let bit = from; bit < to; bit++) bytes[bit >> 3] |= 1 << (bit & 7);
  };
  if (type.lowPad === 1) set(0, type.bitOffset);
  if (type.highPad === 1) set(type.bitOffset + type.precision, type.size * 8);
  return bytes;
}
