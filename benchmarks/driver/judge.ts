/** Marks what returned other data than the reference did: no ratio counts it. */
import type { Measured, Probe } from "../measured.ts";

/** Whose data is taken for right: the first that has any. */
const REFERENCES = ["h5py", "h5wasm", "h5wasm+plugins", "h5ts"];

export function judged(all: readonly Measured[]): Measured[] {
  const reference = REFERENCES.map((name) => all.find(({ peer, probe }) => peer === name && probe !== undefined)).find(
    Boolean,
  );
  if (reference === undefined || reference.workload.startsWith("F_")) return [...all];
  return all.map((one) =>
    one.probe === undefined || one.wrong !== undefined || isSame(one.probe, reference.probe!)
      ? one
      : { ...one, wrong: `read ${differing(one.probe, reference.probe!)}` },
  );
}

const isSame = (one: Probe, other: Probe): boolean =>
  one.length === other.length && one.every((value, i) => isEqual(value, other[i]));

/** Numbers to the precision that all languages write them. */
function isEqual(one: number | string, other: number | string): boolean {
  if (typeof one === "string" || typeof other === "string") return one === other;
  return one === other || Math.abs(one - other) <= 1e-9 * Math.max(Math.abs(one), Math.abs(other));
}

function differing(one: Probe, other: Probe): string {
  const at = one.findIndex((value, i) => !isEqual(value, other[i]));
  return `${one[at]} for ${other[at]}`;
}
