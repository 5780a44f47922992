/**
 * The default registry: every filter of this package. Deflate, shuffle and fletcher32 are linked statically, as they are
 * in nearly every file, and what does nothing; the others are loaded on first use, in Node also by synchronous callers.
 */
import { deflate } from "./codecs/deflate.ts";
import { fletcher32 } from "./codecs/fletcher32.ts";
import { bitgroom, bitround } from "./codecs/pass-through.ts";
import { shuffle } from "./codecs/shuffle.ts";
import type { Codec, Filter, FilterRegistry } from "./filter.ts";
import { describeFilter } from "./names.ts";
import { nodeZlib, requireModule } from "./platform.ts";
import { createRegistry, lazyFilter, staticFilter } from "./registry.ts";

/** An entry whose codec is the export `name` of the module at `path`, which `load` imports. */
function lazy<K extends string>(
  id: number,
  name: K,
  path: string,
  load: () => Promise<Record<K, Codec>>,
  aliases?: readonly string[],
): Filter {
  const sync = (): Codec | undefined => (requireModule(import.meta.url, path) as Record<K, Codec> | undefined)?.[name];
  return lazyFilter(id, name, () => load().then((module) => module[name]), sync, aliases);
}

function deflateEntry(): Filter {
  if (nodeZlib()) return staticFilter(1, "deflate", deflate, ["gzip", "zlib"]);
  return lazy(1, "deflate", "./codecs/deflate-pako", () => import("./codecs/deflate-pako.ts"), ["gzip", "zlib"]);
}

/** All filters of this package. */
export const defaultFilters: FilterRegistry = /* @__PURE__ */ createRegistry(
  [
    deflateEntry(),
    staticFilter(2, "shuffle", shuffle),
    staticFilter(3, "fletcher32", fletcher32),
    lazy(4, "szip", "./codecs/szip/szip", () => import("./codecs/szip/szip.ts")),
    lazy(5, "nbit", "./codecs/nbit/nbit", () => import("./codecs/nbit/nbit.ts")),
    lazy(6, "scaleoffset", "./codecs/scaleoffset/scaleoffset", () => import("./codecs/scaleoffset/scaleoffset.ts"), [
      "scale-offset",
    ]),
    lazy(305, "lzo", "./codecs/lzo", () => import("./codecs/lzo.ts")),
    lazy(307, "bzip2", "./codecs/bzip2/bzip2", () => import("./codecs/bzip2/bzip2.ts"), ["bz2"]),
    lazy(32000, "lzf", "./codecs/lzf", () => import("./codecs/lzf.ts")),
    lazy(32001, "blosc", "./codecs/blosc/blosc", () => import("./codecs/blosc/blosc.ts")),
    lazy(32004, "lz4", "./codecs/lz4", () => import("./codecs/lz4.ts")),
    lazy(32008, "bitshuffle", "./codecs/bitshuffle", () => import("./codecs/bitshuffle.ts"), ["bshuf"]),
    lazy(32013, "zfp", "./codecs/zfp/zfp", () => import("./codecs/zfp/zfp.ts")),
    lazy(32015, "zstd", "./codecs/zstd", () => import("./codecs/zstd.ts")),
    staticFilter(32022, "bitgroom", bitgroom),
    staticFilter(32023, "bitround", bitround, ["granular-bitround"]),
    lazy(32026, "blosc2", "./codecs/blosc2/blosc2", () => import("./codecs/blosc2/blosc2.ts")),
  ],
  describeFilter,
);
