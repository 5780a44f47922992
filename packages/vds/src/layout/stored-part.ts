/** What is selected of a view or a source, as mappings keep it. */
import {
  parseSelection,
  SelectionError,
  type SelectionInput,
  Slice,
  type StoredSelection,
  storeSelection,
} from "@h5ts/core";

/** A slice that goes on without end: `slice({ count: Infinity })`. */
const isEndless = (entry: unknown): entry is Slice =>
  entry instanceof Slice && (entry.hyperslab?.count === Infinity || entry.hyperslab?.block === Infinity);

/** The selection as it is stored. SelectionError where it does not fit the shape, or where libhdf5 cannot map it. */
export function storedPart(input: SelectionInput | undefined, shape: readonly number[]): StoredSelection {
  if (isStored(input)) return checkedRank(input, shape);
  const entries = Array.isArray(input) ? (input as readonly unknown[]) : [input];
  const at = entries.findIndex(isEndless);
  if (at >= 0) return endless(entries, at, shape);
  const stored = storeSelection(parseSelection(input, shape), shape);
  if (stored.kind !== "points") return stored;
  throw refused("lists indices that do not ascend, which mappings cannot say", input);
}

const isStored = (input: unknown): input is StoredSelection =>
  typeof input === "object" && input !== null && "kind" in input;

function checkedRank(stored: StoredSelection, shape: readonly number[]): StoredSelection {
  if (stored.kind === "points") throw refused("lists points, which mappings cannot say", stored.kind);
  if (!("rank" in stored) || stored.rank === shape.length) return stored;
  throw refused(`is of rank ${stored.rank}, not ${shape.length}`, stored.kind);
}

function endless(entries: readonly unknown[], at: number, shape: readonly number[]): StoredSelection {
  const rest = entries.indexOf("...");
  const axis = rest >= 0 && rest < at ? shape.length - entries.length + at : at;
  // Along that axis any extent will do.
  const others = entries.map((entry, i) => (i === at ? null : entry)) as SelectionInput;
  const some = shape.map((dim, d) => (d === axis ? 1 : dim));
  const stored = storeSelection(parseSelection(others, some), some);
  if (stored.kind !== "hyperslab" || axis >= shape.length)
    throw refused("goes on without end along one axis, and lists elements along another", entries);
  const {
    start = 0,
    block = 1,
    stride = block === Infinity ? 1 : block,
    count = 1,
  } = (entries[at] as Slice).hyperslab!;
  check({ start, block, stride, count }, entries[at]);
  const set = (list: readonly number[], value: number): number[] => list.map((n, d) => (d === axis ? value : n));
  return {
    kind: "hyperslab",
    rank: stored.rank,
    start: set(stored.start, start),
    stride: set(stored.stride, stride),
    count: set(stored.count, count),
    block: set(stored.block, block),
  };
}

function check(slab: { start: number; stride: number; count: number; block: number }, shown: unknown): void {
  const { start, stride, count, block } = slab;
  const whole = [start, stride, count, block].every(
    (part) => part === Infinity || (Number.isInteger(part) && part >= 0),
  );
  const fits = block === Infinity ? count === 1 : stride >= block && block > 0;
  if (!whole || !fits || start === Infinity || stride === Infinity)
    throw refused("has a hyperslab without end that is none", shown);
}

const refused = (reason: string, found: unknown): SelectionError =>
  new SelectionError(reason, { structure: "selection", found, allowed: "slices, ascending lists, masks" });
