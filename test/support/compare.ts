/** A digest against the truth: key by key, as the schema says. */
import type { FileDigest } from "@h5ts/cli";
import type { Truth, TruthRecord } from "./corpus.ts";

export interface Difference {
  /** Path of the object; with `@name`, of its attribute. */
  readonly at: string;
  readonly key: string;
  readonly expected: unknown;
  readonly found: unknown;
  /** The error that stands in place of the value. */
  readonly error?: { readonly name: string; readonly message: string };
}

/** Keys that tell of the oracle, or of how the file is made, not of what is in it. */
const INFORMATIONAL = new Set([
  "info",
  "oracle",
  "oracle_note",
  "reason",
  "by",
  "attrs_by",
  "confirmed_by",
  "features",
]);
/** Keys that are compared part by part. */
const PARTS = new Set(["attrs", "links"]);

const isUnreadable = (record: TruthRecord | undefined): boolean => record?.oracle === "unreadable";

/** Everything in which a digest differs from the truth. */
export function differences(truth: Truth, digest: FileDigest): Difference[] {
  if (!digest.readable) return [{ at: "", key: "readable", expected: true, found: false, error: digest.error }];
  const out: Difference[] = [];
  const found = new Map((digest.objects as unknown as TruthRecord[]).map((object) => [object.path!, object]));
  compareKeys(out, "", pick(truth, ["superblock", "companions"]), pick(digest, ["superblock", "companions"]));
  for (const object of truth.objects) {
    const other = found.get(object.path!);
    if (other === undefined) out.push({ at: object.path!, key: "path", expected: object.path, found: undefined });
    else if (!isUnreadable(object)) compareObject(out, object, other);
  }
  compareOrder(out, truth, digest);
  return out;
}

const pick = (from: object, keys: string[]): TruthRecord =>
  Object.fromEntries(keys.map((key) => [key, (from as Record<string, unknown>)[key]]));

function compareObject(out: Difference[], expected: TruthRecord, found: TruthRecord): void {
  const at = expected.path!;
  compareKeys(out, at, expected, found);
  compareNamed(out, at, "attrs", expected.attrs as TruthRecord[], found.attrs as TruthRecord[]);
  compareNamed(out, at, "links", expected.links as TruthRecord[], found.links as TruthRecord[]);
}

/** Attributes, or links: in the order of the truth. Where the oracle could not read one, it may have missed its name. */
function compareNamed(
  out: Difference[],
  at: string,
  key: string,
  expected: TruthRecord[] = [],
  found: TruthRecord[] = [],
): void {
  const known = expected.filter((one) => !isUnreadable(one));
  const partly = known.length < expected.length;
  const names = new Set(known.map((one) => one.name));
  const others = partly ? found.filter((one) => names.has(one.name)) : found;
  if (
    !same(
      known.map((one) => one.name),
      others.map((one) => one.name),
    )
  ) {
    out.push({ at, key, expected: known.map((one) => one.name), found: others.map((one) => one.name) });
    return;
  }
  const mark = key === "attrs" ? "@" : "/";
  for (const [i, one] of known.entries()) compareKeys(out, `${at}${mark}${one.name}`, one, others[i]);
}

function compareKeys(out: Difference[], at: string, expected: TruthRecord, found: TruthRecord): void {
  const error = found.error as Difference["error"];
  for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    if (INFORMATIONAL.has(key) || PARTS.has(key) || key === "error") continue;
    if (key === "fill" && isUnreadable(expected.fill as TruthRecord)) continue;
    if (!same(expected[key], found[key])) out.push({ at, key, expected: expected[key], found: found[key], error });
  }
}

/** The order in which objects are met; those that the truth does not have lie behind links that its oracle could not follow. */
function compareOrder(out: Difference[], truth: Truth, digest: FileDigest): void {
  const expected = truth.objects.map((object) => object.path);
  const known = new Set(expected);
  const found = digest.objects.map((object) => object.path);
  if (
    !same(
      expected,
      found.filter((path) => known.has(path)),
    )
  ) {
    out.push({ at: "", key: "order of objects", expected, found });
  }
  const complete = !truth.objects.some(
    (o) => isUnreadable(o) || (o.links as TruthRecord[] | undefined)?.some(isUnreadable),
  );
  const more = found.filter((path) => !known.has(path));
  if (complete && more.length > 0) out.push({ at: "", key: "objects", expected: [], found: more });
}

/** Equality of JSON values; the order of an object's keys does not matter, and an absent key is `undefined`. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((one, i) => same(one, b[i]));
  }
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return [...new Set([...Object.keys(x), ...Object.keys(y)])].every((key) => same(x[key], y[key]));
}

const SHOWN = 160;
const cut = (value: unknown): string => {
  const text = JSON.stringify(value) ?? "absent";
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text;
};

export function differenceText({ at, key, expected, found, error }: Difference): string {
  const why = error === undefined ? `found ${cut(found)}` : `${error.name}: ${error.message}`;
  return `${at || "(file)"} ${key}: expected ${cut(expected)}, ${why}`;
}
