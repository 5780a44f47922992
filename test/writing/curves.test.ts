/**
 * Time and memory for ever more: small datasets in one group, and chunks of one dataset, written many at once and one by one. Both stay
 * linear in time and bounded in memory; `H5TS_SCALE` below 1 leaves the longest runs out. Prints all figures.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkSync } from "../../packages/h5ts/src/index.ts";
import { SCALE } from "../support/corpus.ts";
import { OwnProcess, type Taken } from "./own-process.ts";

const PROGRAM = `
  datasets(path, count, libver) {
    const file = openSync(path, "w", { libver });
    const group = file.createGroup("all");
    const data = Float64Array.of(1, 2, 3, 4);
    for (let i = 0; i < count; i++) group.createDataset("d" + i, { data });
    file.close();
  },
  chunks(path, count, libver) {
    const file = openSync(path, "w", { libver });
    const x = file.createDataset("x", { shape: [16 * count], maxShape: [null], chunks: [16], dtype: "f4" });
    const most = 10_000;
    for (let i = 0; i < count; i += most) {
      const some = Math.min(most, count - i);
      x.write(new Float32Array(16 * some).fill(i), [slice(16 * i, 16 * (i + some))]);
    }
    file.close();
  },
  appended(path, count, libver) {
    const file = openSync(path, "w", { libver });
    const x = file.createDataset("x", { shape: [0], maxShape: [null], chunks: [16], dtype: "f4" });
    const row = new Float32Array(16).fill(3);
    for (let i = 0; i < count; i++) x.append(row);
    file.close();
  },
`;

/** How many of each; the last of each list only in whole runs. */
const COUNTS: Readonly<Record<string, readonly number[]>> = {
  datasets: [1_000, 10_000, 100_000],
  chunks: [10_000, 100_000, 1_000_000],
  appended: [10_000, 100_000, 1_000_000],
};
const whole = SCALE >= 1;
/** One more takes at most so much longer than one of ten times fewer did: processes warm up, and other work goes on beside. */
const LINEAR = 2;
const MEMORY = 500e6;

describe("ever more", { timeout: 900_000 }, () => {
  let own: OwnProcess;
  beforeAll(async () => {
    own = await OwnProcess.of(PROGRAM);
  });
  afterAll(() => own.close());

  const kinds = Object.keys(COUNTS).flatMap((kind) =>
    (["earliest", "latest"] as const).map((libver) => [kind, libver]),
  );
  it.each(kinds)("%s, libver %s", (kind, libver) => {
    const path = join(own.folder, `${kind}-${libver}.h5`);
    const counts = COUNTS[kind].slice(0, whole ? undefined : -1);
    const taken = counts.map((count): Taken => own.run(kind, path, count, libver));
    if (!whole) expect(checkSync(path).faults).toEqual([]);
    rmSync(path);
    const each = taken.map(({ seconds }, i) => (seconds / counts[i]) * 1e6);
    const told = counts.map(
      (count, i) =>
        `${count}: ${taken[i].seconds.toFixed(2)} s CPU, ${each[i].toFixed(1)} us each, peak ${Math.round(taken[i].peak / 1e6)} MB`,
    );
    console.log(`${kind}, ${libver}: ${told.join("; ")}`);
    for (let i = 1; i < each.length; i++) expect(each[i]).toBeLessThan(LINEAR * each[i - 1]);
    for (const { peak } of taken) expect(peak).toBeLessThan(MEMORY);
  });
});
