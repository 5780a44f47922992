/** CSV and NDJSON files. Types are those that all values of a column fit, found by going through the file once before. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { dataOf, inferredType, type PlainValue } from "@h5ts/arrow-adapter";
import type { DataType, Field, RecordBatch, Schema } from "apache-arrow";
import { DTypeError, FormatError, UnsupportedError } from "h5ts";
import { ColumnGuess, cellValue } from "./column-types.ts";
import { type Cell, csvCell, csvRows } from "./csv-rows.ts";
import { writing } from "./output-file.ts";
import { type Arrow, batchOf, type TableStream } from "./table-stream.ts";
import { type JsonValue, jsonText, jsonValues, parseJson } from "./text-values.ts";

/** Types asked for, by column. */
export type AskedTypes = ReadonlyMap<string, DataType>;

/** Rows of a batch. */
const ROWS = 16_384;
/** Rows that are written at once. */
const LINES = 1024;

export async function writeCsv(arrow: Arrow, path: string, { schema, batches }: TableStream): Promise<void> {
  await writing(path, async (file) => {
    await file.write(`${schema.fields.map(({ name }) => csvCell(name)).join(",")}\n`);
    for await (const batch of batches) {
      const columns = shown(arrow, schema, batch).map((values) => values.map((value) => csvCell(cellOf(value))));
      for (let at = 0; at < batch.numRows; at += LINES) {
        const rows = Array.from({ length: Math.min(LINES, batch.numRows - at) }, (_, i) => rowOf(columns, at + i));
        await file.write(`${rows.join("\n")}\n`);
      }
    }
  });
}

/** A line of cells. A lone cell that is nothing would be an empty line, which is no row. */
function rowOf(columns: readonly string[][], i: number): string {
  if (columns.length === 1 && columns[0][i] === "") {
    throw new UnsupportedError("has a missing value in its only column, which CSV cannot tell from no row", {
      found: `row ${i + 1} of a batch`,
    });
  }
  return columns.map((column) => column[i]).join(",");
}

const cellOf = (value: JsonValue): Cell =>
  value === null ? null : typeof value === "object" ? jsonText(value) : String(value);

const shown = (arrow: Arrow, schema: Schema, { data }: RecordBatch): JsonValue[][] =>
  schema.fields.map(({ type }, i) => jsonValues(arrow, type, data.children[i]));

export async function writeNdjson(arrow: Arrow, path: string, { schema, batches }: TableStream): Promise<void> {
  const keys = schema.fields.map(({ name }) => JSON.stringify(name));
  await writing(path, async (file) => {
    for await (const batch of batches) {
      const columns = shown(arrow, schema, batch);
      for (let at = 0; at < batch.numRows; at += LINES) {
        const lines = Array.from(
          { length: Math.min(LINES, batch.numRows - at) },
          (_, i) => `{${keys.map((key, c) => `${key}:${jsonText(columns[c][at + i])}`).join(",")}}`,
        );
        await file.write(`${lines.join("\n")}\n`);
      }
    }
  });
}

export async function readCsv(arrow: Arrow, path: string, asked: AskedTypes): Promise<TableStream> {
  let names: string[] | undefined;
  let guesses: ColumnGuess[] = [];
  let rows = 0;
  for await (const row of csvRows(path)) {
    if (names === undefined) {
      names = row.map((cell) => cell ?? "");
      guesses = names.map(() => new ColumnGuess());
      continue;
    }
    rows++;
    if (row.length !== names.length) throw ragged(path, rows + 1, row.length, names.length);
    row.forEach((cell, i) => {
      guesses[i].see(cell);
    });
  }
  if (names === undefined) throw new FormatError("has no line of names", { structure: path });
  const fields = names.map((name, i) => new arrow.Field(name, asked.get(name) ?? guesses[i].type(arrow), true));
  const schema = new arrow.Schema(fields);
  return { schema, rows, batches: batched(arrow, schema, csvCells(arrow, path, fields)) };
}

const ragged = (path: string, line: number, found: number, wanted: number): FormatError =>
  new FormatError("has a row of another number of cells", {
    structure: path,
    found: `${found} in row ${line}`,
    allowed: `${wanted}`,
  });

async function* csvCells(arrow: Arrow, path: string, fields: readonly Field[]): AsyncGenerator<PlainValue[], void> {
  let first = true;
  for await (const row of csvRows(path)) {
    if (!first) yield row.map((cell, i) => cellValue(arrow, textType(arrow, fields[i].type), cell, fields[i].name));
    first = false;
  }
}

/** Categories are text. */
const textType = (arrow: Arrow, type: DataType): DataType =>
  arrow.DataType.isDictionary(type) ? type.dictionary : type;

