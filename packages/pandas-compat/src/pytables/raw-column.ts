/** Elements of HDF5's as PyTables has them: out of the bytes of records or arrays into typed arrays. */
import { type FileDatatype, UnsupportedError } from "h5ts";
import { halfFloat, withoutNuls } from "../python/numpy.ts";

/** Elements of one datatype within bytes: element `i` begins at `offset + i * stride`. */
export interface RawColumn {
  readonly type: FileDatatype;
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly stride: number;
  readonly count: number;
}

/** Text of a fixed number of bytes each, one behind the other. */
export interface FixedBytes {
  readonly width: number;
  readonly bytes: Uint8Array;
}

/** Numbers by NumPy's names of their types. */
export interface NumberArrays {
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  uint64: BigUint64Array;
  float16: Float32Array;
  float32: Float32Array;
  float64: Float64Array;
}
export type NumberName = keyof NumberArrays;
export type AnyNumbers = NumberArrays[NumberName];

/** PyTables' type of elements, and they. */
export type Elements =
  | { readonly type: NumberName; readonly data: AnyNumbers }
  | { readonly type: "bool"; readonly data: Uint8Array }
  /** Pairs of a real and an imaginary part. */
  | { readonly type: "complex64" | "complex128"; readonly data: Float32Array | Float64Array }
  | { readonly type: "string"; readonly data: FixedBytes }
  /** Seconds since the epoch; `time64` with microseconds. */
  | { readonly type: "time32"; readonly data: Int32Array }
  | { readonly type: "time64"; readonly data: Float64Array };

const littleEndianHost = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The fields one behind the other, in this machine's byte order; `swap`: bytes of units to be turned round. */
function packed({ bytes, offset, stride, count }: RawColumn, width: number, swap: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(count * width);
  if (stride === width) out.set(bytes.subarray(offset, offset + count * width));
  else if (width === 8) copyEights(bytes, offset, stride, count, out);
  else if (width <= 32) {
    for (let i = 0, at = offset, to = 0; i < count; i++, at += stride)
      for (let k = 0; k < width; k++) out[to++] = bytes[at + k];
  } else for (let i = 0, at = offset; i < count; i++, at += stride) out.set(bytes.subarray(at, at + width), i * width);
  if (swap > 1) turn(out, swap);
  return out;
}

/** The usual width, two words at a time. */
function copyEights(
  bytes: Uint8Array,
  offset: number,
  stride: number,
  count: number,
  out: Uint8Array<ArrayBuffer>,
): void {
  const from = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = new Int32Array(out.buffer);
  for (let i = 0, at = offset, to = 0; i < count; i++, at += stride) {
    words[to++] = from.getInt32(at, littleEndianHost);
    words[to++] = from.getInt32(at + 4, littleEndianHost);
  }
}

/** The fields one behind the other, in the file's byte order. */
export const packedBytes = (column: RawColumn): Uint8Array<ArrayBuffer> => packed(column, column.type.size, 1);

function turn(bytes: Uint8Array, width: number): void {
  for (let at = 0; at < bytes.length; at += width)
    for (let low = at, high = at + width - 1; low < high; low++, high--) {
      const byte = bytes[low];
      bytes[low] = bytes[high];
      bytes[high] = byte;
    }
}

const swapOf = (type: FileDatatype): number =>
  "order" in type && (type.order === "le") !== littleEndianHost ? type.size : 1;

const INTEGERS = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
} as const;
type IntegerName = keyof typeof INTEGERS;

const refuse = (type: FileDatatype): never => {
  throw new UnsupportedError("has elements that PyTables does not have", { structure: "Datatype", found: type.class });
};

/** The elements of a column. UnsupportedError of classes that PyTables has no atom for. */
export function elementsOf(column: RawColumn): Elements {
  const { type } = column;
  switch (type.class) {
    case "integer":
      return integers(column, `${type.signed ? "" : "u"}int${8 * type.size}`);
    case "enum":
      return elementsOf({ ...column, type: type.base });
    case "bitfield":
      return type.size === 1 ? { type: "bool", data: packed(column, 1, 1) } : integers(column, `uint${8 * type.size}`);
    case "float":
      return floats(column, type.size);
    case "string":
      return { type: "string", data: { width: type.size, bytes: packed(column, type.size, 1) } };
    case "time":
      return times(column);
    case "compound":
      return complex(column, type.members.length === 2 ? type.members[0].type : type);
    case "complex":
      return complex(column, type.base);
    default:
      return refuse(type);
  }
}

function integers(column: RawColumn, name: string): Elements {
  if (!Object.hasOwn(INTEGERS, name)) return refuse(column.type);
  const type = name as IntegerName;
  return { type, data: new INTEGERS[type](packed(column, column.type.size, swapOf(column.type)).buffer) };
}

function floats(column: RawColumn, size: number): Elements {
  const bytes = packed(column, size, swapOf(column.type));
  if (size === 8) return { type: "float64", data: new Float64Array(bytes.buffer) };
  if (size === 4) return { type: "float32", data: new Float32Array(bytes.buffer) };
  if (size === 2) return { type: "float16", data: Float32Array.from(new Uint16Array(bytes.buffer), halfFloat) };
  return refuse(column.type);
}

function complex(column: RawColumn, part: FileDatatype): Elements {
  if (part.class !== "float" || column.type.size !== 2 * part.size) return refuse(column.type);
  const bytes = packed(column, 2 * part.size, swapOf(part));
  if (part.size === 8) return { type: "complex128", data: new Float64Array(bytes.buffer) };
  return part.size === 4 ? { type: "complex64", data: new Float32Array(bytes.buffer) } : refuse(column.type);
}

/** Of 8 bytes: seconds in the upper half, microseconds in the lower. */
function times(column: RawColumn): Elements {
  const bytes = packed(column, column.type.size, swapOf(column.type));
  if (column.type.size === 4) return { type: "time32", data: new Int32Array(bytes.buffer) };
  const halves = new Int32Array(bytes.buffer);
  const low = littleEndianHost ? 0 : 1;
  return {
    type: "time64",
    data: Float64Array.from({ length: column.count }, (_, i) => halves[2 * i + 1 - low] + 1e-6 * halves[2 * i + low]),
  };
}

/** One element of fixed bytes, without the NULs at its end. */
export const bytesAt = ({ bytes, width }: FixedBytes, i: number): Uint8Array =>
  withoutNuls(bytes.subarray(i * width, (i + 1) * width));
