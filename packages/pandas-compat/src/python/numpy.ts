/** NumPy's arrays and scalars in pickles: datatypes, and elements that are bytes. */
import { PickleTuple } from "@h5ts/pickle";
import { FormatError, LimitError, UnsupportedError } from "h5ts";
import type { NumpyArray, PythonObject, Unit } from "./values.ts";

const STRUCTURE = "NumPy array in a pickle";
/** Elements of an array that its bytes do not bound: those of datatypes of no bytes. */
const MOST_ELEMENTS = 100_000_000;

/** `numpy.dtype(code, align, copy)`, with the state that BUILD gives it. */
export class NumpyDtype {
  readonly code: string;
  order = "|";
  /** Of structured datatypes: name, datatype, and first byte of each field. */
  fields: readonly { readonly name: string; readonly dtype: NumpyDtype; readonly offset: number }[] | undefined;
  private itemsize: number | undefined;
  private moment: { readonly unit: string; readonly count: number } | undefined;

  constructor(code: string) {
    this.code = code;
  }

  get size(): number {
    return this.itemsize ?? Number(this.code.slice(1) || 0);
  }

  /** NumPy's `dtype.str`. */
  get name(): string {
    const { code, order, moment } = this;
    if (this.fields !== undefined) return "record";
    const kind = code[0];
    if (kind === "O") return "|O";
    if (kind === "U") return `${order === "|" ? "<" : order}U${this.size / 4}`;
    if (kind === "S" || kind === "V") return `|${kind}${this.size}`;
    const unit =
      moment === undefined || moment.unit === "generic"
        ? ""
        : `[${moment.count === 1 ? "" : moment.count}${moment.unit}]`;
    return `${order}${code}${unit}`;
  }

  /** The state `(version, order, subarray, names, fields, itemsize, alignment, flags, metadata)`. */
  build(state: unknown): boolean {
    if (!(state instanceof PickleTuple) || state.length < 8) return false;
    const [, order, subarray, names, fields, itemsize, , , metadata] = state;
    if (typeof order !== "string" || subarray !== null) return false;
    this.order = order;
    if (typeof itemsize === "bigint" && itemsize >= 0n) this.itemsize = Number(itemsize);
    if (names instanceof PickleTuple && fields instanceof Map) this.fields = names.map((name) => field(name, fields));
    this.moment = momentOf(metadata);
    return true;
  }

  get unit(): Unit {
    return (this.moment?.unit ?? "ns") as Unit;
  }
}

function field(name: unknown, fields: ReadonlyMap<unknown, unknown>): NonNullable<NumpyDtype["fields"]>[number] {
  const of = fields.get(name);
  const [dtype, offset] = of instanceof PickleTuple ? of : [];
  if (typeof name === "string" && dtype instanceof NumpyDtype && typeof offset === "bigint")
    return { name, dtype, offset: Number(offset) };
  throw new FormatError("has a field without a datatype", { structure: STRUCTURE, found: name });
}

/** Of dates: `(metadata, (unit, count, ...))`. */
function momentOf(metadata: unknown): { readonly unit: string; readonly count: number } | undefined {
  const inner = metadata instanceof PickleTuple ? metadata[1] : undefined;
  if (!(inner instanceof PickleTuple)) return undefined;
  const [unit, count] = inner;
  const name = unit instanceof Uint8Array ? String.fromCharCode(...unit) : unit;
  return typeof name === "string" ? { unit: name, count: Number(count ?? 1n) } : undefined;
}

/** `(version, shape, dtype, isFortran, data)` given to an array. */
export function buildArray(array: NumpyArray, state: unknown): boolean {
  if (!(state instanceof PickleTuple) || state.length !== 5) return false;
  const [, dims, dtype, fortran, data] = state;
  if (!(dims instanceof PickleTuple) || !(dtype instanceof NumpyDtype)) return false;
  const shape = dims.map((dim) => (typeof dim === "bigint" && dim >= 0n ? Number(dim) : Number.NaN));
  const count = shape.reduce((product, dim) => product * dim, 1);
  if (!Number.isSafeInteger(count)) return false;
  array.dtype = dtype.name;
  array.shape = shape;
  // The list of an array of objects is in C order whatever the flag says.
  if (Array.isArray(data) && dtype.code[0] === "O" && data.length === count) array.values = data;
  else if (data instanceof Uint8Array && data.length === count * dtype.size) {
    const values = elements(dtype, data, count);
    array.values = fortran === true ? fromFortran(values, shape) : values;
  } else return false;
  return true;
}

