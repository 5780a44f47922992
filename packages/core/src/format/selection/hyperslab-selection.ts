/** Hyperslab selections, versions 1 to 3 (HDF5 File Format Specification, section III.F), inside a serialized dataspace selection. */
import type { Fields } from "../../bytes/fields.ts";
import { coordinates, limit, narrowest, selectionRank, selectionWidth } from "./coordinates.ts";
import type { BlocksSelection, HyperslabSelection } from "./stored-selection.ts";

const REGULAR = 1;

/** What follows the selection's type. Version 1 knows blocks only; from version 2 on a flag says which of the two stands there. */
export function hyperslabSelection(
  f: Fields,
  v?: HyperslabSelection | BlocksSelection,
): HyperslabSelection | BlocksSelection {
  const version = f.u32(v && (v.version ?? lowestVersion(v)));
  if (version === 1) {
    f.reserved(4);
    f.u32(v && lengthOf(v, 4));
    return blocks(f, version, 4, v as BlocksSelection | undefined);
  }
  if (version !== 2 && version !== 3) return f.fail("has a hyperslab of an unknown version", version, "1 to 3");
  const flags = f.u8(v && (v.kind === "hyperslab" ? REGULAR : 0));
  if ((flags & ~REGULAR) !== 0) f.fail("has a hyperslab with unknown flags", flags, "0 or 1");
  const width = version === 3 ? selectionWidth(f, v && widthOf(v)) : 8;
  if (version === 2) f.u32(v && lengthOf(v, 8));
  return (flags & REGULAR) !== 0
    ? regular(f, version, width, v as HyperslabSelection | undefined)
    : blocks(f, version, width, v as BlocksSelection | undefined);
}

/** Bytes from the rank on, which readers do not need: rank, and starts, strides, counts and blocks, or a count and corners. */
function lengthOf(v: HyperslabSelection | BlocksSelection, width: number): number {
  return 4 + width * (v.kind === "hyperslab" ? 4 * v.rank : 1 + v.corners.length);
}

function lowestVersion(v: HyperslabSelection | BlocksSelection): 1 | 2 {
  return v.kind === "blocks" && widthOf(v) < 8 ? 1 : 2;
}

function widthOf(v: HyperslabSelection | BlocksSelection): 2 | 4 | 8 {
  if (v.kind === "hyperslab") return narrowest([...v.start, ...v.stride, ...v.count, ...v.block], 2);
  return Math.max(narrowest(v.corners, 2), narrowest([v.corners.length / (2 * v.rank)], 2)) as 2 | 4 | 8;
}

function regular(f: Fields, version: 2 | 3, width: 2 | 4 | 8, v?: HyperslabSelection): HyperslabSelection {
  const rank = selectionRank(f, v?.rank);
  const start: number[] = [];
  const stride: number[] = [];
  const count: number[] = [];
  const block: number[] = [];
  for (let d = 0; d < rank; d++) {
    start.push(f.uint(v?.start[d], width));
    stride.push(f.uint(v?.stride[d], width));
    count.push(limit(f, width, v?.count[d]));
    block.push(limit(f, width, v?.block[d]));
  }
  return { kind: "hyperslab", version, rank, start, stride, count, block };
}

function blocks(f: Fields, version: 1 | 2 | 3, width: 2 | 4 | 8, v?: BlocksSelection): BlocksSelection {
  const rank = selectionRank(f, v?.rank);
  const count = f.uint(v && v.corners.length / (2 * rank), width);
  const corners = coordinates(f, count * rank * 2, width, v?.corners);
  if (f.reading) checkCorners(f, corners, rank);
  return { kind: "blocks", version, rank, corners };
}

/** No block ends before it starts. */
function checkCorners(f: Fields, corners: Float64Array, rank: number): void {
  for (let at = 0; at < corners.length; at += 2 * rank) {
    for (let d = 0; d < rank; d++) {
      if (corners[at + d] > corners[at + rank + d])
        f.fail("has a block that ends before it starts", corners[at + rank + d], `at least ${corners[at + d]}`);
    }
  }
}
