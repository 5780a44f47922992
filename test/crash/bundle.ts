/** Programs that tests run in processes of their own, bundled: they start quickly, and hold nothing but themselves. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Bundles the text of a program that imports our packages; into the file `path`. */
export async function bundleProgram(contents: string, path: string): Promise<void> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)), loader: "ts" },
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["h5ts-source"],
    write: false,
  });
  writeFileSync(path, outputFiles[0]?.contents ?? "");
}
