/** What this version is allowed not to read: it must say so by a typed error. Nothing else is exempt. */
import type { FileDigest, ObjectDigest } from "@h5ts/cli";
import type { Difference } from "../support/compare.ts";

/** Filters of the corpus that this version does not have, by the number in the HDF Group's registry. */
const FILTERS: ReadonlyMap<number, string> = new Map([
  [312, "registered for test programs"],
  [405, "registered for test programs"],
]);

/** What cannot be told without reading. */
const VALUES = new Set(["sha256", "nbytes", "hex"]);

/** Why a difference is no failure; nothing if it is one. */
export function exemption({ at, key, error }: Difference, digest: FileDigest): string | undefined {
  const object = digest.objects.find((one) => one.path === at);
  if (object === undefined || error === undefined) return undefined;
  return error.name === "UnsupportedError" && VALUES.has(key) ? missingFilter(object) : undefined;
}

function missingFilter({ filters = [] }: ObjectDigest): string | undefined {
  const missing = filters.find(({ id }) => FILTERS.has(id));
  return missing && `filter ${missing.id} (${FILTERS.get(missing.id)})`;
}
