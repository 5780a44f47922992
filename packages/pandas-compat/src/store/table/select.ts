/** Rows of a table that fulfil a condition, in batches. */
import { SelectionError, slice } from "h5ts";
import { axisLength, type Frame, type Series, takeColumns } from "../../frame/frame.ts";
import { labelKey, labelsOf } from "../../frame/label.ts";
import { checkStored } from "../../pytables/array-node.ts";
import type { Label } from "../../python/values.ts";
import { type CompiledCondition, compileCondition, type RecordBatch } from "../../where/compile.ts";
import { type Condition, parseCondition, type Variables } from "../../where/parse.ts";
import { readCategories } from "../read-object.ts";
import { candidateSpans } from "./candidate-spans.ts";
import { type Categories, frameOfRecords } from "./frame-of-records.ts";
import type { TableLayout } from "./layout.ts";

/** Which rows and columns. */
export interface SelectOptions {
  /** A condition as pandas takes it, several that must all hold, numbers of rows, or a boolean for each row. */
  readonly where?: string | readonly string[] | readonly number[] | readonly boolean[];
  /** Values that conditions name. */
  readonly variables?: Variables;
  /** First row; negative ones count from the end. Default 0. */
  readonly start?: number;
  /** Row behind the last. Default: all. */
  readonly stop?: number;
  /** Labels of columns, in their order. Default: all. */
  readonly columns?: readonly Label[];
}

/** Bytes of records that are looked at at a time. */
const BATCH_BYTES = 4 * 2 ** 20;

interface Selection {
  readonly from: number;
  readonly to: number;
  readonly condition: CompiledCondition | undefined;
  /** Numbers of rows, in the order in which they are wanted. */
  readonly rows: readonly number[] | undefined;
  readonly categories: Categories;
}

async function selectionOf(layout: TableLayout, options: SelectOptions): Promise<Selection> {
  const length = layout.table.shape[0];
  const bound = (value: number): number => Math.max(0, Math.min(length, value < 0 ? length + value : value));
  const from = bound(options.start ?? 0);
  const to = Math.max(from, bound(options.stop ?? length));
  const categories = await readCategories(layout);
  const { where } = options;
  if (where === undefined || typeof where === "string")
    return { from, to, rows: undefined, categories, condition: compiled(where === undefined ? [] : [where]) };
  const texts = where.filter((one) => typeof one === "string");
  if (texts.length === where.length) return { from, to, rows: undefined, categories, condition: compiled(texts) };
  return {
    from,
    to,
    condition: undefined,
    categories,
    rows: coordinates(where as readonly (number | boolean)[], length),
  };

  function compiled(conditions: readonly string[]): CompiledCondition | undefined {
    const parsed = conditions.map((one) => parseCondition(one, options.variables));
    if (parsed.length === 0) return undefined;
    const whole = parsed.reduce((left, right): Condition => ({ kind: "and", left, right }));
    return compileCondition(layout, whole, categories);
  }
}

function coordinates(where: readonly (number | boolean)[], length: number): number[] {
  const isMask = where.every((one) => typeof one === "boolean");
  const rows = isMask ? where.flatMap((one, i) => (one === true ? [i] : [])) : (where as readonly number[]);
  const wrong = rows.find((row) => !(Number.isInteger(row) && row >= 0 && row < length));
  if (wrong === undefined && (!isMask || where.length <= length)) return [...rows];
  throw new SelectionError("is no row of the table", {
    structure: "where",
    found: wrong ?? where.length,
    allowed: `0 to ${length - 1}`,
  });
}

/** Records that fulfil the condition, as the table has them. */
async function* matching(layout: TableLayout, selection: Selection): AsyncGenerator<RecordBatch> {
  const { table } = layout;
  const stride = table.dtype.itemsize;
  const { rows: predicate, candidates } = selection.condition ?? {};
  const spans = await candidateSpans(layout, candidates, selection, BATCH_BYTES);
  for (const together of spans) {
    const parts = await Promise.all(
      together.map(async ({ from, to }) => (await table.asBytes().read([slice(from, to)])).data as Uint8Array),
    );
    const batch = joined(
      parts.map((bytes) => ({ bytes, count: bytes.length / stride })),
      stride,
    );
    yield predicate === undefined ? batch : kept(batch, predicate(batch), stride);
  }
}

