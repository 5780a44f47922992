/** Values of every kind that a program may pass, as h5py reads what is written of them: datatype, shape and elements. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DatasetOptions, dtype, openSync } from "h5ts";
import { expect, it } from "vitest";
import { describeWith } from "../support/clients.ts";

/** Prints datatype, shape and elements of each dataset, and of the attribute of its name. */
const SCRIPT = `
import h5py, json, sys
file = h5py.File(sys.argv[1])
def text(value):
    return repr(value.tolist() if hasattr(value, "tolist") else value)
print(json.dumps({name: [str(file[name].dtype), text(file[name][()]), text(file.attrs[name])] for name in file}))
`;

type Case = [name: string, data: unknown, options: DatasetOptions, dtype: string, elements: string, attribute?: string];

const cases: Case[] = [
  ["integer", 5, {}, "int64", "5"],
  ["float", 0.5, {}, "float64", "0.5"],
  ["bigint", 2n ** 63n, {}, "uint64", "9223372036854775808"],
  ["boolean", true, {}, "bool", "True"],
  ["booleans", [true, false], {}, "bool", "[True, False]"],
  ["text", "grüße", {}, "object", "b'gr\\xc3\\xbc\\xc3\\x9fe'", "'grüße'"],
  ["texts", ["a", "β"], {}, "object", "[b'a', b'\\xce\\xb2']", "['a', 'β']"],
  ["fixed", ["ab", "c"], { dtype: "S3" }, "|S3", "[b'ab', b'c']"],
  [
    "nested",
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    {},
    "int64",
    "[[1, 2, 3], [4, 5, 6]]",
  ],
  ["floats", Float32Array.of(1.5, -2), {}, "float32", "[1.5, -2.0]"],
  ["bytes", Uint8Array.of(1, 255), {}, "uint8", "[1, 255]"],
  ["longs", BigInt64Array.of(-1n, 2n ** 62n), {}, "int64", "[-1, 4611686018427387904]"],
  ["half", [1.5, 2], { dtype: "f2" }, "float16", "[1.5, 2.0]"],
  ["big-endian", [1, 2], { dtype: ">i4" }, ">i4", "[1, 2]"],
  ["complex", [{ real: 1, imag: -2 }], {}, "complex128", "[(1-2j)]"],
  ["shaped", { data: Int8Array.of(1, 2, 3, 4), shape: [2, 2] }, {}, "int8", "[[1, 2], [3, 4]]"],
  ["columns", { x: [1, 2], y: Float32Array.of(0.5, 1.5) }, {}, "[('x', '<i8'), ('y', '<f4')]", "[(1, 0.5), (2, 1.5)]"],
  [
    "rows",
    [{ x: 1, s: "a" }],
    { dtype: dtype.compound({ x: "u2", s: "S2" }) },
    "[('x', '<u2'), ('s', 'S2')]",
    "[(1, b'a')]",
  ],
  ["enumeration", [1, 0], { dtype: dtype.enum({ OFF: 0, ON: 1 }) }, "uint8", "[1, 0]"],
  [
    "sequences",
    [[1, 2], [3]],
    { dtype: dtype.vlen("i4") },
    "object",
    "[array([1, 2], dtype=int32), array([3], dtype=int32)]",
  ],
  ["opaque", [Uint8Array.of(1, 2)], { dtype: dtype.opaque(2) }, "|V2", "[b'\\x01\\x02']"],
];

describeWith("python", "values", (python) => {
  it.each(["earliest", "latest"] as const)("are what h5py takes them for, in files for %s", (libver) => {
    const folder = mkdtempSync(join(tmpdir(), "h5ts-values-"));
    try {
      const path = join(folder, "values.h5");
      const file = openSync(path, "w", { libver });
      for (const [name, data, options] of cases) {
        file.createDataset(name, { data, ...options });
        file.attrs.create(name, data, { dtype: options.dtype });
      }
      file.close();
      const said = JSON.parse(execFileSync(python, ["-c", SCRIPT, path], { encoding: "utf8" }));
      expect(said).toEqual(
        Object.fromEntries(
          cases.map(([name, , , type, elements, attribute = elements]) => [name, [type, elements, attribute]]),
        ),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
