/** Decoding of scale-offset: packed differences to a minimum, which is an integer or the bits of a float. */
import type { ClientData, OutputSize } from "../../filter.ts";
import { MsbReader, unpackWords } from "../../kernels/msb-bits.ts";
import { checked, checkedSize } from "../../output.ts";
import { fail, HEADER, isPlain, type ScaleOffsetParameters, scaleOffsetParameters } from "./parameters.ts";

/** What stands before the packed values. */
interface Packed {
  /** Bits a value. */
  readonly bits: number;
  /** The minimum as low and high word. */
  readonly low: number;
  readonly high: number;
}

/** Undoes filter 6. */
export function decode(input: Uint8Array, clientData: ClientData, size: OutputSize): Uint8Array {
  const parameters = scaleOffsetParameters(clientData);
  if (isPlain(parameters)) return checked("scaleoffset", input, size);
  const length = checkedSize("scaleoffset", parameters.count * parameters.size, size);
  const packed = readHeader(input, parameters.size);
  if (parameters.count * packed.bits > 8 * (input.length - HEADER)) {
    fail(`${input.length} bytes are too few for ${parameters.count} values of ${packed.bits} bits`);
  }
  const { bits } = packed;
  if (bits < 8 * parameters.size && !parameters.float && parameters.size < 8)
    return unpackIntegers(input, packed, parameters);
  const output = new Uint8Array(length);
  if (bits === 8 * parameters.size) copyRaw(input, output, parameters);
  else if (parameters.float) unpackFloats(input, output, packed, parameters);
  else unpackLong(input, output, packed, parameters);
  return output;
}

function readHeader(input: Uint8Array, size: number): Packed {
  if (input.length < HEADER) fail(`${input.length} bytes are too few for a header`);
  const view = new DataView(input.buffer, input.byteOffset);
  const bits = view.getUint32(0, true);
  if (bits > 8 * size) fail(`${bits} bits a value of ${size} bytes`);
  const width = Math.min(8, input[4]);
  let low = 0;
  let high = 0;
  for (let i = Math.min(4, width) - 1; i >= 0; i--) low = (low << 8) | input[5 + i];
  for (let i = width - 1; i >= 4; i--) high = (high << 8) | input[5 + i];
  return { bits, low, high };
}

/** All bits were kept: the elements themselves, little-endian. */
function copyRaw(input: Uint8Array, output: Uint8Array, { size, bigEndian }: ScaleOffsetParameters): void {
  if (!bigEndian) {
    output.set(input.subarray(HEADER, HEADER + output.length));
    return;
  }
  for (let at = 0; at < output.length; at += size) {
    for (let i = 0; i < size; i++) output[at + i] = input[HEADER + at + size - 1 - i];
  }
}

/** Integers of 1, 2 and 4 bytes; their sums wrap as those of the type do. */
function unpackIntegers(input: Uint8Array, packed: Packed, parameters: ScaleOffsetParameters): Uint8Array {
  const { size, bigEndian, fill, count } = parameters;
  const { bits, low } = packed;
  const words = unpackWords(input, HEADER, bits, count);
  if (fill) {
    const filled = (2 ** bits - 1) | 0;
    const fillValue = fill[0];
    for (let i = 0; i < count; i++) words[i] = words[i] === filled ? fillValue : words[i] + low;
  } else for (let i = 0; i < count; i++) words[i] += low;
  if (size === 4 && LITTLE_ENDIAN && !bigEndian) return new Uint8Array(words.buffer);
  const output = new Uint8Array(count * size);
  const view = new DataView(output.buffer);
  for (let i = 0; i < count; i++) {
    if (size === 4) view.setInt32(4 * i, words[i], !bigEndian);
    else if (size === 2) view.setInt16(2 * i, words[i], !bigEndian);
    else output[i] = words[i];
  }
  return output;
}

const LITTLE_ENDIAN = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

/** Integers of 8 bytes, as two words with carry. */
function unpackLong(input: Uint8Array, output: Uint8Array, packed: Packed, parameters: ScaleOffsetParameters): void {
  const { bigEndian, fill } = parameters;
  const { bits, low, high } = packed;
  const reader = new MsbReader(input, HEADER);
  const view = new DataView(output.buffer);
  const [highAt, lowAt] = bigEndian ? [0, 4] : [4, 0];
  const highBits = Math.max(0, bits - 32);
  const filledHigh = 2 ** highBits - 1;
  const filledLow = 2 ** (bits - highBits) - 1;
  for (let at = 0; at < output.length; at += 8) {
    const valueHigh = reader.take(highBits);
    const valueLow = reader.take(bits - highBits);
    if (fill && valueLow === filledLow && valueHigh === filledHigh) {
      view.setInt32(at + lowAt, fill[0], !bigEndian);
      view.setInt32(at + highAt, fill[1], !bigEndian);
      continue;
    }
    const sum = valueLow + (low >>> 0);
    view.setInt32(at + lowAt, sum | 0, !bigEndian);
    view.setInt32(at + highAt, (valueHigh + high + (sum > 0xffffffff ? 1 : 0)) | 0, !bigEndian);
  }
}

/** Floats: `value / 10^digits + minimum`, in the precision of the type, as libhdf5 computes it. */
function unpackFloats(input: Uint8Array, output: Uint8Array, packed: Packed, parameters: ScaleOffsetParameters): void {
  const { size, bigEndian, fill } = parameters;
  const { bits } = packed;
  const reader = new MsbReader(input, HEADER);
  const view = new DataView(output.buffer);
  const minimum = floatOf(packed.low, packed.high, size);
  const double = Number(`1e${parameters.scale}`);
  const power = size === 4 ? Math.fround(double) : double;
  const highBits = Math.max(0, bits - 32);
  const filledHigh = 2 ** highBits - 1;
  const filledLow = 2 ** (bits - highBits) - 1;
  const [highAt, lowAt] = bigEndian && size === 8 ? [0, 4] : [4, 0];
  for (let at = 0; at < output.length; at += size) {
    const high = reader.take(highBits);
    const low = reader.take(bits - highBits);
    if (fill && low === filledLow && high === filledHigh) {
      view.setInt32(at + lowAt, fill[0], !bigEndian);
      if (size === 8) view.setInt32(at + highAt, fill[1], !bigEndian);
    } else if (size === 4) {
      view.setFloat32(at, Math.fround(Math.fround(low) / power) + minimum, !bigEndian);
    } else view.setFloat64(at, (high * 2 ** 32 + low) / power + minimum, !bigEndian);
  }
}

/** The float whose bits are these words. */
function floatOf(low: number, high: number, size: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setInt32(0, low, true);
  view.setInt32(4, high, true);
  return size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
}