/** Numbers of the rows that are chosen, in order. */
export async function selectedRows(layout: TableLayout, options: SelectOptions): Promise<number[]> {
  await checkStored(layout.table);
  const selection = await selectionOf(layout, options);
  if (selection.rows !== undefined) return [...new Set(selection.rows)].sort((a, b) => a - b);
  const { table } = layout;
  const { rows: predicate, candidates } = selection.condition ?? {};
  const found: number[] = [];
  for (const together of await candidateSpans(layout, candidates, selection, BATCH_BYTES))
    for (const { from, to } of together) {
      const bytes = predicate === undefined ? undefined : (await table.asBytes().read([slice(from, to)])).data;
      const mask = bytes && predicate?.({ bytes: bytes as Uint8Array, count: to - from });
      for (let row = from; row < to; row++) if (mask === undefined || mask[row - from] !== 0) found.push(row);
    }
  return found;
}

function kept({ bytes, count }: RecordBatch, mask: Uint8Array, stride: number): RecordBatch {
  let hits = 0;
  for (const one of mask) hits += one;
  if (hits === count) return { bytes, count };
  const out = new Uint8Array(hits * stride);
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (mask[i] === 0) continue;
    out.set(bytes.subarray(i * stride, (i + 1) * stride), at);
    at += stride;
  }
  return { bytes: out, count: hits };
}

function joined(batches: readonly RecordBatch[], stride: number): RecordBatch {
  if (batches.length === 1) return batches[0];
  const count = batches.reduce((sum, batch) => sum + batch.count, 0);
  const bytes = new Uint8Array(count * stride);
  let at = 0;
  for (const batch of batches) {
    bytes.set(batch.bytes, at);
    at += batch.bytes.length;
  }
  return { bytes, count };
}

async function recordsAt(layout: TableLayout, rows: readonly number[]): Promise<RecordBatch> {
  const stride = layout.table.dtype.itemsize;
  const sorted = [...new Set(rows)].sort((a, b) => a - b);
  const places = new Map(sorted.map((row, i) => [row, i]));
  const { data } = await layout.table.asBytes().read([sorted]);
  const found = data as Uint8Array;
  const bytes = new Uint8Array(rows.length * stride);
  rows.forEach((row, i) => {
    const at = places.get(row)! * stride;
    bytes.set(found.subarray(at, at + stride), i * stride);
  });
  return { bytes, count: rows.length };
}

/** The rows and columns that were asked for. */
export async function selectRows(layout: TableLayout, options: SelectOptions): Promise<Frame | Series> {
  await checkStored(layout.table);
  const selection = await selectionOf(layout, options);
  const batches: RecordBatch[] = [];
  if (selection.rows !== undefined) batches.push(await recordsAt(layout, selection.rows));
  else for await (const batch of matching(layout, selection)) batches.push(batch);
  return framed(layout, joined(batches, layout.table.dtype.itemsize), selection, options);
}

/** The same in pieces of so many rows that fulfil the condition. */
export async function* selectChunks(
  layout: TableLayout,
  options: SelectOptions,
  chunkSize: number,
): AsyncGenerator<Frame | Series> {
  const selection = await selectionOf(layout, options);
  const stride = layout.table.dtype.itemsize;
  if (selection.rows !== undefined) {
    for (let at = 0; at < selection.rows.length; at += chunkSize)
      yield framed(layout, await recordsAt(layout, selection.rows.slice(at, at + chunkSize)), selection, options);
    return;
  }
  let waiting: RecordBatch = { bytes: new Uint8Array(0), count: 0 };
  for await (const batch of matching(layout, selection)) {
    waiting = joined([waiting, batch], stride);
    let at = 0;
    for (; waiting.count - at >= chunkSize; at += chunkSize)
      yield framed(
        layout,
        { bytes: waiting.bytes.subarray(at * stride, (at + chunkSize) * stride), count: chunkSize },
        selection,
        options,
      );
    waiting = { bytes: waiting.bytes.subarray(at * stride), count: waiting.count - at };
  }
  if (waiting.count > 0) yield framed(layout, waiting, selection, options);
}

function framed(
  layout: TableLayout,
  records: RecordBatch,
  { condition, categories }: Selection,
  { columns }: SelectOptions,
): Frame | Series {
  const object = frameOfRecords(layout, records, categories);
  if (object.kind === "series") return object;
  const labels = labelsOf(object.columns);
  let places = labels.map((_, i) => i);
  if (columns !== undefined) {
    const keys = labels.map(labelKey);
    places = [...new Set(columns.map(labelKey))].flatMap((key) =>
      keys.flatMap((other, i) => (other === key ? [i] : [])),
    );
  }
  if (condition !== undefined) places = places.filter((place) => condition.keepsColumn(labels[place]));
  return places.length === axisLength(object.columns) && columns === undefined ? object : takeColumns(object, places);
}
