/**
 * The contiguous frame of Blosc 2 (c-blosc2's README_CFRAME_FORMAT): a header in MessagePack, the chunks, a chunk with
 * their offsets, and a trailer. Numbers of the header are big-endian at fixed places.
 */
import { CodecError } from "../../filter.ts";

const HEADER_SIZE = 0x0b;
const FRAME_SIZE = 0x10;
const FRAME_TYPE = 0x1a;
const BYTES = 0x1e;
const STORED_BYTES = 0x27;
const TYPE_SIZE = 0x30;
const CHUNK_SIZE = 0x3a;
const METALAYERS = 0x57;

/** A frame's header. */
export interface FrameHeader {
  /** Bytes of the header: where the first chunk starts. */
  readonly length: number;
  /** Bytes of all chunks, decoded and stored. */
  readonly bytes: number;
  readonly storedBytes: number;
  readonly typeSize: number;
  /** Bytes of a chunk, decoded. */
  readonly chunkSize: number;
  /** The content of the metalayer "b2nd", which says how n-dimensional blocks lie. */
  readonly b2nd: Uint8Array | undefined;
}

/** Whether `input` starts as a frame does. */
export function isFrame(input: Uint8Array): boolean {
  return (
    input.length > METALAYERS && [0xa8, 0x62, 0x32, 0x66, 0x72, 0x61, 0x6d, 0x65].every((b, i) => input[1 + i] === b)
  );
}

/** Reads the header of the frame `input`. */
export function readFrameHeader(input: Uint8Array): FrameHeader {
  if (!isFrame(input)) fail("no Blosc 2 frame");
  const view = new DataView(input.buffer, input.byteOffset, input.length);
  const length = view.getUint32(HEADER_SIZE);
  if (length <= METALAYERS || length > input.length) fail(`a header of ${length} bytes in a frame of ${input.length}`);
  if (long(view, FRAME_SIZE) > input.length) fail(`a frame of ${long(view, FRAME_SIZE)} bytes in ${input.length}`);
  if ((input[FRAME_TYPE] & 15) !== 0) fail(`frame type ${input[FRAME_TYPE] & 15}, not contiguous`);
  const header: FrameHeader = {
    length,
    bytes: long(view, BYTES),
    storedBytes: long(view, STORED_BYTES),
    typeSize: view.getUint32(TYPE_SIZE),
    chunkSize: view.getUint32(CHUNK_SIZE),
    b2nd: findMetalayer(view, length, "b2nd"),
  };
  if (header.storedBytes > input.length - length) fail(`chunks of ${header.storedBytes} bytes pass the end`);
  if (header.chunkSize === 0 && header.bytes > 0) fail("chunk size 0");
  return header;
}

/** An unsigned number of 8 bytes. */
function long(view: DataView, at: number): number {
  return view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
}

/** The content of a metalayer by its name: an index of names and offsets, then contents with their lengths. */
function findMetalayer(view: DataView, end: number, name: string): Uint8Array | undefined {
  const need = (at: number, bytes: number): void => {
    if (at + bytes > end) fail("the header ends within the metalayers");
  };
  let at = METALAYERS + 4;
  need(at, 3);
  const count = view.getUint16(at + 1);
  at += 3;
  for (let i = 0; i < count; i++) {
    need(at, 1);
    const length = view.getUint8(at) & 31;
    need(at, 1 + length + 5);
    let found = length === name.length;
    for (let k = 0; found && k < length; k++) found = view.getUint8(at + 1 + k) === name.charCodeAt(k);
    const content = view.getUint32(at + 1 + length + 1);
    at += 1 + length + 5;
    if (!found) continue;
    need(content, 5);
    const size = view.getUint32(content + 1);
    need(content + 5, size);
    return new Uint8Array(view.buffer, view.byteOffset + content + 5, size);
  }
  return undefined;
}

function fail(reason: string): never {
  throw new CodecError("blosc2", reason);
}
