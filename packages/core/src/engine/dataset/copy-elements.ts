/**
 * Copies boxes of elements from chunk bytes to a sink: straight into its bytes where it has them, else by its `put`.
 *
 * Rows under 16 words are copied by a loop, longer ones by `set` (tried: the crossover of calling it).
 */
import type { Sink } from "../../data/sink.ts";
import { type Loops, type NestVisitor, Odometer } from "./loops.ts";

/** A visitor that copies from the bytes it was last given. */
export interface Copier extends NestVisitor {
  /** The bytes, and the offset in them of the chunk's first element. */
  source(bytes: Uint8Array, base: number): void;
}

export function copierFor(sink: Sink): Copier {
  return sink.direct === undefined ? new PutCopier(sink) : new DirectCopier(sink.direct, sink.elementSize);
}

type Words = Uint8Array | Uint16Array | Uint32Array;

const SET_FROM = 16;

/** Words of `width` bytes over all of a buffer. */
function wordsOf(buffer: ArrayBufferLike, width: 1 | 2 | 4): Words {
  if (width === 4) return new Uint32Array(buffer, 0, Math.floor(buffer.byteLength / 4));
  return width === 2 ? new Uint16Array(buffer, 0, Math.floor(buffer.byteLength / 2)) : new Uint8Array(buffer);
}

class DirectCopier implements Copier {
  private readonly into: Uint8Array;
  private readonly size: number;
  /** Bytes of a word: the widest of 1, 2, 4 that divides element and position. */
  private readonly width: 1 | 2 | 4;
  private readonly intoWords: Words;
  private readonly intoBase: number;
  private bytes: Uint8Array = new Uint8Array(0);
  private base = 0;
  private buffer: ArrayBufferLike | undefined;
  private words: Words = this.bytes;
  /** Whether words of the source stand on their own boundaries. */
  private aligned = true;

  constructor(into: Uint8Array, size: number) {
    this.into = into;
    this.size = size;
    this.width = size % 4 === 0 && into.byteOffset % 4 === 0 ? 4 : size % 2 === 0 && into.byteOffset % 2 === 0 ? 2 : 1;
    this.intoWords = wordsOf(into.buffer, this.width);
    this.intoBase = into.byteOffset / this.width;
  }

  source(bytes: Uint8Array, base: number): void {
    this.bytes = bytes;
    this.base = base;
    if (bytes.buffer !== this.buffer) {
      this.buffer = bytes.buffer;
      this.words = wordsOf(bytes.buffer, this.width);
    }
    this.aligned = (bytes.byteOffset + base) % this.width === 0;
  }

  nest(at: number, index: number, loops: Loops): void {
    const inner = loops.depth - 1;
    if (loops.from[inner] === 1 && loops.to[inner] === 1) this.runs(at, index, loops, inner);
    else if (this.aligned) this.scattered(at, index, loops, inner);
    else this.scatteredBytes(at, index, loops, inner);
  }

  /** Rows of neighbours. */
  private runs(at: number, index: number, loops: Loops, inner: number): void {
    const { size } = this;
    const length = loops.counts[inner] * size;
    const from = this.base + at * size;
    const to = index * size;
    if (inner === 0) this.run(from, to, length);
    else if (inner === 1) {
      const fromStep = loops.from[0] * size;
      const toStep = loops.to[0] * size;
      for (let i = 0; i < loops.counts[0]; i++) this.run(from + i * fromStep, to + i * toStep, length);
    } else {
      const rows = new Odometer(loops, inner);
      do this.run(from + rows.from * size, to + rows.to * size, length);
      while (rows.next());
    }
  }

  private run(from: number, to: number, length: number): void {
    const { width } = this;
    const count = length / width;
    if (count >= SET_FROM || !this.aligned) {
      this.into.set(this.bytes.subarray(from, from + length), to);
      return;
    }
    const { words, intoWords } = this;
    let s = (this.bytes.byteOffset + from) / width;
    let d = this.intoBase + to / width;
    for (let i = 0; i < count; i++) intoWords[d++] = words[s++];
  }

  /** Rows whose elements have gaps between them, here or there. */
  private scattered(at: number, index: number, loops: Loops, inner: number): void {
    const { words, intoWords, width } = this;
    const step = this.size / width;
    const from = (this.bytes.byteOffset + this.base) / width + at * step;
    const to = this.intoBase + index * step;
    const fromStep = loops.from[inner] * step;
    const toStep = loops.to[inner] * step;
    const count = loops.counts[inner];
    const rows = new Odometer(loops, inner);
    do {
      let s = from + rows.from * step;
      let d = to + rows.to * step;
      if (step === 1) {
        for (let i = 0; i < count; i++, s += fromStep, d += toStep) intoWords[d] = words[s];
      } else if (step === 2) {
        for (let i = 0; i < count; i++, s += fromStep, d += toStep) {
          intoWords[d] = words[s];
          intoWords[d + 1] = words[s + 1];
        }
      } else {
        for (let i = 0; i < count; i++, s += fromStep, d += toStep)
          for (let k = 0; k < step; k++) intoWords[d + k] = words[s + k];
      }
    } while (rows.next());
  }

  private scatteredBytes(at: number, index: number, loops: Loops, inner: number): void {
    const { bytes, into, size } = this;
    const rows = new Odometer(loops, inner);
    do {
      let s = this.base + (at + rows.from) * size;
      let d = (index + rows.to) * size;
      for (let i = 0; i < loops.counts[inner]; i++, s += loops.from[inner] * size, d += loops.to[inner] * size)
        for (let k = 0; k < size; k++) into[d + k] = bytes[s + k];
    } while (rows.next());
  }
}

class PutCopier implements Copier {
  private readonly sink: Sink;
  private bytes: Uint8Array = new Uint8Array(0);
  private base = 0;

  constructor(sink: Sink) {
    this.sink = sink;
  }

  source(bytes: Uint8Array, base: number): void {
    this.bytes = bytes;
    this.base = base;
  }

  nest(at: number, index: number, loops: Loops): void {
    const { sink, bytes, base } = this;
    const size = sink.elementSize;
    const inner = loops.depth - 1;
    const count = loops.counts[inner];
    const stride = loops.from[inner] * size;
    const step = loops.to[inner];
    const rows = new Odometer(loops, inner);
    do {
      const from = base + (at + rows.from) * size;
      const to = index + rows.to;
      if (step === 1) sink.put(bytes, from, stride, to, count);
      else for (let i = 0; i < count; i++) sink.put(bytes, from + i * stride, stride, to + i * step, 1);
    } while (rows.next());
  }
}

/** A visitor that gives boxes the fill value. */
export class Filler implements NestVisitor {
  private readonly sink: Sink;

  constructor(sink: Sink) {
    this.sink = sink;
  }

  nest(_at: number, index: number, loops: Loops): void {
    const inner = loops.depth - 1;
    const count = loops.counts[inner];
    const step = loops.to[inner];
    const rows = new Odometer(loops, inner);
    do {
      if (step === 1) this.sink.fill(index + rows.to, count);
      else for (let i = 0; i < count; i++) this.sink.fill(index + rows.to + i * step, 1);
    } while (rows.next());
  }
}
