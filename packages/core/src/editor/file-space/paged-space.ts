/** Free space of files with paged aggregation: what is smaller than a page does not reach over a page's end. */
import { align, type FreeExtents } from "../free-extents.ts";

/** Takes `size` bytes, fewer than a page, that stand within one. */
export function withinPage(free: FreeExtents, size: number, pageSize: number): number | undefined {
  const at = free.take(size);
  if (at === undefined || Math.floor(at / pageSize) === Math.floor((at + size - 1) / pageSize)) return at;
  // It would reach over a page's end: begin at the next page, if that much is free.
  free.add(at, size);
  const next = align(at, pageSize);
  if (!free.has(next, size)) return free.take(size, pageSize);
  free.remove(next, size);
  return next;
}

/** The pages that are free as a whole, in the extents around a range that has become so. */
export function wholePages(
  free: FreeExtents,
  at: number,
  size: number,
  pageSize: number,
): { readonly at: number; readonly size: number }[] {
  const found: { at: number; size: number }[] = [];
  for (const extent of free.within(at, at + size)) {
    const from = align(extent.at, pageSize);
    const to = Math.floor((extent.at + extent.size) / pageSize) * pageSize;
    if (to > from) found.push({ at: from, size: to - from });
  }
  return found;
}

/** Pieces of extents that each stand within one page. */
export function* byPage(
  extents: Iterable<{ readonly at: number; readonly size: number }>,
  pageSize: number,
): Generator<{ readonly at: number; readonly size: number }> {
  for (const { at, size } of extents) {
    for (let from = at; from < at + size; ) {
      const to = Math.min(at + size, (Math.floor(from / pageSize) + 1) * pageSize);
      yield { at: from, size: to - from };
      from = to;
    }
  }
}

/**
 * The end of a file without the pages at its end that are free in parts of several lists: free, and about to be. They are taken
 * from the lists.
 */
export function withoutFreePages(all: readonly FreeExtents[], end: number, pageSize: number): number {
  for (;;) {
    const page = end - pageSize;
    const parts = all.flatMap((extents) => [...extents.within(page, end)].map((part) => ({ ...part, extents })));
    const free = parts.reduce((sum, { at, size }) => sum + Math.min(at + size, end) - Math.max(at, page), 0);
    if (page < 0 || free < pageSize) return end;
    for (const { at, size, extents } of parts) extents.remove(Math.max(at, page), at + size - Math.max(at, page));
    end = page;
  }
}
