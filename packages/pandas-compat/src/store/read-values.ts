/** Values of frames out of what PyTables stores. */
import { FormatError, UnsupportedError } from "h5ts";
import { momentType } from "../frame/moments.ts";
import { decodeTexts, type TextForm } from "../frame/text.ts";
import { narrowed, type Values } from "../frame/values.ts";
import { bytesAt, type Elements } from "../pytables/raw-column.ts";
import { isPythonObject, NumpyArray } from "../python/values.ts";

/** What is known of values beside their elements. */
export interface ValueType {
  /** pandas' name of the datatype: `"datetime64[us]"`, `"str"`. */
  readonly name?: string;
  readonly zone?: string | null;
}

/** Numbers, and times out of integers where their type says so; text as bytes. */
export function valuesOfElements(elements: Elements, { name, zone = null }: ValueType): Values {
  const moment = name === undefined ? undefined : momentType(name);
  if (elements.type === "int64") {
    const data = elements.data as BigInt64Array;
    // Columns of periods are stored since pandas 3.1.
    const period = /^period\[(.*)\]$/.exec(name ?? "");
    if (period !== null) return { kind: "period", freq: period[1], data };
    if (moment?.kind === "timedelta") return { kind: "timedelta", unit: moment.unit, data };
    if (moment !== undefined || zone !== null) return { kind: "datetime", unit: moment?.unit ?? "ns", zone, data };
  }
  switch (elements.type) {
    case "bool":
      return { kind: "bool", data: elements.data };
    case "complex64":
    case "complex128":
      return { kind: "complex", dtype: elements.type, data: elements.data };
    case "string": {
      const { data } = elements;
      return {
        kind: "object",
        data: Array.from({ length: data.bytes.length / data.width }, (_, i) => bytesAt(data, i).slice()),
      };
    }
    case "time32":
      return { kind: "number", dtype: "int32", data: elements.data };
    case "time64":
      return { kind: "number", dtype: "float64", data: elements.data };
    default:
      return name === "bool" && elements.type === "int8"
        ? { kind: "bool", data: Uint8Array.from(elements.data as Int8Array) }
        : { kind: "number", dtype: elements.type, data: elements.data };
  }
}

/** Text out of fields of fixed width. */
export function textValues(elements: Elements, form: TextForm, dtype: "object" | "str" | "string"): Values {
  if (elements.type !== "string")
    throw new FormatError("has no text where that must be", { structure: "pandas object", found: elements.type });
  return { kind: "text", dtype, data: decodeTexts(elements.data, form) };
}

/** Values out of a pickled array or list. */
export function objectValues(value: unknown, type: string | undefined): Values {
  const data = value instanceof NumpyArray ? value.values : value;
  if (!Array.isArray(data)) throw new FormatError("holds no list", { structure: "pandas object", found: typeof value });
  const narrow = narrowed({ kind: "object", data });
  if (type !== "str" && type !== "string") return narrow;
  if (narrow.kind === "text") return { ...narrow, dtype: type };
  return { kind: "text", dtype: type, data: data.map((text) => (typeof text === "string" ? text : null)) };
}

/** A time zone out of an attribute: text, or an object of Python's. */
export function zoneOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string") return value;
  if (isPythonObject(value) && value.kind === "zone") return value.name;
  throw new UnsupportedError("is no time zone", { structure: "pandas object", found: typeof value });
}

/** A frequency out of an attribute. */
export function frequencyOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return isPythonObject(value) && value.kind === "frequency" ? value.name : undefined;
}

/** No values of a type, by its NumPy name. */
export function emptyValues(name: string): Values {
  const moment = momentType(name);
  if (moment?.kind === "timedelta") return { kind: "timedelta", unit: moment.unit, data: new BigInt64Array(0) };
  if (moment !== undefined) return { kind: "datetime", unit: moment.unit, zone: null, data: new BigInt64Array(0) };
  switch (name) {
    case "int8":
      return { kind: "number", dtype: name, data: new Int8Array(0) };
    case "int16":
      return { kind: "number", dtype: name, data: new Int16Array(0) };
    case "int32":
      return { kind: "number", dtype: name, data: new Int32Array(0) };
    case "int64":
      return { kind: "number", dtype: name, data: new BigInt64Array(0) };
    case "uint8":
      return { kind: "number", dtype: name, data: new Uint8Array(0) };
    case "uint16":
      return { kind: "number", dtype: name, data: new Uint16Array(0) };
    case "uint32":
      return { kind: "number", dtype: name, data: new Uint32Array(0) };
    case "uint64":
      return { kind: "number", dtype: name, data: new BigUint64Array(0) };
    case "float16":
    case "float32":
      return { kind: "number", dtype: name, data: new Float32Array(0) };
    case "float64":
      return { kind: "number", dtype: name, data: new Float64Array(0) };
    case "bool":
      return { kind: "bool", data: new Uint8Array(0) };
    case "complex64":
      return { kind: "complex", dtype: name, data: new Float32Array(0) };
    case "complex128":
      return { kind: "complex", dtype: name, data: new Float64Array(0) };
    case "str":
    case "string":
      return { kind: "text", dtype: name, data: [] };
    default:
      return { kind: "object", data: [] };
  }
}
