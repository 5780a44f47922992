/** The client data of scale-offset (HDF5 File Format Specification, section IV.A.2.l), checked. */
import { type ClientData, CodecError } from "../../filter.ts";

/** Words of client data. */
export const WORDS = 20;

/** Where the packed values start. */
export const HEADER = 21;

/** How a chunk is packed. */
export interface ScaleOffsetParameters {
  /** Whether the elements are floating point; their values are rounded to `scale` decimal digits. */
  readonly float: boolean;
  /** Decimal digits of floats; bits a value of integers, 0 = as many as needed. */
  readonly scale: number;
  /** Elements of a chunk. */
  readonly count: number;
  /** Bytes of an element: 1, 2, 4 or 8. */
  readonly size: number;
  readonly signed: boolean;
  readonly bigEndian: boolean;
  /** The fill value as low and high word, where it is defined. */
  readonly fill: readonly [low: number, high: number] | undefined;
}

/** Reads the client data. */
export function scaleOffsetParameters(data: ClientData): ScaleOffsetParameters {
  if (data.length < WORDS) fail(`${data.length} words of client data, not ${WORDS}`);
  const [type, factor, count, kind, size, sign, order, fillDefined] = data;
  if (type === 1) fail("the variable-minimum-bits (E-scale) method, which no library implements");
  if (type !== 0 && type !== 2) fail(`scale type ${type}, not 0 or 2`);
  if (kind !== 0 && kind !== 1) fail(`datatype class ${kind}, not 0 or 1`);
  if ((kind === 1) !== (type === 0)) fail(`scale type ${type} for datatype class ${kind}`);
  if (size !== 1 && size !== 2 && size !== 4 && size !== 8) fail(`elements of ${size} bytes, not 1, 2, 4 or 8`);
  if (kind === 1 && size < 4) fail(`floats of ${size} bytes, not 4 or 8`);
  return {
    float: kind === 1,
    scale: factor | 0,
    count,
    size,
    signed: sign === 1,
    bigEndian: order === 1,
    fill: fillDefined ? [data[8] & sizeMask(size), size === 8 ? data[9] : 0] : undefined,
  };
}

/** The bits of the low word that an element of `size` bytes has. */
function sizeMask(size: number): number {
  return size >= 4 ? -1 : (1 << (8 * size)) - 1;
}

/** Whether the filter leaves integers as they are: all their bits are asked for. */
export function isPlain({ float, scale, size }: ScaleOffsetParameters): boolean {
  return !float && scale === 8 * size;
}

export function fail(reason: string): never {
  throw new CodecError("scaleoffset", reason);
}
