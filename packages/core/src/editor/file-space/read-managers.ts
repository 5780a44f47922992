/** Free space that a file keeps: what its free-space managers say, as far as that can be true. */
import { type Address, asAddress } from "../../bytes/address.ts";
import type { Structures } from "../../engine/structures.ts";
import { FormatError, isH5Error } from "../../errors.ts";
import { FREE_SPACE_HEADER, freeSpaceHeaderBytes } from "../../format/free-space/header.ts";
import { FREE_SPACE_SECTIONS, fileClassBytes } from "../../format/free-space/sections.ts";
import type { FileSpaceInfo } from "../../format/messages/file-space-info.ts";
import type { Steps } from "../../steps/steps.ts";
import type { FreeSpace, SpaceKind } from "../allocator.ts";
import { FreeExtents } from "../free-extents.ts";

export interface KeptSpace {
  readonly sections: readonly (FreeSpace & { readonly kind: SpaceKind })[];
  /** Where the managers themselves stand. */
  readonly blocks: FreeExtents;
}

/** Managers of raw data, and of global heaps, which count as such. From `LARGE` on they are of what takes whole pages. */
const RAW: readonly number[] = [2, 3];
const LARGE = 6;

const kindOf = (manager: number): SpaceKind =>
  manager >= LARGE ? "pages" : RAW.includes(manager) ? "raw" : "metadata";

/**
 * What the managers say of a file that ends at `end`. Managers that cannot be right are as good as none: what is free is then
 * not known, and stays unused.
 */
export function* readManagers(structures: Structures, info: FileSpaceInfo, end: number): Steps<KeptSpace> {
  try {
    return yield* readAll(structures, info, end);
  } catch (error) {
    if (!isH5Error(error, "FormatError")) throw error;
    return { sections: [], blocks: new FreeExtents() };
  }
}

function* readAll(structures: Structures, { managers }: FileSpaceInfo, end: number): Steps<KeptSpace> {
  const sections: KeptSpace["sections"][number][] = [];
  const blocks = new FreeExtents();
  for (const [manager, address] of managers.entries()) {
    if (address === null) continue;
    for (const space of yield* readManager(structures, address, blocks, end)) {
      sections.push({ ...space, kind: kindOf(manager) });
    }
  }
  checkApart(sections, blocks);
  return { sections, blocks };
}

function* readManager(structures: Structures, address: Address, blocks: FreeExtents, end: number): Steps<FreeSpace[]> {
  const header = yield* structures.get(FREE_SPACE_HEADER, address, undefined);
  take(blocks, address, freeSpaceHeaderBytes(structures.sizes), end);
  structures.forget(address);
  if (header.sections === null) return [];
  take(blocks, header.sections, header.allocatedBytes, end);
  const context = { address, header, classBytes: fileClassBytes };
  const { groups } = yield* structures.get(FREE_SPACE_SECTIONS, header.sections, context);
  structures.forget(header.sections);
  return groups.flatMap(({ size, sections }) =>
    sections.map(({ offset }) => {
      within(offset, size, end);
      return { at: offset, size };
    }),
  );
}

function take(blocks: FreeExtents, at: number, size: number, end: number): void {
  within(at, size, end);
  if ([...blocks.within(at, at + size)].length > 0) overlaps(at);
  blocks.add(at, size);
}

function within(at: number, size: number, end: number): void {
  if (size > 0 && at + size <= end) return;
  throw new FormatError("has free space that is not of the file", {
    structure: "Free-space manager",
    address: at,
    found: `${size} bytes`,
    allowed: `up to ${end}`,
  });
}

/** Free space that is claimed twice, or that a manager stands in, says that nothing of this can be relied on. */
function checkApart(sections: readonly FreeSpace[], blocks: FreeExtents): void {
  const all = [...sections, ...blocks.extents()].sort((a, b) => a.at - b.at);
  for (let i = 1; i < all.length; i++) if (all[i - 1].at + all[i - 1].size > all[i].at) overlaps(all[i].at);
}

function overlaps(at: number): never {
  throw new FormatError("has free space that overlaps", { structure: "Free-space manager", address: asAddress(at) });
}
