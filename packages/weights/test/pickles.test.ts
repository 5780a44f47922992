/** Pickles that would do harm, or take too much: each is refused by a typed error, soon. */
import { isH5Error } from "h5ts";
import { describe, expect, it } from "vitest";
import { TorchHost } from "../src/torch/rebuild.ts";
import { PickleDict, unpickle } from "../src/torch/unpickle.ts";

const bytes = (...parts: (string | number | readonly number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "string" ? [...Buffer.from(part, "latin1")] : typeof part === "number" ? [part] : [...part],
    ),
  );
const global = (module: string, name: string): string => `c${module}\n${name}\n`;
const text = (value: string): (string | number)[] => ["X", value.length & 0xff, value.length >> 8, 0, 0, value];
const read = (pickle: Uint8Array): unknown => unpickle(pickle, new TorchHost()).value;
const of = (...parts: (string | number | readonly number[])[]): Uint8Array => bytes([0x80, 2], ...parts, ".");

/** Names that run programs, read files or build objects in Python. */
const GLOBALS: readonly [string, string][] = [
  ["os", "system"],
  ["posix", "system"],
  ["nt", "system"],
  ["subprocess", "Popen"],
  ["builtins", "eval"],
  ["builtins", "exec"],
  ["builtins", "getattr"],
  ["builtins", "open"],
  ["builtins", "__import__"],
  ["__builtin__", "eval"],
  ["__builtin__", "apply"],
  ["copyreg", "_reconstructor"],
  ["copy_reg", "_reconstructor"],
  ["importlib", "import_module"],
  ["runpy", "_run_code"],
  ["webbrowser", "open"],
  ["torch.hub", "load"],
  ["torch", "load"],
  ["torch.storage", "_load_from_bytes"],
  ["torch", "__proto__"],
  ["torch", "constructor"],
  ["torch", "toString"],
  ["collections", "defaultdict"],
  ["functools", "partial"],
  ["operator", "attrgetter"],
  ["numpy.core.multiarray", "_reconstruct"],
  ["types", "CodeType"],
  ["marshal", "loads"],
  ["pickle", "loads"],
  ["mymodel", "Net"],
];

const REFUSED: readonly [string, Uint8Array][] = [
  ...GLOBALS.map(([module, name]): [string, Uint8Array] => [`${module}.${name}`, of(global(module, name), ")R")]),
  ["a global by the stack", of(0x8c, 2, "os", 0x8c, 6, "system", 0x93)],
  ["an instance (INST)", of("(ios\nsystem\n")],
  ["an instance (OBJ)", of("(", global("torch", "FloatStorage"), "o")],
  ["an extension code", of(0x82, 1)],
  ["a text persistent id", of("Pkey\n")],
  ["a persistent id that is no tuple", of("N", "Q")],
  ["a text that is longer than the file", of("X", 0xff, 0xff, 0xff, 0x7f)],
  ["bytes that are longer than the file", of("B", 0xff, 0xff, 0xff, 0xff)],
  ["a memo that was never kept", of("j", 0xff, 0xff, 0xff, 0x7f)],
  ["a call of a number", of("K", 1, ")R")],
  ["a call with a list", of(global("collections", "OrderedDict"), "]R")],
  ["an item of a number", of("K", 1, "K", 2, "K", 3, "s")],
  ["an odd number of items", of("}", "(", "K", 1, "u")],
  ["a value where there is none", of("0")],
  ["a mark for a value", of("(", 0x85)],
  ["no mark", of("t")],
  ["a state for a number", of("K", 1, "}b")],
  ["a tensor without a storage", of(global("torch._utils", "_rebuild_tensor_v2"), "(NK", 0, "))", 0x89, "NtR")],
  ["a whole module", of("(", ...text("module"), "NNtQ")],
  ["nothing", bytes()],
  ["no end", bytes([0x80, 2], "}")],
];

describe("pickles", () => {
  it.each(REFUSED)("are refused: %s", (_, pickle) => {
    let thrown: unknown;
    try {
      read(pickle);
    } catch (error) {
      thrown = error;
    }
    expect(isH5Error(thrown)).toBe(true);
  });

  it("nest as deep as they are long, and may hold themselves", () => {
    const deep = read(of("]".repeat(100_000), "a".repeat(99_999)));
    expect(Array.isArray(deep)).toBe(true);
    const ring = read(of("]q", 0, "h", 0, "a")) as unknown[];
    expect(ring[0]).toBe(ring);
  });

  it("keep names that mean something to JavaScript as data", () => {
    const dict = read(of("}", ...text("__proto__"), "K", 7, "s")) as PickleDict;
    expect(dict).toBeInstanceOf(PickleDict);
    expect([...dict]).toEqual([["__proto__", 7]]);
  });

  it("have a storage that is as large as tensors in it say, or it is an error", () => {
    const storage = [
      "(",
      ...text("storage"),
      global("torch", "FloatStorage"),
      ...text("0"),
      ...text("cpu"),
      "K",
      6,
      "tQ",
    ];
    const tensor = (offset: number, rows: number, stride: number): Uint8Array =>
      of(
        global("torch._utils", "_rebuild_tensor_v2"),
        "(",
        ...storage,
        "K",
        offset,
        "K",
        rows,
        "K",
        3,
        0x86,
        "K",
        stride,
        "K",
        1,
        0x86,
        0x89,
        "NtR",
      );
    expect(read(tensor(0, 2, 3))).toMatchObject({ shape: [2, 3], stride: [3, 1] });
    for (const wrong of [tensor(1, 2, 3), tensor(0, 3, 3), tensor(0, 2, 200)])
      expect(() => read(wrong)).toThrow(/outside of its storage/);
  });
});
