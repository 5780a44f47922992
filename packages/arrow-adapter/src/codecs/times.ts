/** Times: NumPy's datetime64 and timedelta64 in HDF5, whose "not a time" is Arrow's null. */
import type { Data, DataType } from "apache-arrow";
import { type DType, DTypeError } from "h5ts";
import { arrowData, validityOf } from "../arrow.ts";
import type { Codec, CodecContext } from "../codec.ts";
import { wholeValues } from "./numbers.ts";

const NOT_A_TIME = -(2n ** 63n);

/** Times of Arrow's that are counted in 32 or 64 bits. */
export function timeCodec({ arrow }: CodecContext, type: DataType, dtype: DType): Codec {
  const words = (type as { ArrayType?: unknown }).ArrayType === Int32Array;
  return {
    type,
    dtype,
    ownNulls: true,
    encode: (data) => encodeTimes(data),
    decode: (values, count, valid) => {
      const times = values as BigInt64Array;
      const there = validTimes(times, count, valid);
      return arrowData(arrow, type, count, { values: words ? narrow(times, there) : times, valid: there });
    },
  };
}

function encodeTimes(data: Data): BigInt64Array<ArrayBuffer> {
  const values = wholeValues(data) as BigInt64Array<ArrayBuffer> | Int32Array;
  const valid = validityOf(data);
  const same = values instanceof BigInt64Array;
  if (same && valid === undefined && !values.includes(NOT_A_TIME)) return values;
  const times = new BigInt64Array(data.length);
  for (let i = 0; i < times.length; i++) {
    if (valid?.[i] === 0) times[i] = NOT_A_TIME;
    else if ((times[i] = same ? values[i] : BigInt(values[i])) === NOT_A_TIME) throw noTime();
  }
  return times;
}

function noTime(): DTypeError {
  return new DTypeError("has the value that stands for no time in HDF5, and is not null", {
    structure: "column of times",
    found: NOT_A_TIME,
  });
}

/** A byte a row, 0 where it is no time or not valid; `undefined` where all are there. */
function validTimes(times: BigInt64Array, count: number, valid: Uint8Array | undefined): Uint8Array | undefined {
  if (!times.includes(NOT_A_TIME)) return valid;
  const there = new Uint8Array(count);
  for (let i = 0; i < count; i++) there[i] = Number(valid?.[i] !== 0 && times[i] !== NOT_A_TIME);
  return there;
}

function narrow(times: BigInt64Array, valid: Uint8Array | undefined): Int32Array {
  const words = new Int32Array(times.length);
  for (let i = 0; i < words.length; i++) {
    if (valid?.[i] === 0) continue;
    words[i] = Number(times[i]);
    if (BigInt(words[i]) !== times[i]) {
      throw new DTypeError("has a day that 32 bits cannot count", { structure: "column of dates", found: times[i] });
    }
  }
  return words;
}
