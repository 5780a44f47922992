/** LZ4, linked statically, for a registry of few filters: `withFilter(readerFilters, lz4)`. */
import { lz4 as codec } from "../codecs/lz4.ts";
import type { Filter } from "../filter.ts";
import { staticFilter } from "../registry.ts";

/** Filter 32004. */
export const lz4: Filter = /* @__PURE__ */ staticFilter(32004, "lz4", codec);
