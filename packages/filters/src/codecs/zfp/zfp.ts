/**
 * ZFP, filter 32013: a bare zfp stream; its header is in the client data, see `parameters.ts`.
 */
import { type ClientData, type Codec, CodecError, type OutputSize } from "../../filter.ts";
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

/** The codec of filter 32013. */
export const zfp: Codec = { decode, encode, clientData: zfpClientData };
