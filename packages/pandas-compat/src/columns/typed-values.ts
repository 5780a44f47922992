/** Values of a kind out of a list of Python's. */
import { FormatError } from "h5ts";
import { labelKey } from "../frame/label.ts";
import { type FrameUnit, NOT_A_TIME, type Values } from "../frame/values.ts";
import type { AnyNumbers, NumberName } from "../pytables/raw-column.ts";
import { isMissing, isPythonObject } from "../python/values.ts";

/** A kind of values, without them. */
export interface ValuesType {
  readonly kind: Values["kind"];
  readonly dtype?: string;
  readonly unit?: FrameUnit;
  readonly zone?: string | null;
  readonly freq?: string;
  readonly ordered?: boolean;
  /** Of categories. */
  readonly categories?: ValuesType;
}

const ARRAYS: Readonly<Record<NumberName, new (items: never[]) => AnyNumbers>> = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  float16: Float32Array,
  float32: Float32Array,
  float64: Float64Array,
};

const isNumberName = (name: string | undefined): name is NumberName =>
  name !== undefined && Object.hasOwn(ARRAYS, name);

/** FormatError where the items are not of the type. */
export function valuesOfType(type: ValuesType, items: readonly unknown[]): Values {
  const time = (): BigInt64Array => BigInt64Array.from(items, timeOf);
  switch (type.kind) {
    case "number": {
      const { dtype } = type;
      if (!isNumberName(dtype)) return wrong(type, dtype);
      const wide = dtype.endsWith("64") && !dtype.startsWith("float");
      const numbers = wide ? items.map((item) => BigInt(item as bigint)) : items.map(Number);
      return { kind: "number", dtype, data: new ARRAYS[dtype](numbers as never[]) };
    }
    case "bool":
      return { kind: "bool", data: Uint8Array.from(items, (item) => (item === true ? 1 : 0)) };
    case "complex": {
      const data = items.flatMap((item) =>
        isPythonObject(item) && item.kind === "complex" ? [item.real, item.imag] : wrong(type, item),
      );
      return type.dtype === "complex64"
        ? { kind: "complex", dtype: "complex64", data: Float32Array.from(data) }
        : { kind: "complex", dtype: "complex128", data: Float64Array.from(data) };
    }
    case "text":
      return {
        kind: "text",
        dtype: type.dtype === "str" || type.dtype === "string" ? type.dtype : "object",
        data: items.map((item) => (typeof item === "string" ? item : null)),
      };
    case "datetime":
      return { kind: "datetime", unit: type.unit ?? "ns", zone: type.zone ?? null, data: time() };
    case "timedelta":
      return { kind: "timedelta", unit: type.unit ?? "ns", data: time() };
    case "period":
      return { kind: "period", freq: type.freq ?? "D", data: time() };
    case "categorical":
      return categories(type, items);
    default:
      return { kind: "object", data: items };
  }
}

function wrong(type: ValuesType, found: unknown): never {
  throw new FormatError(`holds what is no ${type.kind}`, { structure: "frame of columns", found: String(found) });
}

const timeOf = (item: unknown): bigint =>
  isPythonObject(item) && "value" in item ? item.value : typeof item === "bigint" ? item : NOT_A_TIME;

/** The categories are the different items, in the order in which they come. */
function categories(
  { ordered = false, categories: of = { kind: "object" } }: ValuesType,
  items: readonly unknown[],
): Values {
  const known = new Map<string, number>();
  const kept: unknown[] = [];
  const codes = Int32Array.from(items, (item) => {
    if (isMissing(item)) return -1;
    const key = labelKey(item);
    if (!known.has(key)) {
      known.set(key, kept.length);
      kept.push(item);
    }
    return known.get(key)!;
  });
  const narrow = kept.length < 128 ? Int8Array.from(codes) : kept.length < 32_768 ? Int16Array.from(codes) : codes;
  return { kind: "categorical", codes: narrow, categories: valuesOfType(of, kept), ordered };
}
