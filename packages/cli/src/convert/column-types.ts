/** Types of columns of text: what all cells of a column can be. */
import type { PlainValue } from "@h5ts/arrow-adapter";
import type { DataType } from "apache-arrow";
import { DTypeError } from "h5ts";
import type { Cell } from "./csv-rows.ts";
import type { Arrow } from "./table-stream.ts";

const INTEGER = /^-?(0|[1-9]\d{0,18})$/;
const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^-?(Infinity|inf)$|^(NaN|nan)$/;
const BOOL = /^(true|false)$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.(\d{1,9}))?(Z|[+-]00:?00)?$/;

/** What a column may still be. */
export class ColumnGuess {
  private integer = true;
  private float = true;
  private bool = true;
  private date = true;
  private moment = true;
  private zone: boolean | undefined;
  private digits = 0;
  private seen = false;

  see(cell: Cell): void {
    if (cell === null) return;
    this.seen = true;
    this.integer &&= INTEGER.test(cell) && inRange(BigInt(cell));
    this.float &&= FLOAT.test(cell) && !/^-?0\d/.test(cell);
    this.bool &&= BOOL.test(cell);
    this.date &&= DATE.test(cell);
    if (this.moment) this.seeMoment(cell);
  }

  private seeMoment(cell: string): void {
    const match = MOMENT.exec(cell);
    const zoned = match?.[3] !== undefined;
    this.moment = match !== null && (this.zone ?? zoned) === zoned;
    this.zone = zoned;
    this.digits = Math.max(this.digits, match?.[2]?.length ?? 0);
  }

  type(arrow: Arrow): DataType {
    if (!this.seen) return new arrow.Utf8();
    if (this.integer) return new arrow.Int64();
    if (this.float) return new arrow.Float64();
    if (this.bool) return new arrow.Bool();
    if (this.date) return new arrow.DateDay();
    if (this.moment) return new arrow.Timestamp(Math.ceil(this.digits / 3), this.zone === true ? "UTC" : null);
    return new arrow.Utf8();
  }
}

const inRange = (value: bigint): boolean => BigInt.asIntN(64, value) === value;

/** A cell as a value of the column's type; DTypeError where it is none. */
export function cellValue(arrow: Arrow, type: DataType, cell: Cell, column: string): PlainValue {
  if (cell === null) return null;
  const { DataType: is } = arrow;
  const value = parsed(arrow, type, cell);
  if (value !== undefined) return value;
  if (is.isUtf8(type)) return cell;
  throw new DTypeError("has a cell that is not of its type", {
    structure: `column ${column}`,
    found: cell,
    allowed: String(type),
  });
}

function parsed(arrow: Arrow, type: DataType, cell: string): PlainValue | undefined {
  const { DataType: is } = arrow;
  if (is.isInt(type)) {
    if (!/^-?\d+$/.test(cell)) return undefined;
    return type.bitWidth === 64 ? BigInt(cell) : Number(cell);
  }
  if (is.isFloat(type)) return FLOAT.test(cell) ? Number(cell.replace(/inf$/, "Infinity")) : undefined;
  if (is.isBool(type)) return BOOL.test(cell) ? cell === "true" : undefined;
  if (is.isDate(type)) return DATE.test(cell) ? Math.round(Date.parse(cell) / 86_400_000) : undefined;
  if (is.isTimestamp(type)) return momentOf(cell, type.unit * 3);
  if (is.isBinary(type)) return new Uint8Array(Buffer.from(cell, "base64"));
  return undefined;
}

function momentOf(cell: string, digits: number): bigint | undefined {
  const text = DATE.test(cell) ? `${cell}T00:00:00` : cell;
  const match = MOMENT.exec(text);
  if (match === null) return undefined;
  const seconds = BigInt(Date.parse(`${text.slice(0, 19).replace(" ", "T")}Z`) / 1000);
  const fraction = (match[2] ?? "").padEnd(digits, "0").slice(0, digits);
  return seconds * 10n ** BigInt(digits) + BigInt(fraction || "0");
}

/** Types that `--types` names. */
export function typeNamed(arrow: Arrow, name: string): DataType | undefined {
  const timestamp = /^timestamp\[(s|ms|us|ns)(?:, *([\w/+-]+))?\]$/.exec(name);
  if (timestamp !== null) {
    return new arrow.Timestamp(["s", "ms", "us", "ns"].indexOf(timestamp[1]), timestamp[2] ?? null);
  }
  const types: Readonly<Record<string, () => DataType>> = {
    int8: () => new arrow.Int8(),
    int16: () => new arrow.Int16(),
    int32: () => new arrow.Int32(),
    int64: () => new arrow.Int64(),
    uint8: () => new arrow.Uint8(),
    uint16: () => new arrow.Uint16(),
    uint32: () => new arrow.Uint32(),
    uint64: () => new arrow.Uint64(),
    float16: () => new arrow.Float16(),
    float32: () => new arrow.Float32(),
    float64: () => new arrow.Float64(),
    bool: () => new arrow.Bool(),
    text: () => new arrow.Utf8(),
    bytes: () => new arrow.Binary(),
    date: () => new arrow.DateDay(),
    category: () => new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()),
  };
  return Object.hasOwn(types, name) ? types[name]() : undefined;
}
