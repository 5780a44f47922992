/** Bitshuffle, linked statically, for a registry of few filters: `withFilter(readerFilters, bitshuffle)`. */
import { bitshuffle as codec } from "../codecs/bitshuffle.ts";
import type { Filter } from "../filter.ts";
import { staticFilter } from "../registry.ts";

/** Filter 32008. */
export const bitshuffle: Filter = /* @__PURE__ */ staticFilter(32008, "bitshuffle", codec, ["bshuf"]);
