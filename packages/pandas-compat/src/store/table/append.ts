/** Rows appended to a table, with the checks that pandas makes. */
import { PickleDict } from "@h5ts/pickle";
import { DType, DTypeError } from "h5ts";
import { axisLength, type Frame, type Index, type Series } from "../../frame/frame.ts";
import { labelAt, labelKey, labelsOf } from "../../frame/label.ts";
import { momentType } from "../../frame/moments.ts";
import { lengthOf, type Values } from "../../frame/values.ts";
import { updateIndexes } from "../../pytables/index/update-indexes.ts";
import { asPickle, writeAttributes } from "../../pytables/write-attributes.ts";
import type { Generation } from "../../python/text-pickle.ts";
import { frequencyOf, zoneOf } from "../read-values.ts";
import { elementType, momentName, textWidth } from "../write-values.ts";
import type { TableLayout, ValueColumn } from "./layout.ts";
import { flatten } from "./plan.ts";
import { type RecordColumn, writeRecords } from "./write-table.ts";

const STRUCTURE = "rows to append";

function refuse(reason: string, found: unknown, allowed: string): never {
  throw new DTypeError(reason, { structure: STRUCTURE, found, allowed });
}

/**
 * Appends. DTypeError where columns, types, categories or pandas are not the table's, or where a text is longer than there is room for: it
 * is never cut. Nothing was written then.
 */
export async function appendRows(
  layout: TableLayout,
  object: Frame | Series,
  categories: ReadonlyMap<string, Values>,
  pandas: Generation,
): Promise<void> {
  const series = object.kind === "series";
  if (layout.isSeries !== series || layout.indexAxis !== 0)
    refuse("is of another kind than the table", object.kind, layout.type);
  const { frame, levels } = flatten(object, []);
  const had = layout.levels?.map((level) => String(level));
  if (had?.join("\n") !== levels?.join("\n"))
    refuse("has other levels of rows than the table", levels?.join() ?? "none", had?.join() ?? "none");
  const columns = [indexColumn(layout, frame.index), ...valueColumns(layout, frame, categories)];
  const rows = axisLength(frame.index);
  if (rows === 0) return;
  await forgetConflicts(layout, frame.index, pandas);
  const rowsBefore = layout.table.shape[0];
  await writeRecords(layout.table, rowsBefore, rows, columns);
  await updateIndexes({ parent: layout.group, name: "table", table: layout.table }, rowsBefore);
}

function indexColumn(layout: TableLayout, { values }: Index): RecordColumn {
  const { index, indexKind } = layout;
  const textForm = index.form;
  const about = aboutOf(layout, index.name);
  if (indexKind === "string") {
    if (values.kind !== "text" || values.data.includes(null))
      refuse("has labels that are no text", values.kind, "text");
    checkWidth("index", values, textForm, index.type.size);
    return { values, offset: index.offset, form: textForm };
  }
  const moment = momentType(indexKind);
  const isPeriod = moment === undefined && about.get("freq") !== undefined && index.type.class === "integer";
  const wanted = moment === undefined ? (isPeriod ? "period" : undefined) : moment.kind;
  if (wanted === undefined ? values.kind !== "number" && values.kind !== "bool" : values.kind !== wanted)
    refuse("has labels of another kind than the table", values.kind, indexKind);
  if (values.kind === "datetime" && (values.unit !== moment?.unit || values.zone !== zoneOf(about.get("tz"))))
    refuse(
      "has labels of another unit or zone than the table",
      `${values.unit} ${values.zone}`,
      `${moment?.unit} ${zoneOf(about.get("tz"))}`,
    );
  if (!sameType(values, index.type)) refuse("has labels of another type than the table", values.kind, index.type.class);
  return { values, offset: index.offset, form: textForm };
}

const aboutOf = (layout: TableLayout, key: unknown): PickleDict => {
  const value = layout.info.get(key);
  return value instanceof PickleDict ? value : new PickleDict();
};

const sameType = (values: Values, type: ValueColumn["type"]): boolean =>
  new DType(type).matches(elementType(values, type.size));

