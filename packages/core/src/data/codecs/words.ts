/**
 * Elements that fill 1, 2, 4 or 8 bytes and have an array type of their own: integers, IEEE floats, bit fields. They are
 * moved as words, which keeps all bits, those of NaNs too, and needs no loop for each type.
 */
import { HOST_LITTLE } from "../../bytes/swap.ts";
import type { TypedArray } from "../arrays.ts";
import { type Reader, ViewReader } from "./reader.ts";
import { ViewWriter, type Writer } from "./writer.ts";

/** From this many bytes on `set` beats a loop. */
const LONG = 64;

/** A reader of words of the array's own width; `little` is their order in the file. */
export function wordReader(target: TypedArray, little: boolean): Reader {
  const { buffer, byteOffset, byteLength, length } = target;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  switch (target.BYTES_PER_ELEMENT) {
    case 1:
      return new ByteReader(bytes);
    case 2:
      return new WordReader2(bytes, new Uint16Array(buffer, byteOffset, length), little);
    case 4:
      return new WordReader4(bytes, new Int32Array(buffer, byteOffset, length), little);
    default:
      return new WordReader8(bytes, new Int32Array(buffer, byteOffset, length * 2), little);
  }
}

class ByteReader implements Reader {
  private readonly target: Uint8Array;

  constructor(target: Uint8Array) {
    this.target = target;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    const { target } = this;
    if (stride === 1 && count >= LONG) target.set(source.subarray(at, at + count), index);
    else for (let i = 0; i < count; i++, at += stride) target[index + i] = source[at];
  }
}

/** Words of several bytes: in one piece where they stand side by side in this machine's order. */
abstract class WordReader extends ViewReader {
  protected readonly bytes: Uint8Array;
  protected readonly little: boolean;
  private readonly width: number;

  constructor(bytes: Uint8Array, width: number, little: boolean) {
    super();
    this.bytes = bytes;
    this.width = width;
    this.little = little;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    const { width } = this;
    const length = count * width;
    if (stride === width && length >= LONG && this.little === HOST_LITTLE) {
      this.bytes.set(source.subarray(at, at + length), index * width);
    } else {
      this.words(this.view(source), at, stride, index, count);
    }
  }

  protected abstract words(view: DataView, at: number, stride: number, index: number, count: number): void;
}

class WordReader2 extends WordReader {
  private readonly target: Uint16Array;

  constructor(bytes: Uint8Array, target: Uint16Array, little: boolean) {
    super(bytes, 2, little);
    this.target = target;
  }

  protected words(view: DataView, at: number, stride: number, index: number, count: number): void {
    const { target, little } = this;
    for (let i = 0; i < count; i++, at += stride) target[index + i] = view.getUint16(at, little);
  }
}

class WordReader4 extends WordReader {
  private readonly target: Int32Array;

  constructor(bytes: Uint8Array, target: Int32Array, little: boolean) {
    super(bytes, 4, little);
    this.target = target;
  }

  protected words(view: DataView, at: number, stride: number, index: number, count: number): void {
    const { target, little } = this;
    for (let i = 0; i < count; i++, at += stride) target[index + i] = view.getInt32(at, little);
  }
}

/** As two words of 32 bits: 64-bit integers would each be an object on the way. */
class WordReader8 extends WordReader {
  private readonly target: Int32Array;

  constructor(bytes: Uint8Array, target: Int32Array, little: boolean) {
    super(bytes, 8, little);
    this.target = target;
  }

  protected words(view: DataView, at: number, stride: number, index: number, count: number): void {
    const { target, little } = this;
    // Where the half that this machine has first stands in the file.
    const first = little === HOST_LITTLE ? 0 : 4;
    for (let i = 0, k = index * 2; i < count; i++, k += 2, at += stride) {
      target[k] = view.getInt32(at + first, little);
      target[k + 1] = view.getInt32(at + 4 - first, little);
    }
  }
}

/** A writer of words of the array's own width; `little` is their order in the file. */
export function wordWriter(source: TypedArray, little: boolean): Writer {
  const { buffer, byteOffset, byteLength, length } = source;
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  switch (source.BYTES_PER_ELEMENT) {
    case 1:
      return new ByteWriter(bytes);
    case 2:
      return new WordWriter2(bytes, new Uint16Array(buffer, byteOffset, length), little);
    case 4:
      return new WordWriter4(bytes, new Int32Array(buffer, byteOffset, length), little);
    default:
      return new WordWriter8(bytes, new Int32Array(buffer, byteOffset, length * 2), little);
  }
}

class ByteWriter implements Writer {
  private readonly source: Uint8Array;

  constructor(source: Uint8Array) {
    this.source = source;
  }

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    const { source } = this;
    if (stride === 1 && count >= LONG) target.set(source.subarray(index, index + count), at);
    else for (let i = 0; i < count; i++, at += stride) target[at] = source[index + i];
  }
}

abstract class WordWriter extends ViewWriter {
  protected readonly bytes: Uint8Array;
  protected readonly little: boolean;
  private readonly width: number;

  constructor(bytes: Uint8Array, width: number, little: boolean) {
    super();
    this.bytes = bytes;
    this.width = width;
    this.little = little;
  }

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    const { width } = this;
    if (stride === width && count * width >= LONG && this.little === HOST_LITTLE) {
      target.set(this.bytes.subarray(index * width, (index + count) * width), at);
    } else {
      this.words(this.view(target), at, stride, index, count);
    }
  }

  protected abstract words(view: DataView, at: number, stride: number, index: number, count: number): void;
}

class WordWriter2 extends WordWriter {
  private readonly source: Uint16Array;

  constructor(bytes: Uint8Array, source: Uint16Array, little: boolean) {
    super(bytes, 2, little);
    this.source = source;
  }

  protected words(view: DataView, at: number, stride: number, index: number, count: number): void {
    const { source, little } = this;
    for (let i = 0; i < count; i++, at += stride) view.setUint16(at, source[index + i], little);
  }
}

class WordWriter4 extends WordWriter {
  private readonly source: Int32Array;

  constructor(bytes: Uint8Array, source: Int32Array, little: boolean) {
    super(bytes, 4, little);
    this.source = source;
  }

  protected words(view: DataView, at: number, stride: number, index: number, count: number): void {
    const { source, little } = this;
    for (let i = 0; i < count; i++, at += stride) view.setInt32(at, source[index + i], little);
  }
}

class WordWriter8 extends WordWriter {
  private readonly source: Int32Array;

  constructor(bytes: Uint8Array, source: Int32Array, little: boolean) {
    super(bytes, 8, little);
    this.source = source;
  }

  protected words(view: DataView, at: number, stride: number, index: number, count: number): void {
    const { source, little } = this;
    const first = little === HOST_LITTLE ? 0 : 4;
    for (let i = 0, k = index * 2; i < count; i++, k += 2, at += stride) {
      view.setInt32(at + first, source[k], little);
      view.setInt32(at + 4 - first, source[k + 1], little);
    }
  }
}
