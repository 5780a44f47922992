/** Which array each numeric datatype is read into, and how. */
import { newMemory } from "../../bytes/large-memory.ts";
import { HOST_LITTLE } from "../../bytes/swap.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import type { TypedArray } from "../arrays.ts";
import { bitsOf } from "../dtype/bits.ts";
import { isBool, momentOf } from "../dtype/meaning.ts";
import { FLOAT_FORMATS, sameFormat } from "../dtype/standard.ts";
import { BigBitsReader, BitsReader, WideBitsReader } from "./bits.ts";
import { bitsWriter } from "./bits-writer.ts";
import { checkFloat, fitsFloat32, floatReader } from "./float.ts";
import { floatWriter } from "./float-writer.ts";
import type { Reader } from "./reader.ts";
import { wordReader, wordWriter } from "./words.ts";
import type { Writer } from "./writer.ts";

/** Names of the arrays that numbers are read into; integers beyond 64 bits go to plain arrays of bigint. */
export type ArrayName =
  | "Int8Array"
  | "Uint8Array"
  | "Int16Array"
  | "Uint16Array"
  | "Int32Array"
  | "Uint32Array"
  | "Float32Array"
  | "Float64Array"
  | "BigInt64Array"
  | "BigUint64Array"
  | "bigint";

type Constructor = new (buffer: ArrayBuffer, byteOffset: number, length: number) => TypedArray;

const CONSTRUCTORS: Readonly<
  Record<Exclude<ArrayName, "bigint">, Constructor & { readonly BYTES_PER_ELEMENT: number }>
> = {
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};

/** Bytes of an element of that array; of bigint about what one takes. */
export const arrayWidth = (name: ArrayName): number => (name === "bigint" ? 32 : CONSTRUCTORS[name].BYTES_PER_ELEMENT);

/** An array of that name over fresh or given memory. */
export function makeArray(
  name: Exclude<ArrayName, "bigint">,
  length: number,
  buffer?: ArrayBuffer,
  byteOffset = 0,
): TypedArray {
  const make = CONSTRUCTORS[name];
  return new make(buffer ?? newMemory(length * make.BYTES_PER_ELEMENT), byteOffset, length);
}

/** Whether elements of that array are of type bigint. */
export const isBigint = (name: ArrayName): boolean => name === "bigint" || name.startsWith("Big");

/** An array for numbers of any kind. */
export function makeNumbers(name: ArrayName, length: number): TypedArray | bigint[] {
  return name === "bigint" ? new Array<bigint>(length).fill(0n) : makeArray(name, length);
}

/** The name of an array's kind; `undefined` for what is none of them. */
export function arrayName(array: unknown): ArrayName | undefined {
  if (!ArrayBuffer.isView(array)) return undefined;
  // Also of subclasses, and of other realms.
  const name = (array as TypedArray)[Symbol.toStringTag];
  return Object.hasOwn(CONSTRUCTORS, name) ? name : undefined;
}

/** How a numeric datatype is read. */
export interface NumberCodec {
  readonly type: Datatype;
  readonly array: ArrayName;
  /** Present where an element of the file has the bits of an element of the array: as they stand, or turned around. */
  readonly bits?: "native" | "swapped";
}

let lastType: Datatype | undefined;
let lastCodec: NumberCodec | undefined;

/** How a datatype of numbers is read; `undefined` if it is none. Small reads ask for one type again and again. */
export function numberCodec(type: Datatype): NumberCodec | undefined {
  if (type === lastType) return lastCodec;
  const codec = codecOf(type);
  lastType = type;
  lastCodec = codec;
  return codec;
}

function codecOf(type: Datatype): NumberCodec | undefined {
  switch (type.class) {
    case "float":
      return floatCodec(type);
    case "integer":
    case "bitfield":
    case "time":
      return integerCodec(type);
    case "enum": {
      if (isBool(type)) return { type, array: "Uint8Array", bits: "native" };
      const base = numberCodec(type.base);
      return base === undefined ? undefined : base;
    }
    case "opaque": {
      const moment = momentOf(type);
      return moment === undefined ? undefined : wordCodec(type, "BigInt64Array", moment.order);
    }
    default:
      return undefined;
  }
}

function wordCodec(type: Datatype, array: ArrayName, order: "le" | "be" | "vax"): NumberCodec {
  const native = type.size === 1 || (order === "le") === HOST_LITTLE;
  return { type, array, bits: native ? "native" : "swapped" };
}

function floatCodec(type: Datatype & { class: "float" }): NumberCodec {
  checkFloat(type);
  const array = fitsFloat32(type) ? "Float32Array" : "Float64Array";
  const own = FLOAT_FORMATS.get(array === "Float32Array" ? "float32" : "float64")!;
  return type.order !== "vax" && sameFormat(type, own) ? wordCodec(type, array, type.order) : { type, array };
}

/** Arrays of signed and unsigned integers by the bytes of an element. */
function integerArray(size: number, signed: boolean): ArrayName {
  if (size === 1) return signed ? "Int8Array" : "Uint8Array";
  if (size === 2) return signed ? "Int16Array" : "Uint16Array";
  if (size <= 4) return signed ? "Int32Array" : "Uint32Array";
  if (size <= 8) return signed ? "BigInt64Array" : "BigUint64Array";
  return "bigint";
}

function integerCodec(type: Datatype): NumberCodec {
  const bits = bitsOf(type);
  const array = integerArray(bits.size, bits.signed);
  const whole = bits.precision === bits.size * 8 && bits.size === arrayWidth(array);
  return whole ? wordCodec(type, array, bits.little ? "le" : "be") : { type, array };
}

/** A reader into an array that was made for the codec. */
export function numberReader(codec: NumberCodec, target: TypedArray | bigint[]): Reader {
  const { type } = codec;
  if (codec.bits !== undefined) return wordReader(target as TypedArray, (codec.bits === "native") === HOST_LITTLE);
  if (type.class === "float") return floatReader(type, target as Float64Array);
  const bits = bitsOf(type);
  if (codec.array === "bigint") return new BigBitsReader(bits, target as bigint[]);
  if (bits.size > 4) return new WideBitsReader(bits, target as BigInt64Array);
  return new BitsReader(bits, target as Int32Array);
}

/** A writer from an array of the codec's kind. */
export function numberWriter(codec: NumberCodec, source: TypedArray | bigint[]): Writer {
  const { type } = codec;
  if (codec.bits !== undefined) return wordWriter(source as TypedArray, (codec.bits === "native") === HOST_LITTLE);
  if (type.class === "float") return floatWriter(type, source as Float64Array);
  const padding = type.class === "integer" || type.class === "bitfield" ? type : {};
  return bitsWriter(bitsOf(type), padding, source);
}
