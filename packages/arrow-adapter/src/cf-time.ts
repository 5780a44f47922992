/** Times by the CF conventions: numbers of a unit since a moment, `units = "hours since 2000-01-01 12:00"`. */
import { type AnyData, UnsupportedError } from "h5ts";

/** What an attribute `units` says. */
export interface CfUnits {
  /** The unit of the timestamps that the numbers become: as fine as the numbers need. */
  readonly unit: "s" | "ms" | "us" | "ns";
  /** That many of them are one of the numbers. */
  readonly factor: bigint;
  /** When counting begins, in that unit since 1970. */
  readonly origin: bigint;
  /** `"UTC"` where the attribute names a zone: the moment is converted to it. */
  readonly zone?: string;
}

/** Units by their names in UDUNITS, in nanoseconds. */
const NANOSECONDS: readonly (readonly [names: string, length: bigint])[] = [
  ["weeks week", 604_800_000_000_000n],
  ["days day d", 86_400_000_000_000n],
  ["hours hour hrs hr h", 3_600_000_000_000n],
  ["minutes minute mins min", 60_000_000_000n],
  ["seconds second secs sec s", 1_000_000_000n],
  ["milliseconds millisecond msecs msec millis ms", 1_000_000n],
  ["microseconds microsecond us", 1000n],
  ["nanoseconds nanosecond ns", 1n],
];

const LENGTHS = new Map(
  NANOSECONDS.flatMap(([names, length]) => names.split(" ").map((name) => [name, length] as const)),
);
const PER_UNIT = { s: 1_000_000_000n, ms: 1_000_000n, us: 1000n, ns: 1n };
const CALENDARS = new Set(["standard", "gregorian", "proleptic_gregorian"]);
const UNITS =
  /^\s*(\w+)\s+since\s+([+-]?\d{1,4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(\.\d+)?)?)?)?\s*(Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?\s*$/i;

/**
 * What the attribute says; `undefined` where it is no time. `floats`: there may be parts of a unit. UnsupportedError for
 * calendars other than ours.
 */
export function cfUnits(units: string | undefined, calendar = "standard", floats = false): CfUnits | undefined {
  const match = UNITS.exec(units ?? "");
  const length = match === null ? undefined : LENGTHS.get(match[1].toLowerCase());
  if (match === null || length === undefined) return undefined;
  if (!CALENDARS.has(calendar.toLowerCase())) {
    throw new UnsupportedError("has a calendar that Arrow has no times for", {
      structure: "units",
      found: calendar,
      allowed: [...CALENDARS].join(", "),
    });
  }
  const { milliseconds, fine } = originOf(match);
  const coarse =
    length >= PER_UNIT.s && !fine ? "s" : length >= PER_UNIT.ms ? "ms" : length >= PER_UNIT.us ? "us" : "ns";
  const unit = floats && coarse !== "ns" ? "us" : coarse;
  const origin = (milliseconds * 1_000_000n) / PER_UNIT[unit];
  return { unit, factor: length / PER_UNIT[unit], origin, ...(match[9] === undefined ? {} : { zone: "UTC" }) };
}

/** Milliseconds since 1970, and whether there is a part of a second. */
function originOf(match: RegExpExecArray): { milliseconds: bigint; fine: boolean } {
  const [, , year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", zone = "Z"] = match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second), Math.round(Number(fraction) * 1000));
  const milliseconds = BigInt(date.getTime()) - BigInt(minutesOf(zone) * 60_000);
  return { milliseconds, fine: milliseconds % 1000n !== 0n };
}

function minutesOf(zone: string): number {
  const match = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(zone);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return match[1] === "-" ? -minutes : minutes;
}

const NOT_A_TIME = -(2n ** 63n);

/** Numbers as times: integers exactly; others to the nearest of the unit, those that are none as no time. */
export function cfTimes(values: AnyData, { factor, origin }: CfUnits): { times: BigInt64Array } {
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    return { times: BigInt64Array.from(values as BigInt64Array, (value) => value * factor + origin) };
  }
  const numbers = values as Float64Array;
  const scale = Number(factor);
  const times = BigInt64Array.from(numbers as unknown as ArrayLike<bigint>, (value) => {
    const count = value as unknown as number;
    if (Number.isInteger(count)) return BigInt(count) * factor + origin;
    return Number.isFinite(count) ? BigInt(Math.round(count * scale)) + origin : NOT_A_TIME;
  });
  return { times };
}
