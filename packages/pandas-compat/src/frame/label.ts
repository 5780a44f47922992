/** Labels, one at a time: out of axes, and compared. */
import { PickleTuple } from "@h5ts/pickle";
import { isPythonObject, type Label } from "../python/values.ts";
import { type Axis, axisLength, levelValues } from "./frame.ts";
import { lengthOf, NOT_A_TIME, type Values } from "./values.ts";

/** The value at a place, in Python's terms. */
export function labelAt(values: Values, i: number): unknown {
  switch (values.kind) {
    case "number": {
      const value = values.data[i];
      return values.dtype.startsWith("float") ? value : BigInt(value);
    }
    case "bool":
      return values.data[i] !== 0;
    case "complex":
      return { kind: "complex", real: values.data[2 * i], imag: values.data[2 * i + 1] };
    case "categorical":
      return values.codes[i] < 0 ? null : labelAt(values.categories, values.codes[i]);
    case "text":
    case "object":
      return values.data[i];
    default:
      return momentOf(values, values.data[i]);
  }
}

function momentOf(values: Values & { data: BigInt64Array }, value: bigint): unknown {
  if (value === NOT_A_TIME) return { kind: "nat" };
  if (values.kind === "datetime") return { kind: "timestamp", unit: values.unit, value, zone: values.zone };
  if (values.kind === "period") return { kind: "period", freq: values.freq, value };
  return values.kind === "timedelta" ? { kind: "timedelta", unit: values.unit, value } : value;
}

/** All labels of an axis: of several levels tuples. */
export function labelsOf(axis: Axis): Label[] {
  if (axis.kind === "index") {
    const { values } = axis;
    return Array.from({ length: lengthOf(values) }, (_, i) => labelAt(values, i) as Label);
  }
  const levels = axis.levels.map((_, level) => levelValues(axis, level));
  return Array.from({ length: axisLength(axis) }, (_, i) =>
    PickleTuple.holding(levels.map((values) => labelAt(values, i))),
  );
}

/** A text that is the same of equal labels, as Python compares them: 1, 1.0 and True are one. */
export function labelKey(label: unknown): string {
  if (typeof label === "string") return `s${label}`;
  if (typeof label === "number" || typeof label === "bigint" || typeof label === "boolean")
    return `n${Number(label) === 0 ? 0 : typeof label === "bigint" ? label : Number(label)}`;
  if (label === null) return "-";
  if (label instanceof Uint8Array) return `b${label.join()}`;
  if (label instanceof PickleTuple) return `(${label.map((part) => JSON.stringify(labelKey(part))).join()})`;
  if (isPythonObject(label))
    return `${label.kind}${JSON.stringify(label, (_, v) => (typeof v === "bigint" ? `${v}` : v))}`;
  return JSON.stringify(label);
}
