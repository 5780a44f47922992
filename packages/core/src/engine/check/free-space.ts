/** Checks free-space managers, of the file and of fractal heaps, and gives the sections that they name. */
import type { Address } from "../../bytes/address.ts";
import { FREE_SPACE_HEADER, type FreeSpaceHeader } from "../../format/free-space/header.ts";
import { FREE_SPACE_SECTIONS } from "../../format/free-space/sections.ts";
import type { Steps } from "../../steps/steps.ts";
import type { Checker } from "./checker.ts";

export interface Section {
  /** In the space that is managed. */
  readonly address: number;
  readonly length: number;
  readonly type: number;
  readonly data: Uint8Array;
}

/** The sections of a manager, by ascending offset. */
export function* readFreeSpace(
  check: Checker,
  address: Address,
  client: FreeSpaceHeader["client"],
  classBytes: (type: number) => number,
): Steps<Section[]> {
  const header = yield* check.structure(FREE_SPACE_HEADER, address, undefined);
  if (header.client !== client)
    fault(check, address, "is of another client than what points at it", header.client, client);
  const sections: Section[] = [];
  if (header.sections !== null) {
    const context = { address, header, classBytes };
    const { groups } = yield* check.structure(FREE_SPACE_SECTIONS, header.sections, context, header.allocatedBytes);
    for (const { size, sections: some } of groups)
      for (const { offset, type, data } of some) sections.push({ address: offset, length: size, type, data });
  } else if (header.storedSections > 0) fault(check, address, "has sections that stand nowhere", header.storedSections);
  checkTotals(check, address, header, sections);
  return sections.sort((a, b) => a.address - b.address);
}

function checkTotals(check: Checker, address: Address, header: FreeSpaceHeader, sections: readonly Section[]): void {
  const { totalSections, storedSections, ghostSections, totalSpace } = header;
  if (storedSections + ghostSections !== totalSections)
    fault(check, address, "counts its sections wrongly", totalSections, String(storedSections + ghostSections));
  // Ghost sections, rows of fractal heaps, are not stored; their space counts.
  const space = sections.reduce((sum, { length }) => sum + length, 0);
  if (header.client === "file" && space !== totalSpace)
    fault(check, address, "has another total of free space than its sections", totalSpace, String(space));
}

function fault(check: Checker, address: Address, reason: string, found: unknown, allowed?: string): void {
  check.fault(reason, { structure: FREE_SPACE_HEADER.title, address, found, allowed });
}
