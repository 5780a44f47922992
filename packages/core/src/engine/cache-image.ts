/** Laying a metadata cache image over the pages, before anything else is read. */
import { Decoder } from "../bytes/decoder.ts";
import { FormatError } from "../errors.ts";
import type { CacheImageMessage } from "../format/messages/cache-image.ts";
import { CACHE_IMAGE_TITLE, cacheImage } from "../format/superblock/cache-image.ts";
import type { PageCache } from "../steps/page-cache.ts";
import type { Steps } from "../steps/steps.ts";
import { type Limits, withinLimit } from "./limits.ts";
import type { Structures } from "./structures.ts";

export function* overlayCacheImage(
  pages: PageCache,
  structures: Structures,
  limits: Limits,
  { address, length }: CacheImageMessage,
): Steps<void> {
  if (address === null || length === 0) return;
  // The reference library bounds its cache alike: nothing near this size is ever written.
  withinLimit(limits, "chunkBytes", length, CACHE_IMAGE_TITLE);
  const window = pages.peek(address, length) ?? (yield* pages.read(address, length));
  if (window.length < length) {
    throw new FormatError("runs past the end of the file", {
      structure: CACHE_IMAGE_TITLE,
      address,
      found: `${window.length} bytes`,
      allowed: String(length),
    });
  }
  const { block, base, offset, view } = window;
  const from = new Decoder(block, structures.sizes, CACHE_IMAGE_TITLE, base, offset, offset + length, view);
  for (const entry of cacheImage(from, undefined, length).entries) pages.overlay(entry.address, entry.image.slice());
  structures.clear();
}
