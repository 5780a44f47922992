/** Numbers over the bytes of a file, without a copy. */
import type { Datatype } from "../../format/datatype/datatype.ts";
import type { TypedArray } from "../arrays.ts";
import { unwrapArrays } from "../result.ts";
import { arrayWidth, makeArray, numberCodec } from "./numbers.ts";

/** An array over these elements, where an array has them as they stand: order of bytes, width and alignment agree. */
export function sharedNumbers(type: Datatype, bytes: Uint8Array): TypedArray | undefined {
  const codec = numberCodec(unwrapArrays(type).type);
  if (codec?.bits !== "native" || codec.array === "bigint") return undefined;
  const width = arrayWidth(codec.array);
  const { buffer, byteOffset, length } = bytes;
  if (byteOffset % width !== 0 || !(buffer instanceof ArrayBuffer)) return undefined;
  return makeArray(codec.array, length / width, buffer, byteOffset);
}
