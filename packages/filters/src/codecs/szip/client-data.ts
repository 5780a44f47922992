/** Client data of szip from options and chunks, as libhdf5's "set local" callback makes it. */
import type { ChunkDescription, ClientData, ElementType, FilterOptions } from "../../filter.ts";
import { elementCount, OptionReader } from "../../options.ts";

const ALLOW_K13 = 1;
const ENTROPY_CODING = 4;
const LSB = 8;
const MSB = 16;
const NEAREST_NEIGHBOR = 32;
const RAW = 128;

const DEFAULT_BLOCK = 8;
const MAX_BLOCKS = 128;
const MAX_SCANLINE = 4096;

/** Options: `["nn" | "ec", samples of a block]`, or `{ method, pixelsPerBlock }`. */
export function szipClientData(options: FilterOptions, chunk: ChunkDescription): ClientData {
  const reader = new OptionReader("szip", options, ["method", "pixelsPerBlock"]);
  const method = reader.choice(["method", "coding"], 0, ["nn", "ec"]);
  const block = reader.integer(["pixelsPerBlock"], DEFAULT_BLOCK, 2, 32);
  reader.done();
  const { type } = chunk;
  if (block % 2) reader.fail(`pixelsPerBlock ${block}, not even`);
  if (type.class === "compound" || type.class === "array" || type.size > 8) {
    reader.fail(`it can not work on elements of class ${type.class} with ${type.size} bytes`);
  }
  const mask = (method === 0 ? NEAREST_NEIGHBOR : ENTROPY_CODING) | (type.order === "be" ? MSB : LSB) | ALLOW_K13 | RAW;
  const count = elementCount(chunk);
  if (count < block) reader.fail(`chunks of ${count} elements, fewer than a block of ${block}`);
  return [mask, block, sampleBits(type), scanlineOf(chunk.dims, count, block)];
}

/** Significant bits as szip takes them: up to 24, else 32 or 64. */
function sampleBits({ size, precision = 8 * size, bitOffset = 0 }: ElementType): number {
  const bits = bitOffset ? 8 * size : precision;
  return bits <= 24 ? bits : bits <= 32 ? 32 : 64;
}

/** Samples of a scanline: a row of the chunk, or as much as 128 blocks hold. */
function scanlineOf(dims: readonly number[], count: number, block: number): number {
  const row = dims[dims.length - 1];
  if (row < block) return Math.min(block * MAX_BLOCKS, count);
  return row <= MAX_SCANLINE ? Math.min(block * MAX_BLOCKS, row) : block * MAX_BLOCKS;
}
