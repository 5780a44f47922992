/**
 * The client data of zfp: u32 version, then the header of a zfp stream in words of 32 bits, least significant first:
 * magic "zfp" and codec version, 52 bits of type and dimensions, and 12 or 64 bits of mode.
 */
import { type ClientData, CodecError } from "../../filter.ts";
import { ZfpReader, ZfpWriter } from "./bits.ts";

/** "zfp" and version 5 of the format, as a word. */
const MAGIC = 0x0570667a;
const MAGIC_SWAPPED = 0x7a667005;

export const MIN_BITS = 1;
export const MAX_BITS = 16658;
export const MAX_PRECISION = 64;
/** Exponents below the smallest double; one less asks for reversible coding. */
export const MIN_EXPONENT = -1074;

/** Modes that fit 12 bits; this one says that 64 bits follow. */
const LONG_MODE = 0xfff;
const PRECISION_MODES = 2048;
const REVERSIBLE_MODE = 2176;

/** Types of zfp, by their number less 1. */
export const TYPES = ["int32", "int64", "float32", "float64"] as const;

/** How bits are spent on a block. */
export interface ZfpMode {
  readonly minBits: number;
  readonly maxBits: number;
  readonly maxPrecision: number;
  readonly minExponent: number;
}

/** The header, decoded. */
export interface ZfpParameters extends ZfpMode {
  readonly type: (typeof TYPES)[number];
  /** Sizes of the field, fastest dimension first. */
  readonly shape: readonly number[];
  /** Whether the field's writer had the other byte order; then so have the elements. */
  readonly swapped: boolean;
}

/** Whether a mode loses nothing. */
export function isReversible(mode: ZfpMode): boolean {
  return mode.minExponent < MIN_EXPONENT;
}

/** Reads the client data. */
export function zfpParameters(clientData: ClientData): ZfpParameters {
  if (clientData.length < 4) fail(`${clientData.length} words of client data, not 4 to 6`);
  const swapped = clientData[1] === MAGIC_SWAPPED;
  if (!swapped && clientData[1] !== MAGIC) fail(`no zfp header of version 5 in the client data: ${clientData[1]}`);
  const bytes = new Uint8Array(4 * (clientData.length - 2));
  const view = new DataView(bytes.buffer);
  for (let i = 2; i < clientData.length; i++) view.setUint32(4 * (i - 2), clientData[i], !swapped);
  const bits = new ZfpReader(bytes);
  const type = TYPES[bits.take(2)];
  const dims = bits.take(2) + 1;
  const width = 48 / dims;
  const shape = Array.from(
    { length: dims },
    () => (width === 48 ? bits.take(24) + bits.take(24) * 2 ** 24 : bits.take(width)) + 1,
  );
  const short = bits.take(12);
  const mode = short === LONG_MODE ? longMode(bits) : shortMode(short);
  if (bits.overrun) fail("the header ends early");
  return { type, shape, swapped, ...mode };
}

function shortMode(mode: number): ZfpMode {
  const free = { minBits: MIN_BITS, maxBits: MAX_BITS, maxPrecision: MAX_PRECISION, minExponent: MIN_EXPONENT };
  if (mode < PRECISION_MODES) return { ...free, minBits: mode + 1, maxBits: mode + 1 };
  if (mode < REVERSIBLE_MODE) return { ...free, maxPrecision: mode + 1 - PRECISION_MODES };
  return { ...free, minExponent: mode + MIN_EXPONENT - (REVERSIBLE_MODE + 1) };
}

function longMode(bits: ZfpReader): ZfpMode {
  return {
    minBits: bits.take(15) + 1,
    maxBits: bits.take(15) + 1,
    maxPrecision: bits.take(7) + 1,
    minExponent: bits.take(15) - 16495,
  };
}

/** The words of the header for these parameters, without the version before them. */
export function zfpHeader(parameters: ZfpParameters): number[] {
  const { type, shape } = parameters;
  const bits = new ZfpWriter(32);
  bits.put(MAGIC, 32);
  bits.put(TYPES.indexOf(type), 2);
  bits.put(shape.length - 1, 2);
  const width = 48 / shape.length;
  for (const size of shape) {
    if (size > 2 ** width) fail(`a dimension of ${size} in ${shape.length} dimensions, over ${2 ** width}`);
    bits.put((size - 1) % 2 ** 24, Math.min(24, width));
    if (width > 24) bits.put(Math.floor((size - 1) / 2 ** 24), width - 24);
  }
  const short = shortOf(parameters);
  bits.put(short, 12);
  if (short === LONG_MODE) putLongMode(bits, parameters);
  const words = Math.ceil(bits.position / 32);
  const bytes = bits.finish();
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: words }, (_, i) => view.getUint32(4 * i, true));
}

/** The 12 bits that say the mode, or the mark that 64 bits do. */
function shortOf({ minBits, maxBits, maxPrecision, minExponent }: ZfpMode): number {
  if (
    minBits === maxBits &&
    maxBits <= PRECISION_MODES &&
    maxPrecision >= MAX_PRECISION &&
    minExponent === MIN_EXPONENT
  ) {
    return maxBits - 1;
  }
  if (minBits > MIN_BITS || maxBits < MAX_BITS) return LONG_MODE;
  if (maxPrecision < MAX_PRECISION)
    return minExponent === MIN_EXPONENT ? PRECISION_MODES + maxPrecision - 1 : LONG_MODE;
  const mode = minExponent - MIN_EXPONENT + REVERSIBLE_MODE + 1;
  return mode >= REVERSIBLE_MODE && mode < LONG_MODE ? mode : LONG_MODE;
}

function putLongMode(bits: ZfpWriter, { minBits, maxBits, maxPrecision, minExponent }: ZfpMode): void {
  bits.put(minBits - 1, 15);
  bits.put(maxBits - 1, 15);
  bits.put(maxPrecision - 1, 7);
  bits.put(minExponent + 16495, 15);
}

export function fail(reason: string): never {
  throw new CodecError("zfp", reason);
}
