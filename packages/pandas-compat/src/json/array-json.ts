/** Arrays of values in the neutral JSON, with the checksum of their bytes. */
import { labelAt } from "../frame/label.ts";
import { lengthOf, NOT_A_TIME, narrowed, type Values } from "../frame/values.ts";
import { base64, floatJson, type Json, tagged } from "./tagged.ts";

/** Up to this many all values are listed; beyond, some at either end. */
const FULL_ROWS = 2000;
const EDGE_ROWS = 25;

/** An array of values: `dtype`, `logical`, `length`, the values, and their checksum where they have one. */
export async function arrayJson(given: Values): Promise<{ [name: string]: Json }> {
  const values = narrowed(given);
  const head = await describe(values);
  const count = lengthOf(values);
  const bytes = checksumBytes(values);
  const one = jsonOf(values);
  const some = (from: number, to: number): Json[] => Array.from({ length: to - from }, (_, i) => one(from + i));
  const listed: { [name: string]: Json } =
    count <= FULL_ROWS
      ? { values: some(0, count) }
      : { head: some(0, EDGE_ROWS), tail: some(count - EDGE_ROWS, count) };
  return { ...head, length: count, ...listed, ...(bytes === undefined ? {} : { sha256: await sha256(bytes) }) };
}

/** pandas' name of the datatype. */
export function dtypeName(values: Values): string {
  switch (values.kind) {
    case "number":
    case "complex":
    case "text":
      return values.dtype;
    case "bool":
      return "bool";
    case "datetime":
      return `datetime64[${values.unit}${values.zone === null ? "" : `, ${values.zone}`}]`;
    case "timedelta":
      return `timedelta64[${values.unit}]`;
    case "period":
      return `period[${values.freq}]`;
    case "categorical":
      return "category";
    case "object":
      return isBytes(values.data)
        ? `|S${Math.max(1, ...values.data.map((item) => (item as Uint8Array).length))}`
        : "object";
  }
}

const isBytes = (data: readonly unknown[]): boolean =>
  data.length > 0 && data.every((item) => item instanceof Uint8Array);

async function describe(values: Values): Promise<{ [name: string]: Json }> {
  const dtype = dtypeName(values);
  switch (values.kind) {
    case "number":
    case "complex":
    case "bool":
      return { dtype, logical: dtype };
    case "text":
      return { dtype, logical: "string" };
    case "datetime":
      return { dtype, logical: "datetime", unit: values.unit, tz: values.zone };
    case "timedelta":
      return { dtype, logical: "timedelta", unit: values.unit };
    case "period":
      return { dtype, logical: "period", freq: values.freq };
    case "categorical":
      return { dtype, logical: "categorical", ordered: values.ordered, categories: await arrayJson(values.categories) };
    case "object":
      return { dtype: "object", logical: "object" };
  }
}

function jsonOf(values: Values): (i: number) => Json {
  switch (values.kind) {
    case "number": {
      const { data, dtype } = values;
      if (data instanceof BigInt64Array || data instanceof BigUint64Array) return (i) => String(data[i]);
      return dtype.startsWith("float") ? (i) => floatJson(data[i]) : (i) => data[i];
    }
    case "bool":
      return (i) => values.data[i] !== 0;
    case "complex":
      return (i) => [floatJson(values.data[2 * i]), floatJson(values.data[2 * i + 1])];
    case "text":
      return (i) => (values.data[i] === null ? null : tagged(values.data[i]));
    case "categorical":
      return (i) => values.codes[i];
    case "object":
      return (i) => tagged(labelAt(values, i));
    case "period":
      return (i) => String(values.data[i]);
    default:
      return (i) => (values.data[i] === NOT_A_TIME ? "NaT" : String(values.data[i]));
  }
}

/** The little-endian bytes that the checksum is of; none of objects. */
function checksumBytes(values: Values): Uint8Array<ArrayBuffer> | undefined {
  switch (values.kind) {
    case "number":
      return numberBytes(values.dtype, values.data);
    case "complex":
      return numberBytes(values.dtype === "complex64" ? "float32" : "float64", values.data);
    case "bool":
      return Uint8Array.from(values.data, (byte) => (byte === 0 ? 0 : 1));
    case "categorical":
      return bytesOf(Int32Array.from(values.codes));
    case "text":
      return textBytes(values.data);
    case "object":
      return undefined;
    default:
      return bytesOf(values.data);
  }
}

const bytesOf = (data: ArrayBufferView): Uint8Array<ArrayBuffer> =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();

/** NaNs are all the same one. */
function numberBytes(dtype: string, data: Extract<Values, { kind: "number" }>["data"]): Uint8Array<ArrayBuffer> {
  if (dtype === "float16") return bytesOf(Uint16Array.from(data as Float32Array, halfBits));
  if (data instanceof Float32Array || data instanceof Float64Array)
    return bytesOf(data.map((value) => (Number.isNaN(value) ? Number.NaN : value)));
  return bytesOf(data);
}

/** The 16 bits of a float that they can hold. */
export function halfBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | roundHalfEven(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  const shift = 2 ** exponent > size ? exponent - 1 : 2 ** (exponent + 1) <= size ? exponent + 1 : exponent;
  return sign | (((shift + 15) << 10) + roundHalfEven((size / 2 ** shift - 1) * 1024));
}

export function roundHalfEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}

const MISSING = 0xffffffff;

function textBytes(data: readonly (string | null)[]): Uint8Array<ArrayBuffer> {
  const parts = data.map((text) => (text === null ? undefined : utf8(text)));
  const out = new Uint8Array(parts.reduce((sum, part) => sum + 4 + (part?.length ?? 0), 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part?.length ?? MISSING, true);
    if (part !== undefined) out.set(part, at + 4);
    at += 4 + (part?.length ?? 0);
  }
  return out;
}

function utf8(text: string): Uint8Array {
  const json = tagged(text);
  if (typeof json === "string") return new TextEncoder().encode(text);
  return Uint8Array.from(atob((json as { utf8b64: string }).utf8b64), (c) => c.charCodeAt(0));
}

/** The checksum of bytes, in hex. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export { base64 };