/** Rows in batches; one without rows where there are none. */
async function* batched(
  arrow: Arrow,
  schema: Schema,
  rows: AsyncIterable<readonly PlainValue[]>,
): AsyncGenerator<RecordBatch, void> {
  let waiting: (readonly PlainValue[])[] = [];
  let any = false;
  const batch = (): RecordBatch => {
    const children = schema.fields.map(({ type }, i) =>
      dataOf(
        arrow,
        type,
        waiting.map((row) => row[i]),
      ),
    );
    const made = batchOf(arrow, schema, children, waiting.length);
    waiting = [];
    any = true;
    return made;
  };
  for await (const row of rows) {
    if (waiting.push(row) === ROWS) yield batch();
  }
  if (waiting.length > 0 || !any) yield batch();
}

type JsonRow = { readonly [name: string]: JsonValue };

async function* jsonRows(path: string): AsyncGenerator<JsonRow, void> {
  let number = 0;
  for await (const line of createInterface({
    input: createReadStream(path, "utf8"),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number++;
    if (line.trim() === "") continue;
    yield parsedRow(path, line, number);
  }
}

function parsedRow(path: string, line: string, number: number): JsonRow {
  let row: JsonValue | undefined;
  try {
    row = parseJson(line);
  } catch (cause) {
    throw new FormatError("is no JSON", { structure: path, found: `line ${number}`, cause });
  }
  if (typeof row === "object" && row !== null && !Array.isArray(row)) return row;
  throw new FormatError("is no JSON object", { structure: path, found: `line ${number}` });
}

/** Values that are looked at together for the type of a column. */
const LOOKED_AT = 4096;

export async function readNdjson(arrow: Arrow, path: string, asked: AskedTypes): Promise<TableStream> {
  const columns = new Map<string, JsonColumn>();
  let rows = 0;
  for await (const row of jsonRows(path)) {
    rows++;
    for (const [name, value] of Object.entries(row)) {
      const column = columns.get(name) ?? new JsonColumn(arrow, name);
      columns.set(name, column);
      column.see(value);
    }
  }
  const fields = [...columns].map(([name, column]) => new arrow.Field(name, asked.get(name) ?? column.type(), true));
  if (fields.length === 0) throw new FormatError("has no rows, and so no columns", { structure: path });
  const schema = new arrow.Schema(fields);
  return { schema, rows, batches: batched(arrow, schema, jsonCells(arrow, path, fields)) };
}

async function* jsonCells(arrow: Arrow, path: string, fields: readonly Field[]): AsyncGenerator<PlainValue[], void> {
  for await (const row of jsonRows(path)) {
    yield fields.map(({ name, type }) => jsonValue(arrow, type, Object.hasOwn(row, name) ? row[name] : null, name));
  }
}

const NUMBERS = /^(NaN|-?Infinity|-0)$/;

function jsonValue(arrow: Arrow, type: DataType, value: JsonValue, name: string): PlainValue {
  if (value === null || typeof value === "object") return value as PlainValue;
  const { DataType: is } = arrow;
  if (typeof value === "string" && !is.isUtf8(textType(arrow, type))) return cellValue(arrow, type, value, name);
  const number = is.isInt(type) || is.isFloat(type) || is.isTimestamp(type) || is.isDate(type);
  const fits = typeof value === "boolean" ? is.isBool(type) : typeof value === "string" || number;
  if (fits) return value;
  throw new DTypeError("has a value that is not of its type", {
    structure: `column ${name}`,
    found: value,
    allowed: String(type),
  });
}

/** What a column of JSON values is, by some of them at a time: each time with one of the type found so far. */
class JsonColumn {
  private readonly arrow: Arrow;
  private readonly name: string;
  private waiting: unknown[] = [];
  /** There is text that stands for a number that JSON has not. */
  private special = false;

  constructor(arrow: Arrow, name: string) {
    this.arrow = arrow;
    this.name = name;
  }

  see(value: JsonValue): void {
    if (value === null) return;
    if (typeof value === "string" && NUMBERS.test(value)) {
      this.special = true;
      return;
    }
    if (this.waiting.push(value) < LOOKED_AT) return;
    const type = inferredType(this.arrow, this.waiting, this.name);
    if ((type.children ?? []).length === 0) this.waiting = [sampleOf(type)];
  }

  /** Beside numbers such text is one; alone, or beside other text, it is text. */
  type(): DataType {
    const { arrow } = this;
    const type = inferredType(arrow, this.waiting, this.name);
    if (!this.special || arrow.DataType.isUtf8(type)) return type;
    return arrow.DataType.isNull(type) ? new arrow.Utf8() : new arrow.Float64();
  }
}

/** A value of the type. */
function sampleOf(type: DataType): unknown {
  const samples: Readonly<Record<string, unknown>> = {
    Int64: 1,
    Uint64: 2n ** 63n,
    Float64: 0.5,
    Bool: true,
    Utf8: "",
  };
  return samples[String(type)] ?? null;
}
