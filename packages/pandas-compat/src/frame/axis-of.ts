/** Axes out of labels and of columns. */
import { PickleTuple } from "@h5ts/pickle";
import { FormatError } from "h5ts";
import { isPythonObject, type Label } from "../python/values.ts";
import type { Axis, Index, MultiIndex } from "./frame.ts";
import { labelAt, labelKey } from "./label.ts";
import { type FrameUnit, lengthOf, takeValues, type Values } from "./values.ts";

/** Labels as values of the narrowest kind that holds them all, as pandas' `Index` takes a list. */
export function valuesOfLabels(labels: readonly unknown[]): Values {
  const is = (test: (label: unknown) => boolean): boolean => labels.length > 0 && labels.every(test);
  if (is((label) => typeof label === "string")) return { kind: "text", dtype: "object", data: labels as string[] };
  if (is((label) => typeof label === "bigint" && BigInt.asIntN(64, label) === label))
    return { kind: "number", dtype: "int64", data: BigInt64Array.from(labels as bigint[]) };
  if (
    is((label) => typeof label === "number" || typeof label === "bigint") &&
    labels.some((label) => typeof label === "number")
  )
    return { kind: "number", dtype: "float64", data: Float64Array.from(labels as number[], Number) };
  if (is((label) => typeof label === "boolean"))
    return { kind: "bool", data: Uint8Array.from(labels as boolean[], Number) };
  const [first] = labels;
  if (isPythonObject(first) && first.kind === "timestamp") {
    const { unit, zone } = first;
    if (
      is((label) => isPythonObject(label) && label.kind === "timestamp" && label.unit === unit && label.zone === zone)
    )
      return {
        kind: "datetime",
        unit: unit as FrameUnit,
        zone,
        data: BigInt64Array.from(labels as { value: bigint }[], ({ value }) => value),
      };
  }
  return { kind: "object", data: labels };
}

/** The axis of labels: of tuples, where `multi` says so, one of several levels. */
export function axisOfLabels(labels: readonly unknown[], names: readonly Label[], multi: boolean): Axis {
  if (!multi) return { kind: "index", name: names[0] ?? null, values: valuesOfLabels(labels) };
  const levels = names.map((_, level) =>
    valuesOfLabels(
      labels.map((label) => {
        if (label instanceof PickleTuple && label.length === names.length) return label[level];
        throw new FormatError("has a label that is no tuple of all levels", {
          structure: "MultiIndex",
          found: String(label),
        });
      }),
    ),
  );
  return multiIndexOf(levels, names);
}

/** The index of several columns, one a level. */
export function multiIndexOf(columns: readonly Values[], names: readonly Label[]): MultiIndex {
  const factored = columns.map(factorize);
  return {
    kind: "multi",
    names,
    levels: factored.map(({ level }) => level),
    codes: factored.map(({ codes }) => codes),
  };
}

function factorize(values: Values): { readonly level: Values; readonly codes: Int32Array } {
  const known = new Map<unknown, number>();
  const places: number[] = [];
  const codes = new Int32Array(lengthOf(values));
  for (let i = 0; i < codes.length; i++) {
    const label = labelAt(values, i);
    const key = typeof label === "object" && label !== null ? labelKey(label) : label;
    let code = missingLabel(label) ? -1 : known.get(key);
    if (code === undefined) {
      code = places.length;
      known.set(key, code);
      places.push(i);
    }
    codes[i] = code;
  }
  return { level: takeValues(values, places), codes };
}

const missingLabel = (label: unknown): boolean =>
  label === null ||
  (typeof label === "number" && Number.isNaN(label)) ||
  (isPythonObject(label) && (label.kind === "nat" || label.kind === "na"));

/** An index of values without a name. */
export const indexOf = (values: Values, name: Label = null): Index => ({ kind: "index", name, values });
