import { LimitError, type Limits } from "@h5ts/core";

/** LimitError that names the option if `value` exceeds it. */
export function withinLimit(limits: Limits, option: keyof Limits, value: number, structure: string): void {
  if (value <= limits[option]) return;
  throw new LimitError(`exceeds the option limits.${option}`, {
    structure,
    found: value,
    allowed: `at most ${limits[option]}`,
  });
}
