/** Types of Arrow's for plain values of which nothing else is known. */
import type { DataType } from "apache-arrow";
import { DTypeError } from "h5ts";
import type { Arrow } from "./arrow.ts";

const KINDS = ["integer", "float", "bigint", "boolean", "text", "bytes", "date", "list", "struct"] as const;
type Kind = (typeof KINDS)[number];

/**
 * The type that holds all values: `Int64` for integers, `Float64` for other numbers, `Timestamp` for dates, lists and structs of what is
 * in them; `Null` for none. DTypeError where kinds are mixed. `column`: for the message.
 */
export function inferredType(arrow: Arrow, values: Iterable<unknown>, column: string): DataType {
  const kinds = new Set<Kind>();
  const items: unknown[] = [];
  const rows: object[] = [];
  let unsigned = false;
  for (const value of values) {
    if (value === null || value === undefined) continue;
    const kind = kindOf(value, column);
    kinds.add(kind);
    if (kind === "bigint" && (value as bigint) >= 2n ** 63n) unsigned = true;
    if (kind === "list") items.push(...(value as unknown[]));
    if (kind === "struct") rows.push(value as object);
  }
  if (kinds.has("float") && !kinds.has("bigint")) kinds.delete("integer");
  if (kinds.has("bigint")) kinds.delete("integer");
  const [kind, other] = kinds;
  if (other !== undefined) {
    throw new DTypeError("mixes values that have no common type", { structure: column, found: `${kind} and ${other}` });
  }
  if (kind === "list") return new arrow.List(new arrow.Field("item", inferredType(arrow, items, column), true));
  if (kind === "struct") return structOf(arrow, rows, column);
  return singleType(arrow, kind, unsigned);
}

function singleType(arrow: Arrow, kind: Kind | undefined, unsigned: boolean): DataType {
  switch (kind) {
    case "integer":
    case "bigint":
      return unsigned ? new arrow.Uint64() : new arrow.Int64();
    case "float":
      return new arrow.Float64();
    case "boolean":
      return new arrow.Bool();
    case "text":
      return new arrow.Utf8();
    case "bytes":
      return new arrow.Binary();
    case "date":
      return new arrow.TimestampMillisecond();
    default:
      return new arrow.Null();
  }
}

function structOf(arrow: Arrow, rows: readonly object[], column: string): DataType {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  const fields = [...names].map((name) => {
    const values = rows.map((row) => (row as Record<string, unknown>)[name]);
    return new arrow.Field(name, inferredType(arrow, values, `${column}.${name}`), true);
  });
  return new arrow.Struct(fields);
}

function kindOf(value: unknown, column: string): Kind {
  switch (typeof value) {
    case "number":
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? "integer" : "float";
    case "bigint":
    case "boolean":
      return typeof value as Kind;
    case "string":
      return "text";
  }
  if (value instanceof Date) return "date";
  if (value instanceof Uint8Array) return "bytes";
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "struct";
  throw new DTypeError("has a value that no type holds", { structure: column, found: typeof value });
}
