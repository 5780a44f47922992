/** ZFP, linked statically, for a registry of few filters: `withFilter(readerFilters, zfp)`. */
import { zfp as codec } from "../codecs/zfp/zfp.ts";
import type { Filter } from "../filter.ts";
import { staticFilter } from "../registry.ts";

/** Filter 32013. */
export const zfp: Filter = /* @__PURE__ */ staticFilter(32013, "zfp", codec);
