/** Readers of numbers as other numbers. */
import { DTypeError } from "../../errors.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import type { TypedArray } from "../arrays.ts";
import { isBool, momentOf } from "../dtype/meaning.ts";
import { nameOf } from "../dtype/name.ts";
import { matches } from "../dtype/same.ts";
import { FLOAT_FORMATS, sameFormat } from "../dtype/standard.ts";
import { converter, type Goal, roundTo } from "./convert.ts";
import { ConvertingReader } from "./convert-sink.ts";
import { Int64NumberReader } from "./int64-number.ts";
import { isBigint, type NumberCodec, numberCodec } from "./numbers.ts";
import type { Reader } from "./reader.ts";

/** 64-bit integers as numbers, exactly or not at all. */
export const EXACT_NUMBER: Goal = {
  array: "Float64Array",
  name: "number",
  min: Number.MIN_SAFE_INTEGER,
  max: Number.MAX_SAFE_INTEGER,
};

/** What numbers of one type must become to be of another; `undefined` if they are read alike anyway. */
export function goalOf(type: Datatype, as: Datatype): Goal | undefined {
  const to = numberCodec(as);
  if (to === undefined || differentUnits(type, as)) throw cannot(type, as);
  if (matches(type, as)) return undefined;
  const target = to.type;
  if (target.class !== "float") return integerGoal(as, to);
  const own = FLOAT_FORMATS.get(to.array === "Float32Array" ? "float32" : "float64")!;
  const goal = { array: to.array, name: nameOf(as) };
  return sameFormat(target, own) ? goal : { ...goal, round: roundTo(target) };
}

function integerGoal(as: Datatype, { array, type }: NumberCodec): Goal {
  const name = nameOf(as);
  return isBool(as) ? { array, name, bool: true } : { array, name, ...boundsOf(type) };
}

/** What numbers must become to be written as a type: floats are rounded by whoever encodes them, and only there. */
export function writeGoal(type: Datatype, codec: NumberCodec): Goal {
  if (codec.type.class !== "float") return integerGoal(type, codec);
  return { array: codec.bits === undefined ? "Float64Array" : codec.array, name: nameOf(type) };
}

/** Dates count from 1970 in their unit; others do not become them by reading the number. */
export function differentUnits(type: Datatype, as: Datatype): boolean {
  const [from, to] = [momentOf(type), momentOf(as)];
  return from !== undefined && to !== undefined && (from.kind !== to.kind || from.unit !== to.unit);
}

function boundsOf(type: Datatype): { min: number | bigint; max: number | bigint } {
  const signed = type.class === "opaque" || (type.class === "integer" && type.signed);
  const bits = "precision" in type ? type.precision : type.size * 8;
  const min = signed ? -(2n ** BigInt(bits - 1)) : 0n;
  const max = 2n ** BigInt(signed ? bits - 1 : bits) - 1n;
  return type.size > 4 ? { min, max } : { min: Number(min), max: Number(max) };
}

/** The error for types that do not become one another. */
export function cannot(type: Datatype, as: Datatype | "number"): DTypeError {
  return new DTypeError("cannot be read as the type that was asked for", {
    structure: nameOf(type),
    found: as === "number" ? as : nameOf(as),
  });
}

/** A reader of a codec's elements that converts to a goal. */
export function goalReader(codec: NumberCodec, goal: Goal, target: TypedArray | bigint[]): Reader {
  const { type } = codec;
  const plain = goal.round === undefined && goal.bool !== true;
  if (codec.bits !== undefined && isBigint(codec.array) && goal.array === "Float64Array" && plain) {
    const little = type.class === "opaque" ? momentOf(type)!.order === "le" : "order" in type && type.order === "le";
    const signed = codec.array === "BigInt64Array";
    return new Int64NumberReader(target as Float64Array, little, signed, goal.min !== undefined);
  }
  const assignable = plain && goal.min === undefined && !isBigint(codec.array);
  const convert = assignable ? undefined : converter(isBigint(codec.array) ? "bigint" : "number", goal);
  return new ConvertingReader(codec, target, convert);
}
