/** Dictionaries: enumerations in HDF5, or their values. */
import type { Data, DataType, Dictionary, Vector } from "apache-arrow";
import { type AnyData, type DType, DTypeError, LimitError, type TypedArray } from "h5ts";
import { arrowData } from "../arrow.ts";
import type { Codec, CodecContext } from "../codec.ts";
import { hasMembers, numbersOf, takeElements } from "../elements.ts";
import { rowValidity } from "./columns.ts";
import { encodeTexts } from "./text-memory.ts";

/** Values of an enumeration: the dictionary is the names, in the order in which the datatype has them. */
export function enumCodec(context: CodecContext, type: Dictionary, dtype: DType): Codec {
  const names = [...dtype.members!.keys()];
  const values = [...dtype.members!.values()];
  const ordinal = values.every((value, i) => Number(value) === i);
  const numbers = new Map(values.map((value, i) => [value, i]));
  const { arrow } = context;
  const dictionary = textVector(context, type.dictionary, names);
  return {
    type,
    dtype,
    encode: (data) => codesOf(data, names, values, dtype),
    decode: (codes, count, valid) => {
      const indices = ordinal ? asIndices(codes as TypedArray, type) : undefined;
      const found = indices ?? indicesOf(codes as TypedArray, numbers, type, valid);
      checkCodes(found, codes as TypedArray, names.length, valid);
      return arrowData(arrow, type, count, { values: found, valid, dictionary });
    },
  };
}

function textVector({ arrow }: CodecContext, type: DataType, texts: readonly string[]): Vector {
  const { offsets, bytes } = encodeTexts(texts, "replace");
  const large = arrow.DataType.isLargeUtf8(type) ? BigInt64Array.from(offsets, BigInt) : offsets;
  if (!arrow.DataType.isUtf8(type) && !arrow.DataType.isLargeUtf8(type)) return arrow.vectorFromArray(texts, type);
  return new arrow.Vector([arrowData(arrow, type, texts.length, { offsets: large, values: bytes })]);
}

/** The same bytes, where they are as wide: codes up to the number of names are the same with and without a sign. */
function asIndices(codes: TypedArray, type: Dictionary): TypedArray | undefined {
  const Indices = type.indices.ArrayType as unknown as { readonly BYTES_PER_ELEMENT: number } & (new (
    buffer: ArrayBufferLike,
    at: number,
    length: number,
  ) => TypedArray);
  if (Indices.BYTES_PER_ELEMENT !== codes.BYTES_PER_ELEMENT) return undefined;
  return new Indices(codes.buffer, codes.byteOffset, codes.length);
}

function indicesOf(
  codes: TypedArray,
  numbers: ReadonlyMap<number | bigint, number>,
  type: Dictionary,
  valid: Uint8Array | undefined,
): TypedArray {
  const Indices = type.indices.ArrayType as unknown as new (length: number) => Int32Array;
  const indices = new Indices(codes.length) as Int32Array | BigInt64Array;
  const big = indices instanceof BigInt64Array || (indices as unknown) instanceof BigUint64Array;
  for (let i = 0; i < codes.length; i++) {
    const found = numbers.get(codes[i]) ?? (valid?.[i] === 0 ? 0 : -1);
    if (found < 0) throw noName(codes[i]);
    indices[i] = (big ? BigInt(found) : found) as never;
  }
  return indices as TypedArray;
}

function checkCodes(found: TypedArray, codes: TypedArray, count: number, valid: Uint8Array | undefined): void {
  if (!(found instanceof BigInt64Array || found instanceof BigUint64Array) && allBelow(found, count)) return;
  for (let i = 0; i < found.length; i++) {
    const index = Number(found[i]);
    if ((index < 0 || index >= count) && valid?.[i] !== 0) throw noName(codes[i]);
  }
}

function allBelow(found: ArrayLike<number>, count: number): boolean {
  let least = 0;
  let most = 0;
  for (let i = 0; i < found.length; i++) {
    if (found[i] < least) least = found[i];
    if (found[i] > most) most = found[i];
  }
  return least >= 0 && most < count;
}

function noName(found: unknown): DTypeError {
  return new DTypeError('has a value without a name; the option enums: "integers" gives values as they are', {
    structure: "enumeration",
    found,
  });
}

/** Rows as the values of the enumeration, by the names that they have in the dictionary. */
function codesOf(data: Data, names: readonly string[], values: readonly (number | bigint)[], dtype: DType): AnyData {
  const places = new Map(names.map((name, i) => [name, i]));
  const valid = rowValidity(data);
  const numbers = Array.from(data.dictionary as Vector, (name: string | null) => places.get(name as string));
  const codes = numbersOf(dtype.datatype, data.length);
  const indices = data.values as Int32Array;
  for (let i = 0; i < data.length; i++) {
    if (valid?.[i] === 0) codes[i] = values[0] as never;
    else {
      const place = numbers[Number(indices[i])];
      if (place === undefined) throw unnamed(data.dictionary?.get(Number(indices[i])));
      codes[i] = values[place] as never;
    }
  }
  return codes;
}

