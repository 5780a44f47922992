/** 64-bit integers straight to float64, without a bigint on the way (which would cost twenty times as much). */
import { DTypeError } from "../../errors.ts";
import { ViewReader } from "./reader.ts";

const TWO_32 = 0x1_0000_0000;

export class Int64NumberReader extends ViewReader {
  private readonly target: Float64Array;
  private readonly little: boolean;
  private readonly signed: boolean;
  private readonly limit: number;

  /** `exact`: a value beyond 2^53 - 1 is a DTypeError; else it is rounded. */
  constructor(target: Float64Array, little: boolean, signed: boolean, exact: boolean) {
    super();
    this.target = target;
    this.little = little;
    this.signed = signed;
    this.limit = exact ? Number.MAX_SAFE_INTEGER : Number.POSITIVE_INFINITY;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    const view = this.view(source);
    const { target, little, signed, limit } = this;
    const high = little ? 4 : 0;
    for (let i = 0; i < count; i++, at += stride) {
      const top = signed ? view.getInt32(at + high, little) : view.getUint32(at + high, little);
      const value = top * TWO_32 + view.getUint32(at + 4 - high, little);
      if (value > limit || value < -limit) this.refuse(view, at, index + i);
      target[index + i] = value;
    }
  }

  private refuse(view: DataView, at: number, index: number): never {
    const found = this.signed ? view.getBigInt64(at, this.little) : view.getBigUint64(at, this.little);
    throw new DTypeError(`cannot hold the value of element ${index}`, {
      structure: "number",
      found,
      allowed: "integers up to 2^53 - 1",
    });
  }
}
