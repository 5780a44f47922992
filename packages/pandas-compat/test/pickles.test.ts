/** Pickles that would do harm, or take too much: each is refused by a typed error, soon. */
import { isH5Error } from "h5ts";
import { describe, expect, it } from "vitest";
import { fromPickle } from "../src/python/unpickle.ts";

type Part = string | number | readonly number[];
const bytes = (...parts: readonly Part[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "string" ? [...Buffer.from(part, "latin1")] : typeof part === "number" ? [part] : [...part],
    ),
  );
const global = (module: string, name: string): string => `c${module}\n${name}\n`;

/** Names that run programs, read files, import or build objects in Python. */
const GLOBALS: readonly [string, string][] = [
  ["os", "system"],
  ["posix", "system"],
  ["subprocess", "Popen"],
  ["__builtin__", "eval"],
  ["builtins", "exec"],
  ["builtins", "open"],
  ["builtins", "__import__"],
  ["builtins", "type"],
  ["copyreg", "_reconstructor"],
  ["importlib", "import_module"],
  ["runpy", "_run_code"],
  ["pickle", "loads"],
  ["marshal", "loads"],
  ["types", "CodeType"],
  ["functools", "partial"],
  ["operator", "attrgetter"],
  ["webbrowser", "open"],
  ["numpy", "load"],
  ["numpy", "fromfile"],
  ["numpy.core.multiarray", "__proto__"],
  ["pandas", "read_pickle"],
  ["pandas.io.pickle", "read_pickle"],
  ["pandas.core.frame", "DataFrame"],
  ["pandas._libs.tslibs.offsets", "__class__"],
  ["pandas._libs.tslibs.offsets", "constructor"],
  ["zoneinfo", "reset_tzpath"],
  ["collections", "defaultdict"],
  ["mymodule", "Thing"],
];

const nested = (depth: number): Uint8Array => bytes("(l".repeat(depth), "N", "a".repeat(depth), ".");
/** Each list holds the one before twice: 2 to the 60th values in some hundred bytes. */
const doubled = (): Uint8Array =>
  bytes("(lp0\n", ...Array.from({ length: 60 }, (_, i) => `(lp${i + 1}\ng${i}\nag${i}\na`), ".");

const REFUSED: readonly [string, Uint8Array][] = [
  ...GLOBALS.map(([module, name]): [string, Uint8Array] => [`${module}.${name}`, bytes(global(module, name), "(tR.")]),
  ["a global by the stack", bytes(0x80, 4, 0x8c, 2, "os", 0x8c, 6, "system", 0x93, ")R.")],
  [
    "getattr of what is no zone",
    bytes(global("__builtin__", "getattr"), "(", global("datetime", "date"), "V_unpickle\ntR."),
  ],
  [
    "getattr of another name",
    bytes(global("__builtin__", "getattr"), "(", global("zoneinfo", "ZoneInfo"), "V__init__\ntR."),
  ],
  ["an instance (INST)", bytes("(ios\nsystem\n.")],
  ["an instance (OBJ)", bytes("(", global("datetime", "date"), "o.")],
  ["an extension code", bytes(0x82, 1, ".")],
  ["a persistent id", bytes("Pkey\n.")],
  ["a persistent id off the stack", bytes("NQ.")],
  ["a buffer outside", bytes(0x80, 5, 0x97, ".")],
  ["a function as a value", bytes(global("datetime", "date"), ".")],
  ["a call of a number", bytes("I1\n(tR.")],
  ["a call with a list", bytes(global("datetime", "date"), "(lR.")],
  ["a state for a number", bytes("I1\n(db.")],
  ["a text that is longer than the file", bytes("X", [0xff, 0xff, 0xff, 0x7f], ".")],
  ["bytes of 2^63", bytes(0x8e, [0, 0, 0, 0, 0, 0, 0, 0x80], ".")],
  ["an integer of a million digits", bytes("I", "9".repeat(1_000_000), "\n.")],
  ["a LONG4 of 2 GB", bytes(0x8b, [0xff, 0xff, 0xff, 0x7f], ".")],
  ["nesting of 100,000 lists", nested(100_000)],
  ["nesting of 200 lists", nested(200)],
  ["a list that holds itself", bytes("(lp0\ng0\na.")],
  ["a dict that holds itself", bytes("(dp0\nVself\ng0\ns.")],
  ["lists that double sixty times", doubled()],
  ["a memo that was never kept", bytes("g7\n.")],
  ["a memo of a negative number", bytes("g-1\n.")],
  [
    "an array of 10^18 elements",
    bytes(
      global("numpy.core.multiarray", "_reconstruct"),
      "(tR(I1\n(I1000000000\nI1000000000\nt",
      global("numpy", "dtype"),
      "(VO8\ntRI00\n(ltb.",
    ),
  ],
  [
    "an array of a negative shape",
    bytes(
      global("numpy.core.multiarray", "_reconstruct"),
      "(tR(I1\n(I-1\nt",
      global("numpy", "dtype"),
      "(VO8\ntRI00\n(ltb.",
    ),
  ],
  [
    "an array of 10^9 elements of no bytes",
    bytes(
      global("numpy.core.multiarray", "_reconstruct"),
      "(tR(I1\n(I1000000000\nt",
      global("numpy", "dtype"),
      "(VV0\ntRI00\n",
      global("_codecs", "encode"),
      "(V\nVlatin1\ntRtb.",
    ),
  ],
  [
    "a date of three bytes",
    bytes(global("datetime", "date"), "(", global("_codecs", "encode"), "(Vabc\nVlatin1\ntRtR."),
  ],
  ["an encoding that runs code", bytes(global("_codecs", "encode"), "(Vx\nVzlib\ntR.")],
  ["no end", bytes("(lp0\n")],
  ["nothing", bytes("")],
];

describe("pickles that are refused", () => {
  it("are forty and more", () => expect(REFUSED.length).toBeGreaterThan(40));

  it.each(REFUSED)("%s", (_, pickle) => {
    const start = performance.now();
    let error: unknown;
    try {
      fromPickle(pickle);
    } catch (caught) {
      error = caught;
    }
    expect(
      ["FormatError", "UnsupportedError", "LimitError"].some((name) => isH5Error(error, name as "FormatError")),
    ).toBe(true);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it.each(GLOBALS)("%s.%s is named", (module, name) => {
    expect(() => fromPickle(bytes(global(module, name), "(tR."))).toThrow(`${module}.${name}`);
  });
});
