/** A view over ten thousand sources: what it costs beside h5py, and beside the sources themselves. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openSync } from "h5ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/clients.ts";
import { SCALE } from "../support/corpus.ts";

const script = fileURLToPath(new URL("many_sources.py", import.meta.url));
const COUNT = Math.max(1000, Math.round(10_000 * SCALE));
const ROW = 100;

type Times = Record<string, number>;

/** The least of many runs, in milliseconds: others may be busy on the machine. */
function least(use: () => unknown, runs: number, batch = 1): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    for (let k = 0; k < batch; k++) use();
    best = Math.min(best, (performance.now() - start) / batch);
  }
  return best;
}

describeWith("python", `a view over ${COUNT} sources`, (python) => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-many-"));
  beforeAll(() => {
    execFileSync(python, [script, "make", folder, String(COUNT)]);
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  function measure(name: string): Times {
    // Once to have the code compiled, as h5py's is.
    const warm = openSync(join(folder, name));
    warm.dataset("v").read([0, 0]);
    warm.close();
    const file = openSync(join(folder, name));
    const times: Times = {};
    times.open = least(() => file.dataset("v"), 1);
    const view = file.dataset("v", "i4");
    times["first element"] = least(() => view.read([COUNT >> 1, 5]), 1);
    times.element = least(() => view.read([COUNT >> 1, 6]), 200, 200);
    let row = Math.floor(COUNT / 3);
    times["another row"] = least(() => view.read(row++), 50);
    let data = new Int32Array();
    times.all = least(() => {
      data = view.read().data;
    }, 1);
    file.close();
    expect(data.every((value, i) => value === (i % ROW) + Math.floor(i / ROW))).toBe(true);
    return times;
  }

  it("is measured beside h5py", () => {
    const theirs = JSON.parse(execFileSync(python, [script, "time", folder, String(COUNT)], { encoding: "utf8" }));
    for (const name of ["same.h5", "files.h5"]) {
      const ours = measure(name);
      const lines = Object.keys(ours).map((key) => {
        const [a, b] = [ours[key], theirs[name][key]];
        return `${key.padEnd(14)} ${a.toFixed(3).padStart(10)} ms, h5py ${b.toFixed(3).padStart(10)} ms: ${(b / a).toFixed(2)} times as fast`;
      });
      console.log(
        [`${COUNT} sources in ${name === "same.h5" ? "the same file" : "as many files"}`, ...lines].join("\n"),
      );
    }
  }, 600_000);

  it("gives an element of its source; the time of both is told", () => {
    const file = openSync(join(folder, "files.h5"));
    const source = openSync(join(folder, "src", `${COUNT >> 1}.h5`));
    const [view, alone] = [file.dataset("v"), source.dataset("d")];
    let [through, straight] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    // Turn about, so that both meet the same machine.
    for (let i = 0; i < 60; i++) {
      through = Math.min(
        through,
        least(() => view.read([COUNT >> 1, 7]), 10, 200),
      );
      straight = Math.min(
        straight,
        least(() => alone.read(7), 10, 200),
      );
    }
    expect(view.read([COUNT >> 1, 7]).item()).toBe(alone.read(7).item());
    file.close();
    source.close();
    const ratio = (through / straight).toFixed(2);
    console.log(
      `one element: ${(through * 1000).toFixed(2)} us, of its source ${(straight * 1000).toFixed(2)} us: ${ratio} times`,
    );
  }, 120_000);
});
