/** Encoding of scale-offset: the minimum, and differences to it in as few bits as the largest needs. */
import type { ClientData } from "../../filter.ts";
import { MsbWriter } from "../../kernels/msb-bits.ts";
import { fail, HEADER, isPlain, type ScaleOffsetParameters, scaleOffsetParameters } from "./parameters.ts";

/** Differences as two words each, with how to store them. */
interface Differences {
  /** Bits a value; all bits of the type: the elements are stored as they are. */
  readonly bits: number;
  /** The minimum as low and high word. */
  readonly minimum: readonly [low: number, high: number];
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

/** Applies filter 6. */
export function encode(input: Uint8Array, clientData: ClientData): Uint8Array {
  const parameters = scaleOffsetParameters(clientData);
  if (isPlain(parameters)) return input;
  const { size, count, bigEndian } = parameters;
  if (input.length !== count * size) fail(`a chunk of ${input.length} bytes instead of ${count * size}`);
  const elements = littleEndian(input, size, bigEndian);
  const differences = parameters.float ? floats(elements, parameters) : integers(elements, parameters);
  const { bits, minimum } = differences;
  const full = bits === 8 * size;
  const output = new Uint8Array(HEADER + Math.floor((input.length * bits) / (8 * size)) + (full ? 0 : 1));
  const view = new DataView(output.buffer);
  view.setUint32(0, bits, true);
  output[4] = 8;
  view.setInt32(5, minimum[0], true);
  view.setInt32(9, minimum[1], true);
  if (full) output.set(elements, HEADER);
  else output.set(pack(differences, count), HEADER);
  return output;
}

function littleEndian(input: Uint8Array, size: number, bigEndian: boolean): Uint8Array {
  if (!bigEndian || size === 1) return input;
  const output = new Uint8Array(input.length);
  for (let at = 0; at < input.length; at += size) {
    for (let i = 0; i < size; i++) output[at + i] = input[at + size - 1 - i];
  }
  return output;
}

function pack({ bits, low, high }: Differences, count: number): Uint8Array {
  const writer = new MsbWriter((count * bits) >> 3);
  const highBits = Math.max(0, bits - 32);
  for (let i = 0; i < count; i++) {
    writer.put(high[i], highBits);
    writer.put(low[i], bits - highBits);
  }
  return writer.finish();
}

/** Bits that the numbers 0 to `high * 2^32 + low` need. */
function bitLength(low: number, high: number): number {
  return high ? 64 - Math.clz32(high) : 32 - Math.clz32(low);
}

/** The low and high word of each element, sign-extended where the type is signed. */
function words(elements: Uint8Array, { size, count, signed }: ScaleOffsetParameters): [Uint32Array, Int32Array] {
  const view = new DataView(elements.buffer, elements.byteOffset);
  const low = new Uint32Array(count);
  const high = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const at = i * size;
    const word = size === 1 ? view.getInt8(at) : size === 2 ? view.getInt16(at, true) : view.getInt32(at, true);
    low[i] = signed || size >= 4 ? word : word & (size === 1 ? 0xff : 0xffff);
    high[i] = size === 8 ? view.getInt32(at + 4, true) : signed ? word >> 31 : 0;
  }
  return [low, high];
}

function integers(elements: Uint8Array, parameters: ScaleOffsetParameters): Differences {
  const { size, count, signed, fill, scale } = parameters;
  const [low, high] = words(elements, parameters);
  const isFill = (i: number): boolean => fill !== undefined && low[i] === fillLow && high[i] === fillHigh;
  const fillLow = fill ? signExtend(fill[0], size, signed) >>> 0 : 0;
  const fillHigh = fill ? (size === 8 ? fill[1] : signed ? (fillLow | 0) >> 31 : 0) : 0;
  // Compared as signed numbers: high words of unsigned types are flipped.
  const flip = signed ? 0 : 0x80000000;
  const less = (i: number, j: number): boolean =>
    high[i] === high[j] ? low[i] < low[j] : (high[i] ^ flip) < (high[j] ^ flip);
  let [min, max] = [-1, -1];
  for (let i = 0; i < count; i++) {
    if (isFill(i)) continue;
    if (min < 0 || less(i, min)) min = i;
    if (max < 0 || less(max, i)) max = i;
  }
  const [minLow, minHigh] = min < 0 ? [0, 0] : [low[min], high[min]];
  const out: Differences = {
    bits: scale > 0 ? scale : integerBits(min < 0 ? [0, 0] : [low[max] - minLow, high[max] - minHigh], size, !!fill),
    minimum: [minLow, minHigh],
    low,
    high: new Uint32Array(high.buffer),
  };
  if (out.bits > 8 * size) fail(`${out.bits} bits a value of ${size} bytes`);
  if (out.bits === 8 * size) return { ...out, minimum: [0, 0] };
  for (let i = 0; i < count; i++) {
    if (isFill(i)) {
      low[i] = high[i] = -1;
      continue;
    }
    const borrow = low[i] < minLow ? 1 : 0;
    low[i] = low[i] - minLow;
    high[i] = high[i] - minHigh - borrow;
  }
  return out;
}

