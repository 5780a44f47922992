/** Core's columns as tables of Arrow's: what adapters of other tables exchange. */
import type { Data, DataType, Field, Table } from "apache-arrow";
import { type Column, type Columns, UnsupportedError } from "h5ts";
import { type Arrow, arrowData, loadArrow, packBits } from "./arrow.ts";
import { toHalf } from "./codecs/half.ts";
import { encodeTexts } from "./codecs/text-memory.ts";

/** Metadata of a field whose integers are periods: their frequency. */
export const PERIOD_KEY = "h5ts:period";

/** Columns as a table; numbers are not copied. Attributes that are text become the schema's metadata. UnsupportedError of columns that Arrow has no type for. */
export async function columnsToArrow({ columns, length, attrs }: Columns): Promise<Table> {
  const arrow = await loadArrow();
  const made = columns.map((column) => dataOfColumn(arrow, column, length));
  const fields = columns.map((column, i) => fieldOf(arrow, column, made[i].type as DataType));
  const metadata = new Map(
    Object.entries(attrs).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])) as [
      string,
      string,
    ][],
  );
  const schema = new arrow.Schema(fields, metadata);
  const struct = new arrow.Data(
    new arrow.Struct(fields),
    0,
    length,
    0,
    [undefined, undefined, new Uint8Array(0)],
    made,
  );
  return new arrow.Table(schema, [new arrow.RecordBatch(schema, struct as never)]);
}

function fieldOf(arrow: Arrow, { name, logical }: Column, type: DataType): Field {
  const metadata =
    logical?.kind === "period" && logical.unit !== undefined ? [[PERIOD_KEY, logical.unit] as const] : [];
  return new arrow.Field(name, type, true, new Map(metadata));
}

function dataOfColumn(arrow: Arrow, column: Column, length: number): Data {
  const { data, dtype, validity: valid, logical, dictionary } = column;
  const numbers = (type: DataType, values: ArrayBufferView): Data => arrowData(arrow, type, length, { values, valid });
  if (dictionary !== undefined) {
    const words = dataOfColumn(arrow, dictionary, (dictionary.data as ArrayLike<unknown>).length);
    const indices = numberType(arrow, dtype.name) as never;
    const type = new arrow.Dictionary(words.type as DataType, indices, null, logical?.ordered ?? false);
    // What is missing has no number.
    const codes = valid === undefined ? data : (data as Int32Array).map((code, i) => (valid[i] === 0 ? 0 : code));
    return arrowData(arrow, type, length, {
      values: codes as Int32Array,
      valid,
      dictionary: new arrow.Vector([words]),
    });
  }
  const moment = momentType(arrow, column);
  if (moment !== undefined)
    return numbers(
      moment,
      arrow.DataType.isDate(moment) ? Int32Array.from(data as BigInt64Array, Number) : (data as BigInt64Array),
    );
  if (dtype.name === "bool") return numbers(new arrow.Bool(), packBits(data as Uint8Array, length).bits);
  if (dtype.name === "float16") return numbers(new arrow.Float16(), toHalf(data as Float32Array, length));
  const type = numberType(arrow, dtype.name);
  if (type !== undefined) return numbers(type, data as Float64Array);
  if (/^complex/.test(dtype.name)) return complexData(arrow, column, length);
  return nestedData(arrow, column, length);
}

function nestedData(arrow: Arrow, column: Column, length: number): Data {
  const { name, data, dtype, validity: valid, offsets, children } = column;
  if (children === undefined) {
    const isText = Array.isArray(data) && (data as unknown[]).every((one) => typeof one === "string");
    if (!isText)
      throw new UnsupportedError("is a column that Arrow has no type for", {
        structure: "column",
        path: name,
        found: dtype.name,
      });
    const { offsets: ends, bytes } = encodeTexts(data as string[]);
    return arrowData(arrow, new arrow.Utf8(), length, { offsets: ends, values: bytes, valid });
  }
  if (offsets !== undefined) {
    const items = dataOfColumn(arrow, children[0], offsets[length]);
    const type = new arrow.List(new arrow.Field(children[0].name, items.type as DataType, true));
    return arrowData(arrow, type, length, { offsets, children: [items], valid });
  }
  if (dtype.class === "array") {
    const size = dtype.shape.reduce((product, dim) => product * dim, 1);
    const items = dataOfColumn(arrow, children[0], length * size);
    const type = new arrow.FixedSizeList(size, new arrow.Field(children[0].name, items.type as DataType, true));
    return arrowData(arrow, type, length, { children: [items], valid });
  }
  const parts = children.map((child) => dataOfColumn(arrow, child, length));
  const type = new arrow.Struct(children.map((child, i) => fieldOf(arrow, child, parts[i].type as DataType)));
  return arrowData(arrow, type, length, { children: parts, valid });
}

function numberType(arrow: Arrow, name: string): DataType | undefined {
  const types: Readonly<Record<string, new () => DataType>> = {
    int8: arrow.Int8,
    int16: arrow.Int16,
    int32: arrow.Int32,
    int64: arrow.Int64,
    uint8: arrow.Uint8,
    uint16: arrow.Uint16,
    uint32: arrow.Uint32,
    uint64: arrow.Uint64,
    float32: arrow.Float32,
    float64: arrow.Float64,
  };
  return Object.hasOwn(types, name) ? new types[name]() : undefined;
}

function momentType(arrow: Arrow, { logical }: Column): DataType | undefined {
  const units: Readonly<Record<string, number>> = { s: 0, ms: 1, us: 2, ns: 3 };
  const unit = units[logical?.unit ?? ""];
  if (logical?.kind === "date" && logical.unit === "D") return new arrow.DateDay();
  if (unit === undefined) return undefined;
  if (logical?.kind === "timestamp") return new arrow.Timestamp(unit, zoneName(logical.zone));
  return logical?.kind === "duration" ? new arrow.Duration(unit) : undefined;
}

/** Arrow writes offsets without the letters in front of them. */
const zoneName = (zone: string | undefined): string | null =>
  zone === undefined ? null : zone.replace(/^UTC(?=[+-])/, "");

/** As `r` and `i`, like complex datasets. */
function complexData(arrow: Arrow, { data, dtype, validity: valid }: Column, length: number): Data {
  const pairs = data as Float64Array;
  const [Parts, part] =
    dtype.name === "complex64" ? [Float32Array, new arrow.Float32()] : [Float64Array, new arrow.Float64()];
  const children = [0, 1].map((k) => {
    const values = new Parts(length);
    for (let i = 0; i < length; i++) values[i] = pairs[2 * i + k];
    return arrowData(arrow, part, length, { values });
  });
  const fields = ["r", "i"].map((name) => new arrow.Field(name, part, false));
  return arrowData(arrow, new arrow.Struct(fields), length, { children, valid });
}
