/** How a frame is parted into the columns of a new table, as pandas parts it. */
import { DTypeError, UnsupportedError } from "h5ts";
import {
  type Axis,
  axisLength,
  type Frame,
  type Index,
  levelValues,
  rangeIndex,
  type Series,
  textIndex,
} from "../../frame/frame.ts";
import { labelKey, labelsOf } from "../../frame/label.ts";
import type { TextForm } from "../../frame/text.ts";
import type { Values } from "../../frame/values.ts";
import type { Generation } from "../../python/text-pickle.ts";
import type { Label } from "../../python/values.ts";
import { elementType, momentName, textWidth } from "../write-values.ts";

/** Which columns stand for themselves, and how wide text is. */
export interface TableOptions {
  /** Columns that conditions may name: these, or all. Default: none. */
  readonly dataColumns?: readonly string[] | true;
  /** Bytes of text at least: of all, or by column (`"values"`: the others; `"index"`). Default: those of the longest. */
  readonly minItemSize?: number | Readonly<Record<string, number>>;
}

/** A column of a new table. */
export interface PlannedColumn {
  readonly name: string;
  readonly labels: readonly Label[];
  readonly values: readonly Values[];
  /** Bytes of text. */
  readonly width: number;
  readonly isData: boolean;
}

export interface TablePlan {
  readonly type: string;
  readonly isSeries: boolean;
  readonly rows: number;
  readonly index: Index;
  readonly indexWidth: number;
  readonly columns: readonly PlannedColumn[];
  readonly dataColumns: readonly string[];
  /** The axis of columns: labels in order, with those of levels. */
  readonly columnAxis: Axis;
  readonly levels: readonly string[] | undefined;
}

/** A frame as a table holds it: the levels of its rows among the columns, a series by one column. */
export interface FlatFrame {
  readonly frame: Frame & { readonly index: Index };
  readonly levels: readonly string[] | undefined;
  readonly dataColumns: readonly string[];
}

/** Levels of rows become columns, a series a frame of one column. */
export function flatten(object: Frame | Series, asked: TableOptions["dataColumns"] = []): FlatFrame {
  const frame = object.kind === "frame" ? object : seriesFrame(object);
  const labels = labelsOf(frame.columns);
  const wanted = object.kind === "series" || asked === true ? labels.map(textLabel) : [...new Set(asked)];
  for (const name of wanted)
    if (!labels.includes(name))
      throw new DTypeError("has no column of that name, which is to be a data column", {
        structure: "frame",
        found: name,
      });
  if (frame.columns.kind === "multi" && wanted.length > 0)
    throw new UnsupportedError("columns of several levels cannot be data columns", { structure: "frame" });
  const { index } = frame;
  if (index.kind === "index") return { frame: { ...frame, index }, levels: undefined, dataColumns: wanted };
  const levels = index.names.map((name, i) => (name === null ? `level_${i}` : textLabel(name)));
  if (frame.columns.kind === "multi" || levels.some((level) => labels.includes(level)))
    throw new UnsupportedError("has a level of its rows that is named as a column", {
      structure: "frame",
      found: levels.join(),
    });
  const flat: FlatFrame["frame"] = {
    kind: "frame",
    index: rangeIndex(axisLength(index)),
    columns: { ...textIndex([]), name: frame.columns.name, values: { kind: "object", data: [...levels, ...labels] } },
    data: [...levels.map((_, i) => levelValues(index, i)), ...frame.data],
  };
  const front = levels.filter((level) => !wanted.includes(level));
  return { frame: flat, levels, dataColumns: [...(object.kind === "series" ? front : front.toReversed()), ...wanted] };
}

function textLabel(label: Label): string {
  if (typeof label === "string") return label;
  throw new UnsupportedError("has a data column whose label is no text", { structure: "frame", found: String(label) });
}

const seriesFrame = ({ name, index, data }: Series): Frame => ({
  kind: "frame",
  index,
  columns: textIndex([name === null ? "values" : textLabel(name)]),
  data: [data],
});

