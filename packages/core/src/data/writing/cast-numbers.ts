/**
 * Arrays of numbers to the array that a datatype is written from, as NumPy casts them: fractions are cut off, floats
 * rounded, and what does not fit is a DTypeError. An array that has the values already is passed on as it is.
 */
import { HOST_LITTLE } from "../../bytes/swap.ts";
import type { BigIntArray, TypedArray } from "../arrays.ts";
import { converter, convertInto, type Goal } from "../codecs/convert.ts";
import { type ArrayName, arrayName, isBigint, makeNumbers } from "../codecs/numbers.ts";

/** Bounds of the arrays of integers. */
const BOUNDS: { readonly [name: string]: readonly [number | bigint, number | bigint] } = {
  Int8Array: [-(2 ** 7), 2 ** 7 - 1],
  Uint8Array: [0, 2 ** 8 - 1],
  Int16Array: [-(2 ** 15), 2 ** 15 - 1],
  Uint16Array: [0, 2 ** 16 - 1],
  Int32Array: [-(2 ** 31), 2 ** 31 - 1],
  Uint32Array: [0, 2 ** 32 - 1],
  BigInt64Array: [-(2n ** 63n), 2n ** 63n - 1n],
  BigUint64Array: [0n, 2n ** 64n - 1n],
};

/** Whether no value of an array of that kind is beyond the goal's bounds. */
function within(name: ArrayName, { min, max }: Goal): boolean {
  if (min === undefined || max === undefined) return true;
  const bounds = BOUNDS[name];
  return bounds !== undefined && bounds[0] >= min && bounds[1] <= max;
}

/** Whether values go over as assignment between the arrays takes them. */
function assignable(name: ArrayName, goal: Goal): boolean {
  return goal.bool !== true && isBigint(name) === isBigint(goal.array) && within(name, goal);
}

/** The numbers of an array, in that which the goal names: the same one where it can be. */
export function castNumbers(from: TypedArray | bigint[], goal: Goal): TypedArray | bigint[] {
  const name = arrayName(from) ?? "bigint";
  const free = assignable(name, goal);
  if (free && (name === goal.array || (name === "Float32Array" && goal.array === "Float64Array"))) return from;
  const to = makeNumbers(goal.array, from.length);
  if (free && !Array.isArray(from) && !Array.isArray(to)) (to as Float64Array).set(from as Float64Array);
  else castInto(from, to, 0, goal);
  return to;
}

/** Converts all of an array to `index` and those that follow. */
export function castInto(
  from: ArrayLike<number> | ArrayLike<bigint>,
  to: TypedArray | bigint[],
  index: number,
  goal: Goal,
): void {
  const name = arrayName(from);
  if (name === "BigInt64Array" && goal.array === "Float64Array" && goal.bool !== true) {
    wideToDouble(from as BigInt64Array, to as Float64Array, index);
    return;
  }
  const big = name === undefined ? typeof from[0] === "bigint" : isBigint(name);
  if (!big && BOUNDS[goal.array] !== undefined && goal.bool !== true) {
    const done = isBigint(goal.array)
      ? numbersToWide(from as Float64Array, to as BigIntArray, index, goal)
      : numbersToIntegers(from as Float64Array, to as Int32Array, index, goal);
    if (done) return;
  }
  convertInto(from as bigint[], from.length, to, index, converter(big ? "bigint" : "number", goal));
}

/** Whether all fitted; if not, whoever calls finds the one that did not. */
function numbersToIntegers(from: ArrayLike<number>, to: Int32Array, index: number, goal: Goal): boolean {
  const [min, max] = [Number(goal.min), Number(goal.max)];
  for (let i = 0; i < from.length; i++) {
    const value = Math.trunc(from[i]);
    if (!(value >= min && value <= max)) return false;
    to[index + i] = value;
  }
  return true;
}

const TWO_32 = 2 ** 32;

/** Through the words of 64-bit integers: a bigint for each would cost ten times as much. */
function numbersToWide(from: ArrayLike<number>, to: BigIntArray, index: number, goal: Goal): boolean {
  const words = new Int32Array(to.buffer, to.byteOffset, to.length * 2);
  const low = HOST_LITTLE ? 0 : 1;
  const min = Number(goal.min);
  // A greatest value that is no float64 is rounded up to the power of two behind it.
  const greatest = Number(goal.max);
  const max = greatest > Number.MAX_SAFE_INTEGER ? greatest : greatest + 1;
  for (let i = 0, k = index * 2; i < from.length; i++, k += 2) {
    const value = Math.trunc(from[i]);
    if (!(value >= min && value < max)) return false;
    words[k + low] = value;
    words[k + 1 - low] = Math.floor(value / TWO_32);
  }
  return true;
}

function wideToDouble(from: BigInt64Array, to: Float64Array, index: number): void {
  const words = new Int32Array(from.buffer, from.byteOffset, from.length * 2);
  const low = HOST_LITTLE ? 0 : 1;
  for (let i = 0, k = 0; i < from.length; i++, k += 2) {
    to[index + i] = words[k + 1 - low] * TWO_32 + (words[k + low] >>> 0);
  }
}
