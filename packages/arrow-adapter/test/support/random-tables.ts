/** Tables of random types and values, from a seed: made of memory, not of values, so that rows that are null hold anything. */
import * as arrow from "apache-arrow";

export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  /** An integer from 0 up to but without `limit`. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  chance(part: number): boolean {
    return this.below(1000) < part * 1000;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  bytes(count: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }
}

/** Types without children, by name. */
export const FLAT: Readonly<Record<string, () => arrow.DataType>> = {
  null: () => new arrow.Null(),
  bool: () => new arrow.Bool(),
  int8: () => new arrow.Int8(),
  int16: () => new arrow.Int16(),
  int32: () => new arrow.Int32(),
  int64: () => new arrow.Int64(),
  uint8: () => new arrow.Uint8(),
  uint16: () => new arrow.Uint16(),
  uint32: () => new arrow.Uint32(),
  uint64: () => new arrow.Uint64(),
  float16: () => new arrow.Float16(),
  float32: () => new arrow.Float32(),
  float64: () => new arrow.Float64(),
  utf8: () => new arrow.Utf8(),
  largeUtf8: () => new arrow.LargeUtf8(),
  utf8View: () => new arrow.Utf8View(),
  binary: () => new arrow.Binary(),
  largeBinary: () => new arrow.LargeBinary(),
  binaryView: () => new arrow.BinaryView(),
  fixedSizeBinary: () => new arrow.FixedSizeBinary(5),
  emptyBinary: () => new arrow.FixedSizeBinary(0),
  decimal128: () => new arrow.Decimal(3, 20, 128),
  decimal256: () => new arrow.Decimal(10, 60, 256),
  dateDay: () => new arrow.DateDay(),
  dateMillisecond: () => new arrow.DateMillisecond(),
  timestampSecond: () => new arrow.TimestampSecond(),
  timestampMillisecond: () => new arrow.TimestampMillisecond("Europe/Berlin"),
  timestampMicrosecond: () => new arrow.TimestampMicrosecond("UTC"),
  timestampNanosecond: () => new arrow.TimestampNanosecond(),
  timeSecond: () => new arrow.TimeSecond(),
  timeMillisecond: () => new arrow.TimeMillisecond(),
  timeMicrosecond: () => new arrow.TimeMicrosecond(),
  timeNanosecond: () => new arrow.TimeNanosecond(),
  durationSecond: () => new arrow.DurationSecond(),
  durationMillisecond: () => new arrow.DurationMillisecond(),
  durationMicrosecond: () => new arrow.DurationMicrosecond(),
  durationNanosecond: () => new arrow.DurationNanosecond(),
  intervalYearMonth: () => new arrow.IntervalYearMonth(),
  intervalDayTime: () => new arrow.IntervalDayTime(),
  intervalMonthDayNano: () => new arrow.IntervalMonthDayNano(),
  dictionary: () => new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8()),
  orderedDictionary: () => new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), undefined, true),
  numberDictionary: () => new arrow.Dictionary(new arrow.Int64(), new arrow.Uint16()),
};

const ITEMS: readonly string[] = Object.keys(FLAT).filter((name) => !/dictionary/i.test(name));

/** Types around others, by name. */
export const NESTED: Readonly<Record<string, (random: Random, depth: number) => arrow.DataType>> = {
  list: (random, depth) => new arrow.List(randomField(random, "item", depth + 1)),
  largeList: (random, depth) => new arrow.LargeList(randomField(random, "item", depth + 1)),
  fixedSizeList: (random, depth) => new arrow.FixedSizeList(random.below(4), randomField(random, "item", depth + 1)),
  struct: (random, depth) =>
    new arrow.Struct(
      Array.from({ length: random.below(4) }, (_, i) =>
        randomField(random, random.pick([`s${i}`, "x"]) + i, depth + 1),
      ),
    ),
  map: (random, depth) =>
    new arrow.Map_(
      new arrow.Field(
        "entries",
        new arrow.Struct([
          new arrow.Field("key", random.pick([new arrow.Utf8(), new arrow.Int32()]), false),
          randomField(random, "value", depth + 1),
        ]),
        false,
      ) as never,
    ),
  sparseUnion: (random, depth) => unionOf(random, depth, arrow.UnionMode.Sparse),
  denseUnion: (random, depth) => unionOf(random, depth, arrow.UnionMode.Dense),
};

function unionOf(random: Random, depth: number, mode: arrow.UnionMode): arrow.DataType {
  const children = Array.from({ length: 1 + random.below(3) }, (_, i) => randomField(random, `u${i}`, depth + 1));
  return new arrow.Union(
    mode,
    Int32Array.from(children, (_, i) => i),
    children,
  );
}

