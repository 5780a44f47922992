/** Zstandard frames (RFC 8878, section 3.1): headers, blocks, checksum. Several frames in a row make one output. */
import type { OutputSize } from "../../filter.ts";
import { fail } from "./bits.ts";
import { type LiteralState, MAX_BLOCK, readLiterals } from "./literals.ts";
import { executeSequences, newSequenceState, type SequenceState } from "./sequences.ts";
import { xxhash64Low } from "./xxhash64.ts";

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

/** Bytes behind the input that bit readers may touch. */
const PADDING = 8;

/** A frame header, decoded. */
interface FrameHeader {
  /** Bytes of output, where the header says them. */
  readonly contentSize: number | undefined;
  readonly checksum: boolean;
  /** Position of the first block. */
  readonly end: number;
}

/** Where the output grows: one buffer, of the exact size where that is known. */
interface Sink {
  bytes: Uint8Array;
  at: number;
}

/** Room for the literals of a block, for all calls. */
let literalBuffer: Uint8Array | undefined;

/** Decodes all frames of `input`. The output has `size.exact` bytes at most, or `size.max`; the caller checks for fewer. */
export function zstdDecode(input: Uint8Array, size: OutputSize): Uint8Array {
  return decodeFrames(input, size);
}

/** With `target` for the output, where one is given: it has `size.exact` bytes. */
function decodeFrames(input: Uint8Array, size: OutputSize, target?: Uint8Array): Uint8Array {
  const padded = new Uint8Array(input.length + PADDING);
  padded.set(input);
  const bytes = target ?? new Uint8Array(size.exact ?? firstSize(padded, input.length, size.max));
  const sink: Sink = { bytes, at: 0 };
  let literals: LiteralState | undefined;
  let position = 0;
  while (position < input.length) {
    const magic = word(padded, position, input.length);
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      position += 8 + word(padded, position + 4, input.length);
      if (position > input.length) fail("a skippable frame passes the end");
      continue;
    }
    literals ??= { table: undefined, buffer: (literalBuffer ??= new Uint8Array(MAX_BLOCK)) };
    literals.table = undefined;
    position = readFrame(padded, position, input.length, sink, size, literals);
  }
  if (target) return sink.bytes.subarray(0, sink.at);
  return sink.at === sink.bytes.length ? sink.bytes : sink.bytes.slice(0, sink.at);
}

/** Decodes one or more frames in `input[start, end)` straight into `output[at, limit)`; gives the position behind them. */
export function zstdDecodeInto(
  input: Uint8Array,
  start: number,
  end: number,
  output: Uint8Array,
  at: number,
  limit: number,
): number {
  const size = { exact: limit - at, max: limit - at };
  return at + decodeFrames(input.subarray(start, end), size, output.subarray(at, limit)).length;
}

/** What to allocate when the size is not known: the content size of the first frame, else a block. */
function firstSize(input: Uint8Array, end: number, max: number): number {
  if (end < 4 || word(input, 0, end) !== MAGIC) return 0;
  const size = readHeader(input, 0, end).contentSize ?? MAX_BLOCK;
  if (size > max) fail(`output of ${size} bytes is over the limit of ${max}`);
  // A block of four bytes makes 128 KB at most.
  return Math.min(size, MAX_BLOCK * (1 + (end >> 2)));
}

function word(input: Uint8Array, i: number, end: number): number {
  if (i + 4 > end) fail("input ends within a frame header");
  return (input[i] | (input[i + 1] << 8) | (input[i + 2] << 16) | (input[i + 3] << 24)) >>> 0;
}

function readHeader(input: Uint8Array, position: number, end: number): FrameHeader {
  if (word(input, position, end) !== MAGIC) fail("no zstd frame");
  const descriptor = input[position + 4];
  const single = (descriptor & 0x20) !== 0;
  if (descriptor & 8) fail("a reserved bit in the frame header");
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3];
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6];
  let i = position + 5 + (single ? 0 : 1);
  if (i + dictionaryBytes + sizeBytes > end) fail("input ends within a frame header");
  for (const stop = i + dictionaryBytes; i < stop; i++) if (input[i] !== 0) fail("a frame that needs a dictionary");
  let size = 0;
  for (let k = sizeBytes - 1; k >= 0; k--) size = size * 256 + input[i + k];
  if (sizeBytes === 2) size += 256;
  return { contentSize: sizeBytes ? size : undefined, checksum: (descriptor & 4) !== 0, end: i + sizeBytes };
}

function readFrame(
  input: Uint8Array,
  position: number,
  end: number,
  sink: Sink,
  size: OutputSize,
  literals: LiteralState,
): number {
  const header = readHeader(input, position, end);
  const base = sink.at;
  const room = (size.exact ?? size.max) - base;
  if (header.contentSize !== undefined && header.contentSize > room) {
    fail(`a frame of ${header.contentSize} bytes where ${room} are expected`);
  }
  const limit = base + (header.contentSize ?? room);
  const sequences = newSequenceState();
  position = header.end;
  for (let last = 0; !last; ) {
    if (position + 3 > end) fail("input ends before the last block");
    const head = input[position] | (input[position + 1] << 8) | (input[position + 2] << 16);
    last = head & 1;
    position = readBlock(input, position + 3, end, head >> 1, sink, base, limit, literals, sequences);
  }
  if (header.contentSize !== undefined && sink.at - base !== header.contentSize) {
    fail(`a frame of ${sink.at - base} bytes that should have ${header.contentSize}`);
  }
  if (!header.checksum) return position;
  if (word(input, position, end) !== xxhash64Low(sink.bytes, base, sink.at)) fail("XXH64 checksum does not match");
  return position + 4;
}

/** One block of a kind and size: raw, one byte repeated, or compressed. */
function readBlock(
  input: Uint8Array,
  position: number,
  end: number,
  head: number,
  sink: Sink,
  base: number,
  limit: number,
  literals: LiteralState,
  sequences: SequenceState,
): number {
  const kind = head & 3;
  const length = head >> 2;
  if (length > MAX_BLOCK) fail("a block of more than 128 KB");
  const next = position + (kind === 1 ? 1 : length);
  if (next > end) fail("input ends within a block");
  reserve(sink, kind === 2 ? MAX_BLOCK : length, limit);
  if (kind < 2) {
    if (sink.at + length > limit) fail("more output than expected");
    if (kind === 0) sink.bytes.set(input.subarray(position, next), sink.at);
    else sink.bytes.fill(input[position], sink.at, sink.at + length);
    sink.at += length;
    return next;
  }
  if (kind === 3) fail("block type 3");
  const section = readLiterals(input, position, next, literals);
  const room = Math.min(limit, sink.at + MAX_BLOCK);
  sink.at = executeSequences(input, section.end, next, section, sequences, sink.bytes, base, sink.at, room);
  return next;
}

/** Room for `count` more bytes in the sink, or up to `limit`. */
function reserve(sink: Sink, count: number, limit: number): void {
  const needed = Math.min(limit, sink.at + count);
  if (needed <= sink.bytes.length) return;
  const grown = new Uint8Array(Math.min(limit, Math.max(needed, 2 * sink.bytes.length)));
  grown.set(sink.bytes.subarray(0, sink.at));
  sink.bytes = grown;
}
