/** Columns: what adapters to tables (Arrow, pandas, data frames) exchange. */
import { LimitError, ShapeError } from "../errors.ts";
import type { Datatype } from "../format/datatype/datatype.ts";
import type { AnyData, CompoundData } from "./arrays.ts";
import { DType } from "./dtype/dtype.ts";
import { complexParts, momentOf } from "./dtype/meaning.ts";
import type { Result } from "./result.ts";
import { concatenate, lengthOf } from "./values.ts";

/** What the numbers of a column stand for. */
export interface Logical {
  /** What the values stand for. */
  readonly kind: "timestamp" | "duration" | "date" | "period" | "categorical";
  /** Unit of the numbers: `"ns"`, `"ms"`, `"D"`. */
  readonly unit?: string;
  /** Time zone of timestamps, as in the IANA database. */
  readonly zone?: string;
  /** Whether the order of categories means something. */
  readonly ordered?: boolean;
}

/** One column of a table: equally many values of one datatype. */
export interface Column {
  /** What the column is called: a member of a compound, a dataset of a group. */
  readonly name: string;
  /** HDF5 datatype of its values, as they are stored. */
  readonly dtype: DType;
  /** The values; of lists those of all rows in `children`. Numbers in typed arrays, complex ones in pairs, text in `string[]`. */
  readonly data: AnyData;
  /** A byte a row, 0 where the value is missing. Absent: none is. */
  readonly validity?: Uint8Array;
  /** Of lists: where the values of each row begin in the child, and after the last row its length. */
  readonly offsets?: Int32Array;
  /** Of compounds their members, of lists and arrays the one column of their values. */
  readonly children?: readonly Column[];
  /** Of categorical columns the categories, which `data` holds the numbers of. */
  readonly dictionary?: Column;
  /** What the values stand for, where that is more than numbers. */
  readonly logical?: Logical;
}

/** A table: columns of equally many values, as adapters exchange it. A row is what stands at one place of each. */
export interface Columns {
  /** How many rows the table has: values of each column. */
  readonly length: number;
  /** The columns, in their order. */
  readonly columns: readonly Column[];
  /** Attributes by name; no prototype. */
  readonly attrs: Readonly<Record<string, unknown>>;
}

/** The columns of a compound result, its rows in row-major order. ShapeError for other results. */
export function columnsOf(
  result: Result<CompoundData>,
  attrs: Readonly<Record<string, unknown>> = noAttributes(),
): Columns {
  const { datatype } = result.dtype;
  if (datatype.class !== "compound" || complexParts(datatype) !== undefined) {
    throw new ShapeError("has no columns", { structure: "result", found: result.dtype.name, allowed: "compounds" });
  }
  return { length: result.size, columns: membersOf(datatype, result.data), attrs };
}

const noAttributes = (): Record<string, unknown> => Object.create(null);

const membersOf = (type: Datatype & { class: "compound" }, data: CompoundData): Column[] =>
  type.members.map((member) => columnOf(member.name, member.type, data[member.name]));

/** A column of data that was read with a datatype. */
export function columnOf(name: string, type: Datatype, data: AnyData): Column {
  const column: Column = { name, dtype: new DType(type), data };
  const moment = momentOf(type);
  if (moment !== undefined) {
    const kind = moment.kind === "timedelta64" ? "duration" : moment.unit === "D" ? "date" : "timestamp";
    return { ...column, logical: { kind, unit: moment.unit }, ...validTimes(data as BigInt64Array) };
  }
  if (type.class === "array") return { ...column, children: [columnOf("item", type.base, data)] };
  if (type.class === "compound" && complexParts(type) === undefined) {
    return { ...column, children: membersOf(type, data as CompoundData) };
  }
  if (type.class === "vlen" && type.kind === "sequence") return listColumn(column, type.base, data as AnyData[]);
  return column;
}

const NOT_A_TIME = -(2n ** 63n);

/** Where there is a "not a time", the rows that are times. */
function validTimes(times: BigInt64Array): { validity?: Uint8Array } {
  if (!times.includes(NOT_A_TIME)) return {};
  return { validity: Uint8Array.from(times, (time) => (time === NOT_A_TIME ? 0 : 1)) };
}

const MAX_OFFSET = 2 ** 31 - 1;

function listColumn(column: Column, base: Datatype, rows: readonly AnyData[]): Column {
  const offsets = new Int32Array(rows.length + 1);
  let total = 0;
  rows.forEach((row, i) => {
    total += lengthOf(base, row);
    if (total > MAX_OFFSET) {
      throw new LimitError("has too many values for offsets of 32 bits", { structure: "list column", found: total });
    }
    offsets[i + 1] = total;
  });
  return { ...column, offsets, children: [columnOf("item", base, concatenate(base, rows))] };
}
