/** Bzip2, linked statically, for a registry of few filters: `withFilter(readerFilters, bzip2)`. */
import { bzip2 as codec } from "../codecs/bzip2/bzip2.ts";
import type { Filter } from "../filter.ts";
import { staticFilter } from "../registry.ts";

/** Filter 307. */
export const bzip2: Filter = /* @__PURE__ */ staticFilter(307, "bzip2", codec, ["bz2"]);
