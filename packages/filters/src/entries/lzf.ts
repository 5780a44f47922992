/** LZF, linked statically, for a registry of few filters: `withFilter(readerFilters, lzf)`. */
import { lzf as codec } from "../codecs/lzf.ts";
import type { Filter } from "../filter.ts";
import { staticFilter } from "../registry.ts";

/** Filter 32000. */
export const lzf: Filter = /* @__PURE__ */ staticFilter(32000, "lzf", codec);
