/** Decoding of szip in WebAssembly; see assembly/szip.ts, and codecs/szip/decode.ts for its twin. */
import { CodecError } from "../filter.ts";
import { SZIP } from "./wasm/szip.ts";
import { KernelSource, kernelsInUse, trapped } from "./wasm-kernel.ts";

interface Exports {
  decode(
    input: number,
    length: number,
    line: number,
    output: number,
    count: number,
    block: number,
    scanline: number,
    bits: number,
    bytes: number,
    predict: number,
    bigEndian: number,
  ): number;
}

/** How the samples are coded, as the codec knows it. */
interface Coding {
  readonly predict: boolean;
  readonly bigEndian: boolean;
  readonly block: number;
  readonly scanline: number;
  readonly bits: number;
  readonly bytes: number;
}

/** What the kernel's errors mean, from -1 on. */
const ERRORS = [
  "input ends within a scanline",
  "a run of zeros passes its scanline",
  "a pair of values that is out of range",
];

const source = /* @__PURE__ */ new KernelSource<Exports>(SZIP);

/**
 * Decodes `count` samples of the bit stream that starts at byte `start`; `undefined` without WebAssembly.
 *
 * @throws CodecError on bad input
 */
export function szipKernel(input: Uint8Array, start: number, count: number, coding: Coding): Uint8Array | undefined {
  const kernel = kernelsInUse() ? source.get() : undefined;
  if (!kernel) return undefined;
  const { predict, bigEndian, block, scanline, bits, bytes } = coding;
  const stream = input.subarray(start);
  const line = 4 * Math.ceil(scanline / block) * block;
  kernel.place(stream, line + 64 + count * bytes);
  const at = kernel.output;
  kernel.output += line + 64;
  const status = trapped(() =>
    kernel.exports.decode(
      kernel.input,
      stream.length,
      at,
      kernel.output,
      count,
      block,
      scanline,
      bits,
      bytes,
      Number(predict),
      Number(bigEndian),
    ),
  );
  try {
    if (status < 0) throw new CodecError("szip", ERRORS[-1 - status] ?? "bad input");
    return kernel.take(count * bytes);
  } finally {
    source.release();
  }
}
