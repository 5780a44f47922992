/** Values that stand for null: the other way, beside masks, in which columns of numbers and text keep their nulls. */
import type { Data, DataType, Field } from "apache-arrow";
import { type AnyData, DTypeError } from "h5ts";
import type { Arrow } from "./arrow.ts";
import type { Codec } from "./codec.ts";
import { rowValidity } from "./codecs/columns.ts";

/** Key of field metadata that says which value stands for null. */
export const FILL_KEY = "h5ts:fill";

/** A value that stands for null. */
export type FillValue = number | bigint | string;

/** How nulls of columns are kept where there are any. */
export interface FillOptions {
  readonly nulls?: "masks" | "fill";
  readonly fillValues?: { readonly [column: string]: FillValue };
}

/** Values that stand for null, the first that no row has; of text the empty one. Of other types `undefined`. */
function candidates(arrow: Arrow, type: DataType): readonly FillValue[] | undefined {
  const { DataType: is } = arrow;
  if (is.isUtf8(type) || is.isLargeUtf8(type)) return ["", "NA", "<null>"];
  if (is.isFloat(type)) return [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  if (!is.isInt(type)) return undefined;
  const bits = BigInt(type.bitWidth);
  const all = type.isSigned ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [(1n << bits) - 1n, 0n];
  return type.bitWidth === 64 ? all : all.map(Number);
}

/**
 * The value that stands for null in a column: the one asked for, else one that none of its rows has, where they are known. `undefined`
 * where a mask has to say it. DTypeError for a value asked for that the type cannot hold.
 */
export function fillFor(
  arrow: Arrow,
  field: Field,
  chunks: readonly Data[] | undefined,
  { nulls = "masks", fillValues = {} }: FillOptions,
): FillValue | undefined {
  const asked = Object.hasOwn(fillValues, field.name) ? fillValues[field.name] : undefined;
  if (asked !== undefined) return checked(arrow, field, asked);
  if (nulls !== "fill") return undefined;
  const found = candidates(arrow, field.type);
  if (found === undefined || chunks === undefined) return found?.[0];
  return found.find((value) => chunks.every((chunk) => !hasValue(arrow, chunk, value)));
}

function checked(arrow: Arrow, { name, type }: Field, value: FillValue): FillValue {
  const { DataType: is } = arrow;
  const text = is.isUtf8(type) || is.isLargeUtf8(type);
  if (text ? typeof value === "string" && !value.includes("\0") : is.isFloat(type) && typeof value === "number") {
    return value;
  }
  if (is.isInt(type) && (typeof value === "bigint" || Number.isSafeInteger(value))) {
    const { bitWidth, isSigned } = type;
    const whole = BigInt(value);
    if ((isSigned ? BigInt.asIntN : BigInt.asUintN)(bitWidth, whole) === whole) {
      return bitWidth === 64 ? whole : Number(value);
    }
  }
  throw new DTypeError("cannot stand for null in a column of that type", {
    structure: `column ${name}`,
    found: value,
    allowed: `${type}: numbers and text that the type can hold`,
  });
}

function hasValue(arrow: Arrow, data: Data, value: FillValue): boolean {
  const valid = rowValidity(data);
  const same = sameAs(value);
  const vector = new arrow.Vector([data]);
  for (let i = 0; i < data.length; i++) if (valid?.[i] !== 0 && same(vector.get(i))) return true;
  return false;
}

/** Whether values are that one: any that is not a number is, if it is none. */
const sameAs = (fill: FillValue): ((value: unknown) => boolean) =>
  Number.isNaN(fill) ? (value) => Number.isNaN(value) : (value) => value === fill;

/** As metadata has it. */
export const fillText = (fill: FillValue): string => String(fill);

/** The value that metadata tells of; `undefined` where it is none of the type. */
export function fillOf(arrow: Arrow, type: DataType, text: string | undefined): FillValue | undefined {
  const { DataType: is } = arrow;
  if (text === undefined || is.isUtf8(type) || is.isLargeUtf8(type)) return text;
  if (is.isFloat(type)) return text.trim() === "" ? undefined : Number(text);
  if (!is.isInt(type) || !/^-?\d+$/.test(text)) return undefined;
  return type.bitWidth === 64 ? BigInt(text) : Number(text);
}

/** The codec of a column in which a value stands for null. */
export function filledCodec(codec: Codec, fill: FillValue, name: string): Codec {
  return {
    ...codec,
    ownNulls: true,
    fixedText: false,
    encode: (data) => filled(codec.encode(data), rowValidity(data), data.length, storedFill(codec, fill), name),
    decode: (values, count, valid) =>
      codec.decode(values, count, validWithout(values, count, storedFill(codec, fill), valid)),
  };
}

/** The value as elements have it: floats of 32 bits round it. */
const storedFill = ({ dtype }: Codec, fill: FillValue): FillValue =>
  dtype.name === "float32" ? Math.fround(fill as number) : fill;

type List = { [row: number]: unknown } & ArrayLike<unknown>;

function filled(values: AnyData, valid: Uint8Array | undefined, count: number, fill: FillValue, name: string): AnyData {
  const same = sameAs(fill);
  const list = values as List;
  for (let i = 0; i < count; i++) {
    if (valid?.[i] !== 0 && same(list[i])) {
      throw new DTypeError("has the value that stands for null, and is not null: choose another, or masks", {
        structure: `column ${name}`,
        found: fill,
      });
    }
  }
  if (valid === undefined) return values;
  // The memory is that of the table.
  const copy = (values as unknown[]).slice() as List;
  for (let i = 0; i < count; i++) if (valid[i] === 0) copy[i] = fill;
  return copy as AnyData;
}

function validWithout(
  values: AnyData,
  count: number,
  fill: FillValue,
  valid: Uint8Array | undefined,
): Uint8Array | undefined {
  const same = sameAs(fill);
  const list = values as List;
  const there = new Uint8Array(count);
  for (let i = 0; i < count; i++) there[i] = same(list[i]) ? 0 : (valid?.[i] ?? 1);
  return there;
}
