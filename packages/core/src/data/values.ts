/** Single values out of data: what `item()`, `row()`, `toNested()` and scalar attributes give. */
import type { Datatype } from "../format/datatype/datatype.ts";
import type { AnyData, CompoundData, Row, TypedArray } from "./arrays.ts";
import { arrayName, makeNumbers, numberCodec } from "./codecs/numbers.ts";
import { complexParts, isBool } from "./dtype/meaning.ts";

const partsOf = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1);

/** Items in the data for each element: two of complex numbers, all of an array. */
export function itemsOf(type: Datatype): number {
  if (type.class === "array") return partsOf(type.dims) * itemsOf(type.base);
  return complexParts(type) === undefined ? 1 : 2;
}

/** Whether its data is columns. */
function hasColumns(type: Datatype): boolean {
  return type.class === "array" ? hasColumns(type.base) : type.class === "compound" && complexParts(type) === undefined;
}

/** Elements `start` to `end` of data. Typed arrays share their memory. */
export function sliceData(type: Datatype, data: AnyData, start: number, end: number): AnyData {
  if (hasColumns(type)) return sliceColumns(type, data as CompoundData, start, end);
  const items = itemsOf(type);
  const array = data as Float64Array<ArrayBuffer>;
  return ArrayBuffer.isView(data)
    ? array.subarray(start * items, end * items)
    : (data as string[]).slice(start * items, end * items);
}

function sliceColumns(type: Datatype, data: CompoundData, start: number, end: number): AnyData {
  if (type.class === "array") {
    const parts = partsOf(type.dims);
    return sliceColumns(type.base, data, start * parts, end * parts);
  }
  const slices: { [name: string]: AnyData } = Object.create(null);
  for (const member of type.class === "compound" ? type.members : []) {
    slices[member.name] = sliceData(member.type, data[member.name], start, end);
  }
  return slices;
}

/** One element: see `Item`. Elements of array datatypes are slices of the data. */
export function valueAt(type: Datatype, data: AnyData, i: number): unknown {
  if (type.class === "array") return sliceData(type, data, i, i + 1);
  if (complexParts(type) !== undefined) {
    const numbers = data as Float64Array;
    return { real: numbers[2 * i], imag: numbers[2 * i + 1] };
  }
  if (type.class === "compound") return rowAt(type, data as CompoundData, i, valueAt);
  const value = (data as readonly unknown[])[i];
  return isBool(type) ? value !== 0 : value;
}

function rowAt(
  type: Datatype & { class: "compound" },
  data: CompoundData,
  i: number,
  one: (type: Datatype, data: AnyData, i: number) => unknown,
): Row {
  const row: { [name: string]: unknown } = Object.create(null);
  for (const member of type.members) row[member.name] = one(member.type, data[member.name], i);
  return row;
}

/** One element in plain arrays and objects: those of array datatypes and variable-length sequences are arrays too. */
export function plainAt(type: Datatype, data: AnyData, i: number): unknown {
  if (type.class === "array") return nest(type.dims, i * partsOf(type.dims), (k) => plainAt(type.base, data, k));
  if (type.class === "compound" && complexParts(type) === undefined) {
    return rowAt(type, data as CompoundData, i, plainAt);
  }
  if (type.class !== "vlen" || type.kind === "string") return valueAt(type, data, i);
  const sequence = (data as readonly AnyData[])[i];
  return Array.from({ length: lengthOf(type.base, sequence) }, (_, k) => plainAt(type.base, sequence, k));
}

/** Elements in data. */
export function lengthOf(type: Datatype, data: AnyData): number {
  if (!hasColumns(type)) return (data as readonly unknown[]).length / itemsOf(type);
  if (type.class === "array") return lengthOf(type.base, data) / partsOf(type.dims);
  const [first] = type.class === "compound" ? type.members : [];
  return lengthOf(first.type, (data as CompoundData)[first.name]);
}

/** Nested arrays of a shape, in row-major order; `at` is the number of the first element. */
export function nest(shape: readonly number[], at: number, one: (i: number) => unknown, axis = 0): unknown {
  if (axis === shape.length) return one(at);
  const step = partsOf(shape.slice(axis + 1));
  return Array.from({ length: shape[axis] }, (_, i) => nest(shape, at + i * step, one, axis + 1));
}

/** The value of a scalar attribute: 64-bit integers become numbers where that is exact, also in rows. */
export function scalarValue(type: Datatype, data: AnyData): unknown {
  if (type.class === "compound" && complexParts(type) === undefined) {
    return rowAt(type, data as CompoundData, 0, (member, column, i) => relax(valueAt(member, column, i)));
  }
  return relax(valueAt(type, data, 0));
}

/** A 64-bit integer as a number, where that is exact. */
export function relax(value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** Data of several pieces as one. */
export function concatenate(type: Datatype, pieces: readonly AnyData[]): AnyData {
  if (type.class === "array") return concatenate(type.base, pieces);
  if (type.class === "compound" && complexParts(type) === undefined) {
    const record: { [name: string]: AnyData } = Object.create(null);
    for (const { name, type: member } of type.members) {
      record[name] = concatenate(
        member,
        pieces.map((piece) => (piece as CompoundData)[name]),
      );
    }
    return record;
  }
  const codec = numberCodec(complexParts(type)?.base ?? type);
  if (pieces.length === 0 && codec !== undefined) return makeNumbers(codec.array, 0);
  if (pieces.length > 0 && ArrayBuffer.isView(pieces[0])) return joinArrays(pieces as TypedArray[]);
  return (pieces as unknown[][]).flat(1) as AnyData;
}

function joinArrays(parts: readonly TypedArray[]): TypedArray {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const joined = makeNumbers(arrayName(parts[0])!, length) as TypedArray;
  let at = 0;
  for (const part of parts) {
    (joined as Float64Array).set(part as Float64Array, at);
    at += part.length;
  }
  return joined;
}
