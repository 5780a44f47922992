/** Decoding of a zfp stream: a block of 4^d values after the other. */
import type { OutputSize } from "../../filter.ts";
import { type ZfpField, zfpDecodeKernel } from "../../kernels/wasm-zfp.ts";
import { checkedSize } from "../../output.ts";
import { ZfpReader } from "./bits.ts";
import { fromCoded, type IntegerBlock, inverseTransform, newBlock } from "./block.ts";
import { coefficientOrder } from "./order.ts";
import { fail, isReversible, type ZfpMode, type ZfpParameters } from "./parameters.ts";
import { decodePlanes } from "./planes.ts";
import { integersToFloats, KINDS, reinterpret, type ValueKind } from "./values.ts";
import { eachBlock } from "./walk.ts";

/** Decodes `input` to the elements of the field. */
export function zfpDecode(input: Uint8Array, parameters: ZfpParameters, size: OutputSize): Uint8Array {
  const kind = KINDS[parameters.type];
  const { shape } = parameters;
  const bytes = kind.width / 8;
  const length = checkedSize(
    "zfp",
    shape.reduce((n, count) => n * count, bytes),
    size,
  );
  // A block takes a bit at least.
  if (shape.reduce((n, count) => n * Math.ceil(count / 4), 1) > 8 * input.length)
    fail(`${input.length} bytes are too few`);
  return (
    zfpDecodeKernel(input, kernelField(parameters, kind), length, size.room) ??
    decodeTwin(input, parameters, kind, length)
  );
}

/** What the kernels are told. */
export function kernelField(parameters: ZfpParameters, { width, float }: ValueKind): ZfpField {
  const order = coefficientOrder(parameters.shape.length);
  return { ...parameters, width, float, reversible: isReversible(parameters), order };
}

function decodeTwin(input: Uint8Array, parameters: ZfpParameters, kind: ValueKind, length: number): Uint8Array {
  const { shape, swapped } = parameters;
  const output = new Uint8Array(length);
  const view = new DataView(output.buffer);
  const block = newBlock(shape.length, kind.width);
  const reader = new ZfpReader(input);
  const { low, high } = block;
  const store =
    kind.width === 32
      ? (at: number, i: number) => view.setInt32(4 * at, low[i], !swapped)
      : (at: number, i: number) => {
          view.setInt32(8 * at + (swapped ? 4 : 0), low[i], !swapped);
          view.setInt32(8 * at + (swapped ? 0 : 4), high[i], !swapped);
        };
  eachBlock(shape, (_origin, place) => {
    decodeBlock(reader, block, parameters, kind);
    if (reader.overrun) fail("input ends within a block");
    place(store);
  });
  return output;
}

/** The values of the next block, as their bits. */
function decodeBlock(reader: ZfpReader, block: IntegerBlock, mode: ZfpMode, kind: ValueKind): void {
  const start = reader.position;
  if (isReversible(mode)) decodeExact(reader, block, mode, kind);
  else if (!kind.float) decodeIntegers(reader, block, mode.maxBits, mode.maxPrecision);
  else if (reader.take(1) === 0) zero(block);
  else {
    const exponent = reader.take(kind.exponentBits) - kind.bias;
    const precision = blockPrecision(mode, exponent, block.dims);
    decodeIntegers(reader, block, mode.maxBits - 1 - kind.exponentBits, precision);
    integersToFloats(block, exponent);
  }
  reader.position = Math.max(reader.position, start + mode.minBits);
}

/** Bit planes that matter in a block of this exponent. */
export function blockPrecision(mode: ZfpMode, exponent: number, dims: number): number {
  return Math.min(mode.maxPrecision, Math.max(0, exponent - mode.minExponent + 2 * (dims + 1)));
}

function zero(block: IntegerBlock): void {
  block.low.fill(0);
  block.high.fill(0);
}

function decodeIntegers(reader: ZfpReader, block: IntegerBlock, maxBits: number, maxPrecision: number): void {
  decodePlanes(reader, block, maxBits, maxPrecision);
  fromCoded(block);
  inverseTransform(block, false);
}

/** A block of reversible coding: all zero, or floats with a common exponent or by their bits; integers with their precision. */
function decodeExact(reader: ZfpReader, block: IntegerBlock, mode: ZfpMode, kind: ValueKind): void {
  const start = reader.position;
  if (kind.float && reader.take(1) === 0) {
    zero(block);
    return;
  }
  const scaled = kind.float && reader.take(1) === 0;
  const exponent = scaled ? reader.take(kind.exponentBits) - kind.bias : 0;
  const precision = reader.take(kind.width === 64 ? 6 : 5) + 1;
  decodePlanes(reader, block, mode.maxBits - (reader.position - start), precision);
  fromCoded(block);
  inverseTransform(block, true);
  if (scaled) integersToFloats(block, exponent);
  else if (kind.float) reinterpret(block);
}
