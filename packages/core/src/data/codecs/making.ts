/** What the choice of sinks carries from level to level of a datatype, and the memory that they fill. */
import type { Sizes } from "../../bytes/address.ts";
import { DTypeError, ShapeError } from "../../errors.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import type { TypedArray } from "../arrays.ts";
import { floatType, integerType } from "../dtype/standard.ts";
import { type Budget, VALUE_BYTES } from "./budget.ts";
import { type ArrayName, arrayName, arrayWidth, makeNumbers } from "./numbers.ts";
import type { ArrayMaker, ReadAs } from "./view.ts";

/** What holds on one level of nesting. */
export interface Making {
  readonly count: number;
  readonly as: ReadAs | undefined;
  readonly array: ArrayMaker | undefined;
  readonly into: unknown;
  readonly at: number;
  /** On the outermost level, whose bytes may be read straight into the result. */
  readonly whole: boolean;
  readonly budget: Budget;
  readonly sizes: Sizes;
}

/** Memory for numbers: that of the caller, or new. */
export function numberMemory(array: ArrayName, making: Making): TypedArray | bigint[] {
  const { into, at, count, budget } = making;
  if (into === undefined) {
    budget.take(count, arrayWidth(array));
    return makeNumbers(array, count);
  }
  if (array === "bigint" && Array.isArray(into))
    throw new DTypeError("cannot be read into an array", { structure: "integer" });
  if (arrayName(into) !== array) throw wrongTarget(into, array);
  const target = into as TypedArray;
  room(target.length, at, count);
  return target.subarray(at, at + count);
}

function wrongTarget(into: unknown, allowed: string): DTypeError {
  const found = Object.prototype.toString.call(into).slice(8, -1);
  return new DTypeError("cannot be read into the target", { found, allowed });
}

function room(length: number, at: number, count: number): void {
  if (Number.isInteger(at) && at >= 0 && at + count <= length) return;
  throw new ShapeError("does not fit the target", {
    structure: "result",
    found: `${count} elements at ${at}`,
    allowed: `${length} elements`,
  });
}

/** Memory for values that are no numbers. */
export function valueMemory<T>(making: Making): T[] {
  const { into, at, count, budget } = making;
  if (into === undefined) {
    budget.take(count, VALUE_BYTES);
    return new Array<T>(count);
  }
  if (!Array.isArray(into)) throw wrongTarget(into, "Array");
  room(into.length, at, count);
  return into as T[];
}

/** Datatypes that stand for the arrays numbers can be read into. */
export const ARRAY_TYPES: Readonly<Record<Exclude<ArrayName, "bigint">, Datatype>> = arrayTypes();

function arrayTypes(): Record<Exclude<ArrayName, "bigint">, Datatype> {
  const integer = (size: number, signed: boolean): Datatype => integerType(size, signed);
  return {
    Int8Array: integer(1, true),
    Uint8Array: integer(1, false),
    Int16Array: integer(2, true),
    Uint16Array: integer(2, false),
    Int32Array: integer(4, true),
    Uint32Array: integer(4, false),
    BigInt64Array: integer(8, true),
    BigUint64Array: integer(8, false),
    Float32Array: floatType("float32"),
    Float64Array: floatType("float64"),
  };
}
