/** Deflate with pako to encode where the platform has no zlib; loaded only there. */
import { deflate as pako } from "pako/browser/deflate";
import type { Codec } from "../filter.ts";
import { type Deflater, deflateCodec } from "./deflate.ts";

/** A zlib stream made by pako. */
export const deflateWithPako: Deflater = (input, level) => pako(input, { level: level as 0 });

/** The codec of filter 1, complete on every platform. */
export const deflate: Codec = /* @__PURE__ */ deflateCodec(deflateWithPako);
