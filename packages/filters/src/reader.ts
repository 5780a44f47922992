/**
 * The filters of nearly all files, linked statically and for decoding only: deflate, shuffle, fletcher32. For readers that
 * must stay small; further ones are added by `withFilter`.
 */
import { fletcher32Only } from "./codecs/fletcher32.ts";
import { inflateOnly } from "./codecs/inflate-only.ts";
import { unshuffleOnly } from "./codecs/shuffle.ts";
import type { FilterRegistry } from "./filter.ts";
import { createRegistry, staticFilter } from "./registry.ts";

export {
  type Availability,
  type ChunkDescription,
  type ClientData,
  type Codec,
  CodecError,
  type ElementType,
  type Filter,
  type FilterOptions,
  type FilterRegistry,
  isCodecError,
  type OutputSize,
} from "./filter.ts";
export { describeFilter } from "./names.ts";
export { createRegistry, emptyRegistry, lazyFilter, loadFilters, staticFilter, withFilter } from "./registry.ts";

/** Deflate, shuffle and fletcher32, always present, for decoding. */
export const readerFilters: FilterRegistry = /* @__PURE__ */ createRegistry([
  /* @__PURE__ */ staticFilter(1, "deflate", inflateOnly, ["gzip"]),
  /* @__PURE__ */ staticFilter(2, "shuffle", unshuffleOnly),
  /* @__PURE__ */ staticFilter(3, "fletcher32", fletcher32Only),
]);