function valueColumns(layout: TableLayout, frame: Frame, categories: ReadonlyMap<string, Values>): RecordColumn[] {
  const places = new Map(labelsOf(frame.columns).map((label, i) => [labelKey(label), i]));
  const all = layout.columns.flatMap((column) => column.labels);
  if (
    places.size !== all.length ||
    frame.data.length !== all.length ||
    all.some((label) => !places.has(labelKey(label)))
  )
    refuse("has other columns than the table", labelsOf(frame.columns).map(String).join(), all.map(String).join());
  return layout.columns.flatMap((column) => {
    const element = column.type.class === "array" ? column.type.base : column.type;
    return column.labels.map((label, j): RecordColumn => {
      const values = frame.data[places.get(labelKey(label))!];
      checkColumn(column, element, values, categories.get(column.name));
      return { values, offset: column.offset + j * element.size, form: column.form };
    });
  });
}

function checkColumn(
  column: ValueColumn,
  element: ValueColumn["type"],
  values: Values,
  categories: Values | undefined,
): undefined {
  const name = `column ${String(column.labels[0])}`;
  if (column.meta === "category") return checkCategories(name, column, element, values, categories);
  if (element.class === "string") {
    if (values.kind !== "text") refuse(`${name} is no text`, values.kind, "text");
    return checkWidth(name, values, column.form, element.size);
  }
  const moment = momentType(column.dtype);
  if (moment !== undefined || column.zone !== null) {
    const wanted = moment ?? { kind: "datetime", unit: "ns" };
    const same =
      (values.kind === "datetime" || values.kind === "timedelta") &&
      values.kind === wanted.kind &&
      values.unit === wanted.unit;
    if (!same) refuse(`${name} is of another type than the table's`, momentName(values) ?? values.kind, column.dtype);
    if (values.kind === "datetime" && values.zone !== column.zone)
      refuse(`${name} has another zone`, values.zone, String(column.zone));
    return;
  }
  const plain = values.kind === "number" || values.kind === "bool" || values.kind === "complex";
  if (!plain || elementType(values).name !== nameOf(column.dtype))
    refuse(
      `${name} is of another type than the table's`,
      values.kind === "number" ? values.dtype : values.kind,
      column.dtype,
    );
}

/** The names of datatypes, in which a bool is stored as bits. */
const nameOf = (dtype: string): string => (dtype === "bool" ? "uint8" : dtype);

function checkWidth(
  name: string,
  values: Values & { kind: "text" },
  form: TableLayout["form"],
  width: number,
): undefined {
  const found = textWidth(values.data, form);
  if (found > width)
    refuse(
      `${name} has text that is longer than there is room for: see minItemSize`,
      `${found} bytes`,
      `${width} bytes`,
    );
}

function checkCategories(
  name: string,
  column: ValueColumn,
  element: ValueColumn["type"],
  values: Values,
  categories: Values | undefined,
): undefined {
  if (
    values.kind !== "categorical" ||
    values.codes.BYTES_PER_ELEMENT !== element.size ||
    values.ordered !== column.ordered
  )
    return refuse(`${name} is of another type than the table's`, values.kind, "the table's categories");
  const wanted = categories === undefined ? [] : keysOf(categories);
  if (keysOf(values.categories).join("\n") !== wanted.join("\n"))
    refuse(`${name} has other categories`, "others", "the table's");
}

const keysOf = (values: Values): string[] =>
  Array.from({ length: lengthOf(values) }, (_, i) => labelKey(labelAt(values, i)));

/** As pandas: a frequency or a name that is not that of the rows before is none any more. */
async function forgetConflicts(layout: TableLayout, index: Index, pandas: Generation): Promise<void> {
  const about = aboutOf(layout, layout.index.name);
  const freq = index.values.kind === "period" ? index.values.freq : index.freq;
  let changed = false;
  const forget = (key: string, same: boolean): void => {
    if (about.get(key) === undefined || about.get(key) === null || same) return;
    about.set(key, null);
    changed = true;
  };
  if (index.values.kind !== "period") forget("freq", frequencyOf(about.get("freq")) === freq);
  forget("index_name", labelKey(about.get("index_name")) === labelKey(index.name));
  if (changed) await writeAttributes(layout.group, { info: asPickle(layout.info, pandas) });
}
