/** Names of datatypes as literals, and the data type that each is read as: what types `dataset(path, "f4")`. */
import type { AnyData, BoolArray, ComplexArray } from "../arrays.ts";
import type { DType } from "./dtype.ts";

/** Data by NumPy's name: the short code, a letter and the bytes of an element; or the long one, with bits. */
interface NamedData {
  i1: Int8Array<ArrayBuffer>;
  int8: Int8Array<ArrayBuffer>;
  i2: Int16Array<ArrayBuffer>;
  int16: Int16Array<ArrayBuffer>;
  i3: Int32Array<ArrayBuffer>;
  int24: Int32Array<ArrayBuffer>;
  i4: Int32Array<ArrayBuffer>;
  int32: Int32Array<ArrayBuffer>;
  i8: BigInt64Array<ArrayBuffer>;
  int64: BigInt64Array<ArrayBuffer>;
  u1: Uint8Array<ArrayBuffer>;
  uint8: Uint8Array<ArrayBuffer>;
  u2: Uint16Array<ArrayBuffer>;
  uint16: Uint16Array<ArrayBuffer>;
  u3: Uint32Array<ArrayBuffer>;
  uint24: Uint32Array<ArrayBuffer>;
  u4: Uint32Array<ArrayBuffer>;
  uint32: Uint32Array<ArrayBuffer>;
  u8: BigUint64Array<ArrayBuffer>;
  uint64: BigUint64Array<ArrayBuffer>;
  f2: Float32Array<ArrayBuffer>;
  float16: Float32Array<ArrayBuffer>;
  f4: Float32Array<ArrayBuffer>;
  float32: Float32Array<ArrayBuffer>;
  f8: Float64Array<ArrayBuffer>;
  float64: Float64Array<ArrayBuffer>;
  f16: Float64Array<ArrayBuffer>;
  float128: Float64Array<ArrayBuffer>;
  bfloat16: Float32Array<ArrayBuffer>;
  float8_e4m3: Float32Array<ArrayBuffer>;
  float8_e5m2: Float32Array<ArrayBuffer>;
  c4: ComplexArray<Float32Array<ArrayBuffer>>;
  complex32: ComplexArray<Float32Array<ArrayBuffer>>;
  c8: ComplexArray<Float32Array<ArrayBuffer>>;
  complex64: ComplexArray<Float32Array<ArrayBuffer>>;
  c16: ComplexArray<Float64Array<ArrayBuffer>>;
  complex128: ComplexArray<Float64Array<ArrayBuffer>>;
  bool: BoolArray;
  b1: BoolArray;
  "?": BoolArray;
  string: string[];
}

type Order = "<" | ">" | "=" | "|";
type Moment = "M8" | "m8" | "datetime64" | "timedelta64";
type Patterned = `S${number}` | `V${number}` | Moment | `${Moment}[${string}]`;
type Plain = keyof NamedData | Patterned;

/**
 * Names of datatypes: NumPy's short (`"<f4"`, `"f4"`, `"u1"`, `"S20"`, `"?"`, `"c8"`, `"V5"`, `"<M8[ns]"`) and long ones
 * (`"float32"`, `"uint8"`, `"bool"`, `"complex64"`, `"datetime64[ns]"`), and those that NumPy lacks: `"bfloat16"`,
 * `"float8_e4m3"`, `"float8_e5m2"`, and `"string"` for text of variable length.
 *
 * Without `<` (little-endian) or `>` (big-endian) a new type is little-endian, and a stored one may be either.
 */
export type DTypeName = Plain | `${Order}${Plain}`;

/** What may stand for a datatype: a name, or a datatype made by `dtype` or taken from a dataset. */
export type DTypeLike = DTypeName | DType;

type Bare<N extends string> = N extends `${Order}${infer Rest}` ? Rest : N;

type DataOf<N extends string> = N extends keyof NamedData
  ? NamedData[N]
  : N extends `S${number}`
    ? string[]
    : N extends `V${number}`
      ? Uint8Array<ArrayBuffer>[]
      : N extends `${Moment}${string}`
        ? BigInt64Array<ArrayBuffer>
        : AnyData;

/** The data type that a datatype is read as: `Data<"f4">` is `Float32Array<ArrayBuffer>`, `Data<"S20">` is `string[]`. */
export type Data<N extends DTypeLike> = N extends DType<infer T> ? T : N extends string ? DataOf<Bare<N>> : never;
