/** Units of time: NumPy's names and Arrow's numbers. */
import type { TimeUnit } from "apache-arrow";
import type { Arrow } from "./arrow.ts";

/** Units that both have. */
export type TimeUnitName = "s" | "ms" | "us" | "ns";

const NAMES: readonly TimeUnitName[] = ["s", "ms", "us", "ns"];

/** Arrow's number of a unit; `undefined` where Arrow has none. */
export function timeUnit(arrow: Arrow, name: string): TimeUnit | undefined {
  const { SECOND, MILLISECOND, MICROSECOND, NANOSECOND } = arrow.TimeUnit;
  return [SECOND, MILLISECOND, MICROSECOND, NANOSECOND][NAMES.indexOf(name as TimeUnitName)];
}

/** NumPy's name of Arrow's unit. */
export const unitName = (unit: TimeUnit): TimeUnitName => NAMES[unit];
