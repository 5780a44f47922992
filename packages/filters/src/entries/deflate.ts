/** Deflate, both ways, linked statically, for a registry of few filters: `withFilter(readerFilters, deflate)`. */
import { deflate as native } from "../codecs/deflate.ts";
import { deflate as withPako } from "../codecs/deflate-pako.ts";
import type { Filter } from "../filter.ts";
import { nodeZlib } from "../platform.ts";
import { staticFilter } from "../registry.ts";

/** Filter 1. */
export const deflate: Filter = /* @__PURE__ */ staticFilter(1, "deflate", nodeZlib() ? native : withPako, [
  "gzip",
  "zlib",
]);
