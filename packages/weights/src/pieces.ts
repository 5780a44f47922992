/** Tensors as streams: their bytes in pieces, so that one of any size takes little memory. */
import type { StoredTensor } from "./model-file.ts";

/** Bytes of a piece, about: enough that no single access matters. */
export const PIECE: number = 4 << 20;

/** No element is cut by a piece that is a multiple of this: those of complex128 are the largest. */
const UNIT = 16;

/** The bytes of a tensor, in order; each piece is valid until the next is asked for. */
export async function* piecesOf(tensor: StoredTensor, most: number = PIECE, signal?: AbortSignal): Pieces {
  if (tensor.pieces !== undefined && tensor.bytes > most) yield* tensor.pieces(most, signal);
  else yield await tensor.read(signal);
}

export type Pieces = AsyncGenerator<Uint8Array, void>;

/** Pieces of what is read by ranges. */
export function rangePieces(
  bytes: number,
  read: (at: number, length: number, signal?: AbortSignal) => Promise<Uint8Array>,
): (most: number, signal?: AbortSignal) => Pieces {
  return async function* (most, signal) {
    const step = Math.max(UNIT, most - (most % UNIT));
    for (let at = 0; at < bytes; at += step) yield await read(at, Math.min(step, bytes - at), signal);
  };
}

/** A box of elements that stand one behind the other: of each axis where it begins and how far it goes. */
export interface Box {
  readonly start: readonly number[];
  readonly count: readonly number[];
}

/**
 * Cuts a shape into boxes of at most so many elements (or a single one), in C order: each is a run of elements. Along the axis that is
 * cut they are multiples of `unit`, an extent for each axis, where that fits.
 */
export function* boxesOf(shape: readonly number[], most: number, unit?: readonly number[]): Generator<Box> {
  if (shape.includes(0)) return;
  let axis = shape.length - 1;
  let inner = 1;
  while (axis > 0 && inner * shape[axis] <= most) inner *= shape[axis--];
  if (axis < 0) {
    yield { start: [], count: [] };
    return;
  }
  const fitting = Math.max(1, Math.floor(most / inner));
  const chunk = unit?.[axis] ?? 1;
  const step = fitting > chunk ? fitting - (fitting % chunk) : fitting;
  for (const outer of places(shape.slice(0, axis))) {
    for (let at = 0; at < shape[axis]; at += step) {
      const rest = shape.slice(axis + 1);
      yield {
        start: [...outer, at, ...rest.map(() => 0)],
        count: [...outer.map(() => 1), Math.min(step, shape[axis] - at), ...rest],
      };
    }
  }
}

/** All places of a shape, the last axis running fastest. */
function* places(shape: readonly number[]): Generator<number[]> {
  const place = shape.map(() => 0);
  for (;;) {
    yield [...place];
    let axis = shape.length - 1;
    while (axis >= 0 && ++place[axis] === shape[axis]) place[axis--] = 0;
    if (axis < 0) return;
  }
}

/** Takes a stream of pieces in portions of other sizes. */
export class PieceReader {
  private readonly pieces: AsyncIterator<Uint8Array>;
  private rest: Uint8Array = new Uint8Array(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.pieces = pieces[Symbol.asyncIterator]();
  }

  /** The next so many bytes, fewer where there are no more; valid until the next call. */
  async take(length: number): Promise<Uint8Array> {
    if (this.rest.length === 0) await this.next();
    if (this.rest.length >= length) return this.cut(length);
    const whole = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      if (this.rest.length === 0 && !(await this.next())) break;
      const part = this.cut(Math.min(this.rest.length, length - at));
      whole.set(part, at);
      at += part.length;
    }
    return whole.subarray(0, at);
  }

  /** Whether bytes are left over. */
  async isAtEnd(): Promise<boolean> {
    return this.rest.length === 0 && !(await this.next());
  }

  /** Lets go of the stream. */
  async close(): Promise<void> {
    await this.pieces.return?.();
  }

  private cut(length: number): Uint8Array {
    const part = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    return part;
  }

  private async next(): Promise<boolean> {
    for (;;) {
      const { done, value } = await this.pieces.next();
      if (done === true) return false;
      this.rest = value;
      if (value.length > 0) return true;
    }
  }
}
