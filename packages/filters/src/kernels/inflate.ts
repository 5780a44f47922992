/**
 * Inflate (RFC 1951) in plain TypeScript, for whole input and output of known size: the fallback where neither Node's
 * zlib nor WebAssembly is at hand.
 */
import { CodecError, type OutputSize } from "../filter.ts";
import { buildTable, SUB, TABLE_SIZE } from "./huffman.ts";

const ROOT_LITERALS = 10;
const ROOT_DISTANCES = 9;

/** Flags of an entry: end of block, literal (else a length); the value is above bit 8, extra bits are in bits 4 to 7. */
const END = 0x20000000;
const LITERAL = 0x10000000;

const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const literalPayload = /* @__PURE__ */ literals();
const distancePayload = /* @__PURE__ */ distances();
const plainPayload = /* @__PURE__ */ Int32Array.from({ length: 19 }, (_, symbol) => symbol << 8);

/** Payloads of the literal and length codes; the two codes that must not occur have none. */
function literals(): Int32Array {
  const payload = new Int32Array(288);
  for (let i = 0; i < 256; i++) payload[i] = LITERAL | (i << 8);
  payload[256] = END;
  let base = 3;
  for (let i = 257; i < 285; i++) {
    const extra = i < 265 ? 0 : (i - 261) >> 2;
    payload[i] = (base << 8) | (extra << 4);
    base += 1 << extra;
  }
  payload[285] = 258 << 8;
  return payload;
}

/** Payloads of the distance codes. */
function distances(): Int32Array {
  const payload = new Int32Array(32);
  let base = 1;
  for (let i = 0; i < 30; i++) {
    const extra = i < 4 ? 0 : (i - 2) >> 1;
    payload[i] = (base << 8) | (extra << 4);
    base += 1 << extra;
  }
  return payload;
}

/** Inflates one raw stream; `position` is then behind its last byte. */
export class Inflater {
  /** Offset in the input of the next byte not taken; after {@link run}, of the first behind the stream. */
  position: number;
  readonly #input: Uint8Array;
  readonly #size: OutputSize;
  #output: Uint8Array;
  #length = 0;
  #hold = 0;
  #bits = 0;
  readonly #literals = new Int32Array(TABLE_SIZE);
  readonly #distances = new Int32Array(TABLE_SIZE);

  constructor(input: Uint8Array, position: number, size: OutputSize) {
    this.#input = input;
    this.position = position;
    this.#size = size;
    this.#output = new Uint8Array(size.exact ?? Math.min(size.max, Math.max(1024, 4 * input.length)));
  }

  /** The output, whole. */
  run(): Uint8Array {
    let last = 0;
    while (!last) {
      last = this.#take(1);
      const kind = this.#take(2);
      if (kind === 0) this.#stored();
      else if (kind === 1) this.#fixed();
      else if (kind === 2) this.#dynamic();
      else fail("block type 3");
    }
    this.position -= this.#bits >> 3;
    if (this.position > this.#input.length) fail("input ends within the stream");
    return this.#length === this.#output.length ? this.#output : this.#output.slice(0, this.#length);
  }

  /** The next `count` bits, at most 16, as a number. */
  #take(count: number): number {
    this.#need(count);
    const value = this.#hold & ((1 << count) - 1);
    this.#hold >>>= count;
    this.#bits -= count;
    return value;
  }

  #need(count: number): void {
    while (this.#bits < count) {
      if (this.position >= this.#input.length) fail("input ends within the stream");
      this.#hold |= this.#input[this.position++] << this.#bits;
      this.#bits += 8;
    }
  }

