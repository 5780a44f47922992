/** Files of weights made by other programs: each gives the tensors that its truth says, and what is damaged is refused. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { openWeights } from "@h5ts/weights";
import { isH5Error } from "h5ts";
import { afterAll, describe, expect, it } from "vitest";
import { CORPUS } from "../support/corpus.ts";

const FOLDER = process.env.H5TS_WEIGHTS ?? join(CORPUS, "../weights");

interface ExpectedTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: number;
  readonly sha256: string;
}

interface Expected {
  readonly format: string;
  readonly entry?: string;
  readonly error?: string;
  readonly tensors?: readonly ExpectedTensor[];
  readonly modelConfig?: unknown;
  readonly config?: unknown;
  readonly trainingConfig?: unknown;
}

function expectedFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? expectedFiles(path) : [path];
  });
}

/** Without what JSON can't tell apart: numbers that are none. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

if (!existsSync(FOLDER)) {
  it.skip(`files of weights: ${FOLDER} is absent (H5TS_WEIGHTS names another place)`, () => {});
} else {
  describe("files of weights by other programs", truthTests);
}

function truthTests(): void {
  const counts = new Map<string, { right: number; all: number }>();
  afterAll(() => {
    for (const [format, { right, all }] of counts) console.log(`${format}: ${right} / ${all}`);
  });
  const expectedFolder = join(FOLDER, "expected");
  it.each(expectedFiles(expectedFolder).map((path) => [relative(expectedFolder, path).slice(0, -5), path]))(
    "%s",
    async (name, path) => {
      const expected = JSON.parse(readFileSync(path, "utf8")) as Expected;
      const count = counts.get(expected.format) ?? { right: 0, all: 0 };
      counts.set(expected.format, count);
      count.all++;
      let source = join(FOLDER, "files", name);
      if (statSync(source).isDirectory()) source = join(source, expected.entry!.split("/").at(-1)!);
      if (expected.error === undefined) await expectEqual(source, expected);
      else await expectRefused(source);
      count.right++;
    },
  );
}

async function expectRefused(source: string): Promise<void> {
  const error: unknown = await openWeights(source).then(
    (weights) => weights.close(),
    (thrown) => thrown,
  );
  expect(isH5Error(error)).toBe(true);
}

async function expectEqual(source: string, expected: Expected): Promise<void> {
  const weights = await openWeights(source);
  try {
    const found: ExpectedTensor[] = [];
    for await (const tensor of weights) {
      const { name, dtype, shape, bytes, data } = tensor;
      found.push({ name, dtype, shape, bytes, sha256: createHash("sha256").update(data).digest("hex") });
    }
    const wanted = expected.tensors!.map(({ name, dtype, shape, bytes, sha256 }) => ({
      name,
      dtype,
      shape,
      bytes,
      sha256,
    }));
    expect(found).toEqual(wanted);
    const config = expected.modelConfig ?? expected.config;
    if (config !== undefined && config !== null) expect(plain(weights.config)).toEqual(config);
    if (expected.trainingConfig !== undefined && expected.trainingConfig !== null)
      expect(plain(weights.trainingConfig)).toEqual(expected.trainingConfig);
  } finally {
    await weights.close();
  }
}
