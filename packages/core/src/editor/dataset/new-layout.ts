/** The data layout of a new dataset: the index of its chunks is the one that the reference library would choose. */
import type { Sizes } from "../../bytes/address.ts";
import { sizeOf } from "../../bytes/sizer.ts";
import type { NewDataset } from "../../contract.ts";
import { DTypeError, ShapeError, UnsupportedError } from "../../errors.ts";
import {
  type ChunkIndexing,
  type CompactLayout,
  type DataLayout,
  dataLayoutMessage,
} from "../../format/messages/data-layout.ts";
import type { VersionBounds } from "../editor-file.ts";
import { LARGEST_MESSAGE } from "../object-header/header-block.ts";
import { layoutVersion, requireVersion } from "./structure-versions.ts";

const FIRST_WITH = { 3: "earliest", 4: "v110", 5: "v200" } as const;
/** Of arrays and trees of chunks, as the reference library makes them. */
const EXTENSIBLE_ARRAY = { maxBits: 32, indexElements: 4, minPointers: 4, minElements: 16, pageBits: 10 } as const;
const FIXED_ARRAY_PAGE_BITS = 10;
const BTREE_V2 = { nodeSize: 2048, splitPercent: 100, mergePercent: 40 } as const;
/** Dimensions of chunks, and with version 3 and 4 the chunk itself, are 32-bit numbers. */
const LARGEST_CHUNK = 2 ** 32 - 1;

/** The layout, with nothing allocated. ShapeError, DTypeError or UnsupportedError where it cannot be had. */
export function newLayout(options: NewDataset, bounds: VersionBounds, sizes: Sizes): DataLayout {
  const { layout, dataspace, datatype, pipeline, external } = options;
  if (layout.class !== "chunked") refuseFilters(pipeline.filters.length);
  if (layout.class !== "contiguous" && external.length > 0)
    throw new UnsupportedError("external raw files need a contiguous layout", { found: layout.class });
  const version = layoutVersion(bounds, layout.class, pipeline.filters.length > 0);
  requireVersion(bounds, FIRST_WITH[version], `a ${layout.class} layout of version ${version}`);
  const bytes = extentBytes(options);
  switch (layout.class) {
    case "compact":
      refuseGrowth(options, 0);
      return compact({ class: "compact", version, data: new Uint8Array(bytes) }, sizes);
    case "contiguous":
      refuseGrowth(options, external.length > 0 ? 1 : 0);
      checkExternal(options, bytes);
      return { class: "contiguous", version, address: null, size: bytes };
    case "virtual":
      return { class: "virtual", version, heap: null, index: 0 };
    case "chunked": {
      checkChunk(options, layout.chunk, version);
      return {
        class: "chunked",
        version,
        chunk: layout.chunk,
        elementSize: datatype.size,
        edgeUnfiltered: false,
        index: version === 3 ? { kind: "btree-v1", address: null } : newestIndex(options, layout.chunk, dataspace.dims),
      };
    }
  }
}

/** Bytes of all elements. */
export function extentBytes({ dataspace, datatype }: Pick<NewDataset, "dataspace" | "datatype">): number {
  if (dataspace.kind === "null") return 0;
  const bytes = dataspace.dims.reduce((all, n) => all * n, datatype.size);
  if (!Number.isSafeInteger(bytes)) throw new ShapeError("is too large", { found: dataspace.dims.join(" x ") });
  return bytes;
}

function refuseFilters(filters: number): void {
  if (filters > 0) throw new UnsupportedError("filters need a chunked layout", { found: `${filters} filters` });
}

/** Dimensions from `from` on must be as large as they may become. */
function refuseGrowth({ dataspace: { dims, maxDims }, layout }: NewDataset, from: number): void {
  if (dims.every((n, d) => d < from || maxDims[d] === n)) return;
  throw new ShapeError("can grow only with a chunked layout", {
    found: `${layout.class}, at most ${maxDims.join(" x ")}`,
    allowed: dims.join(" x "),
  });
}

function checkExternal({ external }: NewDataset, bytes: number): void {
  if (external.length === 0) return;
  if (external.slice(0, -1).some(({ size }) => size === Infinity))
    throw new UnsupportedError("only the last external file may be unlimited");
  const room = external.reduce((sum, { size }) => sum + size, 0);
  if (room < bytes)
    throw new ShapeError("has less room in its external files than elements", {
      found: `${room} bytes`,
      allowed: `at least ${bytes}`,
    });
}

function compact(layout: CompactLayout, sizes: Sizes): CompactLayout {
  const bytes = sizeOf(dataLayoutMessage, { ...layout, data: layout.data.subarray(0, 0) }, sizes);
  const most = LARGEST_MESSAGE - 7 - bytes;
  if (layout.data.length <= most) return layout;
  throw new ShapeError("is too large for a compact layout", {
    found: `${layout.data.length} bytes`,
    allowed: `at most ${most}`,
  });
}

function checkChunk({ dataspace, datatype }: NewDataset, chunk: readonly number[], version: number): void {
  const { kind, dims, maxDims } = dataspace;
  const found = { found: chunk.join(" x ") };
  if (kind !== "simple" || dims.length === 0)
    throw new ShapeError("chunks need an extent of at least one dimension", { found: kind });
  if (chunk.length !== dims.length)
    throw new ShapeError("has chunks of another rank than its extent", { ...found, allowed: `${dims.length}` });
  if (!chunk.every((n) => Number.isSafeInteger(n) && n > 0 && n <= LARGEST_CHUNK))
    throw new ShapeError("has a wrong shape of its chunks", { ...found, allowed: "1 to 2^32 - 1 each" });
  if (chunk.some((n, d) => dims[d] > 0 && n > maxDims[d]))
    throw new ShapeError("has chunks larger than it may become", {
      ...found,
      allowed: `at most ${maxDims.join(" x ")}`,
    });
  const bytes = chunk.reduce((all, n) => all * n, datatype.size);
  if (version < 5 && bytes > LARGEST_CHUNK)
    throw new ShapeError("has chunks of 4 GiB or more", { ...found, allowed: "less" });
  if (datatype.size > LARGEST_CHUNK) throw new DTypeError("has elements of 4 GiB or more");
}

/** From layout version 4 on, the index follows from what the extent may become. */
function newestIndex(options: NewDataset, chunk: readonly number[], dims: readonly number[]): ChunkIndexing {
  const { maxDims } = options.dataspace;
  const unlimited = maxDims.filter((n) => n === Infinity).length;
  if (unlimited > 1) return { kind: "btree-v2", address: null, ...BTREE_V2 };
  if (unlimited === 1) return { kind: "extensible-array", address: null, ...EXTENSIBLE_ARRAY };
  const filtered = options.pipeline.filters.length > 0;
  if (dims.every((n, d) => n === maxDims[d] && n === chunk[d]))
    return { kind: "single", address: null, ...(filtered ? { filtered: { size: 0, mask: 0 } } : {}) };
  if (!filtered && options.fill.allocTime === "early") return { kind: "implicit", address: null };
  return { kind: "fixed-array", address: null, pageBits: FIXED_ARRAY_PAGE_BITS };
}
