/** Values of Python's in the neutral JSON: text as it is, everything else with the name of its type. */
import { PickleDict, PickleTuple } from "@h5ts/pickle";
import { isPythonObject, type NumpyArray, type PythonObject } from "../python/values.ts";

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A float: what is no number, and the zero below zero, as text. */
export function floatJson(value: number): Json {
  if (Number.isNaN(value)) return "NaN";
  if (value === Number.POSITIVE_INFINITY) return "Infinity";
  if (value === Number.NEGATIVE_INFINITY) return "-Infinity";
  return Object.is(value, -0) ? "-0.0" : value;
}

export function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** A value with the name of its type. */
export function tagged(value: unknown): Json {
  if (value === null || value === undefined) return { t: "none" };
  if (typeof value === "string") return text(value);
  if (typeof value === "boolean") return { t: "bool", v: value };
  if (typeof value === "bigint") return { t: "int", v: String(value) };
  if (typeof value === "number") return { t: "float", v: floatJson(value) };
  if (value instanceof Uint8Array) return { t: "bytes", b64: base64(value) };
  if (value instanceof PickleTuple) return { t: "tuple", v: [...value].map(tagged) };
  if (Array.isArray(value)) return { t: "list", v: value.map(tagged) };
  if (value instanceof Set) return { t: "set", v: sorted([...value].map(tagged)) };
  if (value instanceof PickleDict)
    return { t: "dict", v: [...value].map(([key, item]) => [tagged(key), tagged(item)]) };
  if (isPythonObject(value)) return object(value);
  return { t: "other", class: typeof value };
}

const sorted = (items: Json[]): Json[] => items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

function text(value: string): Json {
  if (!/[\ud800-\udfff]/u.test(value)) return value;
  const bytes: number[] = [];
  for (const one of value) {
    const code = one.codePointAt(0)!;
    if (code >= 0xd800 && code <= 0xdfff) bytes.push(0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else bytes.push(...new TextEncoder().encode(one));
  }
  return { t: "str", utf8b64: base64(Uint8Array.from(bytes)) };
}

function object(value: PythonObject): Json {
  switch (value.kind) {
    case "nat":
    case "na":
      return { t: value.kind };
    case "date":
      return { t: "date", v: value.iso };
    case "datetime":
      return { t: "pydatetime", v: value.iso };
    case "time":
      return { t: "other", class: "time", repr: value.iso };
    case "pytimedelta":
      return { t: "pytimedelta", us: String(value.microseconds) };
    case "timestamp":
      return { t: "timestamp", unit: value.unit, v: String(value.value), tz: value.zone };
    case "timedelta":
      return { t: "timedelta", unit: value.unit, v: String(value.value) };
    case "period":
      return { t: "period", freq: value.freq, v: String(value.value) };
    case "decimal":
      return { t: "decimal", v: value.text };
    case "frequency":
      return { t: "freq", v: value.name };
    case "zone":
      return { t: "tz", v: value.name };
    case "complex":
      return { t: "complex", v: [floatJson(value.real), floatJson(value.imag)] };
    case "record":
      return { t: "record", v: Object.fromEntries([...value.fields].map(([name, item]) => [name, tagged(item)])) };
    case "ndarray":
      return array(value);
  }
}

const array = ({ dtype, shape, values }: NumpyArray): Json => ({ t: "ndarray", dtype, shape, v: values.map(tagged) });
