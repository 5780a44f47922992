/** Frequencies: pandas' offsets by class, and the names that its `freqstr` has for them. */
import type { PythonObject } from "./values.ts";

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];

/** Names as pandas 3 has them. */
const PLAIN: Readonly<Record<string, string>> = {
  Day: "D",
  Hour: "h",
  Minute: "min",
  Second: "s",
  Milli: "ms",
  Micro: "us",
  Nano: "ns",
  BusinessDay: "B",
  CustomBusinessDay: "C",
  MonthEnd: "ME",
  MonthBegin: "MS",
  BusinessMonthEnd: "BME",
  BusinessMonthBegin: "BMS",
  CustomBusinessMonthEnd: "CBME",
  CustomBusinessMonthBegin: "CBMS",
  BusinessHour: "bh",
  CustomBusinessHour: "cbh",
  SemiMonthEnd: "SME",
  SemiMonthBegin: "SMS",
};
/** By the month in which they begin or end: the third argument. */
const ANCHORED: Readonly<Record<string, readonly [name: string, month: number]>> = {
  QuarterEnd: ["QE", 3],
  QuarterBegin: ["QS", 3],
  BQuarterEnd: ["BQE", 3],
  BQuarterBegin: ["BQS", 3],
  YearEnd: ["YE", 12],
  YearBegin: ["YS", 1],
  BYearEnd: ["BYE", 12],
  BYearBegin: ["BYS", 1],
};
const OTHERS = ["Week", "WeekOfMonth", "LastWeekOfMonth"];

/** Classes that pickles may name. */
export const OFFSETS: ReadonlySet<string> = new Set([...Object.keys(PLAIN), ...Object.keys(ANCHORED), ...OTHERS]);

/** The frequency that a class with these arguments is: `(n, normalize, anchor)`. */
export function frequency(name: string, args: readonly unknown[]): PythonObject {
  const n = typeof args[0] === "bigint" && args[0] !== 1n ? String(args[0]) : "";
  return { kind: "frequency", name: `${n}${nameOf(name, args.slice(2))}` };
}

const numberOf = (value: unknown, otherwise: number): number => (typeof value === "bigint" ? Number(value) : otherwise);

function nameOf(name: string, [anchor, second]: readonly unknown[]): string {
  if (Object.hasOwn(PLAIN, name)) return PLAIN[name];
  if (Object.hasOwn(ANCHORED, name)) {
    const [short, month] = ANCHORED[name];
    return `${short}-${MONTHS[(numberOf(anchor, month) + 11) % 12]}`;
  }
  const weekday = WEEKDAYS[numberOf(name === "WeekOfMonth" ? second : anchor, 0) % 7];
  if (name === "Week") return typeof anchor === "bigint" ? `W-${weekday}` : "W";
  return name === "LastWeekOfMonth" ? `LWOM-${weekday}` : `WOM-${numberOf(anchor, 0) + 1}${weekday}`;
}

/** Names of periods: those of offsets without the end or the beginning that these have. */
export const periodName = (name: string): string =>
  name.replace(/^(\d*)(ME|BME|QE|BQE|YE|BYE)\b/, (_, n, end) => `${n}${end.slice(0, -1)}`);

/** Class and arguments of a frequency by its name, as pandas would make them; `undefined` of names that are not known. */
export function offsetOf(text: string): { readonly name: string; readonly args: readonly bigint[] } | undefined {
  const found = /^(-?\d*)([A-Za-z]+)(?:-([A-Z]+))?$/.exec(text);
  if (found === null) return undefined;
  const [, count, short, anchor] = found;
  const n = count === "" ? 1n : BigInt(count);
  const plain = Object.keys(PLAIN).find((key) => PLAIN[key] === (ALIASES[short] ?? short));
  if (plain !== undefined && anchor === undefined) return { name: plain, args: [n] };
  const anchored = Object.keys(ANCHORED).find((key) => ANCHORED[key][0] === (ALIASES[short] ?? short));
  if (anchored !== undefined) {
    const month =
      anchor === undefined
        ? anchored.startsWith("Y") || anchored.startsWith("BY")
          ? ANCHORED[anchored][1]
          : 12
        : MONTHS.indexOf(anchor) + 1;
    return month > 0 ? { name: anchored, args: [n, BigInt(month)] } : undefined;
  }
  const weekday = anchor === undefined ? 6 : WEEKDAYS.indexOf(anchor);
  return short === "W" && weekday >= 0 ? { name: "Week", args: [n, BigInt(weekday)] } : undefined;
}

/** Names of other versions, and those of periods. */
const ALIASES: Readonly<Record<string, string>> = {
  H: "h",
  T: "min",
  S: "s",
  L: "ms",
  U: "us",
  N: "ns",
  M: "ME",
  Q: "QE",
  A: "YE",
  Y: "YE",
  BM: "BME",
  BQ: "BQE",
  BA: "BYE",
  BY: "BYE",
  AS: "YS",
};
