/**
 * Decoding of szip: adaptive Rice coding of the CCSDS Recommendation 121.0-B, section 3, in libaec's dialect. Every
 * scanline is a sequence of blocks, each with the code that suits it.
 */
import { CodecError } from "../../filter.ts";
import { MsbReader } from "../../kernels/msb-bits.ts";
import { idBits, SEGMENT, type SzipParameters, TO_SEGMENT_END } from "./parameters.ts";

/** Largest value of the second extension: pairs of sums up to 12. */
const MAX_EXTENSION = 90;

/** Decodes `count` samples of the bit stream that starts at byte `start`. Each call of `emit` gets a whole scanline. */
export function decodeScanlines(
  input: Uint8Array,
  start: number,
  count: number,
  parameters: SzipParameters,
  emit: (line: Uint32Array, from: number, length: number) => void,
): void {
  const { scanline, block, bits, predict } = parameters;
  const blocks = Math.ceil(scanline / block);
  const line = new Uint32Array(blocks * block);
  const reader = new MsbReader(input, start);
  for (let from = 0; from < count; from += scanline) {
    decodeLine(reader, line, blocks, parameters);
    if (reader.overrun) fail("input ends within a scanline");
    if (predict) unpredict(line, 2 ** bits - 1);
    emit(line, from, Math.min(scanline, count - from));
  }
}

/** Decodes the blocks of one scanline; with prediction its first value is a sample, the others are differences. */
function decodeLine(reader: MsbReader, line: Uint32Array, blocks: number, parameters: SzipParameters): void {
  const { block, bits, predict } = parameters;
  const idWidth = idBits(bits);
  const raw = (1 << idWidth) - 1;
  for (let done = 0; done < blocks; ) {
    let at = done * block;
    const end = at + block;
    const reference = predict && done === 0;
    const id = reader.take(idWidth);
    if (id === 0) {
      const extension = reader.take(1) === 1;
      if (reference) line[at++] = reader.take(bits);
      if (extension) {
        secondExtension(reader, line, at, end, reference);
        done++;
        continue;
      }
      const run = zeroRun(reader, done, blocks);
      line.fill(0, at, (done + run) * block);
      done += run;
      continue;
    }
    if (id === raw) for (; at < end; at++) line[at] = reader.take(bits);
    else {
      if (reference) line[at++] = reader.take(bits);
      splitSamples(reader, line, at, end, id - 1);
    }
    done++;
  }
}

/** Blocks of a run of zeros from block `done` on. */
function zeroRun(reader: MsbReader, done: number, blocks: number): number {
  let run = reader.unary() + 1;
  if (run === TO_SEGMENT_END) run = Math.min(blocks - done, SEGMENT - (done % SEGMENT));
  else if (run > TO_SEGMENT_END) run--;
  if (run > blocks - done) fail("a run of zeros passes its scanline");
  return run;
}

/** Pairs of values coded as one: `m = sum (sum + 1) / 2 + second`. */
function secondExtension(reader: MsbReader, line: Uint32Array, at: number, end: number, reference: boolean): void {
  let odd = reference;
  while (at < end) {
    const m = reader.unary();
    if (m > MAX_EXTENSION) fail("a pair of values that is out of range");
    const sum = Math.floor((Math.sqrt(8 * m + 1) - 1) / 2);
    const second = m - (sum * (sum + 1)) / 2;
    if (!odd) line[at++] = sum - second;
    odd = false;
    line[at++] = second;
  }
}

/** Values whose high parts come first, in unary, then their low `k` bits. */
function splitSamples(reader: MsbReader, line: Uint32Array, at: number, end: number, k: number): void {
  for (let i = at; i < end; i++) {
    const high = reader.unary();
    if (high > 0xffffff) fail("input ends within a block");
    line[i] = high << k;
  }
  if (k > 0) for (let i = at; i < end; i++) line[i] |= reader.take(k);
}

/** Undoes the prediction: every mapped difference is added to the sample before it. */
function unpredict(line: Uint32Array, max: number): void {
  let x = line[0];
  const half = max >>> 1;
  for (let i = 1; i < line.length; i++) {
    const d = line[i];
    const room = x > half ? max - x : x;
    if ((d + 1) >>> 1 <= room) x += d & 1 ? -((d + 1) >>> 1) : d >>> 1;
    else x = x > half ? max - d : d;
    line[i] = x;
  }
}

function fail(reason: string): never {
  throw new CodecError("szip", reason);
}
