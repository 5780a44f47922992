/** Types of Arrow's and of Parquet's. */
import type { DataType, Field, Schema } from "apache-arrow";
import { UnsupportedError } from "h5ts";
import type { LogicalType, SchemaElement, SchemaTree } from "hyparquet";
import type { Arrow } from "./table-stream.ts";

type Element = Omit<SchemaElement, "name" | "repetition_type">;

/** Elements of a field and what is in it, in Parquet's order. UnsupportedError for types that Parquet lacks. */
export function elementsOf(arrow: Arrow, field: Field): SchemaElement[] {
  const { name, nullable } = field;
  const { DataType: is } = arrow;
  const type = field.type as DataType;
  const repetition_type = nullable || is.isNull(type) ? "OPTIONAL" : "REQUIRED";
  const group = (children: SchemaElement[], count: number, more: object = {}): SchemaElement[] => [
    { name, repetition_type, num_children: count, ...more },
    ...children,
  ];
  if (is.isStruct(type) && type.children.length > 0) {
    return group(
      type.children.flatMap((child) => elementsOf(arrow, child)),
      type.children.length,
    );
  }
  if (is.isList(type) || is.isLargeList(type) || is.isFixedSizeList(type)) {
    const item = renamed(arrow, type.children[0], "element");
    const list: SchemaElement = { name: "list", repetition_type: "REPEATED", num_children: 1 };
    return group([list, ...elementsOf(arrow, item)], 1, { converted_type: "LIST", logical_type: { type: "LIST" } });
  }
  if (is.isMap(type)) {
    const [key, value] = (type.children[0].type as DataType).children as Field[];
    const entries: SchemaElement = { name: "key_value", repetition_type: "REPEATED", num_children: 2 };
    const children = [
      ...elementsOf(arrow, renamed(arrow, key, "key")),
      ...elementsOf(arrow, renamed(arrow, value, "value")),
    ];
    return group([entries, ...children], 1, { converted_type: "MAP", logical_type: { type: "MAP" } });
  }
  return [{ name, repetition_type, ...elementOf(arrow, type, name) }];
}

const renamed = (arrow: Arrow, { type, nullable }: Field, name: string): Field => new arrow.Field(name, type, nullable);

const UNITS = ["MILLIS", "MILLIS", "MICROS", "NANOS"] as const;

function elementOf(arrow: Arrow, type: DataType, name: string): Element {
  const { DataType: is } = arrow;
  if (is.isBool(type)) return { type: "BOOLEAN" };
  if (is.isInt(type)) return integerElement(type.bitWidth, type.isSigned);
  if (is.isFloat(type)) return floatElement(arrow, type.precision);
  if (is.isNull(type)) return { type: "INT32", logical_type: { type: "NULL" } };
  if (is.isInterval(type)) return { type: "FIXED_LEN_BYTE_ARRAY", type_length: 12, converted_type: "INTERVAL" };
  if (is.isDictionary(type)) return elementOf(arrow, type.dictionary, name);
  if (is.isUtf8(type) || is.isLargeUtf8(type) || is.isUtf8View(type)) {
    return { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } };
  }
  if (is.isBinary(type) || is.isLargeBinary(type) || is.isBinaryView(type)) return { type: "BYTE_ARRAY" };
  if (is.isFixedSizeBinary(type) && type.byteWidth > 0) {
    return { type: "FIXED_LEN_BYTE_ARRAY", type_length: type.byteWidth };
  }
  if (is.isDate(type)) return { type: "INT32", converted_type: "DATE", logical_type: { type: "DATE" } };
  if (is.isTimestamp(type)) {
    const utc = type.timezone !== null && type.timezone !== undefined;
    return { type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: utc, unit: UNITS[type.unit] } };
  }
  if (is.isTime(type)) return timeElement(type.unit);
  if (is.isDuration(type)) return { type: "INT64" };
  if (is.isDecimal(type)) {
    const { precision, scale } = type;
    const type_length = Math.ceil((precision * Math.log2(10) + 1) / 8);
    const logical_type: LogicalType = { type: "DECIMAL", precision, scale };
    return { type: "FIXED_LEN_BYTE_ARRAY", type_length, converted_type: "DECIMAL", precision, scale, logical_type };
  }
  throw new UnsupportedError("has a type that Parquet lacks: choose other columns", {
    structure: `column ${name}`,
    found: String(type),
  });
}

function floatElement({ Precision }: Arrow, precision: number): Element {
  if (precision !== Precision.HALF) return { type: precision === Precision.DOUBLE ? "DOUBLE" : "FLOAT" };
  return { type: "FIXED_LEN_BYTE_ARRAY", type_length: 2, logical_type: { type: "FLOAT16" } };
}

function integerElement(bitWidth: number, isSigned: boolean): Element {
  const converted = `${isSigned ? "" : "U"}INT_${bitWidth}` as NonNullable<SchemaElement["converted_type"]>;
  const plain = isSigned && bitWidth >= 32;
  return { type: bitWidth === 64 ? "INT64" : "INT32", ...(plain ? {} : { converted_type: converted }) };
}

