/**
 * A dataset of four gigabytes, larger than the process may be, written in batches: appended one after the other, from an async iterable,
 * and compressed. `H5TS_SCALE` takes a part of it. Prints the most memory that the process had.
 */
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSync } from "../../packages/h5ts/src/index.ts";
import { SCALE } from "../support/corpus.ts";
import { OwnProcess } from "./own-process.ts";

/** Batches of a megabyte and a half. */
const ROWS = 200_000;
const BATCHES = Math.max(160, Math.round((SCALE * 4e9) / (8 * ROWS)));
const LIMIT = 300e6;

const PROGRAM = `
  appended(path, count) {
    const file = openSync(path, "w");
    const x = file.createDataset("x", { shape: [0], maxShape: [null], chunks: [100_000], dtype: "f8" });
    for (let i = 0; i < count; i++) x.append(new Float64Array(${ROWS}).fill(i));
    file.close();
  },
  async iterated(path, count) {
    const file = await open(path, "w");
    const x = await file.createDataset("x", { shape: [0], maxShape: [null], chunks: [100_000], dtype: "f8" });
    async function* batches() {
      for (let i = 0; i < count; i++) {
        await new Promise(setImmediate);
        yield new Float64Array(${ROWS}).fill(i);
      }
    }
    await x.appendAll(batches());
    await file.close();
  },
  contiguous(path, count) {
    const file = openSync(path, "w");
    const x = file.createDataset("x", { shape: [count * ${ROWS}], dtype: "f8" });
    for (let i = 0; i < count; i++) x.write(new Float64Array(${ROWS}).fill(i), [slice(i * ${ROWS}, (i + 1) * ${ROWS})]);
    file.close();
  },
  compressed(path, count) {
    const file = openSync(path, "w", { libver: "latest" });
    const x = file.createDataset("x", {
      shape: [0], maxShape: [null], chunks: [100_000], dtype: "f8", compression: "gzip", compressionOpts: 1,
    });
    for (let i = 0; i < count; i++) x.append(new Float64Array(${ROWS}).fill(i));
    file.close();
  },
`;

describe("more than memory holds", { timeout: 900_000 }, () => {
  let own: OwnProcess;
  beforeAll(async () => {
    own = await OwnProcess.of(PROGRAM);
  });
  afterAll(() => own.close());

  it.each(["appended", "iterated", "contiguous", "compressed"])("%s", (kind) => {
    const path = join(own.folder, `${kind}.h5`);
    const { peak, seconds } = own.run(kind, path, BATCHES);
    const bytes = (BATCHES * ROWS * 8) / 1e9;
    console.log(
      `${kind}: ${bytes.toFixed(2)} GB as ${statSync(path).size} bytes, peak ${Math.round(peak / 1e6)} MB, ${seconds.toFixed(1)} s CPU`,
    );
    const file = openSync(path);
    const x = file.dataset("x", "f8");
    expect(x.shape).toEqual([BATCHES * ROWS]);
    for (const i of [0, 1, BATCHES >> 1, BATCHES - 1])
      for (const at of [i * ROWS, (i + 1) * ROWS - 1]) expect(x.read([at]).data[0]).toBe(i);
    file.close();
    rmSync(path);
    expect(peak).toBeLessThan(LIMIT);
  });
});
