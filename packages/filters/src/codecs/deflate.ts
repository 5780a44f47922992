/**
 * Deflate, filter 1 (HDF5 File Format Specification, section IV.A.2.l, Filter Pipeline message): one zlib stream.
 *
 * Client data: the level of compression, 0 to 9.
 */
import { type ClientData, type Codec, CodecError, type FilterOptions } from "../filter.ts";
import { OptionReader } from "../options.ts";
import { nodeZlib } from "../platform.ts";
import { POOL_BYTES } from "./inflate.ts";
import { deflateZlib, deflateZlibAsync, inflateZlib, inflateZlibAsync } from "./zlib.ts";

/** Level when the client data has none: zlib's. */
const DEFAULT_LEVEL = 6;

/** Level when the user gives none: h5py's. */
const USUAL_LEVEL = 4;

function clientData(options: FilterOptions): ClientData {
  const reader = new OptionReader("deflate", options, ["level"]);
  const level = reader.integer(["level", "clevel"], USUAL_LEVEL, 0, 9);
  reader.done();
  return [level];
}

/** Deflates where the platform does not; gives a zlib stream. */
export type Deflater = (input: Uint8Array, level: number) => Uint8Array;

function levelOf(clientData: ClientData): number {
  const level = clientData[0] ?? DEFAULT_LEVEL;
  if (!(level >= 0 && level <= 9)) throw new CodecError("deflate", `level ${level}, not 0 to 9`);
  return level;
}

/** The codec of filter 1; without `fallback` it encodes only where the platform has a zlib. */
export function deflateCodec(fallback?: Deflater): Codec {
  const plain: Deflater = (input, level) => {
    if (fallback) return fallback(input, level);
    throw new CodecError("deflate", "nothing here deflates: no node:zlib, and pako is not loaded");
  };
  return {
    decode: (input, _clientData, size) => inflateZlib("deflate", input, size),
    encode: (input, clientData) => {
      const level = levelOf(clientData);
      return deflateZlib(input, level) ?? plain(input, level);
    },
    clientData,
    ...(nodeZlib() && inThreadPool),
  };
}

/** With Node's zlib; elsewhere, workers may do it. */
const inThreadPool: Pick<Codec, "asyncFrom" | "decodeAsync" | "encodeAsync"> = {
  asyncFrom: POOL_BYTES,
  decodeAsync: (input, _clientData, size) => inflateZlibAsync("deflate", input, size),
  encodeAsync: (input, clientData) => deflateZlibAsync(input, levelOf(clientData)),
};

/** The codec of filter 1; it encodes only where the platform has a zlib. */
export const deflate: Codec = /* @__PURE__ */ deflateCodec();
