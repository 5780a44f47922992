/**
 * Joins extents into accesses: neighbours, and those between which reading through the gap costs less than a further
 * access. Pure planning; the drivers and the page cache carry it out.
 */
import type { AccessCosts, Extent, Outcome } from "./storage.ts";

/** One access to a storage, over one or more extents. */
export interface Access {
  readonly at: number;
  readonly length: number;
  /** Numbers of the extents within it. */
  readonly members: readonly number[];
}

/**
 * Gaps read through at most, in all accesses of a plan: as many bytes as were asked for, and this many in any case.
 * Without it a thousand small extents, each a gap apart, would become one huge read.
 */
const FREE_GAPS = 256 << 10;

/**
 * Accesses that cover all extents, in the order of their position. Extents may overlap, and come in any order.
 * No access exceeds `costs.maxAccess` by joining; one extent alone may.
 */
export function coalesce(extents: readonly Extent[], costs: Pick<AccessCosts, "gap" | "maxAccess">): Access[] {
  if (extents.length === 1) return [{ at: extents[0].at, length: extents[0].length, members: [0] }];
  const order = sorted(extents);
  const largest = largestGap(extents, order, costs.gap);
  const accesses: Access[] = [];
  for (let next = 0; next < order.length; ) {
    const first = extents[order[next]];
    let end = first.at + first.length;
    const from = next++;
    while (next < order.length) {
      const extent = extents[order[next]];
      const longer = Math.max(end, extent.at + extent.length);
      const apart = extent.at - end;
      if (apart > largest || (apart >= 0 && longer - first.at > costs.maxAccess)) break;
      if (alone(first, costs.gap) || alone(extent, costs.gap)) break;
      end = longer;
      next++;
    }
    accesses.push({ at: first.at, length: end - first.at, members: order.slice(from, next) });
  }
  return accesses;
}

/** What goes to a buffer of its own would have to be copied there: for longer extents that costs more than an access. */
const alone = ({ into, length }: Extent, gap: number): boolean => into !== undefined && length > gap;

/** The bytes of an extent within an access's answer; fewer where the storage ended, and the failure if it failed. */
export function partOf(extent: Extent, access: Access, outcome: Outcome): Outcome {
  if (!(outcome instanceof Uint8Array)) return outcome;
  const from = extent.at - access.at;
  const part = outcome.subarray(from, from + extent.length);
  if (extent.into === undefined) return part;
  extent.into.set(part);
  return extent.into.subarray(0, part.length);
}

function sorted(extents: readonly Extent[]): number[] {
  const order = Array.from(extents, (_, i) => i);
  let ascending = true;
  for (let i = 1; i < extents.length && ascending; i++) ascending = extents[i - 1].at <= extents[i].at;
  return ascending ? order : order.sort((a, b) => extents[a].at - extents[b].at || a - b);
}

/** The largest gap to read through, at most `gap`, with which all gaps read through stay within the budget. */
function largestGap(extents: readonly Extent[], order: readonly number[], gap: number): number {
  const gaps: number[] = [];
  let budget = FREE_GAPS;
  let end = 0;
  order.forEach((index, i) => {
    const { at, length } = extents[index];
    budget += length;
    if (i > 0 && at > end && at - end <= gap) gaps.push(at - end);
    end = Math.max(i > 0 ? end : 0, at + length);
  });
  gaps.sort((a, b) => a - b);
  for (const next of gaps) {
    budget -= next;
    // All gaps of this width are left out, as there is not room for all of them.
    if (budget < 0) return next - 1;
  }
  return gap;
}