export function randomType(random: Random, depth = 0): arrow.DataType {
  const nested = random.chance(depth === 0 ? 0.3 : 0.25) && depth < 3;
  if (nested) return NESTED[random.pick(Object.keys(NESTED))](random, depth);
  return FLAT[random.pick(depth === 0 ? Object.keys(FLAT) : ITEMS)]();
}

export function randomField(random: Random, name: string, depth = 0): arrow.Field {
  const metadata = random.chance(0.1) ? new Map([["unit", `m${random.below(9)}`]]) : undefined;
  return new arrow.Field(name, randomType(random, depth), random.chance(0.6), metadata);
}

const NAMES = [
  "a",
  "b",
  "",
  "x",
  "x__valid",
  "with space",
  "größe",
  "a/b",
  "a_b",
  ".",
  "_",
  "__proto__",
  "data",
  "shape",
];

/** A schema of some columns, with names that HDF5 cannot have among them. None is there twice: apache-arrow has no batches of that. */
export function randomSchema(random: Random): arrow.Schema {
  const count = 1 + random.below(5);
  const names = new Set(Array.from({ length: count }, (_, i) => (random.chance(0.5) ? `c${i}` : random.pick(NAMES))));
  const fields = [...names].map((name) => randomField(random, name));
  const metadata = random.chance(0.3)
    ? new Map([
        ["title", "größer"],
        ["note", ""],
      ])
    : undefined;
  return new arrow.Schema(fields, metadata);
}

/** A table of that many rows, in up to three batches. */
export function randomTable(random: Random, schema: arrow.Schema, rows: number): arrow.Table {
  const sizes: number[] = [];
  for (let left = rows; left > 0 || sizes.length === 0; ) {
    const size = sizes.length === 2 || random.chance(0.5) ? left : random.below(left + 1);
    sizes.push(size);
    left -= size;
  }
  const dictionaries = new Map<number, arrow.Vector>();
  const batches = sizes.map((size) => {
    const children = schema.fields.map((field) => dataOf(random, field, size, dictionaries));
    const type = new arrow.Struct(schema.fields);
    return new arrow.RecordBatch(schema, new arrow.Data(type, 0, size, 0, [undefined, undefined, NONE], children));
  });
  return new arrow.Table(schema, batches);
}

const NONE = new Uint8Array(0);
type Dictionaries = Map<number, arrow.Vector>;

/** A column; now and then one that is part of a longer one. */
function dataOf(random: Random, field: arrow.Field, length: number, dictionaries: Dictionaries): arrow.Data {
  if (!random.chance(0.2)) return wholeData(random, field, length, dictionaries);
  const before = random.below(10);
  return wholeData(random, field, length + before + random.below(3), dictionaries).slice(before, length);
}

function wholeData(random: Random, field: arrow.Field, length: number, dictionaries: Dictionaries): arrow.Data {
  const type = field.type as arrow.DataType;
  const { DataType: is } = arrow;
  if (is.isNull(type)) return new arrow.Data(type, 0, length, length);
  if (is.isUnion(type)) return unionData(random, type, length, dictionaries);
  const withNulls = field.nullable && random.chance(0.7);
  const bitmap = withNulls ? random.bytes((length + 7) >> 3) : NONE;
  const nulls = withNulls ? -1 : 0;
  const child = (i: number, count: number): arrow.Data => dataOf(random, type.children![i], count, dictionaries);
  if (is.isStruct(type)) {
    const children = type.children.map((_, i) => child(i, length));
    return new arrow.Data(type, 0, length, nulls, [undefined, undefined, bitmap], children);
  }
  if (is.isFixedSizeList(type)) {
    return new arrow.Data(type, 0, length, nulls, [undefined, undefined, bitmap], [child(0, length * type.listSize)]);
  }
  if (is.isList(type) || is.isLargeList(type) || is.isMap(type)) {
    const offsets = randomOffsets(random, length, 4);
    const counts = is.isLargeList(type) ? BigInt64Array.from(offsets, BigInt) : offsets;
    return new arrow.Data(type, 0, length, nulls, [counts, undefined, bitmap], [child(0, offsets[length])]);
  }
  if (is.isDictionary(type)) return dictionaryData(random, type, length, nulls, bitmap, dictionaries);
  return flatData(random, type, length, nulls, bitmap);
}

function randomOffsets(random: Random, length: number, most: number): Int32Array {
  const offsets = new Int32Array(length + 1);
  for (let i = 0; i < length; i++) offsets[i + 1] = offsets[i] + random.below(most);
  return offsets;
}

