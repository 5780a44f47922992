/**
 * Copies boxes of elements from chunk bytes to a sink: straight into its bytes where it has them, else by its `put`.
 *
 * Rows under 48 words are copied by a loop, longer ones by `set` (tried: 16 words take 16 ns by four at a time and 48 by
 * `set`, 64 words 58 and 55).
 */
import type { Sink } from "../../data/sink.ts";
import { type Loops, type NestVisitor, Odometer } from "./loops.ts";
import type { Scratch } from "./scratch.ts";

/** A visitor that copies from the bytes it was last given. */
export interface Copier extends NestVisitor {
  /** The bytes, and the offset in them of the chunk's first element; `scratch`: what they may be part of. */
  source(bytes: Uint8Array, base: number, scratch?: Scratch): void;
}

export function copierFor(sink: Sink): Copier {
  return sink.direct === undefined ? new PutCopier(sink) : new DirectCopier(sink.direct, sink.elementSize);
}

type Words = Uint8Array | Uint16Array | Uint32Array;

const SET_FROM = 48;

/** Words of `width` bytes over all of a buffer. */
function wordsOf(buffer: ArrayBufferLike, width: 1 | 2 | 4): Words {
  if (width === 4) return new Uint32Array(buffer, 0, Math.floor(buffer.byteLength / 4));
  return width === 2 ? new Uint16Array(buffer, 0, Math.floor(buffer.byteLength / 2)) : new Uint8Array(buffer);
}

const NO_BYTES: Uint8Array = new Uint8Array(0);

class DirectCopier implements Copier {
  private readonly into: Uint8Array;
  private readonly size: number;
  /** Bytes of a word: the widest of 1, 2, 4 that divides element and position. */
  private readonly width: 1 | 2 | 4;
  private readonly intoBase: number;
  /** Words of the result and of the source; made when first needed, as long rows do without. */
  private intoWords: Words | undefined = undefined;
  private words: Words | undefined = undefined;
  private buffer: ArrayBufferLike | undefined = undefined;
  private bytes: Uint8Array = NO_BYTES;
  private base = 0;
  /** Whether words of the source stand on their own boundaries. */
  private aligned = true;
  /** What the source is part of, where that serves again. */
  private scratch: Scratch | undefined = undefined;

  constructor(into: Uint8Array, size: number) {
    const offset = into.byteOffset;
    this.into = into;
    this.size = size;
    this.width = size % 4 === 0 && offset % 4 === 0 ? 4 : size % 2 === 0 && offset % 2 === 0 ? 2 : 1;
    this.intoBase = offset / this.width;
  }

  source(bytes: Uint8Array, base: number, scratch?: Scratch): void {
    this.bytes = bytes;
    this.base = base;
    this.scratch = scratch !== undefined && scratch.bytes.buffer === bytes.buffer ? scratch : undefined;
    this.aligned = (bytes.byteOffset + base) % this.width === 0;
  }

  /** Has the words of the source and of the result at hand. */
  private sourceWords(): Words {
    const { buffer } = this.bytes;
    if (buffer !== this.buffer || this.words === undefined) {
      this.buffer = buffer;
      this.words = wordsOf(buffer, this.width);
    }
    this.intoWords ??= wordsOf(this.into.buffer, this.width);
    return this.words;
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
    if (inner === 0) this.run(from, to, length, true);
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

  /** `single`: no other row comes with it, so that words are not worth making. */
  private run(from: number, to: number, length: number, single = false): void {
    const { width } = this;
    const count = length / width;
    if (count >= SET_FROM || !this.aligned || (single && this.words === undefined)) {
      const row = this.scratch?.row(this.bytes.byteOffset + from, length) ?? this.bytes.subarray(from, from + length);
      this.into.set(row, to);
      return;
    }
    const words = this.sourceWords();
    const intoWords = this.intoWords!;
    let s = (this.bytes.byteOffset + from) / width;
    let d = this.intoBase + to / width;
    const end = s + count;
    for (; s + 4 <= end; s += 4, d += 4) {
      intoWords[d] = words[s];
      intoWords[d + 1] = words[s + 1];
      intoWords[d + 2] = words[s + 2];
      intoWords[d + 3] = words[s + 3];
    }
    while (s < end) intoWords[d++] = words[s++];
  }

  /** Rows whose elements have gaps between them, here or there. */
  private scattered(at: number, index: number, loops: Loops, inner: number): void {
    const words = this.sourceWords();
    const intoWords = this.intoWords!;
    const { width } = this;
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
