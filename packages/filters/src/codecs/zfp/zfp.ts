/**
 * ZFP, filter 32013: a bare zfp stream; its header is in the client data, see `parameters.ts`.
 */
import { type ClientData, type Codec, CodecError, type OutputSize } from "../../filter.ts";
import { zfpBound } from "../../kernels/wasm-zfp.ts";
import { zfpClientData } from "./client-data.ts";
import { zfpDecode } from "./decode.ts";
import { zfpEncode } from "./encode.ts";
import { zfpParameters } from "./parameters.ts";

function decode(input: Uint8Array, clientData: ClientData, size: OutputSize): Uint8Array {
  return zfpDecode(input, zfpParameters(clientData), size);
}

function encode(input: Uint8Array, clientData: ClientData): Uint8Array {
  const parameters = zfpParameters(clientData);
  const bytes = parameters.type.endsWith("32") ? 4 : 8;
  const length = parameters.shape.reduce((n, count) => n * count, bytes);
  if (input.length !== length) throw new CodecError("zfp", `a chunk of ${input.length} bytes instead of ${length}`);
  return zfpEncode(input, parameters);
}

/** Blocks that reach over the field's edge are coded whole, so that thin chunks of many dimensions become larger. */
function maxEncodedSize(length: number, clientData: ClientData): number {
  const parameters = zfpParameters(clientData);
  const bytes = parameters.type.endsWith("32") ? 4 : 8;
  const most = zfpBound(parameters, 8 * bytes);
  // What does not fit the client data is said by decoding.
  const { shape } = parameters;
  return shape.reduce((n, count) => n * count, bytes) === length ? most : 2 * length;
}

/** The codec of filter 32013. */
export const zfp: Codec = { maxEncodedSize, decode, encode, clientData: zfpClientData };
