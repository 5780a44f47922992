/** h5wasm: libhdf5 as WebAssembly; its build for Node, which reads the file itself. */
import { File, ready } from "h5wasm/node";
import { curveWorkload } from "./h5wasm/curves.ts";
import { readingWorkloads } from "./h5wasm/reading.ts";
import { writingWorkloads } from "./h5wasm/writing.ts";
import { runPeer } from "./serve.ts";

runPeer(
  "h5wasm",
  async () => {
    await ready;
    return { ...readingWorkloads(File), ...writingWorkloads(File) };
  },
  (name) => curveWorkload(File, name),
);
