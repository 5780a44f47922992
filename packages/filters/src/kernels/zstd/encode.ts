/** Writing of a zstd frame (RFC 8878, section 3.1): single segment, with content size, in blocks of 128 KB. */
import { MAX_BLOCK } from "./literals.ts";
import { writeLiterals } from "./literals-encode.ts";
import { effortOf, MatchFinder } from "./match-finder.ts";
import { newSequences, writeSequences } from "./sequences-encode.ts";

/** Bytes of a frame's magic, descriptor and content size. */
const HEADER = 13;
/** Inputs too short for a match. */
const SHORT = 16;

/** Encodes `input` as one frame; `level` is one of zstd's, negative ones to 22. */
export function zstdEncode(input: Uint8Array, level: number): Uint8Array {
  const blocks = Math.max(1, Math.ceil(input.length / MAX_BLOCK));
  const output = new Uint8Array(HEADER + input.length + 3 * blocks + 512);
  let at = writeHeader(input.length, output);
  if (input.length === 0) return output.subarray(0, writeBlockHead(0, 0, true, output, at));
  const finder = new MatchFinder(input, effortOf(level));
  const size = Math.min(MAX_BLOCK, input.length);
  const scratch = {
    sequences: newSequences(size),
    literals: new Uint8Array(size),
    block: new Uint8Array(2 * size + 1024),
  };
  for (let start = 0; start < input.length; start += MAX_BLOCK) {
    const end = Math.min(input.length, start + MAX_BLOCK);
    const last = end === input.length;
    if (isRepeated(input, start, end)) {
      at = writeBlockHead(1, end - start, last, output, at);
      output[at++] = input[start];
      continue;
    }
    const length = end - start < SHORT ? end - start : encodeBlock(finder, start, end, scratch);
    if (length < end - start) {
      at = writeBlockHead(2, length, last, output, at);
      output.set(scratch.block.subarray(0, length), at);
      at += length;
    } else {
      at = writeBlockHead(0, end - start, last, output, at);
      output.set(input.subarray(start, end), at);
      at += end - start;
    }
  }
  return output.subarray(0, at);
}

function writeHeader(size: number, output: Uint8Array): number {
  const view = new DataView(output.buffer);
  view.setUint32(0, 0xfd2fb528, true);
  const flag = size < 256 ? 0 : size < 65536 + 256 ? 1 : size < 2 ** 32 ? 2 : 3;
  output[4] = (flag << 6) | 0x20;
  if (flag === 0) output[5] = size;
  else if (flag === 1) view.setUint16(5, size - 256, true);
  else view.setUint32(5, size, true);
  if (flag === 3) view.setUint32(9, Math.floor(size / 2 ** 32), true);
  return 5 + [1, 2, 4, 8][flag];
}

function writeBlockHead(kind: number, size: number, last: boolean, output: Uint8Array, at: number): number {
  const head = (last ? 1 : 0) | (kind << 1) | (size << 3);
  output[at] = head;
  output[at + 1] = head >> 8;
  output[at + 2] = head >> 16;
  return at + 3;
}

function isRepeated(input: Uint8Array, start: number, end: number): boolean {
  for (let i = start + 1; i < end; i++) if (input[i] !== input[start]) return false;
  return end - start > 3;
}

/** Encodes a block into the scratch; gives its length. */
function encodeBlock(
  finder: MatchFinder,
  start: number,
  end: number,
  {
    sequences,
    literals,
    block,
  }: { sequences: ReturnType<typeof newSequences>; literals: Uint8Array; block: Uint8Array },
): number {
  const count = finder.run(start, end, sequences, literals);
  return writeSequences(sequences, block, writeLiterals(literals, count, block, 0));
}
