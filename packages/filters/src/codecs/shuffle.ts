/**
 * Shuffle, filter 2 (HDF5 File Format Specification, section IV.A.2.l, Filter Pipeline message): all first bytes of the
 * elements, then all second bytes, and so on; bytes after the last whole element stay at the end.
 *
 * Client data: the size of an element in bytes.
 */
import { type ClientData, type Codec, CodecError, type OutputSize } from "../filter.ts";
import { shuffleBytes, unshuffleBytes } from "../kernels/shuffle.ts";
import { checked } from "../output.ts";

function elementSize(clientData: ClientData): number {
  const size = clientData[0];
  if (!(size > 0))
    throw new CodecError("shuffle", `element size ${size ?? "missing"} in the client data, not 1 or more`);
  return size;
}

function decode(input: Uint8Array, clientData: ClientData, size: OutputSize): Uint8Array {
  const width = elementSize(clientData);
  checked("shuffle", input, size);
  if (width === 1 || input.length < 2 * width) return input;
  const output = size.room?.subarray(0, input.length) ?? new Uint8Array(input.length);
  unshuffleBytes(input, output, width);
  return output;
}

function encode(input: Uint8Array, clientData: ClientData): Uint8Array {
  const width = elementSize(clientData);
  if (width === 1 || input.length < 2 * width) return input;
  const output = new Uint8Array(input.length);
  shuffleBytes(input, output, width);
  return output;
}

/** The codec of filter 2, without encoding. */
export const unshuffleOnly: Codec = { encodedSize: (length) => length, decode };

/** The codec of filter 2. */
export const shuffle: Codec = {
  encodedSize: (length) => length,
  decode,
  encode,
  clientData: (_options, { type }) => [type.size],
};
