/** The low 32 bits of XXH64 with seed 0, the checksum of zstd frames; 64-bit words are pairs of 32-bit ones. */

const P1 = [0x85ebca87, 0x9e3779b1] as const; // low, high
const P2 = [0x27d4eb4f, 0xc2b2ae3d] as const;
const P3 = [0x9e3779f9, 0x165667b1] as const;
const P4 = [0xc2b2ae63, 0x85ebca77] as const;
const P5 = [0x165667c5, 0x27d4eb2f] as const;

/** A 64-bit number that changes in place. */
class Word {
  low: number;
  high: number;

  constructor(low: number, high: number) {
    this.low = low | 0;
    this.high = high | 0;
  }

  add(low: number, high: number): void {
    const sum = (this.low >>> 0) + (low >>> 0);
    this.low = sum | 0;
    this.high = (this.high + high + (sum > 0xffffffff ? 1 : 0)) | 0;
  }

  multiply(low: number, high: number): void {
    const a0 = this.low & 0xffff;
    const a1 = this.low >>> 16;
    const b0 = low & 0xffff;
    const b1 = low >>> 16;
    const middle = Math.imul(a0, b0) >>> 16;
    const cross = a1 * b0 + middle;
    const cross2 = a0 * b1 + (cross % 65536);
    const top = a1 * b1 + Math.floor(cross / 65536) + Math.floor(cross2 / 65536);
    this.high = (top + Math.imul(this.low, high) + Math.imul(this.high, low)) | 0;
    this.low = Math.imul(this.low, low);
  }

  rotate(count: number): void {
    const { low, high } = this;
    this.low = (low << count) | (high >>> (32 - count));
    this.high = (high << count) | (low >>> (32 - count));
  }

  xor(low: number, high: number): void {
    this.low ^= low;
    this.high ^= high;
  }

  /** One round with 8 bytes of input. */
  round(low: number, high: number): void {
    const input = new Word(low, high);
    input.multiply(P2[0], P2[1]);
    this.add(input.low, input.high);
    this.rotate(31);
    this.multiply(P1[0], P1[1]);
  }

  /** Mixes in a lane at the end of the long loop. */
  merge(lane: Word): void {
    const value = new Word(0, 0);
    value.round(lane.low, lane.high);
    this.xor(value.low, value.high);
    this.multiply(P1[0], P1[1]);
    this.add(P4[0], P4[1]);
  }
}

/** The low 32 bits of the hash of `bytes[start, end)`. */
export function xxhash64Low(bytes: Uint8Array, start: number, end: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = end - start;
  let i = start;
  let hash = new Word(P5[0], P5[1]);
  if (length >= 32) {
    const lanes = [new Word(0, 0), new Word(P2[0], P2[1]), new Word(0, 0), new Word(0, 0)];
    lanes[0].add(P1[0], P1[1]);
    lanes[0].add(P2[0], P2[1]);
    lanes[3].add(~P1[0], ~P1[1]);
    lanes[3].add(1, 0);
    for (; i + 32 <= end; i += 32) {
      for (let k = 0; k < 4; k++) lanes[k].round(view.getInt32(i + 8 * k, true), view.getInt32(i + 8 * k + 4, true));
    }
    hash = new Word(0, 0);
    for (const [k, count] of [1, 7, 12, 18].entries()) {
      const lane = new Word(lanes[k].low, lanes[k].high);
      lane.rotate(count);
      hash.add(lane.low, lane.high);
    }
    for (const lane of lanes) hash.merge(lane);
  }
  hash.add(length, 0);
  tail(hash, view, i, end);
  return avalanche(hash);
}

function tail(hash: Word, view: DataView, i: number, end: number): void {
  for (; i + 8 <= end; i += 8) {
    const value = new Word(0, 0);
    value.round(view.getInt32(i, true), view.getInt32(i + 4, true));
    hash.xor(value.low, value.high);
    hash.rotate(27);
    hash.multiply(P1[0], P1[1]);
    hash.add(P4[0], P4[1]);
  }
  if (i + 4 <= end) {
    const value = new Word(view.getInt32(i, true), 0);
    value.multiply(P1[0], P1[1]);
    hash.xor(value.low, value.high);
    hash.rotate(23);
    hash.multiply(P2[0], P2[1]);
    hash.add(P3[0], P3[1]);
    i += 4;
  }
  for (; i < end; i++) {
    const value = new Word(view.getUint8(i), 0);
    value.multiply(P5[0], P5[1]);
    hash.xor(value.low, value.high);
    hash.rotate(11);
    hash.multiply(P1[0], P1[1]);
  }
}

function avalanche(hash: Word): number {
  hash.xor(hash.high >>> 1, 0); // x ^= x >> 33
  hash.multiply(P2[0], P2[1]);
  hash.xor((hash.low >>> 29) | (hash.high << 3), hash.high >>> 29); // x ^= x >> 29
  hash.multiply(P3[0], P3[1]);
  hash.xor(hash.high, 0); // x ^= x >> 32
  return hash.low >>> 0;
}
