/** Dates: ordinals as Python counts days, and the names of datatypes that hold times. */
import type { PythonObject } from "../python/values.ts";
import type { FrameUnit } from "./values.ts";

/** Days from 0001-01-01, which is 1, to 1970-01-01. */
const EPOCH_ORDINAL = 719_163;
const DAY_MS = 86_400_000;

/** A date by Python's ordinal. */
export const dateOfOrdinal = (ordinal: number): PythonObject => ({
  kind: "date",
  iso: new Date((ordinal - EPOCH_ORDINAL) * DAY_MS).toISOString().slice(0, 10),
});

/** Python's ordinal of a date. */
export const ordinalOfDate = (iso: string): number =>
  Math.round(Date.parse(`${iso}T00:00:00Z`) / DAY_MS) + EPOCH_ORDINAL;

/** What `datetime64[us]` or `timedelta64` says; of other names `undefined`. Without a unit nanoseconds are meant. */
export function momentType(
  name: string,
): { readonly kind: "datetime" | "timedelta"; readonly unit: FrameUnit } | undefined {
  const found = /^(datetime|timedelta)64(?:\[(s|ms|us|ns)(?:,[^\]]*)?\])?$/.exec(name);
  if (found === null) return undefined;
  return { kind: found[1] as "datetime" | "timedelta", unit: (found[2] ?? "ns") as FrameUnit };
}

const TICKS: Readonly<Record<string, bigint>> = {
  D: 86_400_000_000_000n,
  h: 3_600_000_000_000n,
  min: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  ns: 1n,
};

/**
 * Whether dates are as far from one another as a frequency says; `undefined` of frequencies that are no fixed length of time, such as
 * months.
 */
export function isRegular(data: BigInt64Array, unit: FrameUnit, freq: string): boolean | undefined {
  const found = /^(-?\d*)([A-Za-z]+)$/.exec(freq);
  const tick = found === null ? undefined : TICKS[found[2]];
  if (found === null || tick === undefined) return undefined;
  const step = (tick * BigInt(found[1] || 1)) / NANOSECONDS[unit];
  for (let i = 1; i < data.length; i++) if (data[i] - data[i - 1] !== step) return false;
  return true;
}

/** Units in a nanosecond's count: how many of the unit below each is. */
export const NANOSECONDS: Readonly<Record<FrameUnit, bigint>> = {
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  ns: 1n,
};
