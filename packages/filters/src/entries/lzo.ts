/** LZO, linked statically, for a registry of few filters: `withFilter(readerFilters, lzo)`. Decodes only. */
import { lzo as codec } from "../codecs/lzo.ts";
import type { Filter } from "../filter.ts";
import { staticFilter } from "../registry.ts";

/** Filter 305. */
export const lzo: Filter = /* @__PURE__ */ staticFilter(305, "lzo", codec);
