/** Frames out of columns: those that were frames as they were, others with an index of numbers. */
import { type Column, type Columns, FormatError } from "h5ts";
import { multiIndexOf } from "../frame/axis-of.ts";
import { type Axis, checkFrame, type Frame, rangeIndex, type Series, textIndex } from "../frame/frame.ts";
import { type FrameUnit, NOT_A_TIME, type Values } from "../frame/values.ts";
import type { Json } from "../json/tagged.ts";
import { untagged } from "../json/untagged.ts";
import type { NumberName } from "../pytables/raw-column.ts";
import type { Label } from "../python/values.ts";
import { type AxisAbout, FRAME_ATTRIBUTE, type FrameAbout, PANDAS_ATTRIBUTE, valuesOfItems } from "./about.ts";
import type { ValuesType } from "./typed-values.ts";

/** The frame of columns. FormatError where their attributes describe other columns; UnsupportedError of columns that no frame has. */
export function frameOfColumns({ length, columns, attrs }: Columns): Frame | Series {
  const about = aboutOf(attrs[FRAME_ATTRIBUTE]);
  if (about === undefined) return plainFrame(length, columns, pandasIndex(attrs[PANDAS_ATTRIBUTE]));
  const levels = about.index.types.length;
  if (columns.length !== levels + about.types.length)
    throw new FormatError("has other columns than its attributes say", {
      structure: "frame of columns",
      found: columns.length,
      allowed: `${levels + about.types.length}`,
    });
  const index = axisOf(
    about.index,
    columns.slice(0, levels).map((column, i) => valuesOfColumn(column, about.index.types[i])),
  );
  const data = columns.slice(levels).map((column, i) => valuesOfColumn(column, about.types[i]));
  const labels = about.columns.types.map((type, level) => valuesOfItems(type, about.columns.labels?.[level] ?? []));
  const axis = axisOf(about.columns, labels);
  const object: Frame | Series =
    about.kind === "series"
      ? { kind: "series", name: firstLabel(about), index, data: data[0] }
      : { kind: "frame", index, columns: axis, data };
  checkFrame(object);
  return object;
}

/** Names of the columns that are the index, with what they are called: as pyarrow's attribute says of frames that pandas wrote. */
function pandasIndex(value: unknown): ReadonlyMap<string, string | null> {
  if (typeof value !== "string") return new Map();
  try {
    const { index_columns: names, columns } = JSON.parse(value) as {
      index_columns: readonly unknown[];
      columns: readonly { readonly name: string | null; readonly field_name: string }[];
    };
    const nameOf = (field: string): string | null => columns.find((one) => one.field_name === field)?.name ?? null;
    return new Map(names.flatMap((name) => (typeof name === "string" ? [[name, nameOf(name)] as const] : [])));
  } catch {
    // Of whoever else's making: no index is known then.
    return new Map();
  }
}

function plainFrame(length: number, columns: readonly Column[], names: ReadonlyMap<string, string | null>): Frame {
  const rows = columns.filter(({ name }) => names.has(name));
  const others = columns.filter(({ name }) => !names.has(name));
  const labels = rows.map(({ name }) => names.get(name) ?? null);
  const levels = rows.map((column) => valuesOfColumn(column));
  const index: Axis =
    levels.length > 1
      ? multiIndexOf(levels, labels)
      : levels.length === 1
        ? { kind: "index", name: labels[0], values: levels[0] }
        : rangeIndex(length);
  return {
    kind: "frame",
    index,
    columns: textIndex(others.map(({ name }) => name)),
    data: others.map((column) => valuesOfColumn(column)),
  };
}

const firstLabel = ({ columns }: FrameAbout): Label => untagged(columns.labels?.[0]?.[0] ?? { t: "none" }) as Label;

function aboutOf(value: unknown): FrameAbout | undefined {
  if (typeof value !== "string") return undefined;
  try {
    const about = JSON.parse(value) as FrameAbout;
    if (isAxis(about.index) && isAxis(about.columns) && Array.isArray(about.types)) return about;
  } catch {
    // Told below.
  }
  throw new FormatError("does not describe a frame", { structure: FRAME_ATTRIBUTE, found: value.slice(0, 80) });
}

const isAxis = (axis: AxisAbout | undefined): boolean =>
  Array.isArray(axis?.names) && Array.isArray(axis.types) && axis.types.length > 0;

