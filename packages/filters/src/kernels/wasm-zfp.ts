/** Zfp streams in WebAssembly; see assembly/zfp.ts, and codecs/zfp/decode.ts and encode.ts for the twins. */
import { CodecError } from "../filter.ts";
import { ZFP } from "./wasm/zfp.ts";
import { type Kernel, KernelSource, kernelsInUse, trapped } from "./wasm-kernel.ts";

interface Exports {
  order(): number;
  field(dims: number, x: number, y: number, z: number, w: number, float: number, swapped: number): void;
  mode(minBits: number, maxBits: number, maxPrecision: number, minExponent: number, reversible: number): void;
  decode32(input: number, length: number, output: number): number;
  decode64(input: number, length: number, output: number): number;
  encode32(input: number, output: number): number;
  encode64(input: number, output: number): number;
}

/** The field and its mode, as the codec knows them. */
export interface ZfpField {
  /** Fastest dimension first. */
  readonly shape: readonly number[];
  /** Bits of a value: 32 or 64. */
  readonly width: number;
  readonly float: boolean;
  readonly swapped: boolean;
  readonly minBits: number;
  readonly maxBits: number;
  readonly maxPrecision: number;
  readonly minExponent: number;
  readonly reversible: boolean;
  /** Places of the coefficients in coding order. */
  readonly order: Uint8Array;
}

/** Bytes behind the output that a block may take. */
const SLACK = 8192;
/** Positions are counted in bits, in 32 of them. */
const MOST = 2 ** 28;
/** Bits of a block before its planes, and what the last word may hold. */
const BLOCK_HEAD = 96;

const source = /* @__PURE__ */ new KernelSource<Exports>(ZFP);

/** Bytes that a field of values of `width` bits is coded in at most. */
export function zfpBound(
  { shape, minBits, maxBits }: Pick<ZfpField, "shape" | "minBits" | "maxBits">,
  width: number,
): number {
  const size = 4 ** shape.length;
  // Every coefficient may have a bit in every plane, and each of them is searched for once.
  const planes = Math.min(maxBits, width * (size + 1) + size);
  const blocks = shape.reduce((n, count) => n * Math.ceil(count / 4), 1);
  return Math.ceil((blocks * (Math.max(planes, minBits) + BLOCK_HEAD)) / 8);
}

function prepared(field: ZfpField): Kernel<Exports> | undefined {
  const kernel = kernelsInUse() ? source.get() : undefined;
  if (!kernel) return undefined;
  const { shape, float, swapped, minBits, maxBits, maxPrecision, minExponent, reversible } = field;
  const [x, y = 1, z = 1, w = 1] = shape;
  kernel.exports.field(shape.length, x, y, z, w, Number(float), Number(swapped));
  kernel.exports.mode(minBits, maxBits, maxPrecision, minExponent, Number(reversible));
  kernel.reserve(0).set(field.order, kernel.exports.order());
  return kernel;
}

/**
 * Decodes the field's `length` bytes; `undefined` without WebAssembly, and where there is too much for it.
 *
 * @throws CodecError on bad input
 */
export function zfpDecodeKernel(
  input: Uint8Array,
  field: ZfpField,
  length: number,
  room?: Uint8Array,
): Uint8Array | undefined {
  const kernel = input.length + length < MOST ? prepared(field) : undefined;
  if (!kernel) return undefined;
  kernel.place(input, length + SLACK);
  const decode = field.width === 32 ? kernel.exports.decode32 : kernel.exports.decode64;
  const status = trapped(() => decode(kernel.input, input.length, kernel.output));
  try {
    if (status < 0) throw new CodecError("zfp", "input ends within a block");
    return kernel.take(length, room);
  } finally {
    source.release();
  }
}

/** Encodes a field; `undefined` without WebAssembly, and where there is too much for it. */
export function zfpEncodeKernel(input: Uint8Array, field: ZfpField): Uint8Array | undefined {
  const { width } = field;
  const bound = zfpBound(field, width);
  const kernel = input.length + bound < MOST ? prepared(field) : undefined;
  if (!kernel) return undefined;
  kernel.place(input, bound + SLACK);
  const encode = width === 32 ? kernel.exports.encode32 : kernel.exports.encode64;
  const written = trapped(() => encode(kernel.input, kernel.output));
  const output = written < 0 ? undefined : kernel.take(written);
  source.release();
  return output;
}
