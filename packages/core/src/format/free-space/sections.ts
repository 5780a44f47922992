/**
 * Free-space section list (HDF5 File Format Specification, section III.E): the free places, by size. Pointed at by the
 * header of a free-space manager.
 */
import type { Address } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";
import { encodedWidth } from "../../bytes/width.ts";
import type { Structure } from "../structure.ts";
import type { FreeSpaceHeader } from "./header.ts";

export interface FreeSpaceSection {
  /** In the space that is managed: an address of the file, or an offset of the heap. */
  readonly offset: number;
  /** Class of the section; which there are depends on the client. */
  readonly type: number;
  /** What the class keeps besides; only rows of fractal heaps do. */
  readonly data: Uint8Array;
}

export interface FreeSpaceSections {
  /** Groups of sections of one size, ascending. */
  readonly groups: readonly { readonly size: number; readonly sections: readonly FreeSpaceSection[] }[];
}

export interface SectionsContext {
  /** Where the header stands. */
  readonly address: Address;
  readonly header: FreeSpaceHeader;
  /** Bytes that a section keeps of its class. */
  readonly classBytes: (type: number) => number;
}

/** Of the file's own free space: no class keeps anything. */
export const fileClassBytes = (): number => 0;

const CHECKSUM = 4;

const FIRST_ROW = 1;
const INDIRECT = 3;

/** Of a fractal heap whose offsets take `offsetBytes`: rows and indirect sections say where they begin. */
export function heapClassBytes(offsetBytes: number): (type: number) => number {
  return (type) => (type === FIRST_ROW || type === INDIRECT ? offsetBytes + 6 : 0);
}

export function freeSpaceSections(f: Fields, v: FreeSpaceSections | undefined, c: SectionsContext): FreeSpaceSections {
  f.signature("FSSE");
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  const owner = f.address(c.address);
  if (owner !== c.address) f.fail("belongs to another manager", owner, String(c.address));
  const groups: FreeSpaceSections["groups"][number][] = [];
  let left = c.header.storedSections;
  while (left > 0) {
    const group = sectionsOfSize(f, c, v?.groups[groups.length]);
    if (group.sections.length === 0 || group.sections.length > left) {
      f.fail("has another number of sections than its header says", group.sections.length, `1 to ${left}`);
    }
    left -= group.sections.length;
    groups.push(group);
  }
  // Where sections came to be of one size, the reference library leaves the room of a group unused.
  if (f.reading && f.remaining > CHECKSUM) f.reserved(f.remaining - CHECKSUM);
  f.checksum();
  return { groups };
}

function sectionsOfSize(
  f: Fields,
  { header, classBytes }: SectionsContext,
  v?: FreeSpaceSections["groups"][number],
): FreeSpaceSections["groups"][number] {
  const count = f.uint(v?.sections.length, encodedWidth(header.storedSections));
  const size = f.uint(v?.size, encodedWidth(header.maxSectionSize));
  const offsetBytes = Math.ceil(header.addressBits / 8);
  if (count * (offsetBytes + 1) > f.remaining) f.fail("has more sections than bytes", count);
  const sections: FreeSpaceSection[] = [];
  for (let i = 0; i < count; i++) {
    const section = v?.sections[i];
    const offset = f.uint(section?.offset, offsetBytes);
    const type = f.u8(section?.type);
    sections.push({ offset, type, data: f.bytes(section?.data, classBytes(type)) });
  }
  return { size, sections };
}

export const FREE_SPACE_SECTIONS: Structure<FreeSpaceSections, SectionsContext> = {
  title: "Free-space section list",
  guess: (c) => c.header.usedBytes,
  extent: (_, c) => c.header.usedBytes,
  decode: (from, c) => freeSpaceSections(from, undefined, c),
};
