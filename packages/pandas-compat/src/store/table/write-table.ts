/** New tables of pandas'. */
import { PickleDict, PickleTuple } from "@h5ts/pickle";
import { type FileDatatype, slice } from "h5ts";
import { rangeIndex, type Series } from "../../frame/frame.ts";
import { labelsOf } from "../../frame/label.ts";
import { PLAIN_TEXT, type TextForm } from "../../frame/text.ts";
import { lengthOf, type Values } from "../../frame/values.ts";
import type { AnyDataset } from "../../pytables/array-node.ts";
import type { Compression } from "../../pytables/compression.ts";
import { type AnyGroup, createGroup, createTable, type NewColumn, writeFills } from "../../pytables/create.ts";
import { asInt64, asPickle, asText, type Stored, writeAttributes } from "../../pytables/write-attributes.ts";
import { fixedOffset, type Generation } from "../../python/text-pickle.ts";
import type { Label } from "../../python/values.ts";
import { PANDAS_VERSION } from "../fixed/write-fixed.ts";
import { elementType, type Target, writeElements } from "../write-values.ts";
import { categoriesPath } from "./categories.ts";
import { dtypeText, indexKind, type PlannedColumn, planTable, type TablePlan } from "./plan.ts";

/** How tables are written. */
export interface TableTarget {
  readonly group: AnyGroup;
  readonly form: TextForm;
  readonly compression: Compression;
  readonly pandas: Generation;
  /** Rows that there will be; chunks are as large as suits so many. */
  readonly expectedRows?: number;
}

/** Rows that pandas expects at least. */
const LEAST_ROWS = 10_000;

/** Writes into the object's group, which is new. */
export async function writeTable(target: TableTarget, plan: TablePlan): Promise<AnyDataset> {
  const { group, compression, expectedRows = plan.rows } = target;
  await writeAttributes(group, groupAttributes(target, plan));
  const columns = newColumns(plan);
  const table = await createTable(group, "table", {
    columns,
    expectedRows: Math.max(expectedRows, LEAST_ROWS),
    compression,
  });
  await writeFills(table, columns);
  await writeAttributes(table, tableAttributes(plan, target.pandas));
  await writeRows(table, 0, plan, target.form);
  for (const column of plan.columns) await writeCategories(target, column);
  return table;
}

function newColumns(plan: TablePlan): NewColumn[] {
  const index = { name: "index", type: elementType(plan.index.values, plan.indexWidth).datatype };
  return [index, ...plan.columns.map((column) => ({ name: column.name, type: columnType(column) }))];
}

function columnType({ values, width, isData }: PlannedColumn): FileDatatype {
  const base = elementType(values[0], width).datatype;
  return isData ? base : { class: "array", size: base.size * values.length, dims: [values.length], base };
}

function groupAttributes({ form, pandas }: TableTarget, plan: TablePlan): Record<string, Stored> {
  return {
    pandas_type: asText(plan.isSeries ? "series_table" : "frame_table"),
    pandas_version: asText(PANDAS_VERSION),
    encoding: asText(form.encoding),
    errors: asText(form.errors),
    table_type: asText(plan.type),
    index_cols: asPickle([PickleTuple.holding([0n, "index"])]),
    values_cols: asPickle(plan.columns.map(({ name }) => name)),
    non_index_axes: asPickle([PickleTuple.holding([1n, labelsOf(plan.columnAxis)])], pandas),
    data_columns: asPickle([...plan.dataColumns]),
    nan_rep: asText(form.nanRep ?? PLAIN_TEXT.nanRep),
    levels: plan.levels === undefined ? asInt64(1) : asPickle([...plan.levels]),
    info: asPickle(infoOf(plan), pandas),
  };
}

