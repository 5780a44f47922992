/** 64-bit integers straight to float64, without a bigint on the way (which would cost twenty times as much). */
import { DTypeError } from "../../errors.ts";
import { ViewReader } from "./reader.ts";

const TWO_32 = 0x1_0000_0000;

/** Upper halves up to here are of safe integers, for certain. */
const SAFE_HIGH = 0x1f_fffe;

export class Int64NumberReader extends ViewReader {
  private readonly target: Float64Array;
  private readonly little: boolean;
  private readonly signed: boolean;
  private readonly exact: boolean;

  /** `exact`: a value beyond 2^53 - 1 is a DTypeError; else it is rounded. */
  constructor(target: Float64Array, little: boolean, signed: boolean, exact: boolean) {
    super();
    this.target = target;
    this.little = little;
    this.signed = signed;
    this.exact = exact;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    const view = this.view(source);
    const highs = this.signed
      ? this.integers(view, at, stride, index, count)
      : this.naturals(view, at, stride, index, count);
    // The bits of all upper halves at once say whether a closer look is needed.
    if (this.exact && highs > SAFE_HIGH) this.check(view, at, stride, index, count);
  }

  private integers(view: DataView, at: number, stride: number, index: number, count: number): number {
    const { target, little } = this;
    const high = little ? 4 : 0;
    const low = 4 - high;
    let highs = 0;
    for (let i = 0; i < count; i++, at += stride) {
      const top = view.getInt32(at + high, little);
      target[index + i] = top * TWO_32 + (view.getInt32(at + low, little) >>> 0);
      highs |= top ^ (top >> 31);
    }
    return highs;
  }

  private naturals(view: DataView, at: number, stride: number, index: number, count: number): number {
    const { target, little } = this;
    const high = little ? 4 : 0;
    const low = 4 - high;
    let highs = 0;
    for (let i = 0; i < count; i++, at += stride) {
      const top = view.getInt32(at + high, little);
      target[index + i] = (top >>> 0) * TWO_32 + (view.getInt32(at + low, little) >>> 0);
      highs |= top;
    }
    return highs >>> 0;
  }

  private check(view: DataView, at: number, stride: number, index: number, count: number): void {
    for (let i = 0; i < count; i++, at += stride) {
      if (Number.isSafeInteger(this.target[index + i])) continue;
      throw new DTypeError(`cannot hold the value of element ${index + i}`, {
        structure: "number",
        found: this.signed ? view.getBigInt64(at, this.little) : view.getBigUint64(at, this.little),
        allowed: "integers up to 2^53 - 1",
      });
    }
  }
}
