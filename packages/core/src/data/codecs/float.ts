/**
 * Floating-point numbers of any layout: float16, bfloat16, FP8, x87's extended, IEEE quadruple, VAX, and whatever bits
 * a file describes; rounded to the nearest float64, ties to even.
 *
 * As libhdf5 reads them: an exponent of all ones is infinity (mantissa 0) or NaN, exponent 0 with an implied leading bit
 * is subnormal. With the leading bit stored it does not count in telling infinity from NaN.
 */
import { FormatError, UnsupportedError } from "../../errors.ts";
import type { FloatType } from "../../format/datatype/datatype.ts";
import type { Reader } from "./reader.ts";

/** Widest exponent: its values stay exact in a number. */
const MAX_EXPONENT_BITS = 52;
/** Positions of bits are given by a byte each: more bytes would be empty. */
const MAX_BYTES = 256;

/** Whether every value is exact in a float32. */
export function fitsFloat32(type: FloatType): boolean {
  const { exponentSize, exponentBias, mantissaSize, normalization } = type;
  const explicit = normalization !== "implied";
  const fraction = explicit ? mantissaSize - 1 : mantissaSize;
  if (fraction > 23 || exponentSize > 10) return false;
  const largest = 2 ** exponentSize - 2 - exponentBias;
  const lowestBit = (explicit ? 0 : 1) - exponentBias - fraction;
  return largest <= 127 && lowestBit >= -149;
}

/** Where byte `k`, counted from the lowest, stands in an element. */
export function byteOrder(type: FloatType): readonly number[] {
  const { size, order } = type;
  return Array.from({ length: size }, (_, k) => {
    if (order === "le") return k;
    // VAX: words of 16 bits from the highest down, each with its low byte first.
    return order === "be" ? size - 1 - k : size - 2 - (k & ~1) + (k & 1);
  });
}

/** Decodes one element at a time. */
export class FloatDecoder {
  private readonly type: FloatType;
  private readonly order: readonly number[];
  /** The element, lowest byte first. */
  private readonly bytes: Uint8Array;

  constructor(type: FloatType) {
    this.type = type;
    this.order = byteOrder(type);
    this.bytes = new Uint8Array(type.size);
  }

  /** The value of the element at `source[at]`. */
  decode(source: Uint8Array, at: number): number {
    const { bytes, order } = this;
    for (let k = 0; k < order.length; k++) bytes[k] = source[at + order[k]];
    return this.value();
  }

  private value(): number {
    const {
      signPosition,
      exponentPosition,
      exponentSize,
      exponentBias,
      mantissaPosition,
      mantissaSize,
      normalization,
    } = this.type;
    const sign = this.bit(signPosition) === 1 ? -1 : 1;
    const exponent = this.field(exponentPosition, exponentSize);
    const implied = normalization === "implied";
    if (exponentSize > 0 && exponent === 2 ** exponentSize - 1) {
      const counted = normalization === "none" ? mantissaSize - 1 : mantissaSize;
      return this.highest(mantissaPosition, counted) >= 0 ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    }
    const normal = implied && exponent > 0;
    const fraction = implied ? mantissaSize : mantissaSize - 1;
    const unit = (implied && exponent === 0 ? 1 : exponent) - exponentBias - fraction;
    return sign * this.scaled(mantissaPosition, mantissaSize, normal, unit);
  }

  /** Mantissa, with its implied leading bit if `normal`, times 2 ** `unit`, rounded once. */
  private scaled(position: number, size: number, normal: boolean, unit: number): number {
    const top = normal ? size : this.highest(position, size);
    if (top < 0) return 0;
    // Lowest bit that the result can hold: of 53, and above 2^-1074.
    const lowest = Math.max(top - 52, -1074 - unit, 0);
    if (lowest > top + 1) return 0;
    let kept = this.field(position + lowest, Math.min(size, top + 1) - lowest);
    if (normal && lowest <= size) kept += 2 ** (size - lowest);
    if (lowest > 0) {
      const half = lowest - 1 === size ? normal : this.bit(position + lowest - 1) === 1;
      const rest = this.highest(position, lowest - 1) >= 0;
      if (half && (rest || kept % 2 === 1)) kept++;
    }
    // Exact: the lowest bit is at least 2^-1074, and what is beyond 2^1024 becomes infinite.
    return kept * 2 ** (lowest + unit);
  }

  private bit(position: number): number {
    return (this.bytes[position >> 3] >> (position & 7)) & 1;
  }

