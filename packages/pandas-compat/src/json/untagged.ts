/** Values of Python's out of the neutral JSON. */
import { PickleDict, PickleTuple } from "@h5ts/pickle";
import { FormatError } from "h5ts";
import { numpyArray, type PythonObject, type Unit } from "../python/values.ts";
import type { Json } from "./tagged.ts";

function wrong(found: unknown): never {
  throw new FormatError("is no value of Python's", { structure: "neutral JSON", found: JSON.stringify(found) });
}

/** A float as JSON has it. */
export function floatOf(json: Json | undefined): number {
  if (json === "NaN") return Number.NaN;
  if (json === "-0.0") return -0;
  if (json === "Infinity" || json === "-Infinity" || typeof json === "number") return Number(json);
  return wrong(json);
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

/** UTF-8 in which halves of surrogate pairs stand by themselves. */
function surrogates(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] === 0xed && bytes[at + 1] >= 0xa0) {
      text += String.fromCharCode(0xd000 | ((bytes[at + 1] & 0x3f) << 6) | (bytes[at + 2] & 0x3f));
      at += 3;
      continue;
    }
    let end = at + 1;
    while (end < bytes.length && !(bytes[end] === 0xed && bytes[end + 1] >= 0xa0)) end++;
    text += new TextDecoder().decode(bytes.subarray(at, end));
    at = end;
  }
  return text;
}

type Tagged = { readonly [name: string]: Json };

const listOf = ({ v }: Tagged): unknown[] => (Array.isArray(v) ? v.map(untagged) : wrong(v));
const textIn = (json: Json | undefined): string => (typeof json === "string" ? json : wrong(json));

/** The value that was {@link tagged}. FormatError of JSON that is none. */
export function untagged(json: Json): unknown {
  if (typeof json === "string") return json;
  if (typeof json !== "object" || json === null || Array.isArray(json)) return wrong(json);
  const value = json as Tagged;
  switch (value.t) {
    case "none":
      return null;
    case "bool":
      return value.v === true;
    case "int":
      return BigInt(textIn(value.v));
    case "float":
      return floatOf(value.v);
    case "bytes":
      return bytesOf(textIn(value.b64));
    case "str":
      return surrogates(bytesOf(textIn(value.utf8b64)));
    case "tuple":
      return PickleTuple.holding(listOf(value));
    case "list":
      return listOf(value);
    case "set":
      return new Set(listOf(value));
    case "dict":
      return new PickleDict(
        (Array.isArray(value.v) ? value.v : wrong(value.v)).map(([key, item]: [Json, Json]) => [
          untagged(key),
          untagged(item),
        ]),
      );
    default:
      return objectOf(value);
  }
}

function objectOf(value: Tagged): PythonObject {
  switch (value.t) {
    case "nat":
    case "na":
      return { kind: value.t };
    case "date":
      return { kind: "date", iso: textIn(value.v) };
    case "pydatetime":
      return { kind: "datetime", iso: textIn(value.v) };
    case "other":
      return value.class === "time" ? { kind: "time", iso: textIn(value.repr) } : wrong(value);
    case "pytimedelta":
      return { kind: "pytimedelta", microseconds: BigInt(textIn(value.us)) };
    case "timestamp":
      return {
        kind: "timestamp",
        unit: textIn(value.unit) as Unit,
        value: BigInt(textIn(value.v)),
        zone: value.tz === null ? null : textIn(value.tz),
      };
    case "timedelta":
      return { kind: "timedelta", unit: textIn(value.unit) as Unit, value: BigInt(textIn(value.v)) };
    case "period":
      return { kind: "period", freq: textIn(value.freq), value: BigInt(textIn(value.v)) };
    default:
      return otherOf(value);
  }
}

function otherOf(value: Tagged): PythonObject {
  switch (value.t) {
    case "complex": {
      const [real, imag] = Array.isArray(value.v) ? value.v : wrong(value);
      return { kind: "complex", real: floatOf(real), imag: floatOf(imag) };
    }
    case "decimal":
      return { kind: "decimal", text: textIn(value.v) };
    case "freq":
      return { kind: "frequency", name: textIn(value.v) };
    case "tz":
      return { kind: "zone", name: textIn(value.v) };
    case "record":
      return {
        kind: "record",
        fields: new Map(Object.entries(value.v as Tagged).map(([name, item]) => [name, untagged(item)])),
      };
    case "ndarray":
      return numpyArray(textIn(value.dtype), value.shape as readonly number[], listOf(value));
    default:
      return wrong(value);
  }
}