  #stored(): void {
    this.position -= this.#bits >> 3;
    this.#hold = 0;
    this.#bits = 0;
    const length = this.#take(16);
    if (this.#take(16) !== (length ^ 0xffff)) fail("length of a stored block does not match its complement");
    if (this.position + length > this.#input.length) fail("input ends within a stored block");
    this.#reserve(length);
    this.#output.set(this.#input.subarray(this.position, this.position + length), this.#length);
    this.position += length;
    this.#length += length;
  }

  #fixed(): void {
    const lengths = new Uint8Array(320)
      .fill(8, 0, 144)
      .fill(9, 144, 256)
      .fill(7, 256, 280)
      .fill(8, 280, 288)
      .fill(5, 288);
    buildTable(this.#literals, ROOT_LITERALS, lengths, 0, 288, literalPayload, false);
    buildTable(this.#distances, ROOT_DISTANCES, lengths, 288, 32, distancePayload, false);
    this.#codes();
  }

  #dynamic(): void {
    const literals = this.#take(5) + 257;
    const distances = this.#take(5) + 1;
    const codes = this.#take(4) + 4;
    if (literals > 286 || distances > 30) fail("too many length or distance codes");
    const lengths = new Uint8Array(320);
    for (let i = 0; i < codes; i++) lengths[CODE_LENGTH_ORDER[i]] = this.#take(3);
    if (!buildTable(this.#literals, 7, lengths, 0, 19, plainPayload, false)) fail("bad code of code lengths");
    this.#readLengths(lengths.fill(0), literals + distances);
    if (lengths[256] === 0) fail("no end-of-block code");
    if (!buildTable(this.#literals, ROOT_LITERALS, lengths, 0, literals, literalPayload, true))
      fail("bad literal code");
    if (!buildTable(this.#distances, ROOT_DISTANCES, lengths, literals, distances, distancePayload, true)) {
      fail("bad distance code");
    }
    this.#codes();
  }

  #readLengths(lengths: Uint8Array, count: number): void {
    for (let i = 0; i < count; ) {
      const symbol = this.#codeLengthSymbol();
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      if (symbol === 16 && i === 0) fail("repeat of a code length before the first");
      const value = symbol === 16 ? lengths[i - 1] : 0;
      const repeat = symbol === 18 ? 11 + this.#take(7) : 3 + this.#take(symbol === 16 ? 2 : 3);
      if (i + repeat > count) fail("repeat of a code length past the last");
      lengths.fill(value, i, i + repeat);
      i += repeat;
    }
  }

  #codeLengthSymbol(): number {
    while (this.#bits < 7 && this.position < this.#input.length) {
      this.#hold |= this.#input[this.position++] << this.#bits;
      this.#bits += 8;
    }
    const entry = this.#literals[this.#hold & 127];
    this.#take(entry & 15);
    return entry >>> 8;
  }

  /** Room for `count` more bytes of output. */
  #reserve(count: number): void {
    const length = this.#length + count;
    if (length <= this.#output.length) return;
    if (this.position > this.#input.length + 8) fail("input ends within the stream");
    if (length > (this.#size.exact ?? this.#size.max))
      fail(`more output than ${this.#size.exact ?? this.#size.max} bytes`);
    const grown = new Uint8Array(Math.min(this.#size.max, Math.max(length, 2 * this.#output.length)));
    grown.set(this.#output.subarray(0, this.#length));
    this.#output = grown;
  }

  /** The body of a compressed block: the hot loop, with its state in local variables. */
  #codes(): void {
    const input = this.#input;
    const literalTable = this.#literals;
    const distanceTable = this.#distances;
    let output = this.#output;
    let at = this.#length;
    let position = this.position;
    let hold = this.#hold;
    let bits = this.#bits;
    // Bytes past the end read as 0; that they were used shows when the position is compared, here and in run().
    const limit = input.length + 8;
    for (;;) {
      while (bits <= 24) {
        hold |= (position < input.length ? input[position] : 0) << bits;
        position++;
        bits += 8;
      }
      let entry = literalTable[hold & ((1 << ROOT_LITERALS) - 1)];
      if (entry >= SUB) {
        entry = literalTable[((entry >>> 8) & 0x3fffff) + ((hold >>> ROOT_LITERALS) & ((1 << (entry & 0xff)) - 1))];
      }
      hold >>>= entry & 15;
      bits -= entry & 15;
      if (entry & LITERAL) {
        if (at === output.length) {
          this.#length = at;
          this.position = position;
          this.#reserve(1);
          output = this.#output;
        }
        output[at++] = (entry >>> 8) & 0xff;
        continue;
      }
      if (entry === 0) fail("invalid literal or length code");
      if (entry & END) break;
      if (position > limit) fail("input ends within the stream");
      let length = entry >>> 8;
      const lengthExtra = (entry >>> 4) & 15;
      length += hold & ((1 << lengthExtra) - 1);
      hold >>>= lengthExtra;
      bits -= lengthExtra;
      while (bits <= 24) {
        hold |= (position < input.length ? input[position] : 0) << bits;
        position++;
        bits += 8;
      }
      let code = distanceTable[hold & ((1 << ROOT_DISTANCES) - 1)];
      if (code >= SUB) {
        code = distanceTable[((code >>> 8) & 0x3fffff) + ((hold >>> ROOT_DISTANCES) & ((1 << (code & 0xff)) - 1))];
      }
      if (code === 0) fail("invalid distance code");
      hold >>>= code & 15;
      bits -= code & 15;
      const distanceExtra = (code >>> 4) & 15;
      while (bits < distanceExtra) {
        hold |= (position < input.length ? input[position] : 0) << bits;
        position++;
        bits += 8;
      }
      const distance = (code >>> 8) + (hold & ((1 << distanceExtra) - 1));
      hold >>>= distanceExtra;
      bits -= distanceExtra;
      if (distance > at) fail("distance reaches before the output");
      if (at + length > output.length) {
        this.#length = at;
        this.#reserve(length);
        output = this.#output;
      }
      const end = at + length;
      if (distance === 1) {
        output.fill(output[at - 1], at, end);
        at = end;
      } else {
        for (let from = at - distance; at < end; ) output[at++] = output[from++];
      }
    }
    this.#length = at;
    this.position = position;
    this.#hold = hold;
    this.#bits = bits;
  }
}

function fail(reason: string): never {
  throw new CodecError("deflate", reason);
}
