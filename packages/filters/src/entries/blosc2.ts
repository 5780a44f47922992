/** Blosc 2, linked statically, for a registry of few filters: `withFilter(readerFilters, blosc2)`. */
import { blosc2 as codec } from "../codecs/blosc2/blosc2.ts";
import type { Filter } from "../filter.ts";
import { staticFilter } from "../registry.ts";

/** Filter 32026. */
export const blosc2: Filter = /* @__PURE__ */ staticFilter(32026, "blosc2", codec);
