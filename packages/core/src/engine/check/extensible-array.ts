/** Checks extensible arrays of chunks: every block, and the numbers that the header keeps of them. */
import { type Address, asAddress } from "../../bytes/address.ts";
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import {
  EXTENSIBLE_ARRAY_DATA_BLOCK,
  EXTENSIBLE_ARRAY_PAGE,
  extensibleArrayDataBlockSize,
} from "../../format/extensible-array/extensible-array-data-block.ts";
import {
  EXTENSIBLE_ARRAY_HEADER,
  type ExtensibleArrayHeader,
} from "../../format/extensible-array/extensible-array-header.ts";
import {
  EXTENSIBLE_ARRAY_INDEX_BLOCK,
  type ExtensibleArrayContext,
} from "../../format/extensible-array/extensible-array-index-block.ts";
import {
  EXTENSIBLE_ARRAY_SUPER_BLOCK,
  type ExtensibleArraySuperBlock,
} from "../../format/extensible-array/extensible-array-super-block.ts";
import { dataBlockPages, extensibleArrayGeometry } from "../../format/extensible-array/geometry.ts";
import type { Steps } from "../../steps/steps.ts";
import { checkBlock, isPageWritten } from "../chunk-index/element-blocks.ts";
import type { Checker } from "./checker.ts";
import { takeElements } from "./fixed-array.ts";
import type { FoundChunks } from "./found-chunks.ts";

interface Walk extends ExtensibleArrayContext {
  readonly check: Checker;
  readonly found: FoundChunks;
  readonly address: Address;
  readonly statistics: Record<Statistic, number>;
}

type Statistic = "superBlocks" | "superBlockBytes" | "dataBlocks" | "dataBlockBytes" | "elements";

export function* checkExtensibleArray(check: Checker, found: FoundChunks): Steps<void> {
  const address = found.grid.layout.index.address!;
  const header = yield* check.structure(EXTENSIBLE_ARRAY_HEADER, address, undefined);
  if (header.client !== Number(found.grid.filtered))
    check.fault("is of a wrong client", { structure: EXTENSIBLE_ARRAY_HEADER.title, address, found: header.client });
  const statistics = { superBlocks: 0, superBlockBytes: 0, dataBlocks: 0, dataBlockBytes: 0, elements: 0 };
  const walk: Walk = { check, found, address, header, geometry: extensibleArrayGeometry(header), statistics };
  let last = -1;
  if (header.indexBlock !== null) last = yield* checkIndexBlock(walk, header.indexBlock);
  checkStatistics(walk, header, last);
}

/** The highest index of a chunk that is stored; -1 of none. */
function* checkIndexBlock(walk: Walk, at: Address): Steps<number> {
  const { check, found, address, header, geometry, statistics } = walk;
  const index = yield* check.structure(EXTENSIBLE_ARRAY_INDEX_BLOCK, at, walk);
  checkBlock(EXTENSIBLE_ARRAY_INDEX_BLOCK.title, at, index.header, address);
  statistics.elements += header.indexElements;
  let last = takeElements(found, index.elements, 0);
  for (let u = 0; u < geometry.superBlocks; u++) {
    const direct = u < geometry.direct;
    const block = direct ? undefined : yield* superBlock(walk, u, index.superBlocks[u - geometry.direct]);
    if (!direct && block === undefined) continue;
    const addresses = block?.dataBlocks ?? index.dataBlocks.subarray(geometry.firstDataBlock[u]);
    for (let b = 0; b < geometry.dataBlocks[u]; b++) {
      if (addresses[b] === ABSENT || addresses[b] === undefined) continue;
      const part = checkDataBlock(walk, u, b, asAddress(addresses[b]), block);
      last = Math.max(last, (yield* check.guard(part)) ?? -1);
    }
  }
  return last;
}

