/** Axes in the fixed format. */
import { type DType, dtype, UnsupportedError } from "h5ts";
import type { Axis, Index } from "../../frame/frame.ts";
import { labelsOf } from "../../frame/label.ts";
import { ordinalOfDate } from "../../frame/moments.ts";
import { PLAIN_TEXT, type TextForm } from "../../frame/text.ts";
import { lengthOf, type Values } from "../../frame/values.ts";
import { createArray, createObjects } from "../../pytables/create.ts";
import {
  asBool,
  asInt64,
  asName,
  asPickle,
  asText,
  type Stored,
  writeAttributes,
} from "../../pytables/write-attributes.ts";
import { arrayPickle } from "../../python/object-pickle.ts";
import type { Generation } from "../../python/text-pickle.ts";
import { isPythonObject, type Label, type PythonObject } from "../../python/values.ts";
import { elementType, momentName, packColumns, textWidth } from "../write-values.ts";
import { createEmpty, type FixedTarget, zoneAttribute } from "./target.ts";

/** Writes an axis under that name, and its variety into the group's attributes. */
export async function writeAxis(target: FixedTarget, key: string, axis: Axis): Promise<void> {
  const { group } = target;
  await writeAttributes(group, { [`${key}_variety`]: asText(axis.kind === "multi" ? "multi" : "regular") });
  if (axis.kind === "index") return writeIndex(target, key, axis);
  await writeAttributes(group, { [`${key}_nlevels`]: asInt64(axis.levels.length) });
  for (const [i, values] of axis.levels.entries()) {
    const name = axis.names[i];
    if (values.kind === "categorical") refuseCategorical();
    await writeIndex(
      target,
      `${key}_level${i}`,
      { kind: "index", name, values },
      { [`${key}_name${nameText(name)}`]: asName(name) },
    );
    await writeCodes(target, `${key}_label${i}`, axis.codes[i], lengthOf(values));
  }
}

const nameText = (name: Label): string => (name === null ? "None" : String(name));

function refuseCategorical(): never {
  throw new UnsupportedError("has an index of categories, which pandas does not store", { structure: "pandas object" });
}

/** Codes as narrow as pandas has them. */
async function writeCodes(
  { group, form, compression }: FixedTarget,
  name: string,
  codes: Int32Array,
  levels: number,
): Promise<void> {
  const narrow = levels < 128 ? Int8Array.from(codes) : levels < 32768 ? Int16Array.from(codes) : codes;
  const values: Values = {
    kind: "number",
    dtype: narrow instanceof Int8Array ? "int8" : narrow instanceof Int16Array ? "int16" : "int32",
    data: narrow,
  };
  if (codes.length === 0) return void (await createEmpty(group, name, [0], values.dtype));
  const type = elementType(values);
  const dataset = await createArray(
    group,
    name,
    { type, shape: [codes.length], bytes: packColumns([values], type, form) },
    compression,
  );
  await writeAttributes(dataset, { transposed: asBool(true) });
}

/** An index as one array. */
async function writeIndex(
  target: FixedTarget,
  key: string,
  index: Index,
  more: Record<string, Stored> = {},
): Promise<void> {
  const { group, compression } = target;
  const { values, name } = index;
  const stored = storedIndex(values, target);
  const attributes = {
    name: asName(name),
    kind: asText(stored.kind),
    ...indexAttributes(index, target.pandas),
    ...more,
  };
  const rows = lengthOf(values);
  if (stored.kind === "object") {
    const dataset = await createObjects(group, key, [arrayPickle(labelsOf(index), [rows])], compression);
    return writeAttributes(dataset, { transposed: asBool(rows > 0), ...attributes });
  }
  if (rows === 0) {
    const dataset = await createEmpty(group, key, [0], emptyType(values));
    return writeAttributes(dataset, attributes);
  }
  const raw = { type: stored.type, shape: [rows], bytes: stored.bytes };
  const dataset = await createArray(group, key, raw, compression);
  await writeAttributes(dataset, { transposed: asBool(true), ...attributes });
}

const emptyType = (values: Values): string =>
  values.kind === "number" ? values.dtype : values.kind === "bool" ? "bool" : (momentName(values) ?? "int64");

interface StoredIndex {
  readonly kind: string;
  readonly type: DType;
  readonly bytes: Uint8Array;
}

const OBJECT: StoredIndex = { kind: "object", type: dtype("u1"), bytes: new Uint8Array(0) };

function storedIndex(values: Values, { form, pandas }: Pick<FixedTarget, "form" | "pandas">): StoredIndex {
  switch (values.kind) {
    case "text":
      return textIndex(values, form);
    case "categorical":
      return refuseCategorical();
    case "object":
      return dateIndex(values.data);
    case "complex":
      throw new UnsupportedError("has an index of complex numbers, which pandas does not store", {
        structure: "pandas object",
      });
    default: {
      const type = elementType(values);
      return { kind: kindOf(values, pandas), type, bytes: packColumns([values], type, form) };
    }
  }
}

function kindOf(values: Values, pandas: Generation): string {
  if (values.kind === "number") return values.dtype.startsWith("float") ? "float" : "integer";
  if (values.kind === "bool") return "bool";
  return momentName(values, pandas) ?? "integer";
}

/** Text as bytes; where that would not come back as it was, as objects. */
function textIndex(values: Values & { kind: "text" }, form: TextForm): StoredIndex {
  const lossy = values.data.some((text) => text === null || text === PLAIN_TEXT.nanRep || text.endsWith("\0"));
  if (values.data.length === 0 || lossy) return OBJECT;
  const type = elementType(values, textWidth(values.data, form));
  return { kind: "string", type, bytes: packColumns([values], type, form) };
}

/** Dates alone by their ordinals. */
function dateIndex(data: readonly unknown[]): StoredIndex {
  const isDate = (value: unknown): value is PythonObject & { iso: string } =>
    isPythonObject(value) && value.kind === "date";
  if (data.length === 0 || !data.every(isDate)) return OBJECT;
  const values: Values = {
    kind: "number",
    dtype: "int32",
    data: Int32Array.from(data, ({ iso }) => ordinalOfDate(iso)),
  };
  const type = elementType(values);
  return { kind: "date", type, bytes: packColumns([values], type, PLAIN_TEXT) };
}

/** What is kept beside the labels: class, frequency, zone. */
function indexAttributes({ values, freq }: Index, pandas: Generation): Record<string, Stored> {
  if (values.kind === "datetime")
    return {
      index_class: asText("datetime"),
      freq: frequency(freq),
      ...(values.zone === null ? {} : { tz: zoneAttribute(values.zone, pandas) }),
    };
  if (values.kind === "timedelta") return { index_class: asText("timedelta"), freq: frequency(freq) };
  return values.kind === "period" ? { index_class: asText("period"), freq: frequency(values.freq) } : {};
}

const frequency = (name: string | undefined): Stored =>
  asPickle(name === undefined ? null : { kind: "frequency", name });
