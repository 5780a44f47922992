/** Frames as columns, which adapters to Arrow and other tables take. */
import { type Column, type Columns, DType, dtype, type Logical } from "h5ts";
import { type Axis, checkFrame, type Frame, levelValues, type Series, textIndex } from "../frame/frame.ts";
import { labelAt, labelsOf } from "../frame/label.ts";
import { NOT_A_TIME, type Values } from "../frame/values.ts";
import { type Json, tagged } from "../json/tagged.ts";
import { type AxisAbout, FRAME_ATTRIBUTE, type FrameAbout, itemsOf, PANDAS_ATTRIBUTE, typeOf } from "./about.ts";
import { pandasAttribute } from "./pandas-attribute.ts";

/**
 * A frame or series as columns: those of its index first, `__index_level_0__` where it has no name. Attributes say what they were, for
 * {@link frameOfColumns} and for pandas itself. Values that are no column are JSON with the names of their types.
 */
export function columnsOfFrame(object: Frame | Series): Columns {
  checkFrame(object);
  const frame: Frame =
    object.kind === "frame"
      ? object
      : { kind: "frame", index: object.index, columns: nameAxis(object), data: [object.data] };
  const index = levelsOf(frame.index);
  const names = namesOf(frame.index);
  const used = new Set<string>();
  const unique = (name: string): string => {
    let free = name;
    for (let i = 1; used.has(free); i++) free = `${name}_${i}`;
    used.add(free);
    return free;
  };
  const labels = labelsOf(frame.columns).map((label) => unique(columnName(label)));
  const levels = names.map((name, i) => unique(name === null ? `__index_level_${i}__` : columnName(name)));
  const data = [...index, ...frame.data];
  const columns = [...levels, ...labels].map((name, i) => columnOfValues(name, data[i]));
  const about: FrameAbout = {
    kind: object.kind,
    index: aboutAxis(frame.index, index),
    columns: { ...aboutAxis(frame.columns, levelsOf(frame.columns)), labels: levelsOf(frame.columns).map(itemsOf) },
    types: frame.data.map(typeOf),
  };
  const attrs: Record<string, unknown> = Object.create(null);
  attrs[FRAME_ATTRIBUTE] = JSON.stringify(about);
  attrs[PANDAS_ATTRIBUTE] = pandasAttribute(frame, labels, levels, index);
  return { length: data.length === 0 ? 0 : columnLength(columns[0]), columns, attrs };
}

const nameAxis = ({ name }: Series): Axis =>
  typeof name === "string"
    ? textIndex([name])
    : { kind: "index", name: null, values: { kind: "object", data: [name] } };

const columnLength = ({ dtype: { class: kind }, data }: Column): number =>
  kind === "complex" || kind === "compound" ? (data as Float64Array).length / 2 : (data as ArrayLike<unknown>).length;

/** A label as a name: as Python writes it. */
export function columnName(label: unknown): string {
  if (typeof label === "string") return label;
  if (Array.isArray(label))
    return `(${label.map((part) => (typeof part === "string" ? `'${part}'` : columnName(part))).join(", ")})`;
  if (label === null) return "None";
  return typeof label === "object" ? JSON.stringify(tagged(label)) : String(label);
}

export const levelsOf = (axis: Axis): Values[] =>
  axis.kind === "index" ? [axis.values] : axis.levels.map((_, level) => levelValues(axis, level));

const namesOf = (axis: Axis): readonly unknown[] => (axis.kind === "index" ? [axis.name] : axis.names);

const aboutAxis = (axis: Axis, levels: readonly Values[]): AxisAbout => ({
  names: namesOf(axis).map(tagged),
  multi: axis.kind === "multi",
  types: levels.map(typeOf),
  ...(axis.kind === "index" && axis.freq !== undefined ? { freq: axis.freq } : {}),
});

const TEXT: DType = dtype.string();

/** A column of values. */
export function columnOfValues(name: string, values: Values): Column {
  switch (values.kind) {
    case "number":
    case "complex":
      return { name, dtype: DType.from(values.dtype), data: values.data as Column["data"] };
    case "bool":
      return { name, dtype: DType.from("bool"), data: values.data as Column["data"] };
    case "text":
      return textColumn(name, values.data);
    case "datetime":
      return times(name, values.data, {
        kind: "timestamp",
        unit: values.unit,
        ...(values.zone === null ? {} : { zone: values.zone }),
      });
    case "timedelta":
      return times(name, values.data, { kind: "duration", unit: values.unit });
    case "period":
      return times(name, values.data, { kind: "period", unit: values.freq });
    case "categorical": {
      const { codes, categories, ordered } = values;
      return {
        name,
        dtype: DType.from(`int${8 * codes.BYTES_PER_ELEMENT}`),
        data: codes as Column["data"],
        dictionary: columnOfValues("categories", categories),
        logical: { kind: "categorical", ordered },
        ...(codes.includes(-1) ? { validity: Uint8Array.from(codes, (code) => (code < 0 ? 0 : 1)) } : {}),
      };
    }
    case "object":
      return textColumn(
        name,
        values.data.map((_, i): string | null => {
          const json: Json = tagged(labelAt(values, i));
          return JSON.stringify(json);
        }),
      );
  }
}

function textColumn(name: string, data: readonly (string | null)[]): Column {
  const missing = data.includes(null);
  return {
    name,
    dtype: TEXT,
    data: missing ? data.map((text) => text ?? "") : [...(data as readonly string[])],
    ...(missing ? { validity: Uint8Array.from(data, (text) => (text === null ? 0 : 1)) } : {}),
  };
}

function times(name: string, data: BigInt64Array, logical: Logical): Column {
  return {
    name,
    dtype: DType.from("int64"),
    data: data as Column["data"],
    logical,
    ...(data.includes(NOT_A_TIME) ? { validity: Uint8Array.from(data, (time) => (time === NOT_A_TIME ? 0 : 1)) } : {}),
  };
}
