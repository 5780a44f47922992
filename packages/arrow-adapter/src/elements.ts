/** Elements as h5ts reads them (typed arrays, texts, columns by member): parts, choices and blanks of them. */
import { type AnyData, type CompoundData, DType, type FileDatatype, type TypedArray } from "h5ts";

type Compound = FileDatatype & { class: "compound" };

const product = (dims: readonly number[]): number => dims.reduce((all, dim) => all * dim, 1);

/** Whether data of the type is an object of columns. */
export const hasMembers = (type: FileDatatype): type is Compound =>
  type.class === "compound" && new DType(type).fields !== undefined;

/** Places that an element takes in the data: those of arrays, two of complex numbers. */
function placesOf(type: FileDatatype): number {
  if (type.class === "array") return product(type.dims) * placesOf(type.base);
  return (type.class === "compound" && !hasMembers(type)) || type.class === "complex" ? 2 : 1;
}

/** The type of members inside of arrays, and how many of them make an element. */
function inArrays(type: FileDatatype): { type: FileDatatype; count: number } {
  let count = 1;
  let inner = type;
  while (inner.class === "array") {
    count *= product(inner.dims);
    inner = inner.base;
  }
  return { type: inner, count };
}

/** Array datatypes as axes of their own, and the elements inside of them. */
export function axesOf(dtype: DType): { readonly axes: readonly number[]; readonly element: DType } {
  const axes: number[] = [];
  let { datatype } = dtype;
  while (datatype.class === "array") {
    axes.push(...datatype.dims);
    datatype = datatype.base;
  }
  return { axes, element: new DType(datatype) };
}

/** Calls `one` for the data of each member. */
function eachMember(type: Compound, one: (type: FileDatatype, name: string) => AnyData): CompoundData {
  const record: { [name: string]: AnyData } = Object.create(null);
  for (const member of type.members) record[member.name] = one(member.type, member.name);
  return record;
}

/** Elements `start` to `end`; typed arrays share their memory. */
export function sliceElements(type: FileDatatype, data: AnyData, start: number, end: number): AnyData {
  const { type: inner, count } = inArrays(type);
  if (hasMembers(inner)) {
    const columns = data as CompoundData;
    return eachMember(inner, (member, name) => sliceElements(member, columns[name], start * count, end * count));
  }
  const places = placesOf(type);
  return ArrayBuffer.isView(data)
    ? (data as Float64Array<ArrayBuffer>).subarray(start * places, end * places)
    : (data as string[]).slice(start * places, end * places);
}

/** The elements with those numbers; a blank one for a negative number. */
export function takeElements(type: FileDatatype, data: AnyData, rows: Int32Array): AnyData {
  const { type: inner, count } = inArrays(type);
  if (hasMembers(inner)) {
    const columns = data as CompoundData;
    const each = count === 1 ? rows : spread(rows, count);
    return eachMember(inner, (member, name) => takeElements(member, columns[name], each));
  }
  const places = placesOf(type);
  const each = places === 1 ? rows : spread(rows, places);
  if (!ArrayBuffer.isView(data)) {
    const list = data as unknown[];
    return Array.from(each, (row) => (row < 0 ? blankOf(inner) : list[row])) as AnyData;
  }
  const from = data as Float64Array<ArrayBuffer>;
  const to = emptyLike(from, each.length);
  for (let i = 0; i < each.length; i++) if (each[i] >= 0) to[i] = from[each[i]];
  return to;
}

function emptyLike(array: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  const Maker = array.constructor as new (length: number) => Float64Array<ArrayBuffer>;
  return new Maker(length);
}

/** Numbers of the places of elements. */
function spread(rows: Int32Array, places: number): Int32Array {
  const each = new Int32Array(rows.length * places);
  for (let i = 0; i < each.length; i++) {
    const row = rows[Math.floor(i / places)];
    each[i] = row < 0 ? -1 : row * places + (i % places);
  }
  return each;
}

/** What stands where there is no value, in lists. */
function blankOf(type: FileDatatype): unknown {
  if (type.class === "string") return "";
  if (type.class === "opaque") return new Uint8Array(type.size);
  if (type.class !== "vlen") return 0n;
  return type.kind === "string" ? "" : blanks(type.base);
}

const NONE = new Int32Array(0);

/** Data of no elements. */
export function blanks(type: FileDatatype): AnyData {
  const { type: inner } = inArrays(type);
  if (hasMembers(inner)) return eachMember(inner, (member) => blanks(member));
  const array = numbersFor(inner);
  return array === undefined ? [] : takeElements(inner, array, NONE);
}

const FLOATS32 = new Set(["float16", "float32", "bfloat16", "float8_e4m3", "float8_e5m2"]);

/** A typed array of no elements of the kind that a datatype is read into; `undefined` where that is no typed array. */
export function numbersFor(type: FileDatatype): TypedArray | undefined {
  switch (type.class) {
    case "integer":
      return integersFor(type.size, type.signed);
    case "bitfield":
    case "time":
      return integersFor(type.size, false);
    case "enum":
      return new DType(type).name === "bool" ? new Uint8Array(0) : numbersFor(type.base);
    case "float":
      return FLOATS32.has(new DType(type).name) ? new Float32Array(0) : new Float64Array(0);
    case "complex":
      return numbersFor(type.base);
    case "compound": {
      const { base } = new DType(type);
      return base === undefined ? undefined : numbersFor(base.datatype);
    }
    case "opaque":
      return new DType(type).unit === undefined ? undefined : new BigInt64Array(0);
    default:
      return undefined;
  }
}

function integersFor(size: number, signed: boolean): TypedArray | undefined {
  if (size === 1) return signed ? new Int8Array(0) : new Uint8Array(0);
  if (size === 2) return signed ? new Int16Array(0) : new Uint16Array(0);
  if (size <= 4) return signed ? new Int32Array(0) : new Uint32Array(0);
  if (size <= 8) return signed ? new BigInt64Array(0) : new BigUint64Array(0);
  return undefined;
}

/** A typed array of zeros of the kind that a datatype of numbers is read into. */
export function numbersOf(type: FileDatatype, length: number): TypedArray {
  const Maker = numbersFor(type)!.constructor as new (length: number) => TypedArray;
  return new Maker(length);
}