function unnamed(found: unknown): DTypeError {
  return new DTypeError("is none of the names of the enumeration that the column is kept as", {
    structure: "dictionary",
    found,
  });
}

/**
 * Dictionaries whose values are kept: on reading those that differ are collected anew, in the order in which they appear. The
 * dictionary grows from batch to batch, so that a stream of them can send what is new alone.
 */
export function valuesCodec({ arrow }: CodecContext, type: Dictionary, value: Codec): Codec {
  const known = new Map<unknown, number>();
  const pieces: Data[] = [];
  const add = (values: AnyData, firsts: readonly number[]): Vector => {
    const dtype = value.dtype.datatype;
    if (firsts.length > 0 || pieces.length === 0) {
      pieces.push(value.decode(takeElements(dtype, values, Int32Array.from(firsts)), firsts.length));
    }
    return new arrow.Vector([...pieces]);
  };
  return {
    type,
    dtype: value.dtype,
    encode: (data) => takeDictionary(data, value),
    decode: (values, count, valid) => {
      if (!isListed(value.dtype)) return oneEach(arrow, type, value, values, count, valid);
      const { indices, firsts } = numbered(values, known, count, type, valid);
      return arrowData(arrow, type, count, { values: indices, valid, dictionary: add(values, firsts) });
    },
  };
}

const isListed = ({ datatype }: DType): boolean => datatype.class !== "array" && !hasMembers(datatype);

/** Values that are not compared: each row has its own. */
function oneEach(
  arrow: CodecContext["arrow"],
  type: Dictionary,
  value: Codec,
  values: AnyData,
  count: number,
  valid: Uint8Array | undefined,
): Data {
  const dictionary = new arrow.Vector([value.decode(values, count)]);
  const Indices = type.indices.ArrayType as unknown as { from(numbers: Iterable<number>, one: unknown): TypedArray };
  const big = (type.indices as { bitWidth?: number }).bitWidth === 64;
  const indices = Indices.from(Array(count).keys(), big ? BigInt : Number);
  return arrowData(arrow, type, count, { values: indices, valid, dictionary });
}

function takeDictionary(data: Data, value: Codec): AnyData {
  const valid = rowValidity(data);
  const indices = data.values as Int32Array;
  const rows = Int32Array.from({ length: data.length }, (_, i) => (valid?.[i] === 0 ? -1 : Number(indices[i])));
  return takeElements(value.dtype.datatype, encodeAll(data.dictionary as Vector, value), rows);
}

/** All values of a dictionary, which may come in pieces. */
function encodeAll(dictionary: Vector, value: Codec): AnyData {
  const whole = dictionary.data.length === 1 ? dictionary : dictionary.concat();
  const [first, ...others] = whole.data;
  const start = value.encode(first);
  return others.reduce<AnyData>((all, piece) => append(all, value.encode(piece)), start);
}

function append(all: AnyData, more: AnyData): AnyData {
  if (!ArrayBuffer.isView(all)) {
    if (!Array.isArray(all)) throw new DTypeError("comes in pieces that cannot be joined", { structure: "dictionary" });
    return [...all, ...(more as string[])] as AnyData;
  }
  const a = all as Float64Array<ArrayBuffer>;
  const b = more as Float64Array<ArrayBuffer>;
  const Maker = a.constructor as new (length: number) => Float64Array<ArrayBuffer>;
  const joined = new Maker(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** The number of each row's value, and the rows in which values first appear. */
function numbered(
  values: AnyData,
  known: Map<unknown, number>,
  count: number,
  type: Dictionary,
  valid: Uint8Array | undefined,
): { indices: TypedArray; firsts: number[] } {
  const Indices = type.indices.ArrayType as unknown as new (length: number) => Int32Array;
  const indices = new Indices(count);
  const big = (indices as unknown) instanceof BigInt64Array || (indices as unknown) instanceof BigUint64Array;
  const firsts: number[] = [];
  const list = values as ArrayLike<unknown>;
  for (let i = 0; i < count; i++) {
    if (valid?.[i] === 0) continue;
    const key = keyOf(list[i]);
    let number = known.get(key);
    if (number === undefined) {
      known.set(key, (number = known.size));
      firsts.push(i);
    }
    indices[i] = (big ? BigInt(number) : number) as never;
    if (Number(indices[i]) !== number) throw tooMany(number, type);
  }
  return { indices: indices as TypedArray, firsts };
}

/** What tells values apart. */
function keyOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return ArrayBuffer.isView(value) ? Array.from(value as Uint8Array).join(" ") : JSON.stringify(value);
}

function tooMany(found: number, type: Dictionary): LimitError {
  return new LimitError("has more different values than its dictionary can number", {
    structure: String(type.indices),
    found,
  });
}