function axisOf({ names, multi, freq }: AxisAbout, levels: readonly Values[]): Axis {
  const labels = names.map((name) => untagged(name) as Label);
  if (multi) return multiIndexOf(levels, labels);
  return { kind: "index", name: labels[0] ?? null, values: levels[0], ...(freq === undefined ? {} : { freq }) };
}

/** Values of a column; `type`: what they were in a frame. */
export function valuesOfColumn(column: Column, type: ValuesType = inferredType(column)): Values {
  const { validity } = column;
  switch (type.kind) {
    case "number":
      return numbers(column, type.dtype as NumberName);
    case "complex":
      return { kind: "complex", dtype: type.dtype as "complex128", data: column.data as Float64Array };
    case "bool":
      return validity === undefined
        ? { kind: "bool", data: column.data as Uint8Array }
        : {
            kind: "object",
            data: Array.from(column.data as Uint8Array, (one, i) => (validity[i] === 0 ? null : one !== 0)),
          };
    case "text":
      return { kind: "text", dtype: type.dtype as "object", data: texts(column) };
    case "datetime":
      return { kind: "datetime", unit: type.unit ?? "ns", zone: type.zone ?? null, data: times(column) };
    case "timedelta":
      return { kind: "timedelta", unit: type.unit ?? "ns", data: times(column) };
    case "period":
      return { kind: "period", freq: type.freq ?? "D", data: times(column) };
    case "categorical":
      return categorical(column, type);
    case "object":
      return {
        kind: "object",
        data: texts(column).map((text) => (text === null ? null : untagged(JSON.parse(text) as Json))),
      };
  }
}

/** By the column alone. */
function inferredType({ dtype, logical }: Column): ValuesType {
  const unit = logical?.unit as FrameUnit;
  switch (logical?.kind) {
    case "timestamp":
      return { kind: "datetime", unit, zone: logical.zone ?? null };
    case "duration":
      return { kind: "timedelta", unit };
    case "date":
      return { kind: "number", dtype: dtype.name };
    case "period":
      return { kind: "period", freq: logical.unit ?? "D" };
    case "categorical":
      return { kind: "categorical", dtype: dtype.name, ordered: logical.ordered ?? false };
    default:
      if (dtype.name === "bool") return { kind: "bool" };
      if (/^u?int(8|16|32|64)$|^float(16|32|64)$/.test(dtype.name)) return { kind: "number", dtype: dtype.name };
      if (/^complex(64|128)$/.test(dtype.name)) return { kind: "complex", dtype: dtype.name };
      if (dtype.class === "string" || dtype.class === "vlen") return { kind: "text", dtype: "str" };
      throw new FormatError("is of a type that no column of a frame has", { structure: "column", found: dtype.name });
  }
}

/** Where integers are missing they become floats, as in pandas. */
function numbers({ data, validity }: Column, dtype: NumberName): Values {
  if (validity === undefined || !validity.includes(0)) return { kind: "number", dtype, data: data as Float64Array };
  const floats = Float64Array.from(data as ArrayLike<number>, (one, i) =>
    validity[i] === 0 ? Number.NaN : Number(one),
  );
  return dtype === "float32" || dtype === "float16"
    ? { kind: "number", dtype, data: Float32Array.from(floats) }
    : { kind: "number", dtype: "float64", data: floats };
}

const texts = ({ data, validity }: Column): (string | null)[] =>
  validity === undefined
    ? (data as string[])
    : Array.from(data as string[], (text, i) => (validity[i] === 0 ? null : text));

function times({ data, validity }: Column): BigInt64Array {
  const times = data as BigInt64Array;
  return validity === undefined ? times : times.map((time, i) => (validity[i] === 0 ? NOT_A_TIME : time));
}

function categorical({ data, validity, dictionary }: Column, type: ValuesType): Values {
  if (dictionary === undefined) throw new FormatError("has no categories", { structure: "column" });
  const codes = data as Int32Array;
  const Codes = { int8: Int8Array, int16: Int16Array }[type.dtype ?? ""] ?? Int32Array;
  const kept = new Codes(codes.length);
  for (let i = 0; i < kept.length; i++) kept[i] = validity !== undefined && validity[i] === 0 ? -1 : codes[i];
  return {
    kind: "categorical",
    codes: kept,
    categories: valuesOfColumn(dictionary, type.categories),
    ordered: type.ordered ?? false,
  };
}
