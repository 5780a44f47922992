/** A workload over a file that h5wasm opens: by its build for Node, which reads the file itself, or another build. */
import type { Dataset, File } from "h5wasm/node";
import type { Context, Preparation } from "../serve.ts";

export type Use = (file: File, context: Context) => number;

/** Opens the file in each run, as every peer does, and closes it. */
export const over =
  (Opened: typeof File, name: string, use: Use): Preparation =>
  (context) =>
  () => {
    const file = new Opened(context.file(name), "r");
    const done = use(file, context);
    file.close();
    return done;
  };

export const data = (file: File, path = "data"): Dataset => file.get(path) as Dataset;

export const sizeOf = (value: unknown): number => (value as Uint8Array).byteLength ?? (value as unknown[]).length;