function unionData(random: Random, type: arrow.Union, length: number, dictionaries: Dictionaries): arrow.Data {
  const typeIds = Int8Array.from({ length }, () => random.pick([...type.typeIds]));
  if (type.mode === arrow.UnionMode.Sparse) {
    const children = type.children.map((field) => dataOf(random, field, length, dictionaries));
    return new arrow.Data(type, 0, length, 0, [undefined, undefined, undefined, typeIds], children);
  }
  const counts = type.children.map(() => 0);
  const offsets = Int32Array.from(typeIds, (typeId) => counts[typeId]++);
  const children = type.children.map((field, i) => dataOf(random, field, counts[i], dictionaries));
  return new arrow.Data(type, 0, length, 0, [offsets, undefined, undefined, typeIds], children);
}

function dictionaryData(
  random: Random,
  type: arrow.Dictionary,
  length: number,
  nulls: number,
  bitmap: Uint8Array,
  dictionaries: Dictionaries,
): arrow.Data {
  let dictionary = dictionaries.get(type.id);
  if (dictionary === undefined) {
    const count = 1 + random.below(6);
    const isText = arrow.DataType.isUtf8(type.dictionary);
    const values = isText
      ? Array.from({ length: count }, (_, i) => `${randomText(random)}${i}`)
      : Array.from({ length: count }, (_, i) => BigInt(i * 1000) ** 2n);
    dictionary = arrow.vectorFromArray(values as string[], type.dictionary as arrow.Utf8);
    dictionaries.set(type.id, dictionary);
  }
  const indices = new type.indices.ArrayType(length) as Int32Array;
  for (let i = 0; i < length; i++) indices[i] = random.below(dictionary.length);
  return new arrow.Data(type, 0, length, nulls, [undefined, indices, bitmap], [], dictionary);
}

const TEXTS = [
  "",
  "a",
  "abc",
  "größer",
  "日本",
  "🙂",
  "line\nbreak",
  "a longer text than twelve bytes",
  '"quoted", text',
];
export const randomText = (random: Random): string => random.pick(TEXTS);

function flatData(random: Random, type: arrow.DataType, length: number, nulls: number, bitmap: Uint8Array): arrow.Data {
  const { DataType: is } = arrow;
  if (is.isUtf8View(type) || is.isBinaryView(type)) return viewData(random, type, length, bitmap, nulls !== 0);
  if (is.isUtf8(type) || is.isLargeUtf8(type) || is.isBinary(type) || is.isLargeBinary(type)) {
    const text = is.isUtf8(type) || is.isLargeUtf8(type);
    const parts = Array.from({ length }, () =>
      text ? new TextEncoder().encode(randomText(random)) : random.bytes(random.below(20)),
    );
    const offsets = new Int32Array(length + 1);
    parts.forEach((part, i) => {
      offsets[i + 1] = offsets[i] + part.length;
    });
    const values = Uint8Array.from(parts.flatMap((part) => [...part]));
    const large = is.isLargeUtf8(type) || is.isLargeBinary(type);
    return new arrow.Data(type, 0, length, nulls, [
      large ? BigInt64Array.from(offsets, BigInt) : offsets,
      values,
      bitmap,
    ]);
  }
  return new arrow.Data(type, 0, length, nulls, [undefined, numbersOf(random, type, length), bitmap]);
}

function viewData(
  random: Random,
  type: arrow.DataType,
  length: number,
  bitmap: Uint8Array,
  nulls: boolean,
): arrow.Data {
  const text = arrow.DataType.isUtf8View(type);
  const values = Array.from({ length }, (_, i) => {
    if (nulls && ((bitmap[i >> 3] >> (i & 7)) & 1) === 0) return null;
    return text ? randomText(random) : random.bytes(random.below(20));
  });
  if (length === 0) return new arrow.Data(type, 0, 0, 0, [undefined, NONE, NONE]);
  return arrow.vectorFromArray(values as string[], type as arrow.Utf8).data[0];
}

function numbersOf(random: Random, type: arrow.DataType, length: number): ArrayBufferView {
  const { DataType: is } = arrow;
  if (is.isBool(type)) return random.bytes((length + 7) >> 3);
  const stride = is.isFixedSizeBinary(type)
    ? type.byteWidth
    : is.isDecimal(type)
      ? type.bitWidth / 32
      : is.isInterval(type)
        ? [1, 2, 4][type.unit]
        : 1;
  const count = length * stride;
  const { ArrayType } = type as unknown as { ArrayType: Float64ArrayConstructor };
  if (is.isFloat(type) && type.precision !== arrow.Precision.HALF) {
    return ArrayType.from({ length: count }, () =>
      random.pick([0, -0, 1.5, -2, 1e30, Number.NaN, Number.POSITIVE_INFINITY]),
    );
  }
  const bytes = random.bytes(count * ArrayType.BYTES_PER_ELEMENT);
  const numbers = new ArrayType(bytes.buffer, 0, count);
  // Not a number has many bits, of which one is kept.
  if (is.isFloat(type)) for (let i = 0; i < count; i++) if ((numbers[i] & 0x7c00) === 0x7c00) numbers[i] = 0x3e00;
  return numbers;
}
