/** Encoding of a zfp stream. */
import { zfpEncodeKernel } from "../../kernels/wasm-zfp.ts";
import { ZfpWriter } from "./bits.ts";
import { forwardTransform, type IntegerBlock, newBlock, toCoded } from "./block.ts";
import { blockPrecision, kernelField } from "./decode.ts";
import { isReversible, type ZfpMode, type ZfpParameters } from "./parameters.ts";
import { encodePlanes } from "./planes.ts";
import { blockExponent, floatsToIntegers, integersToFloats, KINDS, reinterpret, type ValueKind } from "./values.ts";
import { eachBlock } from "./walk.ts";

/** Encodes the elements of a field. */
export function zfpEncode(input: Uint8Array, parameters: ZfpParameters): Uint8Array {
  const kind = KINDS[parameters.type];
  return zfpEncodeKernel(input, kernelField(parameters, kind)) ?? encodeTwin(input, parameters, kind);
}

function encodeTwin(input: Uint8Array, parameters: ZfpParameters, kind: ValueKind): Uint8Array {
  const { shape, swapped } = parameters;
  const view = new DataView(input.buffer, input.byteOffset);
  const block = newBlock(shape.length, kind.width);
  const writer = new ZfpWriter(input.length);
  const { low, high } = block;
  const load = (at: number, i: number): void => {
    if (kind.width === 32) low[i] = view.getInt32(4 * at, !swapped);
    else {
      low[i] = view.getInt32(8 * at + (swapped ? 4 : 0), !swapped);
      high[i] = view.getInt32(8 * at + (swapped ? 0 : 4), !swapped);
    }
  };
  eachBlock(shape, (sizes, place) => {
    place(load);
    pad(low, sizes, shape.length);
    if (kind.width === 64) pad(high, sizes, shape.length);
    encodeBlock(writer, block, parameters, kind);
  });
  return writer.finish();
}

/** Fills a block that reaches over the field's edge: lines of 1 to 3 values are continued by 1st, 2nd and 1st value. */
function pad(values: Int32Array, sizes: readonly number[], dims: number): void {
  for (let axis = 0; axis < dims; axis++) {
    const count = sizes[axis];
    if (count === 4) continue;
    const step = 4 ** axis;
    for (let at = 0; at < values.length; at++) {
      if (((at / step) & 3) !== 0) continue;
      if (count < 2) values[at + step] = values[at];
      if (count < 3) values[at + 2 * step] = values[at + step];
      values[at + 3 * step] = values[at];
    }
  }
}

function encodeBlock(writer: ZfpWriter, block: IntegerBlock, mode: ZfpMode, kind: ValueKind): void {
  const start = writer.position;
  if (isReversible(mode)) encodeExact(writer, block, mode, kind);
  else if (!kind.float) encodeIntegers(writer, block, mode.maxBits, mode.maxPrecision);
  else {
    const exponent = blockExponent(block, kind.bias);
    const precision = blockPrecision(mode, exponent, block.dims);
    if (precision === 0 || exponent === -kind.bias) writer.put(0, 1);
    else {
      writer.put(2 * (exponent + kind.bias) + 1, 1 + kind.exponentBits);
      floatsToIntegers(block, exponent);
      encodeIntegers(writer, block, mode.maxBits - 1 - kind.exponentBits, precision);
    }
  }
  writer.skip(Math.max(0, start + mode.minBits - writer.position));
}

function encodeIntegers(writer: ZfpWriter, block: IntegerBlock, maxBits: number, maxPrecision: number): void {
  forwardTransform(block, false);
  toCoded(block);
  encodePlanes(writer, block, maxBits, maxPrecision);
}

/** A block of reversible coding: by a common exponent where that loses nothing, else by the floats' bits. */
function encodeExact(writer: ZfpWriter, block: IntegerBlock, mode: ZfpMode, kind: ValueKind): void {
  const start = writer.position;
  if (kind.float) {
    const exponent = blockExponent(block, kind.bias);
    if (isZero(block)) {
      writer.put(0, 1);
      return;
    }
    if (scaleExactly(block, exponent, kind)) {
      writer.put(1, 2);
      writer.put(exponent + kind.bias, kind.exponentBits);
    } else {
      writer.put(3, 2);
      reinterpret(block);
    }
  }
  forwardTransform(block, true);
  toCoded(block);
  const precision = Math.max(1, Math.min(mode.maxPrecision, usedPrecision(block)));
  writer.put(precision - 1, kind.width === 64 ? 6 : 5);
  encodePlanes(writer, block, mode.maxBits - (writer.position - start), precision);
}

/** Whether all bits of all values are 0: a negative zero is not. */
function isZero({ low, high }: IntegerBlock): boolean {
  return low.every((word) => word === 0) && high.every((word) => word === 0);
}

/** Turns floats into integers if they come back bit by bit; else leaves them as they are. */
function scaleExactly(block: IntegerBlock, exponent: number, { bias }: ValueKind): boolean {
  if (exponent <= -bias || exponent > bias + 1) return false; // nothing but zeros, or infinities and not-a-numbers
  const low = block.low.slice();
  const high = block.high.slice();
  floatsToIntegers(block, exponent);
  const [scaledLow, scaledHigh] = [block.low.slice(), block.high.slice()];
  integersToFloats(block, exponent);
  const exact = low.every((word, i) => word === block.low[i]) && high.every((word, i) => word === block.high[i]);
  block.low.set(exact ? scaledLow : low);
  block.high.set(exact ? scaledHigh : high);
  return exact;
}

/** Bit planes down to the lowest that has a one bit. */
function usedPrecision({ width, codedLow, codedHigh }: IntegerBlock): number {
  const low = codedLow.reduce((all, word) => all | word, 0);
  const high = codedHigh.reduce((all, word) => all | word, 0);
  if (low !== 0) return width - (31 - Math.clz32(low & -low));
  return high === 0 ? 0 : 32 - (31 - Math.clz32(high & -high));
}
