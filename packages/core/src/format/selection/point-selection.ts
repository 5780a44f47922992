/** Point selections, versions 1 and 2 (HDF5 File Format Specification, section III.F), inside a serialized dataspace selection. */
import type { Fields } from "../../bytes/fields.ts";
import { coordinates, narrowest, selectionRank, selectionWidth } from "./coordinates.ts";
import type { PointSelection } from "./stored-selection.ts";

/** What follows the selection's type. */
export function pointSelection(f: Fields, v?: PointSelection): PointSelection {
  const needed = v && narrowest(v.points, 2);
  const version = f.u32(v && (v.version ?? (needed === 8 ? 2 : 1)));
  if (version !== 1 && version !== 2) return f.fail("has a point selection of an unknown version", version, "1 or 2");
  let width: 2 | 4 | 8 = 4;
  const counted = v && v.points.length / v.rank;
  if (version === 2) width = selectionWidth(f, v && widest(needed!, counted!));
  else {
    f.reserved(4);
    // Bytes from the rank on.
    f.u32(v && 8 + 4 * v.points.length);
  }
  const rank = selectionRank(f, v?.rank);
  const count = f.uint(counted, width);
  return { kind: "points", version, rank, points: coordinates(f, count * rank, width, v?.points) };
}

function widest(needed: 2 | 4 | 8, count: number): 2 | 4 | 8 {
  return Math.max(needed, narrowest([count], 2)) as 2 | 4 | 8;
}
