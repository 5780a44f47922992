/**
 * Dataspace selections as serialized in files (HDF5 File Format Specification, section III.F).
 *
 * Pointed at by the mappings of virtual datasets and by references to regions, both of which keep them in heaps.
 */
import type { Fields } from "../../bytes/fields.ts";
import { hyperslabSelection } from "./hyperslab-selection.ts";
import { pointSelection } from "./point-selection.ts";
import type { BlocksSelection, HyperslabSelection, PointSelection, StoredSelection } from "./stored-selection.ts";

export type * from "./stored-selection.ts";

const NONE = 0;
const POINTS = 1;
const HYPERSLABS = 2;
const ALL = 3;
const TYPES: Record<StoredSelection["kind"], number> = {
  none: NONE,
  points: POINTS,
  hyperslab: HYPERSLABS,
  blocks: HYPERSLABS,
  all: ALL,
};

/** A selection of any type and version. */
export function dataspaceSelection(f: Fields, v?: StoredSelection): StoredSelection {
  const type = f.u32(v && TYPES[v.kind]);
  switch (type) {
    case NONE:
    case ALL: {
      const version = f.u32(1);
      if (version !== 1) f.fail("has a selection of an unknown version", version, "1");
      f.reserved(8);
      return { kind: type === NONE ? "none" : "all" };
    }
    case POINTS:
      return pointSelection(f, v as PointSelection | undefined);
    case HYPERSLABS:
      return hyperslabSelection(f, v as HyperslabSelection | BlocksSelection | undefined);
    default:
      return f.fail("has a selection of an unknown type", type, "0 to 3");
  }
}