function timeElement(unit: number): Element {
  const name = UNITS[unit];
  const logical_type: LogicalType = { type: "TIME", isAdjustedToUTC: false, unit: name };
  return { type: name === "MILLIS" ? "INT32" : "INT64", logical_type };
}

/** The field that an element of Parquet is, with what is in it. */
export function fieldOf(arrow: Arrow, tree: SchemaTree): Field {
  const { element, children } = tree;
  const nullable = element.repetition_type !== "REQUIRED";
  if (children.length === 0) return new arrow.Field(element.name, typeOf(arrow, element), nullable);
  const logical = element.converted_type ?? element.logical_type?.type;
  if (logical === "LIST") {
    const [repeated] = children;
    const item = repeated.children.length === 1 ? fieldOf(arrow, repeated.children[0]) : fieldOf(arrow, repeated);
    return new arrow.Field(element.name, new arrow.List(renamed(arrow, item, "item")), nullable);
  }
  if (logical === "MAP" || logical === "MAP_KEY_VALUE") {
    const [key, value] = children[0].children.map((child) => fieldOf(arrow, child));
    const entries = new arrow.Struct([renamed(arrow, key, "key"), renamed(arrow, value, "value")]);
    const type = new arrow.Map_(new arrow.Field("entries", entries, false) as never);
    return new arrow.Field(element.name, type, nullable);
  }
  const fields = children.map((child) => fieldOf(arrow, child));
  return new arrow.Field(element.name, new arrow.Struct(fields), nullable);
}

function typeOf(arrow: Arrow, element: SchemaElement): DataType {
  const { type, converted_type: converted, logical_type: logical, precision = 38, scale = 0 } = element;
  const { TimeUnit } = arrow;
  if (converted === "DECIMAL") return new arrow.Decimal(scale, precision, precision > 38 ? 256 : 128);
  if (converted === "DATE") return new arrow.DateDay();
  if (converted === "INTERVAL") return new arrow.IntervalMonthDayNano();
  if (logical?.type === "NULL") return new arrow.Null();
  if (logical?.type === "TIMESTAMP" || converted === "TIMESTAMP_MILLIS" || converted === "TIMESTAMP_MICROS") {
    const unit = logical?.type === "TIMESTAMP" ? logical.unit : converted === "TIMESTAMP_MILLIS" ? "MILLIS" : "MICROS";
    const zone = logical?.type === "TIMESTAMP" && !logical.isAdjustedToUTC ? null : "UTC";
    return new arrow.Timestamp(UNITS.lastIndexOf(unit), zone);
  }
  if (logical?.type === "TIME" || converted === "TIME_MILLIS" || converted === "TIME_MICROS") {
    const unit = logical?.type === "TIME" ? logical.unit : converted === "TIME_MILLIS" ? "MILLIS" : "MICROS";
    return new arrow.Time(UNITS.lastIndexOf(unit), unit === "MILLIS" ? 32 : 64);
  }
  const text = converted === "UTF8" || converted === "ENUM" || converted === "JSON" || logical?.type === "STRING";
  const integer = /^(U?)INT_(\d+)$/.exec(converted ?? "");
  if (integer !== null) return integerType(arrow, Number(integer[2]), integer[1] === "");
  if (logical?.type === "INTEGER") return integerType(arrow, logical.bitWidth, logical.isSigned);
  switch (type) {
    case "BOOLEAN":
      return new arrow.Bool();
    case "INT32":
      return new arrow.Int32();
    case "INT64":
      return new arrow.Int64();
    case "INT96":
      return new arrow.Timestamp(TimeUnit.NANOSECOND);
    case "FLOAT":
      return new arrow.Float32();
    case "DOUBLE":
      return new arrow.Float64();
    case "BYTE_ARRAY":
      return text ? new arrow.Utf8() : new arrow.Binary();
    default:
      if (logical?.type === "FLOAT16") return new arrow.Float16();
      return new arrow.FixedSizeBinary(element.type_length ?? 0);
  }
}

function integerType(arrow: Arrow, bits: number, signed: boolean): DataType {
  const all = signed
    ? [arrow.Int8, arrow.Int16, arrow.Int32, arrow.Int64]
    : [arrow.Uint8, arrow.Uint16, arrow.Uint32, arrow.Uint64];
  return new all[Math.log2(bits / 8)]();
}

/** Whether values of the stored column can be of the type that was recorded. */
export function fitsField(arrow: Arrow, recorded: Field, stored: Field): boolean {
  try {
    const [a, b] = [recorded, stored].map((field) =>
      elementsOf(arrow, field).map(({ type, type_length }) => [type, type_length]),
    );
    return JSON.stringify(a) === JSON.stringify(b);
  } catch {
    // A type that Parquet lacks was not written by it.
    return false;
  }
}

/** A schema of the fields, with the same metadata. */
export const withFields = (arrow: Arrow, fields: Field[], metadata: Schema["metadata"]): Schema =>
  new arrow.Schema(fields, metadata);
