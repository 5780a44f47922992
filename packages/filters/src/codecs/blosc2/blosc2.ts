/**
 * Blosc 2, filter 32026: a contiguous frame of one chunk; chunks of rank 2 and more are cut into n-dimensional blocks.
 *
 * Client data: revision (1), block size or 0, type size, bytes of a chunk, level, filter, codec; then for rank 2 and
 * more the rank and the chunk's shape.
 */
import {
  type ChunkDescription,
  type ClientData,
  type Codec,
  CodecError,
  type FilterOptions,
  type OutputSize,
} from "../../filter.ts";
import { chunkBytes, OptionReader } from "../../options.ts";
import { checked, checkedSize } from "../../output.ts";
import { bloscTypeSize } from "../blosc/blosc.ts";
import { decodeBloscChunk } from "../blosc/decode.ts";
import { type BloscOptions, encodeBloscChunk, storedChunk } from "../blosc/encode.ts";
import { TRUNCATE } from "../blosc/header.ts";
import { COMPRESSORS } from "../blosc/inner-encode.ts";
import { block, chooseBlockShape, paddedBytes, readB2nd, unblock, writeB2nd } from "./b2nd.ts";
import { type FrameHeader, isFrame, readFrameHeader } from "./frame.ts";
import { writeFrame } from "./frame-write.ts";

/** Several chunks in a frame are believed from this size on: their offsets are then small beside them. */
const MIN_CHUNK = 64;

function decode(input: Uint8Array, _clientData: ClientData, size: OutputSize): Uint8Array {
  if (!isFrame(input)) return decodeBloscChunk("blosc2", input, 0, size);
  const header = readFrameHeader(input);
  if (!header.b2nd) {
    checkedSize("blosc2", header.bytes, size);
    return checked("blosc2", decodeChunks(input, header, header.bytes), size);
  }
  const layout = readB2nd(header.b2nd);
  const { chunkShape, blockShape, shape } = layout;
  if (blockShape.some((n, d) => n === 0 || n > chunkShape[d]))
    fail(`blocks of ${blockShape} in a chunk of ${chunkShape}`);
  if (shape.some((n, d) => n > chunkShape[d])) fail("an array of several chunks");
  checkedSize(
    "blosc2",
    chunkShape.reduce((n, count) => n * count, header.typeSize),
    size,
  );
  const padded = paddedBytes(layout, header.typeSize);
  return checked("blosc2", unblock(decodeChunks(input, header, padded), layout, header.typeSize), size);
}

/** All chunks of a frame, one after the other; they have `length` bytes. */
function decodeChunks(input: Uint8Array, header: FrameHeader, length: number): Uint8Array {
  const count = header.bytes === 0 ? 0 : Math.ceil(length / header.chunkSize);
  if (count > 1 && header.chunkSize < MIN_CHUNK) fail(`chunks of ${header.chunkSize} bytes`);
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

/** Level, filter and codec of the client data, and the chunk's shape where blocks are n-dimensional. */
function encode(input: Uint8Array, clientData: ClientData): Uint8Array | undefined {
  const [, blockSize = 0, typeSize = 0, , level = 5, filter = 1, code = 0, rank = 0, ...shape] = clientData;
  if (typeSize < 1 || typeSize > 255) fail(`type size ${typeSize}, not 1 to 255`);
  if (level > 9) fail(`level ${level}, not 0 to 9`);
  if (filter > TRUNCATE) fail(`filter ${filter}, not 0 to 4`);
  // As the plug-in, which has no way to say how many bits to keep, and fails.
  if (filter === TRUNCATE) return undefined;
  const compressor = COMPRESSORS[code];
  if (!compressor || compressor === "snappy") fail(`codec ${code}`);
  if (level === 0 || input.length === 0) return undefined;
  const options: BloscOptions = { generation: 2, compressor, level, typeSize, blockSize, filter };
  const frame = rank >= 2 ? encodeNd(input, shape.slice(0, rank), options) : encodeFlat(input, options);
  return frame.length < input.length ? frame : undefined;
}

function encodeFlat(input: Uint8Array, options: BloscOptions): Uint8Array {
  const chunk = encodeBloscChunk(input, options) ?? storedChunk(input, options.typeSize);
  return writeFrame(chunk, input.length, options, undefined);
}

/** Blocks are whole in all but the slowest dimensions, so that most of a chunk stays as it lies. */
function encodeNd(input: Uint8Array, shape: readonly number[], options: BloscOptions): Uint8Array {
  const { typeSize } = options;
  if (shape.reduce((n, count) => n * count, typeSize) !== input.length)
    fail(`a chunk of ${input.length} bytes for ${shape}`);
  const layout = { shape, chunkShape: shape, blockShape: chooseBlockShape(shape, typeSize, options.blockSize) };
  const padded = block(input, layout, typeSize);
  const blockSize = layout.blockShape.reduce((n, count) => n * count, typeSize);
  const chunk = encodeBloscChunk(padded, { ...options, blockSize }, true) ?? storedChunk(padded, typeSize, blockSize);
  return writeFrame(chunk, padded.length, options, writeB2nd(layout, typeSize));
}

/** Ranks whose chunks are cut into n-dimensional blocks: those that c-blosc2 has. */
const MAX_ND = 8;

function clientData(options: FilterOptions, chunk: ChunkDescription): ClientData {
  const reader = new OptionReader("blosc2", options, ["codec", "level", "filter"]);
  const codec = reader.choice(["codec", "cname"], 0, ["blosclz", "lz4", "lz4hc", undefined, "zlib", "zstd"]);
  const level = reader.integer(["level", "clevel"], 5, 0, 9);
  const filter = reader.choice(["filter", "filters", "shuffle"], 1, ["none", "byte", "bit", "delta", "truncate"]);
  const blockSize = reader.integer(["blockSize"], 0, 0, 2 ** 29);
  reader.done();
  const { dims, type } = chunk;
  const typeSize = bloscTypeSize(type);
  const nd = dims.length >= 2 && dims.length <= MAX_ND && typeSize === type.size;
  return [1, blockSize, typeSize, chunkBytes(chunk), level, filter, codec, ...(nd ? [dims.length, ...dims] : [])];
}

function fail(reason: string): never {
  throw new CodecError("blosc2", reason);
}

/** The codec of filter 32026. */
export const blosc2: Codec = { decode, encode, clientData };
