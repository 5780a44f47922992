/**
 * The redo journal of h5ts: what a commit changes in place, in a file of its own beside the HDF5 file (`<file>.journal`).
 *
 * Layout: the new bytes of all extents, one behind the other; then the index; then a trailer of fixed size at the very
 * end, which holds a checksum of the index. The index has a checksum of each extent's new bytes, and of the old bytes
 * of each sector (512 bytes of the storage) that the extent touches: a sector must hold either when the journal is replayed.
 */
import { DEFAULT_SIZES } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { Encoder } from "../../bytes/encoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import { lookup3 } from "../../bytes/lookup3.ts";

/** Bytes that a disk writes whole or not at all. */
export const SECTOR = 512;
export const TRAILER_BYTES = 40;
const TITLE = "Journal";
const SIGNATURE = "H5TSJRNL";
const END = "H5TS-END";
const VERSION = 1;

/** One extent: `length` bytes at position `at` of the storage, whose new bytes stand at `from` in the journal. */
export interface JournalExtent {
  readonly at: number;
  readonly length: number;
  readonly from: number;
  /** Of the new bytes. */
  readonly checksum: number;
  /** Of the old bytes, a sector each: the first and the last may be parts of sectors. */
  readonly before: readonly number[];
}

export interface Journal {
  /** Number of the commit, which the superblock's marker repeats. */
  readonly commit: number;
  /** Position of the superblock in the storage. */
  readonly superblock: number;
  /** Its bytes before the commit, and after it. */
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** Size of the storage after the commit. */
  readonly size: number;
  readonly extents: readonly JournalExtent[];
}

/** Where the index stands in the journal. */
export interface JournalTrailer {
  readonly at: number;
  readonly length: number;
  readonly checksum: number;
}

/** Lengths of the parts of `[at, at + length)` that lie in one sector each. */
export function sectorLengths(at: number, length: number): number[] {
  const lengths: number[] = [];
  for (let position = at; position < at + length; ) {
    const next = Math.min((Math.floor(position / SECTOR) + 1) * SECTOR, at + length);
    lengths.push(next - position);
    position = next;
  }
  return lengths;
}

/** Checksums of the bytes at position `at`, a sector each. */
export function sectorChecksums(at: number, bytes: Uint8Array): number[] {
  let offset = 0;
  return sectorLengths(at, bytes.length).map((length) => lookup3(bytes, offset, (offset += length)));
}

function extent(f: Fields, v?: JournalExtent): JournalExtent {
  const at = f.u64(v?.at);
  const length = f.u64(v?.length);
  const from = f.u64(v?.from);
  const checksum = f.u32(v?.checksum);
  const sectors = f.u32(v?.before.length);
  if (
    f.reading &&
    (length === 0 ||
      sectors !== Math.floor((at + length - 1) / SECTOR) - Math.floor(at / SECTOR) + 1 ||
      4 * sectors > f.remaining)
  ) {
    f.fail("has an extent with a wrong number of sectors", sectors);
  }
  const before: number[] = [];
  for (let i = 0; i < sectors; i++) before.push(f.u32(v?.before[i]));
  return { at, length, from, checksum, before };
}

/** The index. */
export function journal(f: Fields, v?: Journal): Journal {
  f.signature(SIGNATURE);
  const version = f.u16(VERSION);
  if (version !== VERSION) f.fail("has a version that is not known", version, String(VERSION));
  const commit = f.u64(v?.commit);
  const superblock = f.u64(v?.superblock);
  const width = f.u16(v?.before.length);
  const before = f.bytes(v?.before, width);
  const after = f.bytes(v?.after, width);
  const size = f.u64(v?.size);
  const count = f.u32(v?.extents.length);
  const extents: JournalExtent[] = [];
  for (let i = 0; i < count; i++) extents.push(extent(f, v?.extents[i]));
  return { commit, superblock, before, after, size, extents };
}

function trailer(f: Fields, v?: JournalTrailer): JournalTrailer {
  const value = { at: f.u64(v?.at), length: f.u64(v?.length), checksum: f.u32(v?.checksum) };
  f.reserved(8);
  f.signature(END);
  f.checksum();
  return value;
}

/** Index and trailer, to be written at position `at` of the journal, behind the new bytes. */
export function encodeJournal(value: Journal, at: number): Uint8Array<ArrayBuffer> {
  const index = new Encoder(DEFAULT_SIZES, 4096);
  journal(index, value);
  const bytes = index.finish();
  const end = new Encoder(DEFAULT_SIZES, TRAILER_BYTES);
  trailer(end, { at, length: bytes.length, checksum: lookup3(bytes) });
  const whole = new Uint8Array(bytes.length + TRAILER_BYTES);
  whole.set(bytes);
  whole.set(end.finish(), bytes.length);
  return whole;
}

/** Reads the last {@link TRAILER_BYTES} of a journal. FormatError where they are no trailer: the journal is not complete. */
export function decodeTrailer(bytes: Uint8Array): JournalTrailer {
  return trailer(new Decoder(bytes, DEFAULT_SIZES, TITLE));
}

/** Reads the index that the trailer points at. */
export function decodeJournal(bytes: Uint8Array, { at, checksum }: JournalTrailer): Journal {
  const from = new Decoder(bytes, DEFAULT_SIZES, TITLE, at);
  if (lookup3(bytes) !== checksum) from.fail("fails its checksum");
  return journal(from);
}
