/**
 * The matrix: files of every datatype, layout, chunk index, filter, library version and rank, each read by libhdf5 with
 * the values that were written: through h5wasm, h5py and h5dump; and `check` finds nothing wrong with any.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import h5wasm, { type Dataset } from "h5wasm/node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkSync, type H5File, loadFilters, openSync, slice } from "../../packages/h5ts/src/index.ts";
import { client, describeWith } from "../support/clients.ts";
import { SCALE } from "../support/corpus.ts";
import { Judge } from "./judge.ts";
import { type MatrixCase, matrixCases } from "./matrix-cases.ts";
import { product } from "./model.ts";

const tally = { files: 0, h5py: 0, h5wasm: 0, h5dump: 0, check: 0, differences: 0 };
/** What versions from 1.12 on write is beyond h5dump of 1.10; szip is beyond h5wasm's build. */
const dumps = ({ libver }: MatrixCase): boolean => libver !== "v200" && libver !== "v114";
const wasms = ({ filters, type }: MatrixCase): boolean => filters !== "szip" && type.beyondH5wasm !== true;

describeWith("python", "the matrix", (python) => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-matrix-"));
  const h5dump = client("h5dump");
  let judge: Judge;
  beforeAll(async () => {
    await Promise.all([loadFilters(), h5wasm.ready]);
    judge = new Judge(python, "matrix.py");
  });
  afterAll(() => {
    judge.close();
    rmSync(folder, { recursive: true });
    console.log("matrix:", JSON.stringify(tally));
  });
  const all = matrixCases();
  const step = Math.max(1, Math.round(1 / SCALE));
  // A scaled run takes every so many, beginning where a prime number of steps spreads over all kinds.
  const cases = all.filter((_, i) => (i * 7) % step === 0);
  it.each(cases.map((one) => [one.id, one] as const))("%s", async (_, one) => {
    const path = join(folder, "matrix.h5");
    written(path, one);
    tally.files++;
    const { type, shape, fill = null } = one;
    const { differences } = await judge.ask<{ differences: string[] }>({ file: path, type: type.name, shape, fill });
    tally.h5py++;
    const found = [...differences, ...checkSync(path).faults.map(({ message }) => message)];
    tally.check++;
    if (wasms(one)) found.push(...byH5wasm(path, one));
    if (h5dump !== undefined && dumps(one)) found.push(...byH5dump(h5dump, path));
    tally.differences += found.length;
    expect(found).toEqual([]);
  });
});

function written(path: string, { type, libver, shape, options, fill }: MatrixCase): void {
  const file = openSync(path, "w", { libver });
  try {
    file.createDataset("target", { data: Int32Array.of(0, 1, 2, 3) });
    const dataset = file.createDataset("d", { ...options, shape, dtype: type.dtype });
    const part = fill === undefined ? shape : [Math.floor(shape[0] / 2), ...shape.slice(1)];
    const values = Array.from({ length: product(part) }, (_, i) => type.value(i, file));
    const data = type.inner === undefined ? values : values.flat();
    if (shape.length === 0 && type.inner === undefined) dataset.write(values[0]);
    else
      dataset.write(
        { data, shape: [...part, ...(type.inner ?? [])] },
        part.map((n) => slice(0, n)),
      );
  } finally {
    file.close();
  }
}

/** What h5dump complains of. */
function byH5dump(program: string, path: string): string[] {
  const { status, stderr } = spawnSync(program, ["-d", "/d", path], { stdio: ["ignore", "ignore", "pipe"] });
  tally.h5dump++;
  return status === 0 ? [] : [`h5dump: ${String(stderr).slice(0, 300)}`];
}

/** Where h5wasm's values are others. */
function byH5wasm(path: string, one: MatrixCase): string[] {
  tally.h5wasm++;
  const file = new h5wasm.File(path, "r");
  try {
    const dataset = file.get("d") as Dataset;
    const { value, shape } = dataset;
    if (JSON.stringify(shape) !== JSON.stringify(one.shape)) return [`h5wasm: shape ${shape}`];
    return differencesOf(value, one);
  } finally {
    file.close();
  }
}

/** The first number or text that is not what was written. */
function differencesOf(value: unknown, { shape, type, fill }: MatrixCase): string[] {
  const first = shape.length === 0 ? 1 : Math.floor(shape[0] / 2) * product(shape.slice(1));
  const wanted = Array.from({ length: product(shape) }, (_, i) =>
    fill !== undefined && i >= first ? fill : type.value(i, NO_FILE),
  );
  const [got, expected] = [[...parts(value)], [...parts(wanted)]];
  const at = expected.findIndex((one, i) => one !== got[i]);
  if (at < 0 && got.length === expected.length) return [];
  return [`h5wasm: part ${at} is ${got[at]} instead of ${expected[at]} (${got.length} of ${expected.length})`];
}

/** Types whose values need a file are not asked of h5wasm. */
const NO_FILE = undefined as unknown as H5File<"sync">;

/** The numbers and texts that values are made of, one after the other. */
function* parts(value: unknown): Generator<number | string> {
  if (typeof value === "string") yield value;
  else if (typeof value !== "object" || value === null) yield Number(value) + 0;
  else if (ArrayBuffer.isView(value))
    yield* Array.from(value as unknown as ArrayLike<number>, (one) => Number(one) + 0);
  else for (const one of Object.values(value)) yield* parts(one);
}
