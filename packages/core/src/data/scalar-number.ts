/** Single numbers straight from their bytes: scalar attributes are many, and need no arrays. */
import type { Datatype } from "../format/datatype/datatype.ts";
import { numberCodec } from "./codecs/numbers.ts";

const bytes = new Uint8Array(8);
const view = new DataView(bytes.buffer);

/** The number that an element is, if its bits are those of a JavaScript array's element; `undefined` of all other types. */
export function scalarNumber(type: Datatype, data: Uint8Array): number | bigint | undefined {
  if (type.class !== "integer" && type.class !== "float") return undefined;
  const codec = numberCodec(type);
  if (codec?.bits === undefined) return undefined;
  for (let i = 0; i < type.size; i++) bytes[i] = data[i];
  const little = type.order === "le";
  switch (codec.array) {
    case "Int8Array":
      return view.getInt8(0);
    case "Uint8Array":
      return view.getUint8(0);
    case "Int16Array":
      return view.getInt16(0, little);
    case "Uint16Array":
      return view.getUint16(0, little);
    case "Int32Array":
      return view.getInt32(0, little);
    case "Uint32Array":
      return view.getUint32(0, little);
    case "Float32Array":
      return view.getFloat32(0, little);
    case "Float64Array":
      return view.getFloat64(0, little);
    case "BigInt64Array":
      return view.getBigInt64(0, little);
    case "BigUint64Array":
      return view.getBigUint64(0, little);
    default:
      return undefined;
  }
}