/** What stands in one column of the table together. */
function groupKey(values: Values, place: number): string {
  switch (values.kind) {
    case "number":
    case "complex":
      return values.dtype;
    case "bool":
      return "bool";
    case "datetime":
      return values.zone === null ? momentName(values)! : `~${place}`;
    case "timedelta":
      return momentName(values)!;
    case "text":
      return values.dtype === "object" ? "object" : `~${place}`;
    case "categorical":
      return `~${place}`;
    default:
      throw new UnsupportedError("is not stored in the table format", { structure: "column", found: values.kind });
  }
}

/** The plan of a new table. */
export function planTable(object: Frame | Series, form: TextForm, options: TableOptions): TablePlan {
  const { frame, levels, dataColumns } = flatten(object, options.dataColumns);
  const labels = labelsOf(frame.columns);
  checkIndex(frame.index);
  const blocks = new Map<string, number[]>();
  for (const place of otherPlaces(labels, dataColumns)) {
    const key = groupKey(frame.data[place], place);
    blocks.set(key, [...(blocks.get(key) ?? []), place]);
  }
  const others = [...blocks.values()].map((places, i) => planned(`values_block_${i}`, places, "values"));
  const own = dataColumns.map((name) => planned(name, [labels.indexOf(name)], name));
  function planned(name: string, places: readonly number[], sizeKey: string): PlannedColumn {
    const values = places.map((place) => frame.data[place]);
    groupKey(values[0], 0);
    const isData = sizeKey !== "values" || dataColumns.includes(name);
    return {
      name,
      labels: places.map((place) => labels[place]),
      values,
      isData,
      width: widthOf(values, form, options.minItemSize, sizeKey),
    };
  }
  const multi = levels === undefined ? "" : "multi";
  return {
    type: `appendable_${multi}${object.kind}`,
    isSeries: object.kind === "series",
    rows: axisLength(frame.index),
    index: frame.index,
    indexWidth: widthOf([frame.index.values], form, options.minItemSize, "index"),
    columns: [...others, ...own],
    dataColumns,
    columnAxis: frame.columns,
    levels,
  };
}

/** Beside data columns the others are sorted: pandas finds them so when it appends. */
function otherPlaces(labels: readonly Label[], dataColumns: readonly string[]): number[] {
  const places = labels.flatMap((label, i) => (typeof label === "string" && dataColumns.includes(label) ? [] : [i]));
  if (dataColumns.length === 0) return places;
  return places.sort((a, b) => compareLabels(labels[a], labels[b]));
}

function compareLabels(a: Label, b: Label): number {
  const number = (label: Label): label is number | bigint => typeof label === "number" || typeof label === "bigint";
  if (number(a) && number(b)) return a < b ? -1 : a > b ? 1 : 0;
  const [first, second] = [labelKey(a), labelKey(b)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function widthOf(values: readonly Values[], form: TextForm, asked: TableOptions["minItemSize"], key: string): number {
  const least = typeof asked === "number" ? asked : asked !== undefined && Object.hasOwn(asked, key) ? asked[key] : 1;
  return values.reduce((width, of) => (of.kind === "text" ? Math.max(width, textWidth(of.data, form)) : width), least);
}

/** Labels of rows that come back as they were. */
function checkIndex({ values }: Index): void {
  const stored = ["number", "bool", "datetime", "period"].includes(values.kind);
  if (stored || (values.kind === "text" && !values.data.includes(null))) return;
  throw new UnsupportedError("has labels of rows that do not come back from a table as they were", {
    structure: "index",
    found: values.kind === "text" ? "missing text" : values.kind,
    allowed: "the fixed format",
  });
}

/** The attribute `_dtype` of a column of the table. */
export function dtypeText(
  { values: [values], width }: Pick<PlannedColumn, "values" | "width">,
  pandas: Generation,
): string {
  if (values.kind === "bool") return "bool";
  if (values.kind === "text") return `bytes${8 * width}`;
  return momentName(values, pandas) ?? elementType(values, width).name;
}

/** The attribute `index_kind`. */
export function indexKind({ values }: Index, pandas: Generation): string {
  if (values.kind === "number") return values.dtype.startsWith("float") ? "float" : "integer";
  if (values.kind === "text") return "string";
  return values.kind === "bool" ? "bool" : (momentName(values, pandas) ?? "integer");
}
