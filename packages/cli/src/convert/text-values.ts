/** Values as text and JSON: times in ISO 8601, decimals with their point, bytes in base64. */
import { type PlainValue, valuesOf } from "@h5ts/arrow-adapter";
import type { Data, DataType, Field } from "apache-arrow";
import type { Arrow } from "./table-stream.ts";

/** JSON with bigints. */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | JsonValue[]
  | { readonly [name: string]: JsonValue };

/** The values of a column as JSON has them. */
export function jsonValues(arrow: Arrow, type: DataType, data: Data): JsonValue[] {
  const show = shower(arrow, type);
  return Array.from(valuesOf(arrow, data), (value) => (value === null || value === undefined ? null : show(value)));
}

type Shower = (value: PlainValue) => JsonValue;

const FRACTIONS = [0, 3, 6, 9];

function shower(arrow: Arrow, type: DataType): Shower {
  const { DataType: is } = arrow;
  const orNull =
    (show: Shower): Shower =>
    (value) =>
      value === null || value === undefined ? null : show(value);
  if (is.isDictionary(type)) return shower(arrow, type.dictionary);
  if (is.isFloat(type))
    return (value) =>
      Number.isFinite(value) && !Object.is(value, -0) ? (value as number) : floatText(value as number);
  if (is.isTimestamp(type)) {
    const suffix = type.timezone ? "Z" : "";
    return (value) => `${momentText(value as bigint, FRACTIONS[type.unit])}${suffix}`;
  }
  if (is.isDate(type)) {
    const length = type.unit === arrow.DateUnit.DAY ? 86_400_000n : 1n;
    return (value) => {
      const text = momentText(BigInt(value as bigint) * length, 3);
      return text.endsWith("T00:00:00.000") ? text.slice(0, -13) : text;
    };
  }
  if (is.isTime(type)) return (value) => momentText(BigInt(value as bigint), FRACTIONS[type.unit]).slice(11);
  if (is.isDecimal(type)) return (value) => decimalText(value as bigint, type.scale);
  if (is.isList(type) || is.isLargeList(type) || is.isFixedSizeList(type)) {
    const item = orNull(shower(arrow, type.children[0].type));
    return (value) => (value as PlainValue[]).map(item);
  }
  if (is.isMap(type)) {
    const [key, item] = ((type.children[0].type as DataType).children as Field[]).map((child) =>
      orNull(shower(arrow, child.type)),
    );
    return (value) => (value as [PlainValue, PlainValue][]).map(([k, v]) => [key(k), item(v)]);
  }
  if (is.isStruct(type)) {
    const fields = (type.children as Field[]).map((child) => [child.name, orNull(shower(arrow, child.type))] as const);
    return (value) =>
      Object.fromEntries(fields.map(([name, show]) => [name, show((value as Record<string, PlainValue>)[name])]));
  }
  return (value) => (value instanceof Uint8Array ? Buffer.from(value).toString("base64") : (value as JsonValue));
}

const floatText = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

/** A count of parts of a second since 1970 as ISO 8601, without a zone. */
function momentText(count: bigint, digits: number): string {
  const parts = 10n ** BigInt(digits);
  const rest = ((count % parts) + parts) % parts;
  const seconds = Number((count - rest) / parts);
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return String(count);
  const fraction = digits === 0 ? "" : `.${String(rest).padStart(digits, "0")}`;
  return date.toISOString().replace(/\.000Z$/, fraction);
}

function decimalText(value: bigint, scale: number): string {
  if (scale <= 0) return String(value * 10n ** BigInt(-scale));
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** As JSON; bigints as numbers with all their digits. */
export function jsonText(value: JsonValue): string {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([name, item]) => `${JSON.stringify(name)}:${jsonText(item)}`)
      .join(",")}}`;
  }
  return JSON.stringify(value);
}

/** JSON, in which integers beyond 2^53 become bigints. */
export function parseJson(text: string): JsonValue {
  if (!/\d{16}/.test(text)) return JSON.parse(text) as JsonValue;
  const marked = text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    /^-?\d{16,}$/.test(token) ? `"\\u0000${token}"` : token,
  );
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === "string" && /^\0-?\d+$/.test(value) ? exactNumber(value.slice(1)) : value,
  ) as JsonValue;
}

function exactNumber(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}
