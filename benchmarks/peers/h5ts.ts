/** h5ts, from its build. Variants: `sync`, `async`; of writing also `sync none`, `async none`: without durability, as libhdf5. */
import { curveWorkload } from "./h5ts/curves.ts";
import { objectWorkloads } from "./h5ts/objects.ts";
import { readingWorkloads } from "./h5ts/reading.ts";
import { writingWorkloads } from "./h5ts/writing.ts";
import { runPeer } from "./serve.ts";

runPeer(
  "h5ts",
  async (variant) => ({ ...readingWorkloads(variant), ...objectWorkloads(variant), ...writingWorkloads(variant) }),
  curveWorkload,
);
