/** Scale-offset, linked statically, for a registry of few filters: `withFilter(readerFilters, scaleoffset)`. */
import { scaleoffset as codec } from "../codecs/scaleoffset/scaleoffset.ts";
import type { Filter } from "../filter.ts";
import { staticFilter } from "../registry.ts";

/** Filter 6. */
export const scaleoffset: Filter = /* @__PURE__ */ staticFilter(6, "scaleoffset", codec, ["scale-offset"]);
