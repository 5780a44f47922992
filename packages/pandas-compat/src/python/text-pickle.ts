/** Pickles of protocol 0, as PyTables writes them into attributes. */
import { PickleDict, PickleTuple } from "@h5ts/pickle";
import { UnsupportedError } from "h5ts";
import { offsetOf } from "./offsets.ts";
import { isPythonObject, type PythonObject } from "./values.ts";

export const refuse = (value: unknown): never => {
  throw new UnsupportedError("has a value that is not written as a pickle", {
    structure: "Pickle",
    found: isPythonObject(value) ? value.kind : typeof value,
  });
};

/**
 * For which pandas something is written: 1 and 2 name times of nanoseconds without their unit and take zones from `pytz`, 3 names every unit
 * and takes zones from `zoneinfo`.
 */
export type Generation = 1 | 3;

/** A pickle of protocol 0, for attributes: ASCII alone. */
export function textPickle(value: unknown, pandas: Generation = 3): string {
  return `${textOf(value, pandas)}.`;
}

export const SMALLEST_INT: bigint = -(2n ** 31n);

function textOf(value: unknown, pandas: Generation): string {
  if (value === null || value === undefined) return "N";
  if (typeof value === "boolean") return value ? "I01\n" : "I00\n";
  if (typeof value === "bigint") return SMALLEST_INT <= value && value < -SMALLEST_INT ? `I${value}\n` : `L${value}L\n`;
  if (typeof value === "number") return `F${floatText(value)}\n`;
  if (typeof value === "string") return `V${escaped(value)}\n`;
  if (value instanceof PickleTuple) return `(${value.map((item) => textOf(item, pandas)).join("")}t`;
  if (Array.isArray(value)) return `(l${value.map((item) => `${textOf(item, pandas)}a`).join("")}`;
  if (value instanceof PickleDict)
    return `(d${[...value].map(([key, item]) => `${textOf(key, pandas)}${textOf(item, pandas)}s`).join("")}`;
  if (value instanceof Uint8Array) return `c_codecs\nencode\n(V${escaped(String.fromCharCode(...value))}\nVlatin1\ntR`;
  return isPythonObject(value) ? objectText(value, pandas) : refuse(value);
}

/** Python's repr of a float. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}

/** raw-unicode-escape, and what is not ASCII escaped as well. */
const escaped = (text: string): string =>
  Array.from({ length: text.length }, (_, i) => {
    const unit = text.charCodeAt(i);
    const plain = unit >= 0x20 && unit < 0x7f && unit !== 0x5c;
    return plain ? text[i] : surrogateEscape(text, i, unit);
  }).join("");

/** Pairs of surrogates are one character, and so one escape. */
function surrogateEscape(text: string, i: number, unit: number): string {
  if (unit >= 0xdc00 && unit <= 0xdfff && i > 0 && isHigh(text.charCodeAt(i - 1))) return "";
  const code = text.codePointAt(i)!;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${unit.toString(16).padStart(4, "0")}`;
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

export function objectText(value: PythonObject, pandas: Generation): string {
  switch (value.kind) {
    case "frequency":
      return frequencyText(value.name);
    case "zone":
      return zoneText(value.name, pandas);
    case "timestamp": {
      const zone = value.zone === null ? "N" : zoneText(value.zone, pandas);
      const unit = value.unit === "ns" ? "" : `I${UNIT_CODES[value.unit] ?? refuse(value)}\n`;
      return `cpandas._libs.tslibs.timestamps\n_unpickle_timestamp\n(${textOf(value.value, pandas)}N${zone}${unit}tR`;
    }
    case "complex":
      return `c__builtin__\ncomplex\n(F${floatText(value.real)}\nF${floatText(value.imag)}\ntR`;
    case "decimal":
      return `cdecimal\nDecimal\n(V${escaped(value.text)}\ntR`;
    default:
      return refuse(value);
  }
}

/** NumPy's numbers of units. */
export const UNIT_CODES: Readonly<Record<string, number>> = { s: 7, ms: 8, us: 9, ns: 10 };

function frequencyText(name: string): string {
  const offset = offsetOf(name) ?? refuse({ kind: `frequency ${name}` });
  const [n, ...anchors] = offset.args;
  return `cpandas._libs.tslibs.offsets\n${offset.name}\n(I${n}\nI00\n${anchors.map((anchor) => `I${anchor}\n`).join("")}tR`;
}

/** The offset from UTC of a zone that is named by it, in seconds; `undefined` of other names. */
export function fixedOffset(name: string): number | undefined {
  if (name === "UTC") return 0;
  const found = /^(?:UTC)?([+-])(\d\d):(\d\d)$/.exec(name);
  return found === null ? undefined : (found[1] === "-" ? -1 : 1) * (Number(found[2]) * 3600 + Number(found[3]) * 60);
}

function zoneText(name: string, pandas: Generation): string {
  const offset = fixedOffset(name);
  if (name === "UTC" && pandas === 1) return "cpytz\n_UTC\n(tR";
  if (offset !== undefined) {
    const days = Math.floor(offset / 86_400);
    return `cdatetime\ntimezone\n(cdatetime\ntimedelta\n(I${days}\nI${offset - days * 86_400}\nI0\ntRtR`;
  }
  if (pandas === 1) return `cpytz\n_p\n(V${escaped(name)}\ntR`;
  return `c__builtin__\ngetattr\n(czoneinfo\nZoneInfo\nV_unpickle\ntR(V${escaped(name)}\nI01\ntR`;
}
