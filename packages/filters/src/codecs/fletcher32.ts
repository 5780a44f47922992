/**
 * Fletcher-32 checksum, filter 3 (HDF5 File Format Specification, section IV.A.2.l, Filter Pipeline message): the data
 * followed by four bytes of checksum. Checksums of libhdf5 before 1.6.3, with the bytes of each half swapped, are
 * accepted on reading.
 */
import { type Codec, CodecError, type OutputSize } from "../filter.ts";
import { checked } from "../output.ts";

/** Words after which the 32-bit sums are folded: no more fit. */
const WORDS = 360;

/** The Fletcher-32 checksum of `bytes`, as an unsigned 32-bit integer. */
export function fletcher32Sum(bytes: Uint8Array): number {
  const even = bytes.length & ~1;
  let s1 = 0;
  let s2 = 0;
  for (let i = 0; i < even; ) {
    const end = Math.min(even, i + 2 * WORDS);
    for (; i < end; i += 2) {
      s1 = (s1 + ((bytes[i] << 8) | bytes[i + 1])) | 0;
      s2 = (s2 + s1) | 0;
    }
    s1 = fold(s1);
    s2 = fold(s2);
  }
  if (even < bytes.length) {
    s1 = fold(s1 + (bytes[even] << 8));
    s2 = fold(s2 + s1);
  }
  return ((fold(s2) << 16) | fold(s1)) >>> 0;
}

/** End-around carry; a sum that is not 0 never becomes 0, as it could by a remainder of 65535. */
function fold(sum: number): number {
  return (sum & 0xffff) + (sum >>> 16);
}

const swapHalves = (sum: number): number => (((sum & 0xff00ff) << 8) | ((sum >>> 8) & 0xff00ff)) >>> 0;

function decode(input: Uint8Array, _clientData: readonly number[], size: OutputSize): Uint8Array {
  const length = input.length - 4;
  if (length < 0) throw new CodecError("fletcher32", `${input.length} bytes are too few for a checksum`);
  const data = checked("fletcher32", input.subarray(0, length), size);
  const stored =
    (input[length] | (input[length + 1] << 8) | (input[length + 2] << 16) | (input[length + 3] << 24)) >>> 0;
  const computed = fletcher32Sum(data);
  if (stored !== computed && stored !== swapHalves(computed)) {
    throw new CodecError("fletcher32", `checksum 0x${stored.toString(16)} instead of 0x${computed.toString(16)}`);
  }
  return data;
}

function encode(input: Uint8Array): Uint8Array {
  const output = new Uint8Array(input.length + 4);
  output.set(input);
  new DataView(output.buffer).setUint32(input.length, fletcher32Sum(input), true);
  return output;
}

/** The codec of filter 3, without encoding. */
export const fletcher32Only: Codec = { encodedSize: (length) => length + 4, decode };

/** The codec of filter 3. */
export const fletcher32: Codec = { encodedSize: (length) => length + 4, decode, encode, clientData: () => [] };
