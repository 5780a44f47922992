/** Frames of every kind of values and of index: what pandas is to read as it was meant. */
import {
  type Axis,
  axisOfLabels,
  type Frame,
  multiIndexOf,
  NOT_A_TIME,
  type PutOptions,
  rangeIndex,
  type Series,
  textIndex,
  type Values,
} from "@h5ts/pandas-compat";

export interface GeneratedCase {
  readonly key: string;
  readonly object: Frame | Series;
  readonly options: PutOptions;
  /** Whether pandas 1.5 reads it too: no units but nanoseconds, no text of pandas 3. */
  readonly portable: boolean;
}

/** Numbers that look random and are the same every time. */
export function random(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

type Maker = (rows: number, next: () => number) => Values;

const bigs = (rows: number, make: (i: number) => bigint): BigInt64Array<ArrayBuffer> =>
  BigInt64Array.from({ length: rows }, (_, i) => make(i));
const int = (next: () => number, from: number, to: number): number => from + Math.floor(next() * (to - from));

const integers =
  (
    dtype: "int8" | "int16" | "int32" | "uint8" | "uint16" | "uint32",
    array: new (length: number) => Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array,
    from: number,
    to: number,
  ): Maker =>
  (rows, next) => {
    const data = new array(rows);
    for (let i = 0; i < rows; i++) data[i] = int(next, from, to);
    return { kind: "number", dtype, data };
  };

const WORDS = ["alpha", "beta", "", "ünï", "日本語", "z", "a longer text than the others", "\u{1f600}"];
const words = (rows: number, next: () => number, missing: number): (string | null)[] =>
  Array.from({ length: rows }, () => (next() < missing ? null : WORDS[int(next, 0, WORDS.length)]));

const EPOCH = 1_600_000_000n;
const PER_SECOND = { s: 1n, ms: 1000n, us: 1_000_000n, ns: 1_000_000_000n } as const;
type Unit = keyof typeof PER_SECOND;

const datetimes =
  (unit: Unit, zone: string | null, missing = 0.1): Maker =>
  (rows, next) => ({
    kind: "datetime",
    unit,
    zone,
    data: bigs(rows, () =>
      next() < missing
        ? NOT_A_TIME
        : (EPOCH + BigInt(int(next, 0, 1e8))) * PER_SECOND[unit] + BigInt(int(next, 0, Number(PER_SECOND[unit]))),
    ),
  });
const timedeltas =
  (unit: Unit, missing = 0.1): Maker =>
  (rows, next) => ({
    kind: "timedelta",
    unit,
    data: bigs(rows, () => (next() < missing ? NOT_A_TIME : BigInt(int(next, -1e9, 1e9)))),
  });

const FLOATS = [0, -0, 1.5, -1e300, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324];
const floats = (next: () => number): number =>
  next() < 0.3 ? FLOATS[int(next, 0, FLOATS.length)] : next() * 2000 - 1000;

/** The maker of each kind of values. */
const MAKERS = {
  int8: integers("int8", Int8Array, -128, 128),
  int16: integers("int16", Int16Array, -32768, 32768),
  int32: integers("int32", Int32Array, -(2 ** 31), 2 ** 31),
  uint8: integers("uint8", Uint8Array, 0, 256),
  uint16: integers("uint16", Uint16Array, 0, 65536),
  uint32: integers("uint32", Uint32Array, 0, 2 ** 32),
  int64: (rows, next) => ({
    kind: "number",
    dtype: "int64",
    data: bigs(rows, () => BigInt(int(next, -1e9, 1e9)) * 9_000_000_000n),
  }),
  uint64: (rows, next) => ({
    kind: "number",
    dtype: "uint64",
    data: BigUint64Array.from({ length: rows }, () => 2n ** 63n + BigInt(int(next, 0, 1e9))),
  }),
  float16: (rows, next) => ({
    kind: "number",
    dtype: "float16",
    data: Float32Array.from({ length: rows }, () => int(next, -1000, 1000) / 8),
  }),
  float32: (rows, next) => ({
    kind: "number",
    dtype: "float32",
    data: Float32Array.from({ length: rows }, () => floats(next)),
  }),
  float64: (rows, next) => ({
    kind: "number",
    dtype: "float64",
    data: Float64Array.from({ length: rows }, () => floats(next)),
  }),
  bool: (rows, next) => ({ kind: "bool", data: Uint8Array.from({ length: rows }, () => int(next, 0, 2)) }),
  complex64: (rows, next) => ({
    kind: "complex",
    dtype: "complex64",
    data: Float32Array.from({ length: 2 * rows }, () => int(next, -9, 9)),
  }),
  complex128: (rows, next) => ({
    kind: "complex",
    dtype: "complex128",
    data: Float64Array.from({ length: 2 * rows }, () => next()),
  }),
  text: (rows, next) => ({ kind: "text", dtype: "object", data: words(rows, next, 0) }),
  missing: (rows, next) => ({
    kind: "text",
    dtype: "object",
    data: ["first", ...words(rows, next, 0.3)].slice(0, rows),
  }),
  str: (rows, next) => ({ kind: "text", dtype: "str", data: ["first", ...words(rows, next, 0.2)].slice(0, rows) }),
  naive: datetimes("ns", null),
  madrid: datetimes("ns", "Europe/Madrid"),
  utc: datetimes("ns", "UTC"),
  offset: datetimes("ns", "UTC+05:30"),
  micro: datetimes("us", null),
  milli: datetimes("ms", "Asia/Tokyo"),
  second: datetimes("s", null),
  delta: timedeltas("ns"),
  microdelta: timedeltas("us"),
  category: (rows, next) =>
    categorical(rows, next, { kind: "text", dtype: "object", data: ["lo", "mid", "hi", "ñ"] }, false),
  ordered: (rows, next) =>
    categorical(rows, next, { kind: "number", dtype: "int64", data: BigInt64Array.of(7n, -3n, 11n) }, true),
  objects: (rows, next) => ({
    kind: "object",
    data: Array.from({ length: rows }, (_, i) => OBJECTS[(i + int(next, 0, 3)) % OBJECTS.length]),
  }),
} satisfies Record<string, Maker>;

const OBJECTS: readonly unknown[] = [1n, "text", 2.5, true, null, -(2n ** 70n), Number.NaN, "日本"];

function categorical(rows: number, next: () => number, categories: Values, ordered: boolean): Values {
  return {
    kind: "categorical",
    categories,
    ordered,
    codes: Int8Array.from({ length: rows }, () => int(next, -1, categories.kind === "text" ? 4 : 3)),
  };
}

type MakerName = keyof typeof MAKERS;

/** Columns that frames have; where they may stand. */
const SETS: readonly {
  readonly columns: readonly MakerName[];
  readonly only?: "fixed" | "table";
  readonly modern?: true;
}[] = [
  { columns: ["int8", "int16", "int32", "int64"] },
  { columns: ["uint8", "uint16", "uint32", "uint64"] },
  { columns: ["float16", "float32", "float64", "float64"] },
  { columns: ["bool", "complex64", "complex128", "bool"] },
  { columns: ["text", "missing", "int64"] },
  { columns: ["str", "float64", "str"], modern: true },
  { columns: ["naive", "madrid", "utc", "naive"] },
  { columns: ["delta", "offset"] },
  { columns: ["micro", "milli", "second", "microdelta"], modern: true },
  { columns: ["category", "ordered", "float64"], only: "table" },
  { columns: ["objects", "int64", "objects"], only: "fixed" },
  { columns: ["float64", "int64", "bool", "text", "naive", "float32", "delta", "madrid"] },
];

interface IndexCase {
  readonly make: (rows: number, next: () => number) => Axis;
  readonly only?: "fixed";
  readonly modern?: true;
}

const named = (values: Values, name: string | null): Axis => ({ kind: "index", name, values });
const unique = (rows: number): string[] => Array.from({ length: rows }, (_, i) => `${WORDS[i % WORDS.length]}${i}`);
const monthly = (rows: number): Values => ({ kind: "period", freq: "M", data: bigs(rows, (i) => 600n + BigInt(i)) });

const INDEXES: readonly IndexCase[] = [
  { make: (rows) => rangeIndex(rows) },
  { make: (rows) => named({ kind: "number", dtype: "int64", data: bigs(rows, (i) => BigInt(7 * i - 40)) }, "id") },
  {
    make: (rows, next) =>
      named({ kind: "number", dtype: "float64", data: Float64Array.from({ length: rows }, () => next()) }, null),
  },
  { make: (rows) => textIndex(unique(rows), "label") },
  { make: (rows, next) => named(datetimes("ns", null, 0)(rows, next), "when") },
  { make: (rows, next) => named(datetimes("ns", "Europe/Madrid", 0)(rows, next), "when") },
  { make: (rows, next) => named(datetimes("us", null, 0)(rows, next), null), modern: true },
  { make: (rows) => named(monthly(rows), "month") },
  { make: (rows, next) => named(MAKERS.bool(rows, next), null) },
  {
    make: (rows) =>
      multiIndexOf(
        [{ kind: "text", dtype: "object", data: unique(rows).map((t) => t.slice(0, 2)) }, rangeIndex(rows).values],
        ["k", null],
      ),
  },
  { make: (rows, next) => named(timedeltas("ns", 0)(rows, next), "td"), only: "fixed" },
  {
    make: (rows) =>
      named(
        { kind: "object", data: Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? `t${i}` : BigInt(i))) },
        null,
      ),
    only: "fixed",
  },
  {
    make: (rows) =>
      axisOfLabels(
        Array.from({ length: rows }, (_, i) => ({ kind: "date", iso: `20${10 + (i % 80)}-02-1${i % 9}` })),
        ["d"],
        false,
      ),
    only: "fixed",
  },
];