function* superBlock(walk: Walk, u: number, at: number | undefined): Steps<ExtensibleArraySuperBlock | undefined> {
  if (at === undefined || at === ABSENT) return undefined;
  const { check, header, geometry, statistics, address } = walk;
  const before = check.space.bytes;
  const context = { header, geometry, superBlock: u };
  const block = yield* check.guard(check.structure(EXTENSIBLE_ARRAY_SUPER_BLOCK, asAddress(at), context));
  if (block === undefined) return undefined;
  checkBlock(EXTENSIBLE_ARRAY_SUPER_BLOCK.title, asAddress(at), block.header, address);
  statistics.superBlocks++;
  statistics.superBlockBytes += check.space.bytes - before;
  return block;
}

function* checkDataBlock(
  walk: Walk,
  u: number,
  b: number,
  at: Address,
  above: ExtensibleArraySuperBlock | undefined,
): Steps<number> {
  const { check, found, address, header, geometry, statistics } = walk;
  const context = { header, geometry, superBlock: u };
  const prefix = extensibleArrayDataBlockSize(check.sizes.offsets, context);
  const pages = dataBlockPages(geometry, u);
  const pageBytes = geometry.pageElements * header.elementSize + 4;
  const room = prefix + pages * pageBytes;
  statistics.dataBlocks++;
  statistics.dataBlockBytes += room;
  statistics.elements += geometry.elements[u];
  const block = yield* check.structure(EXTENSIBLE_ARRAY_DATA_BLOCK, at, context, room);
  checkBlock(EXTENSIBLE_ARRAY_DATA_BLOCK.title, at, block.header, address);
  const start = geometry.firstElement[u] + b * geometry.elements[u];
  // The reference library counts the data blocks of the index block together: nobody goes by the number.
  const counted = start + (above === undefined ? geometry.firstDataBlock[u] * geometry.elements[u] : 0);
  if (block.offset !== start && block.offset !== counted)
    check.fault("begins at another element than its place in the array", {
      structure: EXTENSIBLE_ARRAY_DATA_BLOCK.title,
      address: at,
      found: block.offset,
      allowed: String(start),
    });
  const first = header.indexElements + start;
  if (block.elements !== undefined) return takeElements(found, block.elements, first);
  if (above === undefined) return -1;
  const written = (page: number): boolean => isPageWritten(above.pagesWritten, b * pages + page);
  return yield* checkPages(walk, { at: at + prefix, pages, pageBytes, first, written });
}

/** The pages of a data block, which stand behind its prefix. */
interface Pages {
  readonly at: number;
  readonly pages: number;
  readonly pageBytes: number;
  /** Index of the first element. */
  readonly first: number;
  readonly written: (page: number) => boolean;
}

function* checkPages({ check, found, header, geometry }: Walk, pages: Pages): Steps<number> {
  const form = { client: header.client, elementSize: header.elementSize, count: geometry.pageElements };
  let last = -1;
  for (let page = 0; page < pages.pages; page++) {
    if (!pages.written(page)) continue;
    const at = asAddress(pages.at + page * pages.pageBytes);
    const elements = yield* check.guard(check.file.structures.get(EXTENSIBLE_ARRAY_PAGE, at, form));
    if (elements === undefined) continue;
    last = Math.max(last, takeElements(found, elements, pages.first + page * geometry.pageElements));
  }
  return last;
}

function checkStatistics({ check, address, statistics }: Walk, header: ExtensibleArrayHeader, last: number): void {
  const structure = EXTENSIBLE_ARRAY_HEADER.title;
  for (const [name, allowed] of Object.entries(statistics))
    if (header[name as Statistic] !== allowed)
      check.fault(`has a wrong number in its field ${name}`, {
        structure,
        address,
        found: header[name as Statistic],
        allowed: String(allowed),
      });
  // Chunks that were removed leave it as it was.
  if (header.maxIndexSet <= last)
    check.fault("has elements beyond the highest index that was set", {
      structure,
      address,
      found: header.maxIndexSet,
      allowed: `more than ${last}`,
    });
}
