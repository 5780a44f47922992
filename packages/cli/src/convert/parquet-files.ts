/** Parquet files, by hyparquet and hyparquet-writer. */
import { dataOf, type PlainValue, valuesOf } from "@h5ts/arrow-adapter";
import type { Data, DataType, Field, RecordBatch, Schema } from "apache-arrow";
import { DTypeError, FormatError, UnsupportedError } from "h5ts";
import type { FileMetaData, SchemaElement } from "hyparquet";
import { intervalBytes, intervalOf } from "./parquet-intervals.ts";
import { elementsOf, fieldOf, fitsField, withFields } from "./parquet-schema.ts";
import { type Arrow, batchOf, type TableStream } from "./table-stream.ts";

/** Key of the file's metadata by which Arrow's implementations find the schema. */
const SCHEMA_KEY = "ARROW:schema";

/** Writes a row group for each batch. */
export async function writeParquet(arrow: Arrow, path: string, { schema, batches }: TableStream): Promise<void> {
  const { fileWriter, ParquetWriter } = await import("hyparquet-writer");
  const elements = schema.fields.flatMap((field) => elementsOf(arrow, field));
  const root: SchemaElement = { name: "schema", num_children: schema.fields.length };
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: [root, ...elements],
    kvMetadata: [{ key: SCHEMA_KEY, value: schemaText(arrow, schema) }],
    createdBy: "h5ts",
  });
  for await (const batch of batches) {
    if (batch.numRows === 0) continue;
    const columnData = schema.fields.map(({ name, type }, i) => ({
      name,
      // The package's dictionaries take -0 for 0.
      ...(hasFloats(arrow, type) && { encoding: "PLAIN" as const }),
      data: storable(arrow, type, batch.data.children[i]) as never,
    }));
    await writer.write({ columnData, rowGroupSize: batch.numRows });
  }
  await writer.finish();
}

const hasFloats = (arrow: Arrow, type: DataType): boolean =>
  arrow.DataType.isFloat(type) || ((type.children ?? []) as Field[]).some((child) => hasFloats(arrow, child.type));

function schemaText(arrow: Arrow, schema: Schema): string {
  const writer = new arrow.RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  writer.finish();
  return Buffer.from(writer.toUint8Array(true)).toString("base64");
}

/** Values as hyparquet-writer takes them. */
function storable(arrow: Arrow, type: DataType, data: Data): ArrayLike<unknown> {
  const values = valuesOf(arrow, data);
  const change = changeOf(arrow, type);
  if (change !== undefined) return Array.from(values, (value) => (value === null ? null : change(value)));
  if (ArrayBuffer.isView(values) && /^(Int32|Float32|Float64|BigInt64)Array$/.test(values.constructor.name))
    return values;
  return Array.from(values);
}

type Change = (value: PlainValue) => unknown;

/** How single values change on the way; `undefined` where they do not. */
function changeOf(arrow: Arrow, type: DataType): Change | undefined {
  const { DataType: is } = arrow;
  if (is.isTimestamp(type) && type.unit === arrow.TimeUnit.SECOND)
    return (value) => held((value as bigint) * 1000n, 63n, type);
  if (is.isTime(type) && type.unit === arrow.TimeUnit.SECOND)
    return (value) => Number(held(BigInt(value as number) * 1000n, 31n, type));
  if (is.isDate(type) && type.unit === arrow.DateUnit.MILLISECOND) return (value) => daysOf(value as bigint);
  if (is.isDecimal(type)) return (value) => digits(value as bigint, type);
  if (is.isInterval(type)) return (value) => intervalBytes(arrow, type, value);
  if (is.isStruct(type)) {
    const changes = (type.children as Field[]).map((child) => [child.name, changeOf(arrow, child.type)] as const);
    if (changes.every(([, change]) => change === undefined)) return undefined;
    return (row) =>
      Object.fromEntries(
        changes.map(([name, change]) => {
          const value = (row as { readonly [name: string]: PlainValue })[name];
          return [name, value === null || change === undefined ? value : change(value)];
        }),
      );
  }
  if (is.isMap(type)) {
    const [key, value] = ((type.children[0].type as DataType).children as Field[]).map((child) =>
      changeOf(arrow, child.type),
    );
    return (pairs) =>
      (pairs as [PlainValue, PlainValue][]).map(([k, v]) => ({
        key: key?.(k) ?? k,
        value: v === null ? null : (value?.(v) ?? v),
      }));
  }
  if (is.isList(type) || is.isLargeList(type) || is.isFixedSizeList(type)) {
    const change = changeOf(arrow, type.children[0].type);
    if (change === undefined) return undefined;
    return (items) => (items as PlainValue[]).map((item) => (item === null ? null : change(item)));
  }
  return undefined;
}

/** A count of thousandths, in so many bits beside the sign. */
function held(count: bigint, bits: bigint, type: DataType): bigint {
  if (count < 2n ** bits && count >= -(2n ** bits)) return count;
  throw new DTypeError("has a time that milliseconds of Parquet cannot count", {
    structure: String(type),
    found: count / 1000n,
  });
}

function digits(value: bigint, type: DataType & { precision: number }): bigint {
  const most = 10n ** BigInt(type.precision);
  if (value < most && value > -most) return value;
  throw new DTypeError("has a value with more digits than its type says", { structure: String(type), found: value });
}

