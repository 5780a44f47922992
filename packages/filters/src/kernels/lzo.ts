/**
 * LZO1X, decoding: literal runs, and copies from up to 48 KB back, in instructions of one to four bytes; the last is a marker. The
 * instructions are those of the description of the format in the Linux kernel's documentation.
 */
import { CodecError } from "../filter.ts";

const fail = (reason: string): never => {
  throw new CodecError("lzo", reason);
};

/** A stream as it is read. */
class Stream {
  private readonly bytes: Uint8Array;
  private position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  u8(): number {
    if (this.position >= this.bytes.length) return fail("input ends within an instruction");
    return this.bytes[this.position++];
  }

  u16(): number {
    const low = this.u8();
    return low | (this.u8() << 8);
  }

  /** A length whose bits in the instruction are all 0 goes on in bytes of 255 for each zero. */
  length(bits: number, most: number): number {
    if (bits !== 0) return bits;
    let length = most;
    let byte = this.u8();
    while (byte === 0) {
      length += 255;
      byte = this.u8();
    }
    return length + byte;
  }

  take(count: number): Uint8Array {
    const { position } = this;
    if (count > this.bytes.length - position) return fail("input ends within literals");
    this.position += count;
    return this.bytes.subarray(position, this.position);
  }
}

/** What has been made so far; without memory it is only counted. */
class Output {
  length = 0;
  private readonly bytes: Uint8Array | undefined;
  private readonly most: number;

  constructor(bytes: Uint8Array | undefined, most: number) {
    this.bytes = bytes;
    this.most = most;
  }

  literals(stream: Stream, count: number): void {
    const found = stream.take(count);
    if (count > this.most - this.length) fail("more output than expected");
    this.bytes?.set(found, this.length);
    this.length += count;
  }

  match(distance: number, count: number): void {
    const { bytes, length } = this;
    if (distance > length) fail("a copy from before the output");
    if (count > this.most - length) fail("more output than expected");
    this.length += count;
    if (bytes === undefined) return;
    if (distance >= count && count > 32) bytes.copyWithin(length, length - distance, length - distance + count);
    else for (let to = length, from = length - distance; to < length + count; ) bytes[to++] = bytes[from++];
  }
}

/**
 * Decodes `input` into `output`.
 *
 * @returns how many bytes were written
 * @throws CodecError when the input ends before its marker, a copy reaches before the output, or the output is full
 */
export const lzoDecode = (input: Uint8Array, output: Uint8Array): number =>
  run(new Stream(input), new Output(output, output.length));

/** Bytes that `input` decodes to. CodecError above `most`. */
export const lzoLength = (input: Uint8Array, most: number): number =>
  run(new Stream(input), new Output(undefined, most));

function run(stream: Stream, out: Output): number {
  /** Literals behind the last copy; 4 stands for a run of 4 and more. */
  let state = 0;
  let code = stream.u8();
  if (code > 17) {
    out.literals(stream, code - 17);
    state = Math.min(code - 17, 4);
    code = stream.u8();
  }
  for (;;) {
    if (code < 16 && state === 0) {
      out.literals(stream, stream.length(code, 15) + 3);
      state = 4;
    } else {
      const trailing = copy(out, stream, code, state);
      if (trailing === undefined) return out.length;
      out.literals(stream, trailing);
      state = trailing;
    }
    code = stream.u8();
  }
}

/** Copies what an instruction refers to; how many literals follow, or nothing at the marker of the end. */
function copy(out: Output, stream: Stream, code: number, state: number): number | undefined {
  if (code < 16) {
    const far = state === 4;
    out.match((code >> 2) + (stream.u8() << 2) + (far ? 2049 : 1), far ? 3 : 2);
    return code & 3;
  }
  if (code < 64) {
    const isFar = code < 32;
    const length = (isFar ? stream.length(code & 7, 7) : stream.length(code & 31, 31)) + 2;
    const word = stream.u16();
    const distance = isFar ? 16384 + ((code & 8) << 11) + (word >> 2) : (word >> 2) + 1;
    if (distance === 16384 && isFar) return undefined;
    out.match(distance, length);
    return word & 3;
  }
  const length = code < 128 ? 3 + ((code >> 5) & 1) : 5 + ((code >> 5) & 3);
  out.match((stream.u8() << 3) + ((code >> 2) & 7) + 1, length);
  return code & 3;
}
