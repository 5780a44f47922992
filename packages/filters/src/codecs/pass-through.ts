/**
 * Filters that only prepare the data on writing and have nothing to undo: BitGroom (32022) and Granular BitRound
 * (32023) set the bits that do not matter, so that a later filter compresses better.
 */
import type { Codec } from "../filter.ts";
import { checked } from "../output.ts";

/** A codec that gives back what it is given; it does not encode. */
function passThrough(name: string): Codec {
  return { encodedSize: (length) => length, decode: (input, _clientData, size) => checked(name, input, size) };
}

/** The codec of filter 32022. */
export const bitgroom: Codec = /* @__PURE__ */ passThrough("bitgroom");

/** The codec of filter 32023. */
export const bitround: Codec = /* @__PURE__ */ passThrough("bitround");
