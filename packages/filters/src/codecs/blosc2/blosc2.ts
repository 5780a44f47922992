/**
 * Blosc 2, filter 32026: a contiguous frame of one chunk; chunks of rank 2 and more are cut into n-dimensional blocks.
 *
 * Client data: revision (1), block size or 0, type size, bytes of a chunk, level, filter, codec; then for rank 2 and
 * more the rank and the chunk's shape.
 */
import { type ClientData, type Codec, CodecError, type OutputSize } from "../../filter.ts";
import { checked, checkedSize } from "../../output.ts";
import { decodeBloscChunk } from "../blosc/decode.ts";
import { paddedBytes, readB2nd, unblock } from "./b2nd.ts";
import { type FrameHeader, isFrame, readFrameHeader } from "./frame.ts";

/** Padding makes the blocks of a chunk larger than it; more than this is not believed. */
const MAX_PADDING = 64;

function decode(input: Uint8Array, _clientData: ClientData, size: OutputSize): Uint8Array {
  if (!isFrame(input)) return decodeBloscChunk("blosc2", input, 0, size);
  const header = readFrameHeader(input);
  if (!header.b2nd) {
    checkedSize("blosc2", header.bytes, size);
    return checked("blosc2", decodeChunks(input, header, header.bytes), size);
  }
  const layout = readB2nd(header.b2nd);
  const { chunkShape, blockShape, shape } = layout;
  if (blockShape.some((n) => n === 0) || chunkShape.some((n) => n === 0)) fail("a shape with a 0");
  if (shape.some((n, d) => n > chunkShape[d])) fail("an array of several chunks");
  const length = checkedSize(
    "blosc2",
    chunkShape.reduce((n, count) => n * count, header.typeSize),
    size,
  );
  const padded = paddedBytes(layout, header.typeSize);
  if (padded > MAX_PADDING * Math.max(length, 4096)) fail(`a chunk of ${length} bytes in blocks of ${padded}`);
  return checked("blosc2", unblock(decodeChunks(input, header, padded), layout, header.typeSize), size);
}

/** All chunks of a frame, one after the other; they have `length` bytes. */
function decodeChunks(input: Uint8Array, header: FrameHeader, length: number): Uint8Array {
  const count = header.bytes === 0 ? 0 : Math.ceil(length / header.chunkSize);
  const offsets = readOffsets(input, header, count);
  if (count === 1) return decodeChunk(input, header, offsets.getInt32(0, true), offsets.getInt32(4, true), length);
  const output = new Uint8Array(length);
  for (let i = 0; i < count; i++) {
    const at = i * header.chunkSize;
    const bytes = Math.min(header.chunkSize, length - at);
    output.set(decodeChunk(input, header, offsets.getInt32(8 * i, true), offsets.getInt32(8 * i + 4, true), bytes), at);
  }
  return output;
}

/** The chunk of offsets, behind the others: 64-bit numbers. */
function readOffsets(input: Uint8Array, header: FrameHeader, count: number): DataView {
  const start = header.length + header.storedBytes;
  const bytes = decodeBloscChunk("blosc2", input, start, { exact: 8 * count, max: 8 * count });
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** The chunk at an offset behind the header; a negative offset stands for a chunk of one value. */
function decodeChunk(input: Uint8Array, header: FrameHeader, low: number, high: number, bytes: number): Uint8Array {
  if (high >= 0) {
    const start = header.length + high * 2 ** 32 + (low >>> 0);
    if (start > input.length) fail(`a chunk at byte ${start} passes the end`);
    return decodeBloscChunk("blosc2", input, start, { exact: bytes, max: bytes });
  }
  const output = new Uint8Array(bytes);
  const special = (high >>> 24) & 7;
  if (special === 2) {
    const view = new DataView(output.buffer);
    const width = header.typeSize;
    if (width !== 4 && width !== 8) fail(`not-a-numbers of ${width} bytes`);
    for (let at = 0; at + width <= bytes; at += width) {
      if (width === 4) view.setFloat32(at, Number.NaN, true);
      else view.setFloat64(at, Number.NaN, true);
    }
  } else if (special !== 1 && special !== 4 && special !== 0) fail(`special chunk ${special}`);
  return output;
}

function fail(reason: string): never {
  throw new CodecError("blosc2", reason);
}

/** The codec of filter 32026. */
export const blosc2: Codec = { decode };
