/** Writing of a contiguous frame of one chunk; see `frame.ts`. */
import type { BloscOptions } from "../blosc/encode.ts";
import { storedChunk } from "../blosc/encode.ts";
import { FORMATS } from "../blosc/inner-encode.ts";

/** Bytes of the header up to the metalayers. */
const FIXED = 0x57;
/** The trailer: version 1, no variable-length metalayers, its length, no fingerprint. */
const TRAILER = [0x94, 1, 0x93, 0xcd, 0, 6, 0xde, 0, 0, 0xdc, 0, 0, 0xce, 0, 0, 0, 35, 0xd8, 0];
const TRAILER_LENGTH = 35;

/** A frame of `chunk`, which decodes to `length` bytes, with the metalayer "b2nd" where there is one. */
export function writeFrame(
  chunk: Uint8Array,
  length: number,
  { typeSize, filter, compressor, level }: BloscOptions,
  b2nd: Uint8Array | undefined,
): Uint8Array {
  const metalayers = writeMetalayers(b2nd);
  const headerLength = FIXED + metalayers.length;
  const offsets = storedChunk(new Uint8Array(8), 8); // the only chunk starts at 0
  const output = new Uint8Array(headerLength + chunk.length + offsets.length + TRAILER_LENGTH);
  const view = new DataView(output.buffer);
  const blockSize = new DataView(chunk.buffer, chunk.byteOffset).getUint32(8, true);
  const mark = (at: number, byte: number, value: number, high = false): void => {
    output[at] = byte;
    view.setUint32(at + (high ? 5 : 1), value);
  };
  output[0] = 0x9e;
  output[1] = 0xa8;
  output.set(new TextEncoder().encode("b2frame"), 2);
  mark(0x0a, 0xd2, headerLength);
  mark(0x0f, 0xcf, output.length, true);
  output.set([0xa4, 0x12, 0, FORMATS[compressor] | (level << 4), 3], 0x18);
  mark(0x1d, 0xd3, length, true);
  mark(0x26, 0xd3, chunk.length, true);
  mark(0x2f, 0xd2, typeSize);
  mark(0x34, 0xd2, blockSize);
  mark(0x39, 0xd2, length);
  output.set([0xd1, 0, 1, 0xd1, 0, 1, 0xc2, 0xd8, 6], 0x3e);
  output[0x4c] = filter; // the last of six
  output.set(metalayers, FIXED);
  output.set(chunk, headerLength);
  output.set(offsets, headerLength + chunk.length);
  output.set(TRAILER, headerLength + chunk.length + offsets.length);
  return output;
}

/** The index of metalayers and their contents, at its place behind the fixed part. */
function writeMetalayers(b2nd: Uint8Array | undefined): Uint8Array {
  if (!b2nd) return Uint8Array.of(0x93, 0xcd, 0, 7, 0xde, 0, 0, 0xdc, 0, 0);
  const index = [0x93, 0xcd, 0, 17, 0xde, 0, 1, 0xa4, 0x62, 0x32, 0x6e, 0x64, 0xd2, 0, 0, 0, FIXED + 20, 0xdc, 0, 1];
  const output = new Uint8Array(index.length + 5 + b2nd.length);
  output.set(index);
  output[index.length] = 0xc6;
  new DataView(output.buffer).setUint32(index.length + 1, b2nd.length);
  output.set(b2nd, index.length + 5);
  return output;
}
