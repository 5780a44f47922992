/** Group info message, type 0x000A (HDF5 File Format Specification, section IV.A.2.k): when a group's links change their storage. */
import type { Fields } from "../../bytes/fields.ts";

export interface GroupInfoMessage {
  /** More links than this go to dense storage; fewer than that come back. Absent: 8 and 6. */
  readonly phaseChange?: { readonly maxCompact: number; readonly minDense: number };
  /** Absent: 4 entries with names of 8 bytes. */
  readonly estimate?: { readonly entries: number; readonly nameLength: number };
}

export function groupInfoMessage(f: Fields, v?: GroupInfoMessage): GroupInfoMessage {
  const version = f.u8(0);
  if (version !== 0) f.fail("has a version that is not known", version, "0");
  const flags = f.u8(v && (v.phaseChange ? 1 : 0) | (v.estimate ? 2 : 0));
  return {
    ...(flags & 1
      ? { phaseChange: { maxCompact: f.u16(v?.phaseChange?.maxCompact), minDense: f.u16(v?.phaseChange?.minDense) } }
      : {}),
    ...(flags & 2
      ? { estimate: { entries: f.u16(v?.estimate?.entries), nameLength: f.u16(v?.estimate?.nameLength) } }
      : {}),
  };
}
