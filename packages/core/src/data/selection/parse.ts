/** From what a caller wrote to a selection: NumPy's and h5py's rules for one entry an axis. */
import { SelectionError } from "../../errors.ts";
import type { StoredSelection } from "../../format/selection/dataspace-selection.ts";
import { RegionReference } from "../reference.ts";
import { axisSelection, isMask, wholeAxis } from "./axis.ts";
import type { AxisInput, Mask, SelectionInput } from "./input.ts";
import { axes, runs, wholeSelection } from "./make.ts";
import type { AxisSelection, Selection } from "./selection.ts";
import { Slice } from "./slice.ts";
import { storedSelection } from "./stored.ts";

/** The selection that is meant, of a dataset of that shape. SelectionError says which axis, index and extent do not fit. */
export function parseSelection(input: SelectionInput | undefined, shape: readonly number[]): Selection {
  if (input === undefined || input === null || input === "...") return wholeSelection(shape);
  if (Array.isArray(input)) return parseEntries(input as readonly AxisInput[], shape);
  if (typeof input === "number" || input instanceof Slice) return parseEntries([input], shape);
  if (input instanceof RegionReference) return storedSelection(input.selection, shape);
  if (isMask(input)) return parseMask(input, shape);
  if (isStored(input)) return storedSelection(input, shape);
  throw new SelectionError("is of an unknown kind", {
    structure: "selection",
    found: input,
    allowed: "an array with an entry for each axis, an index, a slice, a mask, a region reference",
  });
}

const isStored = (input: unknown): input is StoredSelection =>
  typeof input === "object" && input !== null && "kind" in input;

function parseEntries(entries: readonly (AxisInput | "...")[], shape: readonly number[]): Selection {
  // A flat mask of booleans is one over everything, since single booleans select nothing along an axis.
  if (typeof entries[0] === "boolean") {
    return parseMask({ data: entries as unknown as boolean[], shape: [entries.length] }, shape);
  }
  const dropped = new Set<number>();
  const each: AxisSelection[] = expand(entries, shape.length).map((entry, axis) => {
    if (typeof entry === "number") dropped.add(axis);
    return entry === undefined ? wholeAxis(shape[axis]) : axisSelection(entry, axis, shape[axis]);
  });
  return axes(each, dropped);
}

/** One entry an axis, `undefined` where none was written. */
function expand(entries: readonly (AxisInput | "...")[], rank: number): (AxisInput | undefined)[] {
  const written = entries.filter((entry) => entry !== "...").length;
  if (entries.length - written > 1) {
    throw new SelectionError('has "..." more than once', { structure: "selection", allowed: "once" });
  }
  if (written > rank) {
    throw new SelectionError("has more entries than the dataset has axes", {
      structure: "selection",
      found: written,
      allowed: `at most ${rank}`,
    });
  }
  const missing = new Array<undefined>(rank - written).fill(undefined);
  const at = entries.indexOf("...");
  const [before, after] = at < 0 ? [entries, []] : [entries.slice(0, at), entries.slice(at + 1)];
  return [...before, ...missing, ...after] as (AxisInput | undefined)[];
}

function parseMask(mask: Mask, shape: readonly number[]): Selection {
  const same = mask.shape.length === shape.length && mask.shape.every((extent, axis) => extent === shape[axis]);
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (!same || mask.data.length !== size) {
    throw new SelectionError("has a mask of another shape than the dataset", {
      structure: "selection",
      found: `[${mask.shape.join(", ")}]`,
      allowed: `[${shape.join(", ")}]`,
    });
  }
  return maskRuns(mask.data);
}

function maskRuns(data: ArrayLike<number | boolean>): Selection {
  const starts: number[] = [];
  const lengths: number[] = [];
  for (let i = 0; i < data.length; ) {
    if (!data[i]) {
      i++;
      continue;
    }
    const start = i;
    while (i < data.length && data[i]) i++;
    starts.push(start);
    lengths.push(i - start);
  }
  return runs(starts, lengths);
}
