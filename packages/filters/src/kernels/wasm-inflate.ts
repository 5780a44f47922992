/** Inflate in WebAssembly; see assembly/inflate.ts, and inflate.ts for its twin. */
import { CodecError, type OutputSize } from "../filter.ts";
import { INFLATE } from "./wasm/inflate.ts";
import { KernelSource, trapped } from "./wasm-kernel.ts";

interface Exports {
  inflate(input: number, inputLength: number, output: number, outputLength: number): number;
  position(): number;
  adler32(at: number, length: number): number;
}

/** What the kernel's errors mean, from -1 on. */
const ERRORS = [
  "input ends within the stream",
  "more output than expected",
  "block type 3",
  "length of a stored block does not match its complement",
  "bad code lengths",
  "invalid literal or length code",
  "invalid distance",
];

const TOO_MUCH = -2;

const source = /* @__PURE__ */ new KernelSource<Exports>(INFLATE);

/** The output of a raw stream, its Adler-32, and the position behind the stream. */
export interface Inflated {
  readonly output: Uint8Array;
  readonly position: number;
  readonly adler32: number;
}

/**
 * Inflates the raw stream that starts at `start`; `undefined` without WebAssembly.
 *
 * @throws CodecError on bad input, and on more output than there may be
 */
export function inflateKernel(
  filter: string,
  input: Uint8Array,
  start: number,
  { exact, max, room: target }: OutputSize,
): Inflated | undefined {
  let room = exact ?? Math.min(max, Math.max(1024, 4 * input.length));
  for (;;) {
    const inflated = attempt(input, start, room, target);
    if (typeof inflated !== "number") return inflated;
    if (inflated !== TOO_MUCH || room >= (exact ?? max)) {
      throw new CodecError(filter, ERRORS[-1 - inflated] ?? "bad input");
    }
    room = Math.min(max, 4 * room);
  }
}

/** The number of an error, or the output if it has room. */
function attempt(
  input: Uint8Array,
  start: number,
  room: number,
  target: Uint8Array | undefined,
): Inflated | number | undefined {
  const kernel = source.get();
  if (!kernel) return undefined;
  const stream = input.subarray(start);
  kernel.place(stream, room);
  const { exports } = kernel;
  const written = trapped(() => exports.inflate(kernel.input, stream.length, kernel.output, room));
  const result =
    written < 0
      ? written
      : {
          output: kernel.take(written, target),
          position: start + exports.position() - kernel.input,
          adler32: exports.adler32(kernel.output, written) >>> 0,
        };
  source.release();
  return result;
}
