/** Encoding of szip: for each block the shortest of a run of zeros, split samples, and raw samples. */
import { MsbWriter } from "../../kernels/msb-bits.ts";
import { idBits, SEGMENT, type SzipParameters, TO_SEGMENT_END } from "./parameters.ts";

/** Encodes `samples`, little- or big-endian as the parameters say, behind `header` bytes of room. */
export function encodeScanlines(samples: Uint8Array, header: number, parameters: SzipParameters): Uint8Array {
  const { scanline, block, bits, bytes, predict } = parameters;
  const count = samples.length / bytes;
  const blocks = Math.ceil(scanline / block);
  const line = new Uint32Array(blocks * block);
  const writer = new MsbWriter(samples.length + header);
  for (let i = 0; i < header; i++) writer.put(0, 8);
  for (let from = 0; from < count; from += scanline) {
    const length = Math.min(scanline, count - from);
    readLine(samples, from, length, line, parameters);
    line.fill(predict ? line[length - 1] : 0, length);
    if (predict) mapDifferences(line, 2 ** bits - 1);
    encodeLine(writer, line, blocks, parameters);
  }
  return writer.finish();
}

function readLine(samples: Uint8Array, from: number, length: number, line: Uint32Array, p: SzipParameters): void {
  if (p.bytes === 1) {
    line.set(samples.subarray(from, from + length));
    return;
  }
  const view = new DataView(samples.buffer, samples.byteOffset);
  const little = !p.bigEndian;
  const mask = 2 ** p.bits - 1;
  for (let i = 0; i < length; i++) {
    line[i] = (p.bytes === 2 ? view.getUint16(2 * (from + i), little) : view.getUint32(4 * (from + i), little)) & mask;
  }
}

/** Replaces all samples but the first by their mapped difference to the one before. */
function mapDifferences(line: Uint32Array, max: number): void {
  let before = line[0];
  for (let i = 1; i < line.length; i++) {
    const x = line[i];
    const difference = x - before;
    const size = Math.abs(difference);
    const room = Math.min(before, max - before);
    line[i] = size > room ? room + size : difference < 0 ? 2 * size - 1 : 2 * size;
    before = x;
  }
}

function encodeLine(writer: MsbWriter, line: Uint32Array, blocks: number, parameters: SzipParameters): void {
  const { block, bits, predict } = parameters;
  const idWidth = idBits(bits);
  for (let done = 0; done < blocks; ) {
    const reference = predict && done === 0;
    const from = done * block + (reference ? 1 : 0);
    const end = (done + 1) * block;
    if (isZero(line, from, end)) {
      const segmentEnd = Math.min(blocks, done - (done % SEGMENT) + SEGMENT);
      let next = done + 1;
      while (next < segmentEnd && isZero(line, next * block, (next + 1) * block)) next++;
      writer.put(0, idWidth + 1);
      if (reference) writer.put(line[0], bits);
      const run = next - done;
      writer.unary(
        next === segmentEnd && run >= TO_SEGMENT_END ? TO_SEGMENT_END - 1 : run < TO_SEGMENT_END ? run - 1 : run,
      );
      done = next;
      continue;
    }
    encodeBlock(writer, line, from, end, reference, bits, idWidth);
    done++;
  }
}

function isZero(line: Uint32Array, from: number, end: number): boolean {
  for (let i = from; i < end; i++) if (line[i] !== 0) return false;
  return true;
}

/** Split samples with the best `k`, or raw samples where those are not longer. */
function encodeBlock(
  writer: MsbWriter,
  line: Uint32Array,
  from: number,
  end: number,
  reference: boolean,
  bits: number,
  idWidth: number,
): void {
  const raw = (1 << idWidth) - 1;
  let best = raw;
  let bestBits = (end - from) * bits;
  for (let k = 0; k < Math.min(bits, raw - 1); k++) {
    let length = (end - from) * (k + 1);
    for (let i = from; i < end; i++) length += line[i] >>> k;
    if (length < bestBits) {
      best = k + 1;
      bestBits = length;
    }
  }
  writer.put(best, idWidth);
  if (reference) writer.put(line[from - 1], bits);
  if (best === raw) {
    for (let i = from; i < end; i++) writer.put(line[i], bits);
    return;
  }
  const k = best - 1;
  for (let i = from; i < end; i++) writer.unary(line[i] >>> k);
  for (let i = from; i < end; i++) writer.put(line[i], k);
}
