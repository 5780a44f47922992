/** Szip, linked statically, for a registry of few filters: `withFilter(readerFilters, szip)`. */
import { szip as codec } from "../codecs/szip/szip.ts";
import type { Filter } from "../filter.ts";
import { staticFilter } from "../registry.ts";

/** Filter 4. */
export const szip: Filter = /* @__PURE__ */ staticFilter(4, "szip", codec);
