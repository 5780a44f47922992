/** Zstandard, linked statically, for a registry of few filters: `withFilter(readerFilters, zstd)`. */
import { zstd as codec } from "../codecs/zstd.ts";
import type { Filter } from "../filter.ts";
import { staticFilter } from "../registry.ts";

/** Filter 32015. */
export const zstd: Filter = /* @__PURE__ */ staticFilter(32015, "zstd", codec);