function signExtend(word: number, size: number, signed: boolean): number {
  if (size >= 4) return word;
  const shift = 32 - 8 * size;
  return signed ? (word << shift) >> shift : (word << shift) >>> shift;
}

/** Bits for differences up to this one, with a code more where there is a fill value; all bits where it comes close. */
function integerBits([low, high]: [number, number], size: number, fill: boolean): number {
  const spanLow = low >>> 0;
  const spanHigh = size === 8 ? (high - (low < 0 ? 1 : 0)) >>> 0 : 0;
  const full = size === 8 ? spanHigh === 0xffffffff && spanLow > 0xfffffffd : spanLow > 2 ** (8 * size) - 3;
  if (full) return 8 * size;
  const carry = spanLow === 0xffffffff ? 1 : 0;
  return fill ? bitLength((spanLow + 1) >>> 0, spanHigh + carry) : bitLength(spanLow, spanHigh);
}

function floats(elements: Uint8Array, { size, count, fill, scale }: ScaleOffsetParameters): Differences {
  const view = new DataView(elements.buffer, elements.byteOffset);
  const round = size === 4 ? Math.fround : (x: number): number => x;
  const value = size === 4 ? (i: number) => view.getFloat32(4 * i, true) : (i: number) => view.getFloat64(8 * i, true);
  const power = round(Number(`1e${scale}`));
  const near = round(Number(`1e${-scale}`));
  const fillValue = fill ? floatOf(fill, size) : 0;
  const isFill = (x: number): boolean => fill !== undefined && Math.abs(round(x - fillValue)) < near;
  let [min, max] = [Number.NaN, Number.NaN];
  let finite = true;
  for (let i = 0; i < count; i++) {
    const x = value(i);
    if (isFill(x)) continue;
    if (!(x >= min)) min = x;
    if (!(x <= max)) max = x;
    finite &&= Number.isFinite(x);
  }
  const [low, high] = [new Uint32Array(count), new Uint32Array(count)];
  if (Number.isNaN(min) && finite) min = max = 0;
  const scaled = (x: number): number => Math.round(round(round(x * power) - round(min * power)));
  const span = scaled(max);
  // Infinities and not-a-numbers have no difference: such a chunk is stored as it is.
  if (!finite || !(span < 2 ** (8 * size - 1) - 2)) return { bits: 8 * size, minimum: [0, 0], low, high };
  const bits = bitLength(...split(fill ? span + 1 : span));
  for (let i = 0; i < count; i++) {
    const x = value(i);
    if (isFill(x)) low[i] = high[i] = -1;
    else [low[i], high[i]] = split(scaled(x));
  }
  return { bits, minimum: bitsOf(min, size), low, high };
}

const split = (x: number): [number, number] => [x % 2 ** 32, Math.floor(x / 2 ** 32)];

function floatOf([low, high]: readonly [number, number], size: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setInt32(0, low, true);
  view.setInt32(4, high, true);
  return size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
}

function bitsOf(x: number, size: number): [number, number] {
  const view = new DataView(new ArrayBuffer(8));
  if (size === 4) view.setFloat32(0, x, true);
  else view.setFloat64(0, x, true);
  return [view.getInt32(0, true), view.getInt32(4, true)];
}