function fromFortran(values: readonly unknown[], shape: readonly number[]): unknown[] {
  const out = new Array<unknown>(values.length);
  const index = new Array<number>(shape.length).fill(0);
  for (const value of values) {
    let at = 0;
    for (let d = 0; d < shape.length; d++) at = at * shape[d] + index[d];
    out[at] = value;
    for (let d = 0; d < shape.length && ++index[d] === shape[d]; d++) index[d] = 0;
  }
  return out;
}

/** The value of `numpy.core.multiarray.scalar(dtype, bytes)`. */
export function scalar(dtype: unknown, data: unknown): unknown {
  if (dtype instanceof NumpyDtype && data instanceof Uint8Array && data.length === dtype.size)
    return elements(dtype, data, 1)[0];
  throw new FormatError("has a scalar that is none", { structure: STRUCTURE });
}

function elements(dtype: NumpyDtype, data: Uint8Array, count: number): unknown[] {
  if (count > MOST_ELEMENTS) throw new LimitError("has too many elements", { structure: STRUCTURE, found: count });
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const { size } = dtype;
  return Array.from({ length: count }, (_, i) => element(dtype, view, i * size));
}

const NAT = -(2n ** 63n);

function element(dtype: NumpyDtype, view: DataView, at: number): unknown {
  const { code, size, fields } = dtype;
  const little = dtype.order !== ">";
  if (fields !== undefined)
    return { kind: "record", fields: new Map(fields.map((f) => [f.name, element(f.dtype, view, at + f.offset)])) };
  const kind = code[0];
  if (kind === "b") return view.getUint8(at) !== 0;
  if (kind === "i" || kind === "u") return integer(view, at, size, kind === "i", little);
  if (kind === "f") return float(view, at, size, little);
  if (kind === "c")
    return {
      kind: "complex",
      real: float(view, at, size / 2, little),
      imag: float(view, at + size / 2, size / 2, little),
    };
  if (kind === "M" || kind === "m") return moment(kind, view.getBigInt64(at, little), dtype.unit);
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, size);
  if (kind === "S") return withoutNuls(bytes).slice();
  if (kind === "U") return wideText(view, at, size, little);
  throw new UnsupportedError("has elements that are not read", { structure: STRUCTURE, found: dtype.name });
}

const moment = (kind: string, value: bigint, unit: Unit): PythonObject =>
  value === NAT
    ? { kind: "nat" }
    : kind === "M"
      ? { kind: "timestamp", unit, value, zone: null }
      : { kind: "timedelta", unit, value };

/** Bytes without the NULs at their end, as NumPy gives them. */
export function withoutNuls(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}

function wideText(view: DataView, at: number, size: number, little: boolean): string {
  let text = "";
  for (let i = 0; i < size; i += 4) {
    const code = view.getUint32(at + i, little);
    if (code > 0x10ffff)
      throw new FormatError("has a character that there is none of", { structure: STRUCTURE, found: code });
    text += String.fromCodePoint(code);
  }
  return text.replace(/\0+$/, "");
}

function integer(view: DataView, at: number, size: number, signed: boolean, little: boolean): bigint {
  if (size === 1) return BigInt(signed ? view.getInt8(at) : view.getUint8(at));
  if (size === 2) return BigInt(signed ? view.getInt16(at, little) : view.getUint16(at, little));
  if (size === 4) return BigInt(signed ? view.getInt32(at, little) : view.getUint32(at, little));
  if (size === 8) return signed ? view.getBigInt64(at, little) : view.getBigUint64(at, little);
  throw new UnsupportedError("has integers of no known size", { structure: STRUCTURE, found: size });
}

function float(view: DataView, at: number, size: number, little: boolean): number {
  if (size === 8) return view.getFloat64(at, little);
  if (size === 4) return view.getFloat32(at, little);
  if (size === 2) return halfFloat(view.getUint16(at, little));
  throw new UnsupportedError("has floats of no known size", { structure: STRUCTURE, found: size });
}

/** The value of a float of 16 bits. */
export function halfFloat(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  const magnitude =
    exponent === 0
      ? mantissa * 2 ** -24
      : exponent === 31
        ? mantissa === 0
          ? Infinity
          : NaN
        : (1 + mantissa / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -magnitude : magnitude;
}
