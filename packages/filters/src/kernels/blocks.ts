/** The transposes of blocks for codecs that work in an arena: by the kernel where the bytes lie in its memory. */
import { kernelOf } from "./arena.ts";
import { bitshuffleBlock, bitunshuffleBlock } from "./bitshuffle.ts";
import { shuffleBytes, unshuffleBytes } from "./shuffle.ts";

/** Undoes a byte shuffle; `input` and `output` have one length. */
export function unshuffle(input: Uint8Array, output: Uint8Array, width: number): void {
  const kernel = kernelOf(output);
  if (!kernel || kernelOf(input) !== kernel) {
    unshuffleBytes(input, output, width);
    return;
  }
  const count = Math.floor(input.length / width);
  kernel.unshuffle(input.byteOffset, output.byteOffset, count, width);
  output.set(input.subarray(count * width), count * width);
}

/** Shuffles bytes; `input` and `output` have one length. */
export function shuffle(input: Uint8Array, output: Uint8Array, width: number): void {
  const kernel = kernelOf(output);
  if (!kernel || kernelOf(input) !== kernel) {
    shuffleBytes(input, output, width);
    return;
  }
  const count = Math.floor(input.length / width);
  kernel.shuffle(input.byteOffset, output.byteOffset, count, width);
  output.set(input.subarray(count * width), count * width);
}

/**
 * Undoes a bit shuffle of all whole groups of 8 elements; what is left is copied. `scratch` has the length of `input`,
 * and the same bytes may serve for every call.
 */
export function bitunshuffle(input: Uint8Array, scratch: Uint8Array, output: Uint8Array, width: number): void {
  const count = wholeElements(input, width);
  const kernel = kernelOf(output);
  if (kernel && kernelOf(input) === kernel && kernelOf(scratch) === kernel) {
    kernel.bitunshuffle(input.byteOffset, scratch.byteOffset, output.byteOffset, count, width);
  } else bitunshuffleBlock(input, 0, output, 0, count, width);
  output.set(input.subarray(count * width), count * width);
}

/** Shuffles the bits of all whole groups of 8 elements; see {@link bitunshuffle}. */
export function bitshuffle(input: Uint8Array, scratch: Uint8Array, output: Uint8Array, width: number): void {
  const count = wholeElements(input, width);
  const kernel = kernelOf(output);
  if (kernel && kernelOf(input) === kernel && kernelOf(scratch) === kernel) {
    kernel.bitshuffle(input.byteOffset, scratch.byteOffset, output.byteOffset, count, width);
  } else bitshuffleBlock(input, 0, output, 0, count, width);
  output.set(input.subarray(count * width), count * width);
}

function wholeElements(bytes: Uint8Array, width: number): number {
  return Math.floor(bytes.length / width / 8) * 8;
}
