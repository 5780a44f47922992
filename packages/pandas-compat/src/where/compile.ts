/** Conditions over a table's records: which of them fulfil one. */
import { SelectionError } from "h5ts";
import { labelAt, labelKey } from "../frame/label.ts";
import { momentType, NANOSECONDS } from "../frame/moments.ts";
import { encodeText, type TextForm } from "../frame/text.ts";
import { lengthOf, NOT_A_TIME, type Values } from "../frame/values.ts";
import type { Wanted } from "../pytables/index/search-index.ts";
import { type Elements, elementsOf } from "../pytables/raw-column.ts";
import type { TableField, TableLayout } from "../store/table/layout.ts";
import { compareBytes, compareNumbers } from "./compare.ts";
import { timedeltaOf, timestampOf } from "./moments.ts";
import type { Comparison, Condition, Literal } from "./parse.ts";

/** Records of a table. */
export interface RecordBatch {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** A byte a record: 1 where it fulfils the condition. */
export type Predicate = (batch: RecordBatch) => Uint8Array;

/** Comparisons of columns, of which an index may know where they are true. */
export type Candidates =
  | { readonly kind: "and" | "or"; readonly left: Candidates; readonly right: Candidates }
  /** Any of the comparisons. */
  | { readonly kind: "compare"; readonly field: TableField; readonly wanted: readonly Wanted[] };

/** What a condition asks of rows, and of columns. */
export interface CompiledCondition {
  readonly rows: Predicate | undefined;
  readonly candidates: Candidates | undefined;
  /** Whether a column of the frame is kept. */
  readonly keepsColumn: (label: unknown) => boolean;
}

/** Beyond so many values, pandas looks for them after reading: `!=` then means none of them. */
const MOST_SELECTORS = 31;

/** SelectionError names a column that conditions cannot name. */
export function compileCondition(
  layout: TableLayout,
  condition: Condition,
  categories: ReadonlyMap<string, Values>,
): CompiledCondition {
  const filters: ((label: unknown) => boolean)[] = [];
  const compiled = compile(layout, condition, categories, filters);
  return {
    rows: compiled?.predicate,
    candidates: compiled?.candidates,
    keepsColumn: (label) => filters.every((filter) => filter(label)),
  };
}

interface CompiledRows {
  readonly predicate: Predicate;
  readonly candidates: Candidates;
}

function compile(
  layout: TableLayout,
  condition: Condition,
  categories: ReadonlyMap<string, Values>,
  filters: ((label: unknown) => boolean)[],
): CompiledRows | undefined {
  if (condition.kind === "columns") {
    const keys = new Set(condition.labels.map(labelKey));
    filters.push((label) => keys.has(labelKey(label)) !== condition.negated);
    return undefined;
  }
  if (condition.kind === "compare") return comparison(layout, condition, categories);
  const left = compile(layout, condition.left, categories, filters);
  const right = compile(layout, condition.right, categories, filters);
  if (left === undefined || right === undefined) return left ?? right;
  const { kind } = condition;
  return {
    predicate: joined(left.predicate, right.predicate, kind === "and" ? (a, b) => a & b : (a, b) => a | b),
    candidates: { kind, left: left.candidates, right: right.candidates },
  };
}

const joined =
  (left: Predicate, right: Predicate, join: (a: number, b: number) => number): Predicate =>
  (batch) => {
    const mask = left(batch);
    const other = right(batch);
    for (let i = 0; i < mask.length; i++) mask[i] = join(mask[i], other[i]);
    return mask;
  };

/** A column that conditions may name, and how values for it are meant. */
interface Queryable {
  readonly field: TableField;
  readonly form: TextForm;
  /** `_kind` of the index, `_dtype` of a column. */
  readonly type: string;
  readonly categories: Values | undefined;
  readonly isCategory: boolean;
}

function queryable(layout: TableLayout, name: string, categories: ReadonlyMap<string, Values>): Queryable {
  const { index, indexKind, columns, dataColumns } = layout;
  if (name === index.name)
    return {
      field: index,
      form: index.form,
      type: indexKind,
      categories: categories.get(name),
      isCategory: index.meta === "category",
    };
  const column = columns.find((one) => one.name === name);
  if (column === undefined || !dataColumns.includes(name))
    throw new SelectionError("names a column that conditions cannot name", {
      structure: "where",
      found: name,
      allowed: [index.name, "columns", ...dataColumns].join(", "),
    });
  return {
    field: column,
    form: column.form,
    type: column.dtype,
    categories: categories.get(name),
    isCategory: column.meta === "category",
  };
}

function comparison(
  layout: TableLayout,
  { name, comparison: given, values }: Condition & { kind: "compare" },
  categories: ReadonlyMap<string, Values>,
): CompiledRows {
  const column = queryable(layout, name, categories);
  const wanted = values.map((value) => adjusted(given, converted(column, value), momentStep(column, value)));
  const isMoment = momentType(column.type) !== undefined;
  if (values.length !== 1 && given !== "==" && given !== "!=")
    throw new SelectionError("compares a column with several values", { structure: "where", found: given });
  const none = given === "!=" && values.length > MOST_SELECTORS;
  const predicate: Predicate = ({ bytes, count }) => {
    const { type, offset } = column.field;
    const elements = elementsOf({ type, bytes, offset, stride: layout.table.dtype.itemsize, count });
    const mask = new Uint8Array(count);
    for (const { comparison: each, value } of wanted) mark(elements, none ? "==" : each, value, mask);
    // What is no time stands as the lowest number, and is below nothing.
    if (isMoment && (given === "<" || given === "<=")) forgetMissing(elements, mask);
    if (none) for (let i = 0; i < count; i++) mask[i] ^= 1;
    return mask;
  };
  return { predicate, candidates: { kind: "compare", field: column.field, wanted } };
}

type Converted = Wanted["value"];

/** Whether a time lies between two that the column can hold. */
function momentStep({ type }: Queryable, value: Literal): boolean {
  const moment = momentType(type);
  if (moment === undefined) return false;
  const exact = moment.kind === "datetime" ? timestampOf(value, "ns") : timedeltaOf(value, "ns");
  return exact % NANOSECONDS[moment.unit] !== 0n;
}

/** A time between two is compared by the one below it. */
function adjusted(comparison: Comparison, value: Converted, between: boolean): Wanted {
  if (!between) return { comparison, value };
  if (comparison === "<" || comparison === "<=") return { comparison: "<=", value };
  if (comparison === ">" || comparison === ">=") return { comparison: ">", value };
  // Nothing is like it.
  return { comparison, value: Number.NaN };
}

function forgetMissing({ data }: Elements, mask: Uint8Array): void {
  if (data instanceof BigInt64Array) for (let i = 0; i < mask.length; i++) if (data[i] === NOT_A_TIME) mask[i] = 0;
}

/** Marks the records that compare so. */
function mark(elements: Elements, comparison: Comparison, value: Converted, mask: Uint8Array): void {
  if (elements.type === "string") {
    if (value instanceof Uint8Array) compareBytes(elements.data, comparison, value, mask);
  } else if (!(value instanceof Uint8Array)) compareNumbers(elements.data, comparison, value, mask);
}

/** A value as the column stores it. */
function converted({ field, form, type, categories, isCategory }: Queryable, value: Literal): Converted {
  if (isCategory) return categoryCode(categories, value);
  if (field.type.class === "string") return encodeText(textOf(value), form);
  const moment = momentType(type);
  if (moment?.kind === "datetime") return timestampOf(value, moment.unit);
  if (moment?.kind === "timedelta") return timedeltaOf(value, moment.unit);
  if (type === "bool" || field.type.class === "bitfield") return truth(value) ? 1 : 0;
  if (field.type.class === "float") return numberOf(value);
  return field.type.class === "integer" && field.type.size === 8 ? integerOf(value) : Number(integerOf(value));
}

const textOf = (value: Literal): string => (typeof value === "boolean" ? (value ? "True" : "False") : String(value));

function categoryCode(categories: Values | undefined, value: Literal): number {
  const key = labelKey(value);
  const count = categories === undefined ? 0 : lengthOf(categories);
  for (let i = 0; i < count; i++) if (labelKey(labelAt(categories!, i)) === key) return i;
  // No row has it, not even one without a category.
  return -2;
}

const FALSE: readonly string[] = ["false", "f", "no", "n", "none", "0", "[]", "{}", ""];

const truth = (value: Literal): boolean =>
  typeof value === "string" ? !FALSE.includes(value.trim().toLowerCase()) : Boolean(value);

function numberOf(value: Literal): number {
  const number =
    typeof value === "string" || typeof value === "number" || typeof value === "bigint" || typeof value === "boolean"
      ? Number(value)
      : Number.NaN;
  if (typeof value !== "string" || (value.trim() !== "" && !Number.isNaN(number))) return number;
  throw new SelectionError("is no number", { structure: "where", found: value });
}

/** Exactly: a fraction stays one, and lies between two integers. */
function integerOf(value: Literal): bigint | number {
  if (typeof value === "bigint") return value;
  if (typeof value === "string" && /^\s*-?\d+\s*$/.test(value)) return BigInt(value.trim());
  const number = numberOf(value);
  if (Number.isFinite(number)) return Number.isInteger(number) ? BigInt(number) : number;
  throw new SelectionError("is no integer", { structure: "where", found: String(value) });
}
