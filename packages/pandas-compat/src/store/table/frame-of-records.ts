/** Frames out of a table's records. */
import { PickleDict } from "@h5ts/pickle";
import { FormatError } from "h5ts";
import { axisOfLabels, indexOf, multiIndexOf } from "../../frame/axis-of.ts";
import { type Axis, axisLength, type Frame, type Index, type Series, takeColumns } from "../../frame/frame.ts";
import { labelKey, labelsOf } from "../../frame/label.ts";
import { isRegular, momentType } from "../../frame/moments.ts";
import type { Values } from "../../frame/values.ts";
import { type Elements, elementsOf } from "../../pytables/raw-column.ts";
import { periodName } from "../../python/offsets.ts";
import type { Label } from "../../python/values.ts";
import { frequencyOf, textValues, valuesOfElements, zoneOf } from "../read-values.ts";
import { categorical } from "./categories.ts";
import type { TableLayout, ValueColumn } from "./layout.ts";

/** Records as the table has them, one behind the other. */
export interface Records {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** Categories by column. */
export type Categories = ReadonlyMap<string, Values>;

/** The frame or series of these records. */
export function frameOfRecords(layout: TableLayout, records: Records, categories: Categories): Frame | Series {
  const index = indexOfRecords(layout, records, categories);
  const labels: Label[] = [];
  const data: Values[] = [];
  for (const column of layout.columns) {
    labels.push(...column.labels);
    for (let j = 0; j < column.labels.length; j++)
      data.push(columnOf(layout, column, j, records, categories.get(column.name)));
  }
  const frame = ordered(layout, { kind: "frame", index, columns: columnAxis(layout, labels), data });
  const leveled = layout.levels === undefined ? frame : withLevels(frame, layout.levels, layout.isSeries);
  if (layout.isSeries) return seriesOf(leveled);
  return layout.indexAxis === 1 ? transposed(leveled) : leveled;
}

const aboutOf = (layout: TableLayout, key: unknown): PickleDict => {
  const value = layout.info.get(key);
  return value instanceof PickleDict ? value : new PickleDict();
};

function indexOfRecords(layout: TableLayout, { bytes, count }: Records, categories: Categories): Index {
  const { index, indexKind } = layout;
  const stride = layout.table.dtype.itemsize;
  const elements = elementsOf({ type: index.type, bytes, offset: index.offset, stride, count });
  const about = aboutOf(layout, index.name);
  const name = (about.get("index_name") ?? null) as Label;
  const freq = frequencyOf(about.get("freq"));
  if (index.meta === "category")
    return indexOf(categorical(codesOf(elements), categories.get(index.name), index.ordered), name);
  if (indexKind === "string") return indexOf(textValues(elements, index.form, "object"), name);
  // As in pandas, dates come back as the numbers that they are kept as.
  if (elements.type === "time32" || indexKind === "date")
    return indexOf(
      { kind: "number", dtype: "int64", data: BigInt64Array.from(elements.data as Int32Array, BigInt) },
      name,
    );
  const moment = momentType(indexKind)?.kind;
  const isMoment = moment === "datetime" || (moment === "timedelta" && !layout.isOld);
  if (!isMoment && freq !== undefined && elements.type === "int64")
    return indexOf({ kind: "period", freq: periodName(freq), data: elements.data as BigInt64Array }, name);
  // As in pandas: durations come back as the integers that they are kept as.
  const type = isMoment
    ? { name: indexKind, zone: zoneOf(about.get("tz")) }
    : indexKind === "bool"
      ? { name: "bool" }
      : {};
  const values = valuesOfElements(elements, type);
  const dated =
    isMoment && (values.kind === "datetime" || values.kind === "timedelta") && zoneKeepsFrequency(layout, values);
  if (freq === undefined || !dated) return indexOf(values, name);
  // Of some of the rows, the frequency may be none.
  const regular = count < 2 || (isRegular(values.data, values.unit, freq) ?? count === layout.table.shape[0]);
  return regular ? { ...indexOf(values, name), freq } : indexOf(values, name);
}

/** Old files with a zone lose it. */
const zoneKeepsFrequency = (layout: TableLayout, values: Values): boolean =>
  values.kind !== "datetime" || values.zone === null || !layout.isOld;

/** The part of a column that is `labels[j]`. */
function columnOf(
  layout: TableLayout,
  column: ValueColumn,
  j: number,
  { bytes, count }: Records,
  categories: Values | undefined,
): Values {
  const element = column.type.class === "array" ? column.type.base : column.type;
  const raw = {
    type: element,
    bytes,
    offset: column.offset + j * element.size,
    stride: layout.table.dtype.itemsize,
    count,
  };
  const elements = elementsOf(raw);
  if (column.meta === "category") return categorical(codesOf(elements), categories, column.ordered);
  if (elements.type === "string") {
    const dtype = column.meta === "str" || column.meta === "string" ? column.meta : "object";
    return allMissing(textValues(elements, column.form, dtype));
  }
  return valuesOfElements(elements, { name: column.dtype, zone: column.zone });
}

/** Where no text is there, pandas gives objects that are all NaN. */
function allMissing(values: Values): Values {
  if (values.kind !== "text" || values.dtype !== "object" || values.data.length === 0) return values;
  return values.data.some((text) => text !== null)
    ? values
    : { kind: "object", data: values.data.map(() => Number.NaN) };
}

function codesOf({ type, data }: Elements): Int8Array | Int16Array | Int32Array {
  if (type === "int8" || type === "int16" || type === "int32") return data as Int8Array;
  throw new FormatError("has categories by what are no codes", { structure: "pandas table", found: type });
}

function columnAxis(layout: TableLayout, labels: readonly Label[]): Axis {
  const about = aboutOf(layout, layout.indexAxis === 1 ? 0n : 1n);
  const names = about.get("names");
  return axisOfLabels(labels, Array.isArray(names) ? (names as Label[]) : [null], about.get("type") === "MultiIndex");
}

/** Columns in the order of the frame: that of the blocks is another. */
function ordered(layout: TableLayout, frame: Frame): Frame {
  const { otherLabels } = layout;
  if (otherLabels === undefined) return frame;
  const keys = labelsOf(frame.columns).map(labelKey);
  const wanted = otherLabels.map(labelKey);
  // Levels of rows stand among the columns, and nowhere else.
  if (keys.length === wanted.length && keys.every((key, i) => key === wanted[i])) return frame;
  const places = [...new Set(wanted)].flatMap((key) => keys.flatMap((other, i) => (other === key ? [i] : [])));
  return takeColumns(frame, places);
}

/** The columns that are levels of rows become the index; of series, as in pandas, by the names that stand for none. */
function withLevels(frame: Frame, levels: readonly Label[], keepNames: boolean): Frame {
  const keys = labelsOf(frame.columns).map(labelKey);
  const places = levels.map((level) => {
    const place = keys.indexOf(labelKey(level));
    if (place < 0)
      throw new FormatError("has no column for a level of its rows", {
        structure: "pandas table",
        found: String(level),
      });
    return place;
  });
  const names = levels.map((level) =>
    !keepNames && typeof level === "string" && /^level_\d+$/.test(level) ? null : level,
  );
  const index = multiIndexOf(
    places.map((place) => frame.data[place]),
    names,
  );
  const rest = keys.map((_, i) => i).filter((i) => !places.includes(i));
  return { ...takeColumns(frame, rest), index };
}

function seriesOf(frame: Frame): Series {
  const [label] = labelsOf(frame.columns);
  if (frame.data.length === 0) throw new FormatError("has no values", { structure: "pandas table" });
  return { kind: "series", name: label === "values" ? null : label, index: frame.index, data: frame.data[0] };
}

/** Rows for columns, of numbers of one type. */
function transposed(frame: Frame): Frame {
  const rows = axisLength(frame.index);
  const [first] = frame.data;
  const same = frame.data.every(
    (values) => values.kind === "number" && first.kind === "number" && values.dtype === first.dtype,
  );
  if (!same || first?.kind !== "number")
    throw new FormatError("has rows along its columns, of several types", { structure: "pandas table" });
  const data = Array.from({ length: rows }, (_, i): Values => {
    const out = new (first.data.constructor as Float64ArrayConstructor)(frame.data.length);
    frame.data.forEach((values, j) => {
      out[j] = (values as typeof first).data[i] as number;
    });
    return { ...first, data: out };
  });
  return { kind: "frame", index: frame.columns, columns: frame.index, data };
}
