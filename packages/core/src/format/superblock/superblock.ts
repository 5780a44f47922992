/**
 * Superblock, versions 0 to 3 (HDF5 File Format Specification, section II.A): found by its signature at byte 0, 512, 1024
 * and so on; everything else in the file is reached from it.
 */
import type { Address, Sizes } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import { FormatError, UnsupportedError } from "../../errors.ts";
import { type SymbolTableEntry, symbolTableEntry } from "../group/symbol-table-entry.ts";

export const SUPERBLOCK_TITLE = "Superblock";
/** The most that a superblock takes: version 1 with 8-byte offsets and lengths. */
export const SUPERBLOCK_MAX_BYTES = 100;

const SIGNATURE = Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a);

interface Common {
  /** File consistency flags: bit 0, open for writing; bit 2, open for SWMR writing. */
  readonly consistencyFlags: number;
  /** Position in the storage from which all addresses count; normally that of the superblock itself. */
  readonly base: Address;
  readonly endOfFile: Address;
}

/** Versions 0 and 1. */
export interface OldSuperblock extends Common {
  readonly version: 0 | 1;
  /** Half of the most entries in a symbol table node. */
  readonly groupLeafK: number;
  /** Half of the most children of a version 1 B-tree node of groups. */
  readonly groupInternalK: number;
  /** The same of chunked datasets; version 0 has none, and means 32. */
  readonly chunkInternalK: number;
  /** Never used by any library. */
  readonly freeSpace: Address | null;
  readonly driverInformation: Address | null;
  readonly rootEntry: SymbolTableEntry;
}

/** Versions 2 and 3. */
export interface NewSuperblock extends Common {
  readonly version: 2 | 3;
  /** An object header with messages about the file. */
  readonly extension: Address | null;
  readonly root: Address;
}

export type Superblock = OldSuperblock | NewSuperblock;

const DEFAULT_CHUNK_K = 32;

/** Whether a superblock begins at `bytes[at]`. */
export function hasSignature(bytes: Uint8Array, at = 0): boolean {
  return SIGNATURE.every((byte, i) => bytes[at + i] === byte);
}

/** Version and widths, which stand before everything whose place depends on them. UnsupportedError for versions to come. */
export function superblockSizes(bytes: Uint8Array, at: number): Sizes {
  const version = bytes[at + 8];
  if (version === undefined) throw new FormatError("is cut short", { structure: SUPERBLOCK_TITLE });
  if (version > 3) {
    throw new UnsupportedError("has a version that is not known", {
      structure: SUPERBLOCK_TITLE,
      found: version,
      allowed: "0 to 3",
    });
  }
  const from = at + (version < 2 ? 13 : 9);
  return { offsets: width(bytes[from], "size of offsets"), lengths: width(bytes[from + 1], "size of lengths") };
}

function width(found: number | undefined, field: string): 2 | 4 | 8 {
  if (found === 2 || found === 4 || found === 8) return found;
  const details = { structure: SUPERBLOCK_TITLE, found, allowed: "2, 4 or 8" };
  // Widths that the format allows, but that no machine has written.
  if (found === 16 || found === 32) throw new UnsupportedError(`has a ${field} that is not supported`, details);
  throw new FormatError(`has an impossible ${field}`, details);
}

/** Reads the superblock that begins at `bytes[at]`. */
export function readSuperblock(bytes: Uint8Array, at: number, sizes: Sizes): Superblock {
  return superblock(new Decoder(bytes, sizes, SUPERBLOCK_TITLE, 0, at));
}

/** Address of the driver information block of an old superblock: needed before those of a file in several parts can be read. */
export function driverInformationAddress(bytes: Uint8Array, at: number, sizes: Sizes): Address | null {
  const version = bytes[at + 8];
  if (version > 1) return null;
  const from = new Decoder(bytes, sizes, SUPERBLOCK_TITLE, 0, at);
  from.seek((version === 0 ? 24 : 28) + 3 * sizes.offsets);
  return from.address();
}

/** The fields; `f.sizes` must be those of {@link superblockSizes}. */
export function superblock(f: Fields, v?: Superblock): Superblock {
  const signature = f.bytes(SIGNATURE, SIGNATURE.length);
  if (f.reading && !hasSignature(signature)) f.fail("has a wrong signature");
  const version = f.u8(v?.version);
  if (version === 2 || version === 3) return newSuperblock(f, version, v as NewSuperblock | undefined);
  if (version === 0 || version === 1) return oldSuperblock(f, version, v as OldSuperblock | undefined);
  return f.fail("has a version that is not known", version, "0 to 3");
}

function oldSuperblock(f: Fields, version: 0 | 1, v?: OldSuperblock): OldSuperblock {
  zero(f, "free-space version");
  zero(f, "root group version");
  f.reserved(1);
  zero(f, "shared header message version");
  f.u8(f.sizes.offsets);
  f.u8(f.sizes.lengths);
  f.reserved(1);
  const groupLeafK = positive(f, f.u16(v?.groupLeafK));
  const groupInternalK = positive(f, f.u16(v?.groupInternalK));
  const consistencyFlags = f.u32(v?.consistencyFlags);
  let chunkInternalK = DEFAULT_CHUNK_K;
  if (version === 1) {
    chunkInternalK = positive(f, f.u16(v?.chunkInternalK));
    f.reserved(2);
  }
  return {
    version,
    groupLeafK,
    groupInternalK,
    consistencyFlags,
    chunkInternalK,
    base: defined(f, f.address(v?.base), "base address"),
    freeSpace: f.address(v?.freeSpace),
    endOfFile: defined(f, f.address(v?.endOfFile), "end of file address"),
    driverInformation: f.address(v?.driverInformation),
    rootEntry: symbolTableEntry(f, v?.rootEntry),
  };
}

function newSuperblock(f: Fields, version: 2 | 3, v?: NewSuperblock): NewSuperblock {
  f.u8(f.sizes.offsets);
  f.u8(f.sizes.lengths);
  const value: NewSuperblock = {
    version,
    consistencyFlags: f.u8(v?.consistencyFlags),
    base: defined(f, f.address(v?.base), "base address"),
    extension: f.address(v?.extension),
    endOfFile: defined(f, f.address(v?.endOfFile), "end of file address"),
    root: defined(f, f.address(v?.root), "root group address"),
  };
  f.checksum();
  return value;
}

function zero(f: Fields, field: string): void {
  const found = f.u8(0);
  if (found !== 0) f.fail(`has an unknown ${field}`, found, "0");
}

function positive(f: Fields, value: number): number {
  if (value === 0) f.fail("has a B-tree rank of 0");
  return value;
}

function defined(f: Fields, address: Address | null, field: string): Address {
  return address ?? f.fail(`has no ${field}`, "undefined address");
}
