/**
 * Columns of Arrow's as plain values, and back: numbers, bigints (64 bits; times as they are counted; decimals without their point),
 * booleans, text, bytes, arrays (lists, maps as pairs), objects (structs); `null` where there is none.
 */
import type { Data, DataType, Field, Vector } from "apache-arrow";
import { DTypeError, UnsupportedError } from "h5ts";
import { type Arrow, arrowData, validityOf } from "./arrow.ts";
import { fromHalf, toHalf } from "./codecs/half.ts";
import { encodeTexts } from "./codecs/text-memory.ts";

/** One row's value. */
export type PlainValue =
  | null
  | number
  | bigint
  | boolean
  | string
  | Uint8Array
  | readonly PlainValue[]
  | { readonly [name: string]: PlainValue };

/** The values of a column. Numbers without nulls are the typed array itself. */
export function valuesOf(arrow: Arrow, data: Data): ArrayLike<PlainValue> & Iterable<PlainValue> {
  const { DataType: is } = arrow;
  const type = data.type as DataType;
  const valid = validityOf(data);
  if (is.isUnion(type)) throw new UnsupportedError("has no plain values", { structure: String(type) });
  if (is.isNull(type)) return new Array<null>(data.length).fill(null);
  const bare = bareValues(arrow, type, data);
  if (valid === undefined) return bare;
  return Array.from(bare, (value, i) => (valid[i] === 0 ? null : value));
}

type Values = ArrayLike<PlainValue> & Iterable<PlainValue>;

function bareValues(arrow: Arrow, type: DataType, data: Data): Values {
  const { DataType: is } = arrow;
  const { length, children, offset } = data;
  if (is.isDictionary(type)) {
    const words = dictionaryOf(arrow, data);
    return Array.from({ length }, (_, i) => words[Number(data.values[i])] ?? null);
  }
  if (is.isStruct(type)) return structs(arrow, type.children, data);
  if (is.isFixedSizeList(type)) {
    const items = Array.from(valuesOf(arrow, children[0]));
    return Array.from({ length }, (_, i) => items.slice(i * type.listSize, (i + 1) * type.listSize));
  }
  if (is.isList(type) || is.isLargeList(type) || is.isMap(type)) return lists(arrow, type, data);
  if (is.isBool(type)) {
    return Array.from({ length }, (_, i) => ((data.values[(offset + i) >> 3] >> ((offset + i) & 7)) & 1) === 1);
  }
  if (is.isFloat(type) && type.precision === arrow.Precision.HALF) return fromHalf(data.values.subarray(0, length));
  const strided = is.isDecimal(type) || is.isFixedSizeBinary(type) || is.isInterval(type);
  if (strided && !(is.isInterval(type) && data.stride === 1)) return pieces(arrow, type, data);
  if (data.valueOffsets !== undefined || is.isUtf8View(type) || is.isBinaryView(type)) {
    const vector = new arrow.Vector([data]);
    return Array.from({ length }, (_, i) => vector.get(i) as PlainValue);
  }
  return data.values.subarray(0, length) as Values;
}

function dictionaryOf(arrow: Arrow, data: Data): PlainValue[] {
  return (data.dictionary as Vector).data.flatMap((piece) => Array.from(valuesOf(arrow, piece)));
}

function structs(arrow: Arrow, fields: readonly Field[], { children, length }: Data): Values {
  const columns = children.map((child) => valuesOf(arrow, child));
  return Array.from({ length }, (_, i) => {
    const row: { [name: string]: PlainValue } = Object.create(null);
    fields.forEach(({ name }, c) => {
      row[name] = columns[c][i];
    });
    return row;
  });
}

function lists(arrow: Arrow, type: DataType, { children: [child], valueOffsets, length }: Data): Values {
  const items = Array.from(valuesOf(arrow, child));
  const map = arrow.DataType.isMap(type);
  const [key, value] = map ? (type.children![0].type.children as Field[]).map(({ name }) => name) : [];
  return Array.from({ length }, (_, i): PlainValue => {
    const part = items.slice(Number(valueOffsets[i]), Number(valueOffsets[i + 1]));
    if (!map) return part;
    return (part as { readonly [name: string]: PlainValue }[]).map((entry) => [entry[key], entry[value]]);
  });
}

/** Decimals as bigints, bytes of a fixed number, intervals as numbers of their parts. */
function pieces(arrow: Arrow, type: DataType, { values, stride, length }: Data): Values {
  return Array.from({ length }, (_, i): PlainValue => {
    const part = values.subarray(i * stride, (i + 1) * stride);
    if (!arrow.DataType.isDecimal(type)) return arrow.DataType.isInterval(type) ? [...part] : part;
    const bits = (part as Uint32Array).reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
    return BigInt.asIntN(stride * 32, bits);
  });
}

/** A column of values; what stands where there is none is blank. DTypeError for values that the type cannot hold. */
export function dataOf(arrow: Arrow, type: DataType, values: ArrayLike<PlainValue>): Data {
  const { DataType: is } = arrow;
  const { length } = values;
  if (is.isNull(type)) return new arrow.Data(type, 0, length, length);
  const nulls = Array.prototype.some.call(values, (value: PlainValue) => value === null || value === undefined);
  const valid = nulls ? Uint8Array.from(values, (value) => (value === null || value === undefined ? 0 : 1)) : undefined;
  if (is.isStruct(type)) {
    const rows = values as ArrayLike<{ readonly [name: string]: PlainValue } | null>;
    const children = (type.children as Field[]).map(({ name, type: child }) =>
      dataOf(
        arrow,
        child,
        Array.from(rows, (row) => row?.[name] ?? null),
      ),
    );
    return arrowData(arrow, type, length, { children, valid });
  }
  if (is.isFixedSizeList(type)) {
    const blank = new Array<null>(type.listSize).fill(null);
    const items = Array.from(values as ArrayLike<PlainValue[] | null>, (row) => row ?? blank).flat(1);
    return arrowData(arrow, type, length, { children: [dataOf(arrow, type.children[0].type, items)], valid });
  }
  if (is.isList(type) || is.isLargeList(type) || is.isMap(type)) return listData(arrow, type, values, valid);
  if (is.isDictionary(type)) return dictionaryData(arrow, type, values, valid);
  return flatData(arrow, type, values, valid);
}

