/**
 * Numbers of any class and width to others. As libhdf5 converts them: fractions are cut off, values out of range become the
 * nearest one that the type has, and NaN becomes what the common processors make of it.
 */
import {
  bitsOf,
  type FileDatatype as Datatype,
  isBigint,
  makeNumbers,
  type NumberCodec,
  numberReader,
  numberWriter,
} from "@h5ts/core";
import type { Converter } from "./converter.ts";

/** Elements at a time. */
const BATCH = 512;

type Values = { [index: number]: number | bigint };

export class NumberConverter implements Converter {
  readonly size: number;
  private readonly from: Values;
  private readonly to: Values;
  private readonly reader: ReturnType<typeof numberReader>;
  private readonly codec: NumberCodec;
  private readonly convertOne: (value: number | bigint) => number | bigint;

  constructor(from: NumberCodec, to: NumberCodec) {
    const values = makeNumbers(from.array, BATCH);
    this.size = to.type.size;
    this.codec = to;
    this.reader = numberReader(from, values);
    this.from = values as Values;
    this.to = makeNumbers(to.array, BATCH) as Values;
    this.convertOne = conversion(isBigint(from.array), to);
  }

  convert(
    source: Uint8Array,
    at: number,
    stride: number,
    count: number,
    target: Uint8Array,
    to: number,
    step: number,
  ): void {
    const { from, to: values, convertOne } = this;
    for (let done = 0; done < count; done += BATCH) {
      const some = Math.min(BATCH, count - done);
      this.reader.put(source, at + done * stride, stride, 0, some);
      for (let i = 0; i < some; i++) values[i] = convertOne(from[i]);
      numberWriter(this.codec, values as never).take(0, some, target, to + done * step, step);
    }
  }
}

function conversion(fromBigint: boolean, to: NumberCodec): (value: number | bigint) => number | bigint {
  const type = integerBase(to.type);
  if (type === undefined) return fromBigint ? Number : (value) => value;
  const { signed, precision, size } = bitsOf(type);
  const min = signed ? -(2n ** BigInt(precision - 1)) : 0n;
  const max = signed ? 2n ** BigInt(precision - 1) - 1n : 2n ** BigInt(precision) - 1n;
  const nan = signed && size >= 4 ? min : 0n;
  const clip = (value: bigint): bigint => (value < min ? min : value > max ? max : value);
  if (isBigint(to.array)) {
    return fromBigint
      ? (value) => clip(value as bigint)
      : (value) => (Number.isNaN(value) ? nan : wholeWithin(value as number, min, max));
  }
  const low = Number(min);
  const high = Number(max);
  if (fromBigint) return (value) => Number(clip(value as bigint));
  return (value) => {
    const number = value as number;
    if (number >= low && number <= high) return Math.trunc(number);
    return Number.isNaN(number) ? Number(nan) : number < low ? low : high;
  };
}

function wholeWithin(value: number, min: bigint, max: bigint): bigint {
  if (value <= Number(min)) return min;
  return value >= Number(max) ? max : BigInt(Math.trunc(value));
}

/** The integers that elements are, or stand for. */
function integerBase(type: Datatype): Datatype | undefined {
  if (type.class === "enum") return integerBase(type.base);
  return type.class === "integer" || type.class === "bitfield" || type.class === "time" ? type : undefined;
}