function daysOf(milliseconds: bigint): number {
  const days = milliseconds / 86_400_000n;
  if (milliseconds % 86_400_000n === 0n && BigInt.asIntN(32, days) === days) return Number(days);
  throw new UnsupportedError(
    "has a date with a time of day, or beyond 32 bits of days, which Parquet has no type for",
    { found: milliseconds },
  );
}

/** Reads a file, a row group at a time. */
export async function readParquet(arrow: Arrow, path: string): Promise<TableStream> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetSchema } = await import("hyparquet");
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch((cause: unknown) => {
    throw new FormatError("is no Parquet file", { structure: path, cause });
  });
  const stored = parquetSchema(metadata).children.map((child) => fieldOf(arrow, child));
  const recorded = recordedSchema(arrow, metadata);
  const fields = stored.map((field, i) => {
    const known = recorded?.fields.find(({ name }) => name === field.name) ?? recorded?.fields[i];
    return known !== undefined && known.name === field.name && fitsField(arrow, known, field) ? known : field;
  });
  const schema = withFields(arrow, fields, recorded?.metadata ?? new Map());
  return { schema, rows: Number(metadata.num_rows), batches: rowGroups(arrow, file, metadata, schema) };
}

function recordedSchema(arrow: Arrow, { key_value_metadata: pairs }: FileMetaData): Schema | undefined {
  const text = pairs?.find(({ key }) => key === SCHEMA_KEY)?.value;
  if (text === undefined) return undefined;
  try {
    return arrow.RecordBatchReader.from(Buffer.from(text, "base64")).open().schema;
  } catch {
    // Another program's: what Parquet itself says holds.
    return undefined;
  }
}

type File = Parameters<typeof import("hyparquet").parquetRead>[0]["file"];

const raw = <T>(value: T): T => value;
const RAW = {
  timestampFromMilliseconds: raw,
  timestampFromMicroseconds: raw,
  timestampFromNanoseconds: raw,
  dateFromDays: raw,
  uuidFromBytes: raw,
  jsonFromBytes: (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes),
};

async function* rowGroups(
  arrow: Arrow,
  file: File,
  metadata: FileMetaData,
  schema: Schema,
): AsyncGenerator<RecordBatch, void> {
  const { parquetReadObjects } = await import("hyparquet");
  // Decimals and intervals as they are stored: the package would make rounded numbers of them.
  const bare = { ...metadata, schema: metadata.schema.map(bareElement) };
  let start = 0;
  if (metadata.row_groups.length === 0) yield emptyBatch(arrow, schema);
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows);
    const rows = await parquetReadObjects({
      file,
      metadata: bare,
      rowStart: start,
      rowEnd: end,
      utf8: false,
      parsers: RAW,
      geoparquet: false,
    });
    const children = schema.fields.map(({ name, type }) =>
      dataOf(
        arrow,
        type,
        rows.map((row) => restored(arrow, type, row[name])),
      ),
    );
    yield batchOf(arrow, schema, children, rows.length);
    start = end;
  }
}

const emptyBatch = (arrow: Arrow, schema: Schema): RecordBatch =>
  batchOf(
    arrow,
    schema,
    schema.fields.map(({ type }) => dataOf(arrow, type, [])),
    0,
  );

function bareElement(element: SchemaElement): SchemaElement {
  if (element.converted_type !== "DECIMAL" && element.converted_type !== "INTERVAL") return element;
  const { converted_type: _, logical_type: __, ...rest } = element;
  return rest;
}

/** A value as `dataOf` takes it. */
function restored(arrow: Arrow, type: DataType, value: unknown): PlainValue {
  const { DataType: is } = arrow;
  if (value === null || value === undefined) return null;
  if (is.isDecimal(type)) return value instanceof Uint8Array ? bigEndian(value) : BigInt(value as number | bigint);
  if (is.isInterval(type)) return intervalOf(arrow, type, value as Uint8Array);
  if (is.isTimestamp(type) && type.unit === arrow.TimeUnit.SECOND) return BigInt(value as bigint) / 1000n;
  if (is.isTime(type) && type.unit === arrow.TimeUnit.SECOND) return Number(value) / 1000;
  if (is.isDate(type) && type.unit === arrow.DateUnit.MILLISECOND) return BigInt(value as number) * 86_400_000n;
  if (is.isStruct(type)) {
    const row = value as { readonly [name: string]: unknown };
    return Object.fromEntries(
      (type.children as Field[]).map(({ name, type: child }) => [name, restored(arrow, child, row[name])]),
    );
  }
  if (is.isMap(type)) {
    const [key, item] = ((type.children[0].type as DataType).children as Field[]).map(
      (child) => child.type as DataType,
    );
    return mapPairs(value).map(([k, v]) => [restored(arrow, key, k), restored(arrow, item, v)]);
  }
  if (is.isList(type) || is.isLargeList(type) || is.isFixedSizeList(type)) {
    return Array.from(value as unknown[], (item) => restored(arrow, type.children[0].type, item));
  }
  return value as PlainValue;
}

function mapPairs(value: unknown): [unknown, unknown][] {
  if (!Array.isArray(value)) return Object.entries(value as object);
  return value.map((entry: unknown) => {
    if (Array.isArray(entry)) return entry as [unknown, unknown];
    const { key, value: item } = entry as { key: unknown; value: unknown };
    return [key, item];
  });
}

function bigEndian(bytes: Uint8Array): bigint {
  const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return BigInt.asIntN(bytes.length * 8, value);
}
