/** Dates and durations in conditions, as pandas reads them. */
import { SelectionError } from "h5ts";
import { NANOSECONDS } from "../frame/moments.ts";
import type { FrameUnit } from "../frame/values.ts";
import { isPythonObject } from "../python/values.ts";
import type { Literal } from "./parse.ts";

function refuse(literal: Literal, what: string): never {
  throw new SelectionError(`is no ${what}`, { structure: "where", found: String(literal) });
}

const PATTERN =
  /^(\d{4})(?:-?(\d\d)(?:-?(\d\d))?)?(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:\.(\d{1,9})\d*)?)?)?)?\s*(Z|UTC|[+-]\d\d:?(?:\d\d)?)?$/;

/** A date as a count of units since the epoch, in UTC. */
export function timestampOf(literal: Literal, unit: FrameUnit): bigint {
  if (typeof literal === "number" || typeof literal === "bigint")
    return BigInt(Math.trunc(Number(literal))) / NANOSECONDS[unit];
  if (literal instanceof Date) return floorDivide(BigInt(literal.getTime()) * 1_000_000n, NANOSECONDS[unit]);
  if (isPythonObject(literal) && literal.kind === "timestamp" && literal.unit in NANOSECONDS)
    return floorDivide(literal.value * NANOSECONDS[literal.unit as FrameUnit], NANOSECONDS[unit]);
  const found = typeof literal === "string" ? PATTERN.exec(literal.trim()) : null;
  if (found === null) return refuse(literal, "date");
  const [, year, month = "01", day = "01", hour = "00", minute = "00", second = "00", fraction = "", zone] = found;
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  if (Number.isNaN(ms)) refuse(literal, "date");
  const nanoseconds = BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
  return floorDivide(nanoseconds - offsetOf(zone), NANOSECONDS[unit]);
}

function offsetOf(zone: string | undefined): bigint {
  if (zone === undefined || zone === "Z" || zone === "UTC") return 0n;
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0");
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60;
  return BigInt(zone[0] === "-" ? -seconds : seconds) * 1_000_000_000n;
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

const LENGTHS: Readonly<Record<string, bigint>> = {
  w: 604_800_000_000_000n,
  d: 86_400_000_000_000n,
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  t: 60_000_000_000n,
  min: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  l: 1_000_000n,
  us: 1000n,
  u: 1000n,
  ns: 1n,
  n: 1n,
};
const NAMES: Readonly<Record<string, string>> = {
  day: "d",
  hour: "h",
  hr: "h",
  minute: "min",
  second: "s",
  sec: "s",
  millisecond: "ms",
  milli: "ms",
  microsecond: "us",
  micro: "us",
  nanosecond: "ns",
  nano: "ns",
  week: "w",
};

/** A duration as a count of units; numbers are seconds. */
export function timedeltaOf(literal: Literal, unit: FrameUnit): bigint {
  if (typeof literal === "number" || typeof literal === "bigint")
    return BigInt(Math.round(Number(literal) * 1e9)) / NANOSECONDS[unit];
  if (isPythonObject(literal) && literal.kind === "timedelta" && literal.unit in NANOSECONDS)
    return floorDivide(literal.value * NANOSECONDS[literal.unit as FrameUnit], NANOSECONDS[unit]);
  if (typeof literal !== "string") return refuse(literal, "duration");
  let rest = literal.trim();
  const negative = rest.startsWith("-");
  rest = rest.replace(/^[+-]\s*/, "");
  let total = 0n;
  rest = rest.replace(/(\d+):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?/, (_, h, m, s = "0", fraction = "") => {
    total +=
      (BigInt(h) * 3600n + BigInt(m) * 60n + BigInt(s)) * 1_000_000_000n + BigInt(String(fraction).padEnd(9, "0"));
    return "";
  });
  rest = rest.replace(/(\d+(?:\.\d+)?)\s*([a-zA-Z]+)/g, (_, count: string, name: string) => {
    const lower = name.toLowerCase();
    const length = LENGTHS[NAMES[lower.replace(/s$/, "")] ?? lower];
    if (length === undefined) refuse(literal, "duration");
    total += count.includes(".") ? BigInt(Math.round(Number(count) * Number(length))) : BigInt(count) * length;
    return "";
  });
  if (rest.trim() !== "" || literal.trim() === "") refuse(literal, "duration");
  return floorDivide(negative ? -total : total, NANOSECONDS[unit]);
}
