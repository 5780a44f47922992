/**
 * h5wasm with the plug-ins of h5wasm-plugins, which need an older h5wasm: `npm install --prefix benchmarks/plugins` installs
 * both. Only for datasets whose filters libhdf5 lacks.
 */
import type { Dataset } from "h5wasm/node";
import { type Preparation, runPeer } from "../protocol.ts";
import { WHOLE } from "../workloads.ts";

interface H5wasm {
  readonly ready: Promise<unknown>;
  readonly File: new (path: string, mode: string) => { get(path: string): unknown; close(): unknown };
}

/** A file of a package of benchmarks/plugins. */
const load = async <T>(path: string): Promise<T> =>
  (await import(new URL(`../plugins/node_modules/${path}`, import.meta.url).href)) as T;

runPeer("h5wasm+plugins", async () => {
  const { File, ready } = await load<H5wasm>("h5wasm/dist/node/hdf5_hl.js");
  const { install_local_plugins: install } = await load<{ install_local_plugins(module: unknown): void }>(
    "h5wasm-plugins/index.mjs",
  );
  install(await ready);
  const whole =
    (name: string): Preparation =>
    (context) =>
    () => {
      const file = new File(context.file(name), "r");
      const { value } = file.get("data") as Dataset;
      context.note((value as Float32Array)[777]);
      file.close();
      return (value as Float32Array).byteLength;
    };
  return Object.fromEntries(WHOLE.map((name) => [name, whole(name)]));
});
