/** The neutral JSON of files without what versions of pandas name differently. */

/** Frequencies as pandas 1 and 2 name them. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  H: "h",
  T: "min",
  S: "s",
  L: "ms",
  U: "us",
  N: "ns",
  M: "ME",
  BM: "BME",
  Q: "QE",
  A: "YE",
  AS: "YS",
};
const newName = (freq: string): string =>
  freq.replace(/^(-?\d*)([A-Za-z]+)/, (_, n, name) => `${n}${OLD_NAMES[name] ?? name}`);

/** Without what versions of pandas name differently: classes of indexes, text that is `object` or `str`. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const { ...copy } = value as Record<string, unknown>;
  if (copy.t === "freq") return { t: "freq", v: newName(String(copy.v)) };
  if ("class" in copy && "name" in copy && "length" in copy) {
    if (!["MultiIndex", "DatetimeIndex", "TimedeltaIndex", "PeriodIndex"].includes(String(copy.class)))
      copy.class = "Index";
    if (copy.logical !== "period" && typeof copy.freq === "string") copy.freq = newName(copy.freq);
  }
  // Of nothing the type is what was to hand.
  if (copy.length === 0 && ["object", "string"].includes(String(copy.logical)))
    Object.assign(copy, { dtype: "none", logical: "none", sha256: "none" });
  if (copy.logical === "period") Object.assign(copy, { dtype: "period", freq: newName(String(copy.freq)) });
  if (copy.logical === "string") copy.dtype = "text";
  return Object.fromEntries(Object.entries(copy).map(([name, item]) => [name, plain(item)]));
}

/** Members in the order of their names. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, item]) => [name, sorted(item)]),
  );
}