function infoOf(plan: TablePlan): PickleDict {
  const { columnAxis, index } = plan;
  const names: readonly Label[] = columnAxis.kind === "multi" ? columnAxis.names : [columnAxis.name];
  const about = new PickleDict([
    ["names", [...names]],
    ["type", columnAxis.kind === "multi" ? "MultiIndex" : "Index"],
  ]);
  const ofIndex = new PickleDict();
  const { values, name, freq } = index;
  const frequency = values.kind === "period" ? values.freq : freq;
  if (frequency !== undefined) ofIndex.set("freq", { kind: "frequency", name: frequency });
  if (values.kind === "datetime" && values.zone !== null) ofIndex.set("tz", { kind: "zone", name: values.zone });
  if (name !== null) ofIndex.set("index_name", name);
  return new PickleDict([
    [1n, about],
    ["index", ofIndex],
    ...plan.columns.map((column): [string, PickleDict] => [column.name, aboutColumn(column)]),
  ]);
}

function aboutColumn({ values: [values] }: PlannedColumn): PickleDict {
  const about = new PickleDict();
  if (values.kind === "datetime" && values.zone !== null)
    about.set("tz", fixedOffset(values.zone) === undefined ? values.zone : { kind: "zone", name: values.zone });
  if (values.kind === "categorical") about.set("ordered", values.ordered);
  return about;
}

function tableAttributes(plan: TablePlan, pandas: Generation): Record<string, Stored> {
  const attributes: Record<string, Stored> = { index_kind: asText(indexKind(plan.index, pandas)) };
  for (const column of plan.columns) {
    attributes[`${column.name}_kind`] = asPickle([...column.labels]);
    attributes[`${column.name}_dtype`] = asText(dtypeText(column, pandas));
    attributes[`${column.name}_meta`] = metaOf(column.values[0]);
  }
  return attributes;
}

function metaOf(values: Values): Stored {
  if (values.kind === "categorical") return asText("category");
  return values.kind === "text" && values.dtype !== "object" ? asText(values.dtype) : asPickle(null);
}

/** A series of their own beside the table. */
async function writeCategories(target: TableTarget, { name, values: [values] }: PlannedColumn): Promise<void> {
  if (values.kind !== "categorical" || lengthOf(values.categories) === 0) return;
  const group = await createGroup(target.group, categoriesPath(name));
  const series: Series = {
    kind: "series",
    name: null,
    index: rangeIndex(lengthOf(values.categories)),
    data: values.categories,
  };
  await writeTable({ ...target, group }, planTable(series, target.form, {}));
}

/** Where the values of rows go in records. */
export interface RecordColumn {
  readonly values: Values;
  readonly offset: number;
  readonly form: TextForm;
}

/** Bytes of records that are made at a time. */
const BATCH_BYTES = 8 * 2 ** 20;

/** Writes rows from row `first` of the table on, which must be its length. */
export async function writeRecords(
  table: AnyDataset,
  first: number,
  rows: number,
  columns: readonly RecordColumn[],
): Promise<void> {
  if (rows === 0) return;
  const stride = table.dtype.itemsize;
  const chunk = table.chunks?.[0] ?? 1;
  const batch = chunk * Math.max(1, Math.round(BATCH_BYTES / (chunk * stride)));
  await table.resize([first + rows]);
  for (let from = 0; from < rows; ) {
    // Whole chunks are written but once.
    const to = Math.min(rows, from + batch - ((first + from) % chunk));
    const bytes = new Uint8Array((to - from) * stride);
    for (const { values, offset, form } of columns) {
      const target: Target = { bytes, offset, stride };
      writeElements(values, form, from, to, target);
    }
    await table.asBytes().write(bytes, [slice(first + from, first + to)]);
    from = to;
  }
  await writeAttributes(table, { NROWS: asInt64(first + rows) });
}

async function writeRows(table: AnyDataset, first: number, plan: TablePlan, form: TextForm): Promise<void> {
  const columns: RecordColumn[] = [
    { values: plan.index.values, offset: 0, form: { ...form, nanRep: PLAIN_TEXT.nanRep } },
  ];
  let offset = elementType(plan.index.values, plan.indexWidth).itemsize;
  for (const { values, width } of plan.columns)
    for (const each of values) {
      columns.push({ values: each, offset, form });
      offset += elementType(each, width).itemsize;
    }
  await writeRecords(table, first, plan.rows, columns);
}
