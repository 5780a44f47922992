/** Datatypes of the matrix: how h5ts names them, and what element `i` is. `matrix.py` has the same formulas in NumPy's words. */
import { type AnyObject, type Dataset, type DTypeLike, dtype, type H5File } from "../../packages/h5ts/src/index.ts";

export interface MatrixType {
  readonly name: string;
  /** In a file, whose objects references lead to. */
  readonly dtype: DTypeLike;
  value(i: number, file: H5File<"sync">): unknown;
  /** Whether elements are single numbers: such datasets are also written in part, with a fill value. */
  readonly number?: true;
  readonly integer?: true;
  /** Needs HDF5 2.0. */
  readonly native?: true;
  /** Of variable length by itself: no filter that must not be left out suits it. */
  readonly variable?: true;
  /** Axes of an array datatype, whose elements are flat lists. */
  readonly inner?: readonly number[];
  /** h5wasm cannot read it, gives bytes alone, or takes them in the wrong order. */
  readonly beyondH5wasm?: true;
}

/** A number from -50 to 50. */
export const numberAt = (i: number): number => ((i * 37 + 11) % 101) - 50;
const positive = (i: number): number => (i * 37 + 11) % 101;

const integer = (name: string, value = numberAt): MatrixType => ({
  name,
  dtype: name as DTypeLike,
  value,
  number: true,
  integer: true,
});
const float = (name: string, like: DTypeLike = name as DTypeLike): MatrixType => ({
  name,
  dtype: like,
  value: (i) => numberAt(i) / 4,
  number: true,
  // It knows no float of 16 bits.
  ...((name === "<f2" || name === "bfloat16") && { beyondH5wasm: true }),
});

const PAIR = dtype.compound({ x: "<f8", y: "<i4" });
const SWAPPED = dtype.compound({ x: ">f8", y: ">i4" });
const NESTED = dtype.compound({
  id: "<u2",
  pair: PAIR,
  label: "S5",
  text: dtype.string(),
  v: dtype.array("<f4", [3]),
  list: dtype.vlen("<i2"),
});
const text = (i: number): string => `${"é".repeat(i % 4)}${i}`;
const pair = (i: number): object => ({ x: numberAt(i) / 4, y: numberAt(i + 1) });
const list = (i: number): number[] => Array.from({ length: i % 5 }, (_, k) => k + i);
const target = (file: H5File<"sync">): AnyObject<"sync"> => file.get("target")!;

export const TYPES: readonly MatrixType[] = [
  integer("i1"),
  integer("u1", positive),
  integer("<i2"),
  integer(">i2"),
  integer("<i4"),
  integer(">i4"),
  integer("<u4", positive),
  integer("<i8"),
  integer(">u8", positive),
  float("<f2"),
  float("<f4"),
  float(">f4"),
  float("<f8"),
  float(">f8"),
  float("bfloat16", dtype.bfloat16),
  { name: "bool", dtype: "bool", value: (i) => i % 3 === 0 },
  { name: "enum", dtype: dtype.enum({ A: 0, B: 1, C: 5 }, "<i2"), value: (i) => [0, 1, 5][i % 3] },
  { name: "S7", dtype: "S7", value: (i) => `s${i}` },
  { name: "utf8", dtype: dtype.string({ length: 12 }), value: text },
  { name: "str", dtype: dtype.string(), value: text, variable: true },
  { name: "ascii", dtype: dtype.string({ encoding: "ascii" }), value: (i) => `a${i}`.repeat(i % 3), variable: true },
  { name: "vlen", dtype: dtype.vlen("<i4"), value: list, variable: true },
  {
    name: "vlen of vlen",
    dtype: dtype.vlen(dtype.vlen("<u1")),
    value: (i) => [[i % 200], [], [1, 2]].slice(0, i % 4),
    variable: true,
  },
  { name: "compound", dtype: PAIR, value: pair },
  { name: "swapped", dtype: SWAPPED, value: pair, beyondH5wasm: true },
  {
    name: "nested",
    dtype: NESTED,
    value: (i) => ({
      id: i,
      pair: pair(i),
      label: `l${i}`,
      text: text(i),
      v: [i, i + 0.5, -i],
      list: list(i),
    }),
  },
  { name: "array", dtype: dtype.array("<i2", [2, 3]), value: (i) => [i, i + 1, i + 2, -i, 0, 7], inner: [2, 3] },
  { name: "opaque", dtype: dtype.opaque(5), value: (i) => Uint8Array.of(i, 0, 1, 2, 255 - (i % 256)) },
  { name: "bitfield", dtype: dtype.bitfield("u2"), value: (i) => (i * 517) % 65_536, beyondH5wasm: true },
  { name: "complex", dtype: dtype.complex("f8"), value: (i) => ({ real: numberAt(i) / 4, imag: i }) },
  {
    name: "native complex",
    dtype: dtype.complex("f4", { native: true }),
    value: (i) => ({ real: numberAt(i) / 4, imag: i }),
    native: true,
    beyondH5wasm: true,
  },
  {
    name: "reference",
    dtype: dtype.reference,
    value: (i, file) => (i % 2 === 0 ? target(file).ref : file.ref),
    beyondH5wasm: true,
  },
  {
    name: "region",
    dtype: dtype.regionReference,
    value: (i, file) => (target(file) as Dataset<"sync">).regionRef([i % 3]),
    beyondH5wasm: true,
  },
];
