/** Client data of zfp from options and chunks, as H5Z-ZFP's "set local" callback makes it. */
import type { ChunkDescription, ClientData, ElementType, FilterOptions } from "../../filter.ts";
import { OptionReader } from "../../options.ts";
import { MAX_BITS, MAX_PRECISION, MIN_BITS, MIN_EXPONENT, TYPES, type ZfpMode, zfpHeader } from "./parameters.ts";

/** zfp 1.0.1, codec 5, H5Z-ZFP 1.1.1: those that hdf5plugin has. */
const VERSION = 0x10105111;

const FREE: ZfpMode = {
  minBits: MIN_BITS,
  maxBits: MAX_BITS,
  maxPrecision: MAX_PRECISION,
  minExponent: MIN_EXPONENT,
};

/**
 * Options, one of: `{ rate }` bits a value, `{ precision }` bit planes, `{ accuracy }` largest error (floats), `{
 * reversible: true }` (the default), or zfp's own `{ minbits, maxbits, maxprec, minexp }`.
 */
export function zfpClientData(options: FilterOptions, { dims, type }: ChunkDescription): ClientData {
  const reader = new OptionReader("zfp", options, []);
  const kind = kindOf(type);
  if (!kind) return reader.fail(`it can not work on elements of class ${type.class} with ${type.size} bytes`);
  if (type.order === "be") reader.fail("it can not work on big-endian elements");
  const shape = dims.filter((size) => size > 1).reverse();
  if (shape.length > 4) reader.fail(`chunks of ${shape.length} dimensions larger than 1, 4 at most`);
  if (shape.length === 0) reader.fail("chunks of one element");
  const mode = readMode(reader, shape.length, kind);
  reader.done();
  return [VERSION, ...zfpHeader({ type: kind, shape, swapped: false, ...mode })];
}

function kindOf({ class: kind, size }: ElementType): (typeof TYPES)[number] | undefined {
  if ((kind !== "integer" && kind !== "float") || (size !== 4 && size !== 8)) return undefined;
  return TYPES[(kind === "float" ? 2 : 0) + (size === 8 ? 1 : 0)];
}

function readMode(reader: OptionReader, dims: number, kind: (typeof TYPES)[number]): ZfpMode {
  const number = (name: string): number | undefined => {
    const value = reader.take(name);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !(value > 0)) reader.fail(`${name} ${String(value)}, not a number above 0`);
    return value;
  };
  const [rate, precision, accuracy] = [number("rate"), number("precision"), number("accuracy")];
  const reversible = reader.take("reversible");
  const minBits = reader.integer(["minbits"], FREE.minBits, 0, MAX_BITS);
  const maxBits = reader.integer(["maxbits"], FREE.maxBits, 0, MAX_BITS);
  const maxPrecision = reader.integer(["maxprec"], FREE.maxPrecision, 0, MAX_PRECISION);
  const minExponent = reader.integer(["minexp"], FREE.minExponent, MIN_EXPONENT - 1, 1023);
  const expert = { minBits, maxBits, maxPrecision, minExponent };
  const isExpert = (Object.keys(FREE) as (keyof ZfpMode)[]).some((key) => expert[key] !== FREE[key]);
  const given = [rate, precision, accuracy, reversible || undefined, isExpert || undefined];
  if (given.filter((mode) => mode !== undefined).length > 1) reader.fail("more than one mode");
  if (rate !== undefined) return rateMode(rate, dims, kind);
  if (precision !== undefined) return { ...FREE, maxPrecision: Math.min(Math.round(precision), MAX_PRECISION) };
  if (accuracy !== undefined) {
    if (!kind.startsWith("float")) reader.fail("accuracy is for floats");
    return { ...FREE, minExponent: Math.max(MIN_EXPONENT, Math.floor(Math.log2(accuracy))) };
  }
  return isExpert ? expert : { ...FREE, minExponent: MIN_EXPONENT - 1 };
}

/** A block of a fixed number of bits; of floats it holds an exponent at least. */
function rateMode(rate: number, dims: number, kind: (typeof TYPES)[number]): ZfpMode {
  const least = kind === "float32" ? 9 : kind === "float64" ? 12 : 1;
  const bits = Math.min(MAX_BITS, Math.max(least, Math.floor(4 ** dims * rate + 0.5)));
  return { ...FREE, minBits: bits, maxBits: bits };
}
