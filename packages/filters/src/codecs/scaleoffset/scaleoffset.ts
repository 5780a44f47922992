/**
 * Scale-offset, filter 6 (HDF5 File Format Specification, section IV.A.2.l, Filter Pipeline message): u32 bits a value,
 * u8 size of the minimum (8), the minimum, 8 bytes unused, then the differences to the minimum, most significant bit
 * first.
 *
 * Client data: see `parameters.ts`.
 */
import type { Codec } from "../../filter.ts";
import { scaleOffsetClientData } from "./client-data.ts";
import { decode } from "./decode.ts";
import { encode } from "./encode.ts";
import { isPlain, scaleOffsetParameters } from "./parameters.ts";

/** The codec of filter 6. */
export const scaleoffset: Codec = {
  encodedSize: (length, clientData) => (isPlain(scaleOffsetParameters(clientData)) ? length : undefined),
  decode,
  encode,
  clientData: scaleOffsetClientData,
};
