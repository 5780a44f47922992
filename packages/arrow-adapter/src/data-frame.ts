/** dataframe-js: datasets and groups as data frames, and back. */
import type { Data, DataType, Field, Schema } from "apache-arrow";
import { type Dataset, type Group, type Mode, UnsupportedError } from "h5ts";
import { type Arrow, loadArrow } from "./arrow.ts";
import { fromArrow } from "./from-arrow.ts";
import { inferredType } from "./inferred-types.ts";
import type { TableOptions } from "./options.ts";
import { arrowSchema, type TableObject, toArrow } from "./to-arrow.ts";
import { dataOf, type PlainValue, valuesOf } from "./values.ts";
import type { WriteTableOptions } from "./write-options.ts";

/** What is used of a data frame of dataframe-js. */
export interface DataFrame {
  /** Names of the columns, in order. */
  listColumns(): string[];
  /** Values by column. */
  toDict(): { [column: string]: unknown[] };
  /** How many rows there are. */
  count(): number;
}

/** Options of {@link toDataFrame}. */
export interface DataFrameOptions extends TableOptions {
  /**
   * 64-bit integers: `"exact"`, numbers where all of a column are exact so, else bigints; `"bigint"`; or `"number"`, rounded. Default
   * `"exact"`.
   */
  readonly integers?: "exact" | "bigint" | "number";
}

/** Schemas of the tables that data frames were made from. */
const schemas = new WeakMap<object, Schema>();

/**
 * A dataset or group as a data frame: as `toArrow` reads it, with plain values. Missing values are `null`; times are `Date`s, where
 * milliseconds are exact, else bigints.
 */
export async function toDataFrame(object: TableObject, options: DataFrameOptions = {}): Promise<DataFrame> {
  const arrow = await loadArrow();
  const table = await toArrow(object, options);
  const columns = table.schema.fields.map(({ name, type }, i): [string, unknown[]] => {
    const pieces = table.batches.map(({ data }) => data.children[i]);
    return [name, shown(arrow, type, pieces, options.integers ?? "exact")];
  });
  const DataFrames = await loadDataFrame();
  const frame = new DataFrames(Object.fromEntries(columns), table.schema.names as string[]);
  schemas.set(frame, table.schema);
  return frame;
}

type DataFrameClass = new (data: { [column: string]: unknown[] }, columns: string[]) => DataFrame;

async function loadDataFrame(): Promise<DataFrameClass> {
  try {
    // @ts-expect-error: the package does not name its types.
    const loaded = (await import("dataframe-js")) as { DataFrame?: DataFrameClass; default?: unknown };
    return loaded.DataFrame ?? (loaded.default as { DataFrame: DataFrameClass }).DataFrame;
  } catch (cause) {
    throw new UnsupportedError("needs the package dataframe-js, which could not be loaded: npm install dataframe-js", {
      cause,
    });
  }
}

function shown(arrow: Arrow, type: DataType, pieces: readonly Data[], integers: string): unknown[] {
  const values = pieces.flatMap((piece) => Array.from(valuesOf(arrow, piece)));
  if (arrow.DataType.isInt(type) && type.bitWidth === 64 && integers !== "bigint") {
    const exact = values.every((value) => value === null || Number.isSafeInteger(Number(value)));
    return exact || integers === "number" ? values.map((value) => value && Number(value)) : values;
  }
  const days = arrow.DataType.isDate(type) && type.unit === arrow.DateUnit.DAY;
  const millis = (arrow.DataType.isTimestamp(type) && type.unit <= 1) || arrow.DataType.isDate(type);
  if (!millis) return values;
  const factor = days ? 86_400_000 : arrow.DataType.isTimestamp(type) && type.unit === 0 ? 1000 : 1;
  return values.map((value) => (value === null ? null : new Date(Number(value) * factor)));
}

/** Options of {@link fromDataFrame}. */
export interface FromDataFrameOptions extends WriteTableOptions {
  /**
   * Whose types the columns have, by their names: a schema of Arrow's, a dataset or a group. Default: of a frame that `toDataFrame` made,
   * where it came from; of other columns what their values are.
   */
  readonly types?: Schema | TableObject;
}

/**
 * Writes a data frame, as `fromArrow` does. Columns of a frame that was made by `toDataFrame` have their types again; of others, all
 * integers become `int64`, other numbers `float64`, `Date`s timestamps of milliseconds; `undefined` and `null` are missing values.
 * DTypeError for columns that mix kinds of values.
 */
export async function fromDataFrame<M extends Mode>(
  frame: DataFrame,
  parent: Group<M>,
  path: string,
  options: FromDataFrameOptions = {},
): Promise<Dataset<M> | Group<M>> {
  const arrow = await loadArrow();
  const { types, ...rest } = options;
  const known = await schemaFor(arrow, frame, types);
  const columns = frame.toDict();
  const fields = frame.listColumns().map((name): Field => {
    const field = known?.fields.find((one) => one.name === name);
    return field ?? new arrow.Field(name, inferredType(arrow, columns[name], name), true);
  });
  const children = fields.map(({ name, type }) =>
    dataOf(
      arrow,
      type,
      columns[name].map((value) => plainOf(type, value)),
    ),
  );
  const schema = new arrow.Schema(fields, known?.metadata);
  const none = new Uint8Array(0);
  const data = new arrow.Data(new arrow.Struct(fields), 0, frame.count(), 0, [undefined, undefined, none], children);
  return fromArrow(new arrow.RecordBatch(schema, data), parent, path, rest);
}

async function schemaFor(
  arrow: Arrow,
  frame: DataFrame,
  types: FromDataFrameOptions["types"],
): Promise<Schema | undefined> {
  if (types === undefined) return schemas.get(frame);
  if (arrow.isArrowSchema(types)) return types;
  return arrowSchema(types as TableObject);
}

/** Dates as counts of the type's unit. */
function plainOf(type: DataType, value: unknown): PlainValue {
  if (value === undefined) return null;
  if (!(value instanceof Date)) return value as PlainValue;
  const millis = value.getTime();
  const { unit } = type as { unit?: number };
  if (String(type).startsWith("Date32")) return Math.floor(millis / 86_400_000);
  if (String(type).startsWith("Timestamp") && unit !== undefined) {
    return unit === 0 ? BigInt(Math.floor(millis / 1000)) : BigInt(millis) * 1000n ** BigInt(unit - 1);
  }
  return BigInt(millis);
}
