/** Pickles of pandas and PyTables: what the names in them mean. Nothing is looked up and run; other names are refused. */
import { checkBounds, PickleDict, type PickleHost, PickleTuple, unpickle } from "@h5ts/pickle";
import { FormatError } from "h5ts";
import { date, datetime, time, timedelta, timezone } from "./moments.ts";
import { buildArray, NumpyDtype, scalar } from "./numpy.ts";
import { frequency, OFFSETS } from "./offsets.ts";
import { isPythonObject, NumpyArray, type PythonObject, type Unit } from "./values.ts";

/** What a name stands for. */
interface Callable {
  readonly name: string;
  readonly make: (args: readonly unknown[]) => unknown;
}

const PYTHON_2: Readonly<Record<string, string>> = { __builtin__: "builtins", copy_reg: "copyreg" };
/** Units by NumPy's numbers of them. */
const UNITS: Readonly<Record<number, Unit>> = { 7: "s", 8: "ms", 9: "us", 10: "ns" };

const unitOf = (code: unknown): Unit => (code === undefined ? "ns" : (UNITS[Number(code)] ?? "ns"));
const zoneName = (zone: unknown): string | null => (isPythonObject(zone) && zone.kind === "zone" ? zone.name : null);

const fail = (name: string): never => {
  throw new FormatError("is called with what it does not take", { structure: "Pickle", found: name });
};

const integerOf = (value: unknown): bigint => (typeof value === "bigint" ? value : fail("a date"));

function encode([text, encoding]: readonly unknown[]): unknown {
  if (typeof text !== "string" || (encoding !== "latin1" && encoding !== "latin-1")) return fail("_codecs.encode");
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

function dtypeOf([code]: readonly unknown[]): unknown {
  return typeof code === "string" && /^[A-Za-z]\d*$/.test(code) ? new NumpyDtype(code) : fail("numpy.dtype");
}

function zone([name]: readonly unknown[]): unknown {
  return typeof name === "string" ? { kind: "zone", name } : fail("a time zone");
}

function setOf([items = []]: readonly unknown[]): unknown {
  return Array.isArray(items) || items instanceof Set ? new Set(items as Iterable<unknown>) : fail("set");
}

function dictOf([items = []]: readonly unknown[]): unknown {
  if (!Array.isArray(items) || !items.every((item) => Array.isArray(item) && item.length === 2)) return fail("a dict");
  return new PickleDict(items as [unknown, unknown][]);
}

const timestamp = ([value, , tz, unit]: readonly unknown[]): PythonObject => ({
  kind: "timestamp",
  unit: unitOf(unit),
  value: integerOf(value),
  zone: zoneName(tz),
});

/** `getattr` is for this one method of this one class. */
const ZONE_UNPICKLE: Callable = { name: "zoneinfo.ZoneInfo._unpickle", make: zone };

function attributeOf([of, name]: readonly unknown[]): unknown {
  return (of as Callable | undefined)?.name === "zoneinfo.ZoneInfo" && name === "_unpickle"
    ? ZONE_UNPICKLE
    : fail("getattr");
}

const CALLABLES: Readonly<Record<string, Callable["make"]>> = {
  "numpy.core.multiarray._reconstruct": () => new NumpyArray(),
  "numpy._core.multiarray._reconstruct": () => new NumpyArray(),
  "numpy.core.multiarray.scalar": ([dtype, data]) => scalar(dtype, data),
  "numpy._core.multiarray.scalar": ([dtype, data]) => scalar(dtype, data),
  "numpy.ndarray": () => fail("numpy.ndarray"),
  "numpy.dtype": dtypeOf,
  "_codecs.encode": encode,
  "builtins.set": setOf,
  "builtins.frozenset": setOf,
  "builtins.complex": ([real, imag]) => ({ kind: "complex", real: Number(real ?? 0), imag: Number(imag ?? 0) }),
  "builtins.getattr": attributeOf,
  "collections.OrderedDict": dictOf,
  "datetime.date": date,
  "datetime.datetime": datetime,
  "datetime.time": time,
  "datetime.timedelta": timedelta,
  "datetime.timezone": timezone,
  "decimal.Decimal": ([text]) => (typeof text === "string" ? { kind: "decimal", text } : fail("decimal.Decimal")),
  "pytz._p": zone,
  "pytz._UTC": () => ({ kind: "zone", name: "UTC" }),
  "pytz._FixedOffset": ([minutes]) => timezone([timedelta([0n, integerOf(minutes) * 60n, 0n])]),
  "zoneinfo.ZoneInfo": zone,
  "zoneinfo.ZoneInfo._unpickle": zone,
  "pandas._libs.tslibs.timestamps._unpickle_timestamp": timestamp,
  "pandas._libs.tslibs.timedeltas._timedelta_unpickle": ([value, unit]) => ({
    kind: "timedelta",
    unit: unitOf(unit),
    value: integerOf(value),
  }),
  "pandas._libs.tslibs.timedeltas.Timedelta": ([value]) => ({ kind: "timedelta", unit: "ns", value: integerOf(value) }),
  "pandas._libs.tslibs.nattype.__nat_unpickle": () => ({ kind: "nat" }),
  "pandas._libs.tslibs.nattype._nat_unpickle": () => ({ kind: "nat" }),
};

/** Names that are values themselves. */
const VALUES: Readonly<Record<string, unknown>> = {
  "pandas.NA": { kind: "na" },
  "pandas._libs.missing.NA": { kind: "na" },
  "pandas.NaT": { kind: "nat" },
};
const OFFSET_MODULE = "pandas._libs.tslibs.offsets";

function globalOf(module: string, name: string): unknown {
  const full = `${Object.hasOwn(PYTHON_2, module) ? PYTHON_2[module] : module}.${name}`;
  if (Object.hasOwn(VALUES, full)) return VALUES[full];
  if (Object.hasOwn(CALLABLES, full)) return { name: full, make: CALLABLES[full] } satisfies Callable;
  if ((module === OFFSET_MODULE || module === "pandas.tseries.offsets") && OFFSETS.has(name))
    return { name: full, make: (args) => frequency(name, args) } satisfies Callable;
  return undefined;
}

const isCallable = (value: unknown): value is Callable =>
  typeof value === "object" && value !== null && "make" in value && typeof value.make === "function";

const HOST: PickleHost = {
  global: globalOf,
  integer: (value) => value,
  call: (called, args) => (isCallable(called) ? called.make(args) : undefined),
  build(object, state) {
    if (object instanceof NumpyArray) return buildArray(object, state);
    if (object instanceof NumpyDtype) return object.build(state);
    // What an offset keeps beside its arguments is a cache.
    return isPythonObject(object) && object.kind === "frequency";
  },
};

const partsOf = (value: object): Iterable<unknown> | undefined =>
  value instanceof NumpyArray
    ? value.values
    : isPythonObject(value) && value.kind === "record"
      ? value.fields.values()
      : undefined;

/**
 * The value of a pickle. UnsupportedError names a class or function that is not on the list; FormatError where it is damaged,
 * LimitError where it is deeper or larger than data is.
 */
export function fromPickle(bytes: Uint8Array): unknown {
  const { value } = unpickle(bytes, HOST);
  if (isCallable(value) || value instanceof NumpyDtype) throw new FormatError("is no value", { structure: "Pickle" });
  checkBounds(value, { parts: partsOf });
  return value;
}

export { PickleTuple };
