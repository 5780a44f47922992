/** Space that was taken since the last commit: it may be written without a journal, and reused at once when it is freed. */
import { FreeExtents } from "./free-extents.ts";

/** A part of a range, all of which is fresh or none. */
export interface FreshPart {
  readonly from: number;
  readonly to: number;
  readonly fresh: boolean;
}

export class FreshSpace {
  /** Where the file ended with the last commit: all that is taken behind it is fresh, without being listed. */
  private end: number;
  private readonly before = new FreeExtents();

  constructor(end: number) {
    this.end = end;
  }

  /** A commit is done: nothing is fresh. */
  restart(end: number): void {
    this.end = end;
    this.before.clear();
  }

  add(at: number, size: number): void {
    if (at < this.end) this.before.add(at, Math.min(size, this.end - at));
  }

  /** Of a part that is fresh. */
  remove(from: number, to: number): void {
    if (from < this.end) this.before.remove(from, Math.min(to, this.end) - from);
  }

  /** Whether all of a range that is taken is fresh. */
  has(at: number, size: number): boolean {
    return at >= this.end || this.before.has(at, Math.min(size, this.end - at));
  }

  /** The parts of a range that is taken, in order. */
  split(at: number, size: number): FreshPart[] {
    const to = at + size;
    if (this.has(at, size)) return [{ from: at, to, fresh: true }];
    const parts: FreshPart[] = [];
    const end = Math.min(to, this.end);
    let from = at;
    for (const extent of this.before.within(at, end)) {
      const start = Math.max(extent.at, at);
      if (start > from) parts.push({ from, to: start, fresh: false });
      from = Math.min(extent.at + extent.size, end);
      parts.push({ from: start, to: from, fresh: true });
    }
    if (from < end) parts.push({ from, to: end, fresh: false });
    if (end < to) parts.push({ from: end, to, fresh: true });
    return parts;
  }
}
