/** The default registry: every filter of this package, those beyond the smallest loaded on first use. */
import { deflate } from "./codecs/deflate.ts";
import { fletcher32 } from "./codecs/fletcher32.ts";
import { shuffle } from "./codecs/shuffle.ts";
import type { FilterRegistry } from "./filter.ts";
import { nodeZlib } from "./platform.ts";
import { createRegistry, lazyFilter, staticFilter } from "./registry.ts";

/** All filters of this package. */
export const defaultFilters: FilterRegistry = /* @__PURE__ */ createRegistry([
  nodeZlib()
    ? staticFilter(1, "deflate", deflate, ["gzip"])
    : lazyFilter(1, "deflate", () => import("./codecs/deflate-pako.ts").then((m) => m.deflate), undefined, ["gzip"]),
  staticFilter(2, "shuffle", shuffle),
  staticFilter(3, "fletcher32", fletcher32),
]);
