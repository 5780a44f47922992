/**
 * h5wasm with the plug-ins of h5wasm-plugins, which need an older h5wasm: `npm install --prefix benchmarks/plugins` installs
 * both. Only for datasets whose filters libhdf5 lacks.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { File } from "h5wasm/node";
import { readingWorkloads } from "./h5wasm/reading.ts";
import { runPeer } from "./serve.ts";

interface H5wasm {
  readonly ready: Promise<unknown>;
  readonly File: typeof File;
}

/** A file of a package of benchmarks/plugins; peers run in the folder of the benchmarks. */
const load = async <T>(path: string): Promise<T> =>
  (await import(pathToFileURL(resolve("plugins/node_modules", path)).href)) as T;

runPeer("h5wasm+plugins", async () => {
  const { File: Opened, ready } = await load<H5wasm>("h5wasm/dist/node/hdf5_hl.js");
  const { install_local_plugins: install } = await load<{ install_local_plugins(module: unknown): void }>(
    "h5wasm-plugins/index.mjs",
  );
  install(await ready);
  return readingWorkloads(Opened);
});
