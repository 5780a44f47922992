/** JavaScript's dates as NumPy's: counts of a unit since 1970. */
import { DTypeError } from "../../errors.ts";
import type { Moment } from "../dtype/meaning.ts";

/** NumPy's "not a time". */
const NOT_A_TIME = -(2n ** 63n);

/** Milliseconds in units of a millisecond and more. */
const COARSE: { readonly [unit: string]: bigint } = {
  ms: 1n,
  s: 1000n,
  m: 60_000n,
  h: 3_600_000n,
  D: 86_400_000n,
  W: 604_800_000n,
};
/** Units in a millisecond. */
const FINE: { readonly [unit: string]: bigint } = { us: 1000n, ns: 1_000_000n, ps: 1_000_000_000n };

/** The count of a date, rounded down as NumPy does. DTypeError where the unit has no fixed length. */
export function dateCount(date: Date, { kind, unit }: Moment): bigint {
  const [, digits, name] = /^(\d*)(.*)$/.exec(unit)!;
  const per = BigInt(digits || "1");
  const known = kind === "datetime64" && per > 0n && (name in COARSE || name in FINE);
  if (!known) {
    throw new DTypeError("cannot hold a Date", { structure: `${kind}[${unit}]`, allowed: "dates in W to ps" });
  }
  const time = date.getTime();
  if (Number.isNaN(time)) return NOT_A_TIME;
  const count = name in FINE ? BigInt(time) * FINE[name] : floorDiv(BigInt(time), COARSE[name]);
  return floorDiv(count, per);
}

const floorDiv = (a: bigint, b: bigint): bigint => (a % b < 0n ? a / b - 1n : a / b);