const COMPRESSIONS = [
  {},
  { complevel: 5 },
  { complevel: 3, complib: "blosc:lz4" },
  { complevel: 1, complib: "zlib", fletcher32: true },
  { complevel: 9, complib: "blosc:zstd" },
  { complevel: 2, complib: "bzip2" },
] as const;

const ROWS = [0, 1, 61];

/** All of them: every set of columns and every index, in each format that has them, of none, one and many rows. */
export function generatedCases(): GeneratedCase[] {
  const cases: GeneratedCase[] = [];
  const next = random(7);
  for (const format of ["fixed", "table"] as const)
    for (const [s, set] of SETS.entries())
      for (const [i, index] of INDEXES.entries()) {
        if ((set.only ?? format) !== format || (index.only ?? format) !== format) continue;
        // Every pair once, and each of them with one number of rows; the sets with all.
        const counts = i === s % INDEXES.length ? ROWS : [ROWS[(s + i) % 3]];
        for (const rows of counts) {
          if (rows === 0 && format === "table") continue;
          const key = `/${format}/s${s}_i${i}_r${rows}`;
          cases.push(oneCase(key, format, set, index, rows, cases.length, next));
        }
      }
  return cases;
}

function oneCase(
  key: string,
  format: "fixed" | "table",
  set: (typeof SETS)[number],
  index: IndexCase,
  rows: number,
  n: number,
  next: () => number,
): GeneratedCase {
  const labels = set.columns.map((name, j) => `${name}_${j}`);
  const data = set.columns.map((name) => (MAKERS[name] as Maker)(rows, next));
  const made = index.make(rows, next);
  const portable = set.modern !== true && index.modern !== true;
  const isSeries = n % 5 === 4;
  // Of series in tables pandas does not give levels without a name back as such; of tables 1.5 does not keep the name of columns.
  const axis: Axis = isSeries && format === "table" && made.kind === "multi" ? { ...made, names: ["k", "n"] } : made;
  const object: Frame | Series = isSeries
    ? { kind: "series", name: n % 2 === 0 ? labels[0] : null, index: axis, data: data[0] }
    : {
        kind: "frame",
        index: axis,
        columns: textIndex(labels, n % 3 === 0 && (format === "fixed" || !portable) ? "cols" : null),
        data,
      };
  // Indexes of pandas' cannot be on numbers that have no order: those stay within their blocks.
  const dataColumns = labels.filter((_, j) => j % 2 === 1 && !/^(complex|uint64)/.test(set.columns[j]));
  const options: PutOptions = {
    format,
    ...COMPRESSIONS[n % COMPRESSIONS.length],
    ...(format === "table" && !isSeries && n % 2 === 0 ? { dataColumns } : {}),
    ...(format === "table" && n % 4 === 0 ? { minItemSize: 40 } : {}),
  };
  return { key, object, options, portable };
}
