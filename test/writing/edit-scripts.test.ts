/**
 * Random scripts of changes, on new files and on h5py's: after every flush the file is, as libhdf5 reads it, what the model says; and
 * `check` finds nothing wrong. At the end the file is not much larger than what h5repack makes of it.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkSync, MemoryStorage, openSync } from "../../packages/h5ts/src/index.ts";
import { client, describeWith } from "../support/clients.ts";
import { SCALE } from "../support/corpus.ts";
import { EditScript } from "./edit-script.ts";
import { Judge } from "./judge.ts";
import { flattened, type ModelDataset, ModelGroup } from "./model.ts";
import { Random } from "./random.ts";
import { startedByH5py } from "./started-by-h5py.ts";

const SCRIPTS = Math.max(4, Math.round(500 * SCALE));
const STEPS = 200;
/** Steps between two flushes, on average. */
const FLUSH = 25;
/** Of files after churn, beside what h5repack makes of them. */
const RATIO = 1.5;
const SLACK = 64 * 1024;

const STARTS = [
  { by: "h5ts", libver: "earliest" },
  { by: "h5ts", libver: "latest" },
  { by: "h5py", libver: "earliest" },
  { by: "h5py", libver: "latest" },
] as const;

interface Verdict {
  readonly differences: readonly string[];
}

describeWith("python", "scripts of changes", (python) => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-scripts-"));
  const tally = { scripts: 0, steps: 0, flushes: 0, differences: 0, bytes: 0, repacked: 0 };
  let judge: Judge;
  beforeAll(async () => {
    judge = new Judge(python, "models.py");
    for (const libver of ["earliest", "latest"]) await judge.ask({ file: startOf(libver), make: libver });
  });
  afterAll(() => {
    judge.close();
    rmSync(folder, { recursive: true });
    console.log("scripts of changes:", JSON.stringify(tally));
  });
  const startOf = (libver: string): string => join(folder, `start-${libver}.h5`);

  it("the judge sees what differs", async () => {
    const model = startedByH5py();
    model.attrs.set("made", { dtype: "str", shape: [], data: ["h5ts"] });
    model.links.set("more", { to: new ModelGroup() });
    model.links.delete("soft");
    (model.links.get("again") as { to: ModelDataset }).to.data[3] = -3;
    const { differences } = await judge.ask<Verdict>({ file: startOf("earliest"), model: flattened(model) });
    expect(differences).toEqual([
      "/soft: only in the file",
      "/@made: element 0 is ['h5py'] instead of ['h5ts'] (1 of 1 elements)",
      "/again: element 3 is [3.0] instead of [-3] (24 of 24 elements)",
      "/more: only in the model",
    ]);
  });

  it.each(Array.from({ length: SCRIPTS }, (_, seed) => seed))("script %i", async (seed) => {
    const { by, libver } = STARTS[seed % STARTS.length];
    const random = new Random(seed);
    const storage = new MemoryStorage(by === "h5py" ? Uint8Array.from(readFileSync(startOf(libver))) : undefined);
    const file = openSync(storage, by === "h5py" ? "r+" : "w", { libver });
    const script = new EditScript(file, by === "h5py" ? startedByH5py() : new ModelGroup(), random);
    const log: string[] = [];
    const path = join(folder, `script-${seed}.h5`);
    const judged = async (): Promise<void> => {
      const bytes = storage.toUint8Array().slice();
      writeFileSync(path, bytes);
      const { differences } = await judge.ask<Verdict>({ file: path, model: flattened(script.root) });
      const faults = checkSync(bytes).faults.map(({ message }) => message);
      tally.flushes++;
      tally.differences += differences.length + faults.length;
      const last = log.slice(-FLUSH).join("\n");
      expect({ differences, faults }, `${by} ${libver}, step ${log.length}:\n${last}`).toEqual({
        differences: [],
        faults: [],
      });
    };
    for (let step = 0; step < STEPS; step++) {
      log.push(script.step());
      tally.steps++;
      if (random.next() > 1 / FLUSH) continue;
      file.flush();
      await judged();
    }
    file.close();
    await judged();
    tally.scripts++;
    const size = sizes(path);
    tally.bytes += size?.before ?? 0;
    tally.repacked += size?.after ?? 0;
  });
});

/** Bytes of a file, and of what h5repack makes of it, which must not be much fewer; nothing where h5repack is absent. */
function sizes(path: string): { before: number; after: number } | undefined {
  const program = client("h5repack");
  if (program === undefined) return undefined;
  const out = `${path}.repacked`;
  const { status, stderr } = spawnSync(program, [path, out]);
  expect(status, String(stderr)).toBe(0);
  const [before, after] = [statSync(path).size, statSync(out).size];
  rmSync(out);
  rmSync(path);
  expect(before, `${after} bytes repacked`).toBeLessThanOrEqual(RATIO * after + SLACK);
  return { before, after };
}
