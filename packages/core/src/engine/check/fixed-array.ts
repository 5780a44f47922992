/** Checks fixed arrays of chunks: header, data block, and its pages. */
import { type Address, asAddress } from "../../bytes/address.ts";
import { ABSENT, type ChunkElements } from "../../format/chunk-element/chunk-elements.ts";
import {
  FIXED_ARRAY_DATA_BLOCK,
  FIXED_ARRAY_PAGE,
  fixedArrayDataBlockSize,
  fixedArrayPageElements,
  fixedArrayPages,
} from "../../format/fixed-array/fixed-array-data-block.ts";
import { FIXED_ARRAY_HEADER, type FixedArrayHeader } from "../../format/fixed-array/fixed-array-header.ts";
import type { Steps } from "../../steps/steps.ts";
import { checkBlock, isPageWritten } from "../chunk-index/element-blocks.ts";
import { numberingOf } from "../chunk-index/numbering.ts";
import type { Checker } from "./checker.ts";
import type { FoundChunks } from "./found-chunks.ts";

export function* checkFixedArray(check: Checker, found: FoundChunks): Steps<void> {
  const { grid } = found;
  const address = grid.layout.index.address!;
  const header = yield* check.structure(FIXED_ARRAY_HEADER, address, undefined);
  const fault = (reason: string, is: number, allowed: number): void =>
    check.fault(reason, { structure: FIXED_ARRAY_HEADER.title, address, found: is, allowed: String(allowed) });
  const total = grid.maxCounts.reduce((all, n) => all * n, 1);
  if (header.count !== total)
    fault("has another number of elements than the dataset may have chunks", header.count, total);
  if (header.client !== Number(grid.filtered)) fault("is of a wrong client", header.client, Number(grid.filtered));
  if (header.dataBlock === null) return;
  const pages = fixedArrayPages(header);
  const room =
    fixedArrayDataBlockSize(header, check.sizes) + (pages > 0 ? header.count * header.elementSize + 4 * pages : 0);
  const block = yield* check.structure(FIXED_ARRAY_DATA_BLOCK, header.dataBlock, header, room);
  checkBlock(FIXED_ARRAY_DATA_BLOCK.title, header.dataBlock, block.header, address);
  if (block.elements !== undefined) takeElements(found, block.elements, 0);
  else yield* checkPages(check, found, header, header.dataBlock, block.pagesWritten!);
}

function* checkPages(
  check: Checker,
  found: FoundChunks,
  header: FixedArrayHeader,
  block: Address,
  written: Uint8Array,
): Steps<void> {
  const perPage = fixedArrayPageElements(header);
  const { client, elementSize } = header;
  const first = block + fixedArrayDataBlockSize(header, check.sizes);
  for (let page = 0; page * perPage < header.count; page++) {
    if (!isPageWritten(written, page)) continue;
    const count = Math.min(perPage, header.count - page * perPage);
    const at = asAddress(first + page * (perPage * elementSize + 4));
    const context = { client, elementSize, count };
    const elements = yield* check.guard(check.file.structures.get(FIXED_ARRAY_PAGE, at, context));
    if (elements !== undefined) takeElements(found, elements, page * perPage);
  }
}

/** Takes the chunks of a block whose first element has index `first`. */
export function takeElements(found: FoundChunks, { addresses, sizes, masks }: ChunkElements, first: number): number {
  const { toNumber } = numberingOf(found.grid);
  let last = -1;
  for (let i = 0; i < addresses.length; i++) {
    if (addresses[i] === ABSENT) continue;
    found.add(toNumber(first + i), addresses[i], sizes?.[i] ?? found.grid.bytes, masks?.[i] ?? 0);
    last = first + i;
  }
  return last;
}
