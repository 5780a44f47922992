/** Numbers out of typed arrays, nested arrays and single values. */
import { DTypeError, ShapeError } from "../../errors.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import type { AnyData, Complex, TypedArray } from "../arrays.ts";
import { converter, type Goal } from "../codecs/convert.ts";
import { writeGoal } from "../codecs/goal.ts";
import { arrayName, makeNumbers, type NumberCodec, numberCodec } from "../codecs/numbers.ts";
import { type ComplexParts, momentOf } from "../dtype/meaning.ts";
import { memberValue } from "../dtype/members.ts";
import { castInto, castNumbers } from "./cast-numbers.ts";
import { dateCount } from "./moments.ts";
import { countOf, depthOf, eachLeaf, isTypedArray, listOf, nestedShape, type Shape } from "./shapes.ts";

/** Data of a datatype, and the shape that the value has by itself. */
export interface Taken {
  readonly shape: Shape;
  readonly data: AnyData;
}

type Scalar = (value: unknown) => number | bigint;

/** Typed arrays that are none of those that data is read into. */
export function plainArray(array: Uint8Array): TypedArray {
  const name: string = (array as { [Symbol.toStringTag]: string })[Symbol.toStringTag];
  if (name === "Uint8ClampedArray") return new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.length);
  return name === "Float16Array" ? Float32Array.from(array) : (array as TypedArray);
}

/** Those of datatypes that were written before: small values are many. */
const takers = new WeakMap<Datatype, NumberTaker>();

/** What takes numbers of a datatype; `undefined` if it has none. */
export function numberTaker(type: Datatype): NumberTaker | undefined {
  const known = takers.get(type);
  if (known !== undefined) return known;
  const codec = numberCodec(type);
  if (codec === undefined) return undefined;
  const taker = new NumberTaker(type, codec);
  takers.set(type, taker);
  return taker;
}

/** Takes numbers of one datatype. */
class NumberTaker {
  private readonly goal: Goal;
  private readonly scalar: Scalar;

  constructor(type: Datatype, codec: NumberCodec) {
    this.goal = writeGoal(type, codec);
    this.scalar = scalarOf(type, this.goal.name);
  }

  take(value: unknown): Taken {
    if (isTypedArray(value)) {
      return { shape: [value.length], data: castNumbers(plainArray(value), this.goal) };
    }
    const shape = nestedShape(
      value,
      depthOf(value, (leaf) => Number(isTypedArray(leaf))),
    );
    const data = makeNumbers(this.goal.array, countOf(shape));
    this.fill(value, shape, data);
    return { shape, data };
  }

  /** One number for each of these. */
  collect(cells: readonly unknown[]): TypedArray | bigint[] {
    const data = makeNumbers(this.goal.array, cells.length);
    this.list(cells, data, 0);
    return data;
  }

  private fill(value: unknown, shape: Shape, data: TypedArray | bigint[]): void {
    if (shape.length === 0) {
      this.list([value], data, 0);
      return;
    }
    const width = shape[shape.length - 1];
    let at = 0;
    eachLeaf(value, shape.slice(0, -1), (leaf) => {
      const list = listOf(leaf, width, shape.length - 1);
      if (isTypedArray(list)) castInto(plainArray(list), data, at, this.goal);
      else this.list(list as unknown[], data, at);
      at += width;
    });
  }

  private list(cells: readonly unknown[], data: TypedArray | bigint[], at: number): void {
    const { goal, scalar } = this;
    if (allOf("number", cells) || allOf("bigint", cells)) {
      castInto(cells as number[], data, at, goal);
      return;
    }
    const number = converter("number", goal);
    const bigint = converter("bigint", goal);
    const target = data as { [i: number]: number | bigint };
    for (let i = 0; i < cells.length; i++) {
      const value = scalar(cells[i]);
      target[at + i] = typeof value === "bigint" ? bigint(value, at + i) : number(value, at + i);
    }
  }
}

function allOf(type: "number" | "bigint", cells: readonly unknown[]): boolean {
  for (let i = 0; i < cells.length; i++) if (typeof cells[i] !== type) return false;
  return true;
}

/** Single values as numbers: members of enumerations by name, dates by their count, booleans as 0 and 1. */
function scalarOf(type: Datatype, name: string): Scalar {
  const moment = momentOf(type);
  const members =
    type.class === "enum"
      ? new Map(type.members.map((member) => [member.name, memberValue(type.base, member.value)]))
      : undefined;
  return (value) => {
    if (typeof value === "number" || typeof value === "bigint") return value;
    if (typeof value === "boolean") return Number(value);
    if (moment !== undefined && value instanceof Date) return dateCount(value, moment);
    const known = typeof value === "string" ? members?.get(value) : undefined;
    if (known !== undefined) return known;
    throw new DTypeError("cannot be written from this value", {
      structure: name,
      found: typeof value === "string" ? value : describe(value),
      allowed: members === undefined ? "numbers" : [...members.keys()].slice(0, 20).join(", "),
    });
  };
}

/** What kind of value it is, for errors. */
export function describe(value: unknown): string {
  return typeof value === "object" && value !== null
    ? Object.prototype.toString.call(value).slice(8, -1)
    : typeof value;
}

/** Takes complex numbers: pairs in typed arrays, `{ real, imag }`, or real numbers. */
export class ComplexTaker {
  private readonly parts: NumberTaker;

  constructor(parts: ComplexParts) {
    this.parts = numberTaker(parts.base)!;
  }

  /** `count`: how many there should be, where that is known: tells pairs from real numbers. */
  take(value: unknown, count?: number): Taken {
    if (isTypedArray(value)) {
      const real = value.length === count;
      const data = this.parts.take(value).data as Float64Array<ArrayBuffer>;
      if (real) return { shape: [count], data: interleaved(data) };
      if (value.length % 2 === 0) return { shape: [value.length / 2], data };
      throw new ShapeError("has half a complex number", {
        structure: "typed array",
        found: value.length,
        allowed: "pairs",
      });
    }
    const shape = nestedShape(value, depthOf(value));
    const cells: unknown[] = [];
    eachLeaf(value, shape, (cell) => cells.push(cell));
    return { shape, data: this.collect(cells) };
  }

  collect(cells: readonly unknown[]): AnyData {
    const numbers: unknown[] = [];
    for (const cell of cells) {
      if (isComplex(cell)) numbers.push(cell.real, cell.imag);
      else numbers.push(cell, 0);
    }
    return this.parts.collect(numbers);
  }
}

/** Whether it is a single complex number. */
export const isComplex = (value: unknown): value is Complex =>
  typeof value === "object" && value !== null && "real" in value && "imag" in value;

/** Real numbers with imaginary parts of zero. */
function interleaved(real: Float64Array): AnyData {
  const pairs = makeNumbers(arrayName(real)!, real.length * 2) as Float64Array<ArrayBuffer>;
  for (let i = 0; i < real.length; i++) pairs[2 * i] = real[i];
  return pairs;
}
