/** N-bit, linked statically, for a registry of few filters: `withFilter(readerFilters, nbit)`. */
import { nbit as codec } from "../codecs/nbit/nbit.ts";
import type { Filter } from "../filter.ts";
import { staticFilter } from "../registry.ts";

/** Filter 5. */
export const nbit: Filter = /* @__PURE__ */ staticFilter(5, "nbit", codec);
