/**
 * LZO, as PyTables stores it (filter 305): a bare stream of LZO1X, which ends in its marker. For reading alone. The instructions are
 * those of the description of the format in the Linux kernel's documentation.
 */
import type { Filter } from "h5ts";

type Codec = NonNullable<Filter["codec"]>;

/** Damage in a stream. */
class LzoError extends Error {
  override readonly name = "LzoError" as const;
}

const fail = (reason: string): never => {
  throw new LzoError(`lzo: ${reason}`);
};

/** A stream as it is read. */
class Stream {
  position = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  u8(): number {
    if (this.position >= this.bytes.length) return fail("the stream ends within an instruction");
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
}

/** What has been made so far. */
class Output {
  readonly bytes: Uint8Array<ArrayBuffer>;
  length = 0;

  constructor(most: number) {
    this.bytes = new Uint8Array(most);
  }

  literals(stream: Stream, count: number): void {
    if (this.length + count > this.bytes.length) fail("the output is longer than the chunk");
    for (let i = 0; i < count; i++) this.bytes[this.length++] = stream.u8();
  }

  match(distance: number, count: number): void {
    if (distance > this.length || this.length + count > this.bytes.length) fail("a match lies outside of the output");
    for (let i = 0; i < count; i++, this.length++) this.bytes[this.length] = this.bytes[this.length - distance];
  }
}

/** Undoes LZO1X: the output has at most `most` bytes. */
export function lzoDecode(input: Uint8Array, most: number): Uint8Array<ArrayBuffer> {
  const out = new Output(most);
  const stream = new Stream(input);
  /** Literals behind the last match; 4 stands for a run of 4 and more. */
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
      const trailing = copyMatch(out, stream, code, state);
      if (trailing === undefined) return out.bytes.subarray(0, out.length);
      out.literals(stream, trailing);
      state = trailing;
    }
    code = stream.u8();
  }
}

/** Copies what an instruction refers to; how many literals follow, or nothing at the marker of the end. */
function copyMatch(out: Output, stream: Stream, code: number, state: number): number | undefined {
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

const codec: Codec = {
  decode: (input, _, { max }) => lzoDecode(input, max),
};

/** The filter, for `withFilter`: `open(path, "r", { filters: withFilter(defaultFilters, lzo) })`. Stores open files with it. */
export const lzo: Filter = {
  id: 305,
  name: "lzo",
  codec,
  load: () => Promise.resolve(codec),
  loadSync: () => codec,
};
