/** Free-space managers as they are written: one for each kind of free space, with room for a few sections more. */
import { type Address, asAddress, type Sizes } from "../../bytes/address.ts";
import { sizeOf } from "../../bytes/sizer.ts";
import {
  FREE_SPACE_HEADER,
  type FreeSpaceHeader,
  freeSpaceHeader,
  freeSpaceHeaderBytes,
} from "../../format/free-space/header.ts";
import {
  FREE_SPACE_SECTIONS,
  type FreeSpaceSections,
  fileClassBytes,
  freeSpaceSections,
  type SectionsContext,
} from "../../format/free-space/sections.ts";
import type { FreeSpace, SpaceKind } from "../allocator.ts";
import type { EditorFile } from "../editor-file.ts";

/** Which of the managers of the file space info message keeps a kind, as the reference library has it. */
export const MANAGER_OF: Readonly<Record<SpaceKind, number>> = { metadata: 0, raw: 2, pages: 6 };

/** Classes of sections: of files without pages, and in those with pages below and from a page on. */
const SIMPLE = 0;
const SMALL = 1;
const LARGE = 2;
const CLASSES = 3;
/** Percentages that the reference library gives its managers, of files and of heaps. */
export const SHRINK = 80;
export const EXPAND = 120;
/** Bytes for sections that come about while space for the managers themselves is taken. */
const SLACK = 128;

/** A manager that has its place. */
export interface PlacedManager {
  readonly header: Address;
  readonly sections: Address;
  /** Bytes for the sections. */
  readonly room: number;
}

/** Sections by size, as they are listed. */
export function sectionsOf(free: readonly FreeSpace[], kind: SpaceKind, paged: boolean): FreeSpaceSections {
  const type = !paged ? SIMPLE : kind === "pages" ? LARGE : SMALL;
  return { groups: groupedBySize(free, type) };
}

/** Sections of one class, in groups of one size each. */
export function groupedBySize(free: Iterable<FreeSpace>, type: number): FreeSpaceSections["groups"] {
  const bySize = new Map<number, FreeSpaceSections["groups"][number]["sections"][number][]>();
  for (const { at, size } of free) {
    const section = { offset: at, type, data: new Uint8Array(0) };
    const group = bySize.get(size);
    if (group === undefined) bySize.set(size, [section]);
    else group.push(section);
  }
  return [...bySize].sort(([a], [b]) => a - b).map(([size, sections]) => ({ size, sections }));
}

/** Bytes that sections take. */
export function sectionsBytes(sections: FreeSpaceSections, sizes: Sizes): number {
  const context = contextOf(asAddress(0), headerOf(sections, sizes));
  return sizeOf((f, v) => freeSpaceSections(f, v, context), sections, sizes);
}

/** Takes space for a manager whose sections take `bytes`. */
export function placeManager({ allocator, structures }: EditorFile, bytes: number): PlacedManager {
  const room = bytes + SLACK;
  const header = allocator.allocateLow(freeSpaceHeaderBytes(structures.sizes), "metadata");
  return { header, sections: allocator.allocateLow(room, "metadata"), room };
}

export function giveManager({ allocator, structures }: EditorFile, { header, sections, room }: PlacedManager): void {
  structures.forget(header);
  structures.forget(sections);
  allocator.free(header, freeSpaceHeaderBytes(structures.sizes), "metadata");
  allocator.free(sections, room, "metadata");
}

/** Whether a manager is all that stands at the file's end. */
export function standsAtEnd({ allocator, structures }: EditorFile, { header, sections, room }: PlacedManager): boolean {
  return header + freeSpaceHeaderBytes(structures.sizes) === sections && sections + room === allocator.end;
}

/** Puts a manager at its place. */
export function putManager({ structures }: EditorFile, placed: PlacedManager, sections: FreeSpaceSections): void {
  const { sizes } = structures;
  const header = { ...headerOf(sections, sizes), sections: placed.sections, allocatedBytes: placed.room };
  const context = contextOf(placed.header, header);
  structures.put(
    FREE_SPACE_HEADER,
    placed.header,
    header,
    freeSpaceHeaderBytes(sizes),
    (f, v) => void freeSpaceHeader(f, v),
  );
  structures.put(
    FREE_SPACE_SECTIONS,
    placed.sections,
    sections,
    placed.room,
    (f, v) => void freeSpaceSections(f, v, context),
  );
}

const contextOf = (address: Address, header: FreeSpaceHeader): SectionsContext => ({
  address,
  header,
  classBytes: fileClassBytes,
});

function headerOf(sections: FreeSpaceSections, sizes: Sizes): FreeSpaceHeader {
  const count = sections.groups.reduce((sum, group) => sum + group.sections.length, 0);
  const header: FreeSpaceHeader = {
    client: "file",
    totalSpace: sections.groups.reduce((sum, group) => sum + group.size * group.sections.length, 0),
    totalSections: count,
    storedSections: count,
    ghostSections: 0,
    classes: CLASSES,
    shrinkPercent: SHRINK,
    expandPercent: EXPAND,
    // The sign bit is of no use to the reference library.
    addressBits: 8 * sizes.offsets - 1,
    maxSectionSize: sizes.lengths === 8 ? Infinity : 256 ** sizes.lengths / 2 - 1,
    sections: null,
    usedBytes: 0,
    allocatedBytes: 0,
  };
  const context = contextOf(asAddress(0), header);
  return { ...header, usedBytes: sizeOf((f, v) => freeSpaceSections(f, v, context), sections, sizes) };
}
