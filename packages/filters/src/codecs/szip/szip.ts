/**
 * Szip, filter 4 (HDF5 File Format Specification, section IV.A.2.l, Filter Pipeline message): u32 bytes of output,
 * little-endian, then the bit stream.
 *
 * Client data: option mask, samples of a block, bits of a sample, samples of a scanline.
 */
import { type ClientData, type Codec, CodecError, type OutputSize } from "../../filter.ts";
import { shuffleBytes, unshuffleBytes } from "../../kernels/shuffle.ts";
import { szipKernel } from "../../kernels/wasm-szip.ts";
import { checkedSize } from "../../output.ts";
import { szipClientData } from "./client-data.ts";
import { decodeScanlines } from "./decode.ts";
import { encodeScanlines } from "./encode.ts";
import { type SzipParameters, szipParameters } from "./parameters.ts";

const HEADER = 4;

function decode(input: Uint8Array, clientData: ClientData, size: OutputSize): Uint8Array {
  const parameters = szipParameters(clientData);
  if (input.length < HEADER) throw new CodecError("szip", `${input.length} bytes are too few for a header`);
  const length = new DataView(input.buffer, input.byteOffset).getUint32(0, true);
  checkedSize("szip", length, size);
  checkExpansion(length, input.length, parameters);
  const { bytes, planes } = parameters;
  if (length % bytes) throw new CodecError("szip", `${length} bytes are no whole number of samples`);
  const output = szipKernel(input, HEADER, length / bytes, parameters) ?? decodeTwin(input, length, parameters);
  if (planes === 1) return output;
  const elements = new Uint8Array(length);
  unshuffleBytes(output, elements, planes);
  return elements;
}

function decodeTwin(input: Uint8Array, length: number, parameters: SzipParameters): Uint8Array {
  const output = new Uint8Array(length);
  decodeScanlines(input, HEADER, length / parameters.bytes, parameters, emitter(output, parameters));
  return output;
}

/** A scanline takes a bit for every 64 blocks at least: no output is allocated that cannot come. */
function checkExpansion(length: number, stored: number, { block, bytes }: SzipParameters): void {
  if (length > 8 * stored * 64 * block * bytes) throw new CodecError("szip", `${stored} bytes cannot make ${length}`);
}

/** Writes the samples of a scanline to their place in the output. */
function emitter(output: Uint8Array, { bytes, bigEndian }: SzipParameters) {
  if (bytes === 1)
    return (line: Uint32Array, from: number, length: number) => output.set(line.subarray(0, length), from);
  const view = new DataView(output.buffer);
  const little = !bigEndian;
  return (line: Uint32Array, from: number, length: number) => {
    if (bytes === 2) for (let i = 0; i < length; i++) view.setUint16(2 * (from + i), line[i], little);
    else for (let i = 0; i < length; i++) view.setUint32(4 * (from + i), line[i], little);
  };
}

function encode(input: Uint8Array, clientData: ClientData): Uint8Array | undefined {
  const parameters = szipParameters(clientData);
  const { bytes, planes } = parameters;
  if (input.length % (bytes * planes) || input.length > 0xffffffff) return undefined;
  let samples = input;
  if (planes > 1) {
    samples = new Uint8Array(input.length);
    shuffleBytes(input, samples, planes);
  }
  const output = encodeScanlines(samples, HEADER, parameters);
  new DataView(output.buffer, output.byteOffset).setUint32(0, input.length, true);
  return output.length < input.length ? output : undefined;
}

/** The codec of filter 4. */
export const szip: Codec = { decode, encode, clientData: szipClientData };
