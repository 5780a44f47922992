/** Blosc 1, linked statically, for a registry of few filters: `withFilter(readerFilters, blosc)`. */
import { blosc as codec } from "../codecs/blosc/blosc.ts";
import type { Filter } from "../filter.ts";
import { staticFilter } from "../registry.ts";

/** Filter 32001. */
export const blosc: Filter = /* @__PURE__ */ staticFilter(32001, "blosc", codec);
