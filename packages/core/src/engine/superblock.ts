/** Finding the superblock: at byte 0, 512, 1024 and so on, doubling, behind what a user put before it. */
import type { Sizes } from "../bytes/address.ts";
import { FormatError } from "../errors.ts";
import {
  hasSignature,
  SUPERBLOCK_MAX_BYTES,
  SUPERBLOCK_TITLE,
  superblockSizes,
} from "../format/superblock/superblock.ts";
import type { Pages } from "../steps/pages.ts";
import { type Steps, size } from "../steps/steps.ts";
import type { Storage } from "../steps/storage.ts";

export interface FoundSuperblock {
  /** Byte of the storage at which it begins. */
  readonly position: number;
  /** Its bytes, and perhaps some behind it. */
  readonly bytes: Uint8Array;
  readonly sizes: Sizes;
}

const FIRST_USERBLOCK = 512;

/** Throws a FormatError where there is none. `pages` count from the start of the storage. */
export function* findSuperblock(pages: Pages, storage: Storage): Steps<FoundSuperblock> {
  const first = yield* superblockAt(pages, 0);
  if (first !== undefined) return first;
  const end = yield* size(storage);
  const positions: number[] = [];
  for (let at = FIRST_USERBLOCK; at < end; at *= 2) positions.push(at);
  yield* pages.load(positions.map((at) => ({ at, length: SUPERBLOCK_MAX_BYTES })));
  for (const position of positions) {
    const found = yield* superblockAt(pages, position);
    if (found !== undefined) return found;
  }
  throw new FormatError("is not found: this is no HDF5 file", {
    structure: SUPERBLOCK_TITLE,
    found: `${end} bytes without its signature at 0, 512, 1024 and so on`,
  });
}

function* superblockAt(pages: Pages, position: number): Steps<FoundSuperblock | undefined> {
  const window = pages.peek(position, SUPERBLOCK_MAX_BYTES) ?? (yield* pages.read(position, SUPERBLOCK_MAX_BYTES));
  const bytes = window.block.subarray(window.offset, window.offset + window.length);
  if (!hasSignature(bytes)) return undefined;
  const sizes = superblockSizes(bytes, 0);
  return { position, bytes: bytes.slice(), sizes };
}