function listData(arrow: Arrow, type: DataType, values: ArrayLike<PlainValue>, valid?: Uint8Array): Data {
  const offsets = new Int32Array(values.length + 1);
  const items: PlainValue[] = [];
  const item = type.children![0].type as DataType;
  const map = arrow.DataType.isMap(type);
  const [key, value] = map ? (item.children as Field[]).map(({ name }) => name) : [];
  for (let i = 0; i < values.length; i++) {
    for (const one of (values[i] ?? []) as PlainValue[]) {
      items.push(map ? { [key]: (one as PlainValue[])[0], [value]: (one as PlainValue[])[1] } : one);
    }
    offsets[i + 1] = items.length;
  }
  const counts = arrow.DataType.isLargeList(type) ? BigInt64Array.from(offsets, BigInt) : offsets;
  return arrowData(arrow, type, values.length, { offsets: counts, children: [dataOf(arrow, item, items)], valid });
}

function dictionaryData(
  arrow: Arrow,
  type: DataType & { dictionary: DataType; indices: DataType },
  values: ArrayLike<PlainValue>,
  valid?: Uint8Array,
): Data {
  const numbers = new Map<PlainValue, number>();
  const found = Array.from(values, (value) => {
    if (value === null || value === undefined) return 0;
    if (!numbers.has(value)) numbers.set(value, numbers.size);
    return numbers.get(value)!;
  });
  const indices = dataOf(arrow, type.indices, found).values;
  const dictionary = new arrow.Vector([dataOf(arrow, type.dictionary, [...numbers.keys()])]);
  return arrowData(arrow, type, values.length, { values: indices, dictionary, valid });
}

function flatData(arrow: Arrow, type: DataType, values: ArrayLike<PlainValue>, valid?: Uint8Array): Data {
  const { DataType: is } = arrow;
  const { length } = values;
  if (is.isBool(type)) {
    const bits = new Uint8Array((length + 7) >> 3);
    for (let i = 0; i < length; i++) if (values[i] === true || values[i] === 1) bits[i >> 3] |= 1 << (i & 7);
    return arrowData(arrow, type, length, { values: bits, valid });
  }
  if (is.isUtf8(type) || is.isLargeUtf8(type)) {
    const { offsets, bytes } = encodeTexts(Array.from(values, (value) => (value ?? "") as string));
    const counts = is.isLargeUtf8(type) ? BigInt64Array.from(offsets, BigInt) : offsets;
    return arrowData(arrow, type, length, { offsets: counts, values: bytes, valid });
  }
  if (is.isUtf8View(type) || is.isBinaryView(type) || is.isBinary(type) || is.isLargeBinary(type)) {
    if (length > 0) return arrow.vectorFromArray(Array.from(values) as string[], type as never).data[0] as Data;
    return arrow.makeData({
      type,
      valueOffsets: is.isLargeBinary(type) ? [0n] : [0],
      data: new Uint8Array(0),
      views: new Uint8Array(0),
    } as never);
  }
  return arrowData(arrow, type, length, { values: numbersOf(arrow, type, values), valid });
}

function numbersOf(arrow: Arrow, type: DataType, values: ArrayLike<PlainValue>): ArrayBufferView {
  const { DataType: is } = arrow;
  if (is.isFloat(type) && type.precision === arrow.Precision.HALF) {
    return toHalf(
      Float32Array.from(values as ArrayLike<number>, (value) => value ?? 0),
      values.length,
    );
  }
  const stride = is.isDecimal(type)
    ? type.bitWidth / 32
    : is.isFixedSizeBinary(type)
      ? type.byteWidth
      : strideOf(arrow, type);
  const Maker = (type as { ArrayType: unknown }).ArrayType as Float64ArrayConstructor;
  const numbers = new Maker(values.length * stride);
  const big = (numbers as unknown) instanceof BigInt64Array || (numbers as unknown) instanceof BigUint64Array;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    if (typeof value === "bigint" && is.isDecimal(type)) {
      for (let w = 0; w < stride; w++) numbers[i * stride + w] = Number((value >> BigInt(32 * w)) & 0xffffffffn);
    } else if (typeof value === "object") numbers.set(value as never, i * stride);
    else numbers[i] = held(type, big ? BigInt(value as bigint) : Number(value), numbers, i) as never;
  }
  return numbers;
}

function strideOf(arrow: Arrow, type: DataType): number {
  return arrow.DataType.isInterval(type) ? [1, 2, 4][type.unit] : 1;
}

/** A number, which an array of integers must hold as it is. */
function held(type: DataType, value: number | bigint, numbers: Float64Array, i: number): number | bigint {
  numbers[i] = value as never;
  if (
    (numbers as unknown) instanceof Float32Array ||
    numbers instanceof Float64Array ||
    numbers[i] === (value as never)
  ) {
    return value;
  }
  throw new DTypeError("has a value that its type cannot hold", { structure: String(type), found: value });
}
