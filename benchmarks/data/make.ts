/** The files that the workloads read: made once, by h5py where there is a Python with it, else by h5ts. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { keepSizes, scaledSizes } from "../sizes.ts";
import { makeByH5ts } from "./by-h5ts.ts";
import { makeFailing } from "./failing.ts";

const benchmarks = fileURLToPath(new URL("..", import.meta.url));

/**
 * Makes what is not there yet. Default folder: `made/SCALE` beside the benchmarks. A folder keeps the sizes that it was made with; where
 * it has files but no sizes, they are the full ones.
 */
export async function makeData(folder: string | undefined, scale: number, python: string): Promise<string> {
  const made = folder ?? join(benchmarks, "made", String(scale));
  if (!existsSync(join(made, "sizes.json")) && !existsSync(join(made, "W1_contig.h5")))
    keepSizes(made, scaledSizes(scale));
  if (existsSync(python)) {
    const { status } = spawnSync(python, [join(benchmarks, "make_data.py"), made], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (status !== 0) throw new Error(`make_data.py failed with ${status}`);
  } else await makeByH5ts(made);
  makeFailing(made);
  return made;
}