  /** Unsigned value of up to 53 bits; 0 for none. */
  private field(position: number, size: number): number {
    let value = 0;
    for (let done = 0; done < size; ) {
      const from = position + done;
      const take = Math.min(8 - (from & 7), size - done);
      value += ((this.bytes[from >> 3] >> (from & 7)) & ((1 << take) - 1)) * 2 ** done;
      done += take;
    }
    return value;
  }

  /** Number of the highest set bit among `size` from `position` on; -1 if there is none. */
  private highest(position: number, size: number): number {
    for (let i = size - 1; i >= 0; i--) {
      const at = position + i;
      if ((at & 7) === 7 && i >= 7 && this.bytes[at >> 3] === 0) i -= 7;
      else if (this.bit(at) === 1) return i;
    }
    return -1;
  }
}

/** Numbers by index: what floats are read into. */
export interface NumberTarget {
  readonly length: number;
  [index: number]: number;
}

/** A reader of floats in any layout. */
export function floatReader(type: FloatType, target: NumberTarget): Reader {
  const table = tableOf(type, target.length);
  return table === undefined ? new GeneralReader(type, target) : new TableReader(type, table, target);
}

/** UnsupportedError or FormatError for layouts that cannot be decoded. */
export function checkFloat(type: FloatType): void {
  if (type.exponentSize > MAX_EXPONENT_BITS) {
    throw new UnsupportedError("has a larger exponent than is known", {
      structure: "floating-point datatype",
      found: `${type.exponentSize} bits`,
      allowed: `up to ${MAX_EXPONENT_BITS}`,
    });
  }
  if (type.size > MAX_BYTES) {
    throw new UnsupportedError("has more bytes than is known", {
      structure: "floating-point datatype",
      found: `${type.size} bytes`,
      allowed: `up to ${MAX_BYTES}`,
    });
  }
  if (type.order === "vax" && type.size % 2 === 1) {
    throw new FormatError("has VAX order, but no whole number of 16-bit words", {
      structure: "floating-point datatype",
      found: `${type.size} bytes`,
    });
  }
}

/** Tables of the layouts last used. */
const tables = new Map<string, Float64Array>();
const MAX_TABLES = 8;

function keyOf(type: FloatType): string {
  const { size, signPosition, exponentPosition, exponentSize, exponentBias, mantissaPosition, mantissaSize } = type;
  const fields = [size, signPosition, exponentPosition, exponentSize, exponentBias, mantissaPosition, mantissaSize];
  return `${fields.join()},${type.normalization}`;
}

function makeTable(type: FloatType): Float64Array {
  const decoder = new FloatDecoder({ ...type, order: "le" });
  const element = new Uint8Array(2);
  return Float64Array.from({ length: 256 ** type.size }, (_, bits) => {
    element[0] = bits;
    element[1] = bits >> 8;
    return decoder.decode(element, 0);
  });
}

/** The table of a layout; `undefined` where it is not there and not worth making. */
function tableOf(type: FloatType, elements: number): Float64Array | undefined {
  if (type.size > 2) return undefined;
  const key = keyOf(type);
  const known = tables.get(key);
  if (known !== undefined || elements < 256 ** type.size / 8) return known;
  const table = makeTable(type);
  if (tables.size >= MAX_TABLES) tables.delete(tables.keys().next().value!);
  tables.set(key, table);
  return table;
}

/** Elements of one or two bytes: their bits are an index. */
class TableReader implements Reader {
  private readonly table: Float64Array;
  private readonly high: number;
  private readonly low: number;
  private readonly target: NumberTarget;

  constructor(type: FloatType, table: Float64Array, target: NumberTarget) {
    this.table = table;
    // Of one byte both are that byte: the mask takes the high one away. VAX order of one word is little-endian.
    this.high = type.size === 2 && type.order !== "be" ? 1 : 0;
    this.low = type.size === 2 && type.order === "be" ? 1 : 0;
    this.target = target;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    const { table, high, low, target } = this;
    const mask = table.length - 1;
    for (let i = 0; i < count; i++, at += stride) {
      target[index + i] = table[((source[at + high] << 8) | source[at + low]) & mask];
    }
  }
}

class GeneralReader implements Reader {
  private readonly decoder: FloatDecoder;
  private readonly target: NumberTarget;

  constructor(type: FloatType, target: NumberTarget) {
    this.decoder = new FloatDecoder(type);
    this.target = target;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    const { decoder, target } = this;
    for (let i = 0; i < count; i++, at += stride) target[index + i] = decoder.decode(source, at);
  }
}
