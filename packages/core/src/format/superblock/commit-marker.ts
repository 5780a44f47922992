/**
 * The commit marker: an end-of-file address that no file can have, by which the superblock says that the file is between
 * two commits, and which journal leads to the second.
 *
 * It is 2^62 plus the commit's number, with addresses of 8 bytes. Every version of the reference library refuses a file
 * that ends before its end-of-file address, and so cannot read a file to which a commit was applied in part. Narrower
 * addresses have no room for the number; the marker then is the largest address that is not the undefined one.
 */
import type { Sizes } from "../../bytes/address.ts";
import { lookup3 } from "../../bytes/lookup3.ts";

const HIGH_BIT = 0x4000_0000;
const TWO_32 = 0x1_0000_0000;
/** Numbers of commits are below this. */
export const COMMIT_NUMBERS: number = 2 ** 48;

/** Where the end-of-file address stands in a superblock. */
function endOfFilePosition(version: number, sizes: Sizes): number {
  if (version < 2) return (version === 0 ? 24 : 28) + 2 * sizes.offsets;
  return 12 + 2 * sizes.offsets;
}

/** The number of the commit that the superblock at `bytes[at]` waits for; `undefined` in a file that waits for none. `null`: one of unknown number. */
export function commitMarker(bytes: Uint8Array, at: number, sizes: Sizes): number | null | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const position = at + endOfFilePosition(bytes[at + 8], sizes);
  if (position + sizes.offsets > bytes.length) return undefined;
  const low = sizes.offsets === 2 ? view.getUint16(position, true) : view.getUint32(position, true);
  if (sizes.offsets < 8) return low === 256 ** sizes.offsets - 2 ? null : undefined;
  const high = view.getUint32(position + 4, true);
  // Bits 48 to 61 are zero: numbers are below 2^48.
  if (high >>> 16 !== HIGH_BIT >>> 16) return undefined;
  return (high & 0xffff) * TWO_32 + low;
}

/** The superblock with the marker of a commit in it; for what follows the base address and sizes nothing else changes. */
export function markSuperblock(superblock: Uint8Array, commit: number, sizes: Sizes): Uint8Array<ArrayBuffer> {
  const marked = Uint8Array.from(superblock);
  const view = new DataView(marked.buffer);
  const position = endOfFilePosition(marked[8], sizes);
  if (sizes.offsets === 2) view.setUint16(position, 0xfffe, true);
  else if (sizes.offsets === 4) view.setUint32(position, 0xffff_fffe, true);
  else {
    view.setUint32(position, commit % TWO_32, true);
    view.setUint32(position + 4, HIGH_BIT + Math.floor(commit / TWO_32), true);
  }
  if (marked[8] >= 2) view.setUint32(marked.length - 4, lookup3(marked, 0, marked.length - 4), true);
  return marked;
}
