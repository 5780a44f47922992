/**
 * The layout of n-dimensional Blosc 2 arrays: a chunk is cut into n-dimensional blocks, each padded to the full block
 * shape, in C order.
 */
import { CodecError } from "../../filter.ts";

const MAX_RANK = 16;

/** Shapes of an array, slowest dimension first. */
export interface B2nd {
  readonly shape: readonly number[];
  readonly chunkShape: readonly number[];
  readonly blockShape: readonly number[];
}

/** Reads the metalayer "b2nd": in MessagePack, version, rank, shape, chunk shape, block shape, and more that is not needed. */
export function readB2nd(content: Uint8Array): B2nd {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const rank = content[2];
  if (content.length < 3 || !(rank >= 1 && rank <= MAX_RANK)) fail(`rank ${rank}`);
  let at = 3;
  const list = (width: 4 | 8): number[] => {
    if (content[at] === 0xdc) at += 2; // the long form of an array's head
    at++;
    const values = [];
    for (let i = 0; i < rank; i++, at += 1 + width) {
      if (at + 1 + width > content.length) fail("the array's description ends early");
      values.push(width === 4 ? view.getUint32(at + 1) : view.getUint32(at + 1) * 2 ** 32 + view.getUint32(at + 5));
    }
    return values;
  };
  return { shape: list(8), chunkShape: list(4), blockShape: list(4) };
}

/** Writes the metalayer "b2nd"; the elements' type is given as opaque bytes, in NumPy's notation. */
export function writeB2nd({ shape, chunkShape, blockShape }: B2nd, typeSize: number): Uint8Array {
  const rank = shape.length;
  const dtype = `|V${typeSize}`;
  const bytes = new Uint8Array(3 + 3 + 9 * rank + 10 * rank + 6 + dtype.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x97, 0, rank]);
  let at = 3;
  for (const [list, mark] of [
    [shape, 0xd3],
    [chunkShape, 0xd2],
    [blockShape, 0xd2],
  ] as const) {
    bytes[at++] = 0x90 + rank;
    for (const size of list) {
      bytes[at] = mark;
      if (mark === 0xd3) view.setUint32(at + 1, Math.floor(size / 2 ** 32));
      at += mark === 0xd3 ? 9 : 5;
      view.setUint32(at - 4, size);
    }
  }
  bytes[at + 1] = 0xdb;
  view.setUint32(at + 2, dtype.length);
  bytes.set(new TextEncoder().encode(dtype), at + 6);
  return bytes;
}

const TARGET_BLOCK = 256 * 1024;

/** A block of about `wanted` bytes that is whole in as many of the fastest dimensions as fit. */
export function chooseBlockShape(shape: readonly number[], typeSize: number, wanted: number): number[] {
  const blockShape = shape.map(() => 1);
  let left = Math.max(1, Math.floor((wanted || TARGET_BLOCK) / typeSize));
  for (let d = shape.length - 1; d >= 0 && left > 1; d--) {
    blockShape[d] = Math.min(shape[d], left);
    left = Math.floor(left / blockShape[d]);
  }
  return blockShape;
}

/** Bytes of a chunk with its padding. */
export function paddedBytes({ chunkShape, blockShape }: B2nd, typeSize: number): number {
  return chunkShape.reduce((n, size, d) => n * Math.ceil(size / blockShape[d]) * blockShape[d], typeSize);
}

/** Copies the elements of a padded chunk, block by block, to their places in a plain array of the chunk's shape. */
export function unblock(input: Uint8Array, { chunkShape, blockShape }: B2nd, typeSize: number): Uint8Array {
  const bytes = chunkShape.reduce((n, size) => n * size, typeSize);
  const output = new Uint8Array(bytes);
  eachRow(chunkShape, blockShape, typeSize, (array, blocked, length) => {
    output.set(input.subarray(blocked, blocked + length), array);
  });
  return output;
}

/** The inverse of {@link unblock}; padding is 0. */
export function block(input: Uint8Array, layout: B2nd, typeSize: number): Uint8Array {
  const output = new Uint8Array(paddedBytes(layout, typeSize));
  eachRow(layout.chunkShape, layout.blockShape, typeSize, (array, blocked, length) => {
    output.set(input.subarray(array, array + length), blocked);
  });
  return output;
}

/** Calls `copy` for each row of each block: where it lies in the array and in the blocks, and its bytes without padding. */
function eachRow(
  chunkShape: readonly number[],
  blockShape: readonly number[],
  typeSize: number,
  copy: (array: number, blocked: number, length: number) => void,
): void {
  const last = chunkShape.length - 1;
  const strides = stridesOf(chunkShape, typeSize);
  const blockStrides = stridesOf(blockShape, typeSize);
  const blockBytes = blockShape[0] * blockStrides[0];
  const counts = chunkShape.map((size, d) => Math.ceil(size / blockShape[d]));
  const row = (d: number, array: number, blocked: number, starts: readonly number[]): void => {
    const count = Math.min(blockShape[d], chunkShape[d] - starts[d]);
    if (d === last) copy(array, blocked, count * typeSize);
    else for (let i = 0; i < count; i++) row(d + 1, array + i * strides[d], blocked + i * blockStrides[d], starts);
  };
  const index = counts.map(() => 0);
  const total = counts.reduce((n, count) => n * count, 1);
  for (let n = 0; n < total; n++) {
    const starts = index.map((i, d) => i * blockShape[d]);
    row(
      0,
      starts.reduce((sum, start, d) => sum + start * strides[d], 0),
      n * blockBytes,
      starts,
    );
    for (let d = last; d >= 0 && ++index[d] === counts[d]; d--) index[d] = 0;
  }
}

function stridesOf(shape: readonly number[], typeSize: number): number[] {
  const strides = new Array<number>(shape.length);
  let stride = typeSize;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = stride;
    stride *= shape[d];
  }
  return strides;
}

function fail(reason: string): never {
  throw new CodecError("blosc2", reason);
}
