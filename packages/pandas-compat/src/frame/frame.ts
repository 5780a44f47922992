/** Frames and series: columns of values between an axis of rows and one of labels. */
import { ShapeError } from "h5ts";
import type { Label } from "../python/values.ts";
import { lengthOf, takeValues, type Values } from "./values.ts";

/** An axis: pandas' Index. */
export interface Index {
  /** Tells it from others. */
  readonly kind: "index";
  /** What the axis or series is called; null: it has no name. */
  readonly name: Label;
  /** The labels, one a place. */
  readonly values: Values;
  /** Of dates the frequency, where it is known: `"D"`. */
  readonly freq?: string;
}

/** Several labels for each place: pandas' MultiIndex. */
export interface MultiIndex {
  /** Tells it from others. */
  readonly kind: "multi";
  /** What its levels are called. */
  readonly names: readonly Label[];
  /** The different labels of each level. */
  readonly levels: readonly Values[];
  /** For each level the number of the label at each place, -1 where it is missing. */
  readonly codes: readonly Int32Array[];
}

/** Labels of rows or columns. */
export type Axis = Index | MultiIndex;

/** A table of named columns: pandas' DataFrame. */
export interface Frame {
  /** Tells it from others. */
  readonly kind: "frame";
  /** Labels of rows. */
  readonly index: Axis;
  /** Labels of columns. */
  readonly columns: Axis;
  /** Values of each column, in the order of `columns`, as many as `index` has labels. */
  readonly data: readonly Values[];
}

/** One column: pandas' Series. */
export interface Series {
  /** Tells it from others. */
  readonly kind: "series";
  /** What the axis or series is called; null: it has no name. */
  readonly name: Label;
  /** Labels of the values. */
  readonly index: Axis;
  /** The values, one for each label of `index`. */
  readonly data: Values;
}

/** Places of an axis. */
export function axisLength(axis: Axis): number {
  return axis.kind === "index" ? lengthOf(axis.values) : (axis.codes[0]?.length ?? 0);
}

/** The labels of a level, one for each place. */
export const levelValues = ({ levels, codes }: MultiIndex, level: number): Values =>
  takeValues(levels[level], codes[level]);

/** The places of an axis that are named, in their order. */
export function takeAxis(axis: Axis, places: ArrayLike<number>): Axis {
  if (axis.kind === "index") {
    const { freq: _, ...rest } = axis;
    return { ...rest, values: takeValues(axis.values, places) };
  }
  return { ...axis, codes: axis.codes.map((codes) => Int32Array.from(places, (place) => codes[place])) };
}

/** The rows that are named, in their order. */
export function takeRows<T extends Frame | Series>(object: T, places: ArrayLike<number>): T {
  const index = takeAxis(object.index, places);
  if (object.kind === "series") return { ...object, index, data: takeValues(object.data, places) };
  return { ...object, index, data: object.data.map((values) => takeValues(values, places)) };
}

/** The columns at these places. */
export function takeColumns(frame: Frame, places: readonly number[]): Frame {
  return { ...frame, columns: takeAxis(frame.columns, places), data: places.map((place) => frame.data[place]) };
}

/** 0, 1, 2 ...: the index of rows without labels. */
export function rangeIndex(length: number): Index {
  const data = new BigInt64Array(length);
  for (let i = 0; i < length; i++) data[i] = BigInt(i);
  return { kind: "index", name: null, values: { kind: "number", dtype: "int64", data } };
}

/** Labels that are text. */
export const textIndex = (labels: readonly string[], name: Label = null): Index => ({
  kind: "index",
  name,
  values: { kind: "text", dtype: "str", data: labels },
});

/** ShapeError where columns are not as long as the index, or not as many as the labels. */
export function checkFrame(object: Frame | Series): void {
  const rows = axisLength(object.index);
  const columns = object.kind === "series" ? [object.data] : object.data;
  const wrong = columns.findIndex((values) => lengthOf(values) !== rows);
  if (wrong >= 0)
    throw new ShapeError("has a column of another length than its index", {
      structure: "frame",
      found: `${lengthOf(columns[wrong])} values in column ${wrong}`,
      allowed: `${rows}`,
    });
  if (object.kind === "frame" && axisLength(object.columns) !== columns.length)
    throw new ShapeError("has labels for another number of columns", {
      structure: "frame",
      found: axisLength(object.columns),
      allowed: `${columns.length}`,
    });
}
