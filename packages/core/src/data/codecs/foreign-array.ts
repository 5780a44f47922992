/** Floats into arrays of a format's own, such as `Float16Array`: as bits, which the array gives their meaning. */
import { HOST_LITTLE } from "../../bytes/swap.ts";
import { DTypeError } from "../../errors.ts";
import type { Datatype, FloatType } from "../../format/datatype/datatype.ts";
import type { AnyData } from "../arrays.ts";
import { nameOf } from "../dtype/name.ts";
import { sameFormat } from "../dtype/standard.ts";
import type { Budget } from "./budget.ts";
import { ConvertSink } from "./convert-sink.ts";
import type { ElementSink } from "./element-sink.ts";
import { FloatEncoder } from "./float-encoder.ts";
import { type ArrayName, makeArray, makeNumbers, type NumberCodec, numberReader } from "./numbers.ts";
import type { Reader } from "./reader.ts";
import type { ArrayMaker } from "./view.ts";
import { wordReader } from "./words.ts";

const WORDS: Readonly<Record<number, Exclude<ArrayName, "bigint">>> = {
  1: "Uint8Array",
  2: "Uint16Array",
  4: "Uint32Array",
};

/** A sink whose data is made by `maker` over the bits of `as`. */
export function foreignSink(
  codec: NumberCodec,
  as: Datatype,
  maker: ArrayMaker,
  count: number,
  budget: Budget,
): ElementSink {
  const name = WORDS[as.size];
  if (as.class !== "float" || name === undefined || maker.BYTES_PER_ELEMENT !== as.size) {
    throw new DTypeError("does not fit the array that was asked for", {
      structure: nameOf(as),
      found: `${maker.BYTES_PER_ELEMENT} bytes an element`,
      allowed: `${as.size} bytes an element, of floats of up to 4 bytes`,
    });
  }
  budget.take(count, as.size);
  const bits = makeArray(name, count);
  const { type } = codec;
  const same = type.class === "float" && type.order !== "vax" && sameFormat(type, as);
  const reader = same
    ? wordReader(bits, type.order === "le")
    : new EncodingReader(codec, as, new Uint8Array(bits.buffer));
  return new ConvertSink(codec.type.size, bits, reader, (data) => {
    const { buffer, byteOffset, length } = data as Uint16Array<ArrayBuffer>;
    return new maker(buffer, byteOffset, length) as AnyData;
  });
}

/** Encodes each value anew. */
class EncodingReader implements Reader {
  private readonly value: number[] | bigint[];
  private readonly reader: Reader;
  private readonly encoder: FloatEncoder;
  private readonly size: number;
  private readonly target: Uint8Array;

  constructor(codec: NumberCodec, as: FloatType, target: Uint8Array) {
    this.value = makeNumbers(codec.array, 1) as unknown as number[];
    this.reader = numberReader(codec, this.value as unknown as bigint[]);
    this.encoder = new FloatEncoder(as);
    this.size = as.size;
    this.target = target;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    const { size } = this;
    for (let i = 0; i < count; i++) {
      this.reader.put(source, at + i * stride, 0, 0, 1);
      const bytes = this.target.subarray((index + i) * size, (index + i + 1) * size).fill(0);
      this.encoder.encode(Number(this.value[0]), bytes);
      if (!HOST_LITTLE) bytes.reverse();
    }
  }
}
