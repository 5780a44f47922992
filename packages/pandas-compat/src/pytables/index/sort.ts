/** The order of a column's values, found by their bytes: as PyTables sorts them, NaN behind all others. */
import { type FileDatatype, UnsupportedError } from "h5ts";

/** Values one behind the other, as a table stores them. */
export interface PackedValues {
  readonly type: FileDatatype;
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** Bytes that are in the order of the values: big-endian, sign first turned. */
function orderedBytes({ type, bytes, count }: PackedValues): Uint8Array {
  const width = type.size;
  if (type.class === "string") return bytes;
  if (type.class === "bitfield" && width === 1) return bytes.map((byte) => (byte === 0 ? 0 : 1));
  const isFloat = type.class === "float";
  if (type.class !== "integer" && !isFloat)
    throw new UnsupportedError("has values that have no order", { structure: "PyTables index", found: type.class });
  const keys = new Uint8Array(count * width);
  const little = type.order === "le";
  for (let at = 0; at < keys.length; at += width)
    for (let k = 0; k < width; k++) keys[at + k] = bytes[at + (little ? width - 1 - k : k)];
  if (isFloat) turnFloats(keys, width);
  else if (type.signed) for (let at = 0; at < keys.length; at += width) keys[at] ^= 0x80;
  return keys;
}

/** Below zero all bits are turned, else the sign alone; NaN is above all. */
function turnFloats(keys: Uint8Array, width: number): void {
  for (let at = 0; at < keys.length; at += width) {
    if (isNan(keys, at, width)) keys.fill(0xff, at, at + width);
    else if (keys[at] & 0x80) for (let k = 0; k < width; k++) keys[at + k] ^= 0xff;
    else keys[at] ^= 0x80;
  }
}

const MANTISSA_BITS: Readonly<Record<number, number>> = { 2: 10, 4: 23, 8: 52 };

/** By its bits, the highest byte first: an exponent of ones, and anything behind it. */
function isNan(keys: Uint8Array, at: number, width: number): boolean {
  const exponentBits = 8 * width - 1 - MANTISSA_BITS[width];
  const head = ((keys[at] & 0x7f) << 8) | keys[at + 1];
  const inHead = 15 - exponentBits;
  if (head >> inHead !== 2 ** exponentBits - 1) return false;
  if ((head & (2 ** inHead - 1)) !== 0) return true;
  for (let k = 2; k < width; k++) if (keys[at + k] !== 0) return true;
  return false;
}

/** Numbers of the values, in their order; equal ones as they stood. */
export function sortedOrder(values: PackedValues): Uint32Array<ArrayBuffer> {
  const { count } = values;
  const width = values.type.size;
  const keys = orderedBytes(values);
  let order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  if (isSorted(keys, width, count)) return order;
  if (count < FEW) return order.sort((a, b) => compareKeys(keys, width, a, b) || a - b);
  let other = new Uint32Array(count);
  for (let low = width - 1; low >= 0; low -= 2) {
    if (!sortBy(keys, width, low, order, other)) continue;
    [order, other] = [other, order];
  }
  return order;
}

/** So few are compared; more are sorted by their bytes. */
const FEW = 2048;

function compareKeys(keys: Uint8Array, width: number, a: number, b: number): number {
  for (let k = 0, at = a * width, other = b * width; k < width; k++, at++, other++) {
    const difference = keys[at] - keys[other];
    if (difference !== 0) return difference;
  }
  return 0;
}

function isSorted(keys: Uint8Array, width: number, count: number): boolean {
  for (let i = 1; i < count; i++) if (compareKeys(keys, width, i - 1, i) > 0) return false;
  return true;
}

const DIGITS = 65536;

/** Sorts by the byte at `low` and the one before it; says whether anything had to be. */
function sortBy(keys: Uint8Array, width: number, low: number, from: Uint32Array, to: Uint32Array): boolean {
  const { length } = from;
  const single = low === 0;
  const digits = new Uint16Array(length);
  const starts = new Uint32Array(DIGITS + 1);
  for (let i = 0, at = low; i < length; i++, at += width) {
    const digit = single ? keys[at] : (keys[at - 1] << 8) | keys[at];
    digits[i] = digit;
    starts[digit + 1]++;
  }
  if (length > 0 && starts[digits[0] + 1] === length) return false;
  for (let d = 0; d < DIGITS; d++) starts[d + 1] += starts[d];
  for (let i = 0; i < length; i++) {
    const place = from[i];
    to[starts[digits[place]]++] = place;
  }
  return true;
}

/** Values in another order. */
export function takeBytes(bytes: Uint8Array, width: number, order: Uint32Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(order.length * width);
  if (width === 8 && bytes.byteOffset % 8 === 0) {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const written = new Uint32Array(out.buffer);
    for (let i = 0; i < order.length; i++) {
      written[2 * i] = words[2 * order[i]];
      written[2 * i + 1] = words[2 * order[i] + 1];
    }
    return out;
  }
  for (let i = 0, to = 0; i < order.length; i++) {
    const at = order[i] * width;
    for (let k = 0; k < width; k++) out[to++] = bytes[at + k];
  }
  return out;
}
