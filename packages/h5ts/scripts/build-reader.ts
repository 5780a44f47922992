/**
 * The last step of the build: makes `dist/reader.js` one module of all that the small reader needs, without the halves of
 * layout functions that write, and without what the object model asks of a writer. Names and lines stay as they are; making them short is left to whoever bundles a page.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { readHalf } from "./read-half.ts";
import { readObjects } from "./read-objects.ts";

const LAYOUTS = /packages[\\/]core[\\/]src[\\/]format[\\/].*\.ts$/;

const OBJECTS = /packages[\\/]core[\\/]src[\\/]object[\\/].*\.ts$/;

const onlyRead: Plugin = {
  name: "only-read",
  setup({ onLoad }) {
    onLoad({ filter: OBJECTS }, ({ path }) => ({ contents: readObjects(readFileSync(path, "utf8")), loader: "js" }));
    onLoad({ filter: LAYOUTS }, ({ path }) => ({ contents: readHalf(readFileSync(path, "utf8")), loader: "js" }));
  },
};

/** Bundles for reading only; `input` says what. */
export async function bundleReader(input: Pick<BuildOptions, "entryPoints" | "stdin">, outfile: string): Promise<void> {
  await build({
    ...input,
    outfile,
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    conditions: ["h5ts-source"],
    external: ["node:*", "pako/*"],
    plugins: [onlyRead],
    // Fields that only declare a type would cost bytes; constructors set them.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    // Layout modules lose imports of types, and of what only writes.
    logOverride: { "ignored-bare-import": "silent" },
    sourcemap: true,
    sourcesContent: false,
  });
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundleReader({ entryPoints: [here("../src/reader.ts")] }, here("../dist/reader.js"));
}
