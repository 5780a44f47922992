/**
 * `npm run size`, after a build: bundles a program that reads a file from a Blob through `h5ts/reader`, as esbuild does
 * for a browser without splitting, and prints its size, minified and gzipped, and what each filter would add, and the README's
 * table of sizes, which `-- --write` brings up to date. Exit code 1
 * above the limit, and where a filter is in a bundle that was not asked for.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { codecSizes } from "./codec-sizes.ts";
import { checkSizeTable } from "./size-table.ts";

/** Bytes, gzipped: what a page pays for reading HDF5. A ratchet: lowered by whoever makes it smaller; 35,000 is where it shall go. */
const LIMIT = 91_300;

const root = fileURLToPath(new URL("..", import.meta.url));
const entry = "packages/h5ts/dist/reader.js";

/** Opens what the user picked and reads a dataset compressed with gzip and shuffle. */
const PROGRAM = `
  import { open } from "h5ts/reader";
  document.querySelector("input").addEventListener("change", async (event) => {
    const file = await open(event.target.files[0]);
    const { data, shape } = await (await file.dataset("raw/images")).read();
    document.body.append(shape.join(" x "), ": ", String(data[0]));
    await file.close();
  });
`;

async function bundle(program: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: root, loader: "js" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    splitting: false,
    write: false,
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

/** The largest parts of the module, minified alone, one a line: where to look when it has grown. */
async function largest(count: number): Promise<string[]> {
  const [text = ""] = readFileSync(`${root}/${entry}`, "utf8").split(/^export \{$/m);
  // Behind each comment that names a source file stands what is left of it.
  const [, ...parts] = text.split(/^\/\/ (?=\S+\.ts$)/m);
  const sizes = await Promise.all(
    parts.map(async (part) => {
      const end = part.indexOf("\n");
      const { code } = await transform(part.slice(end), { minify: true, format: "esm" });
      return { path: part.slice(0, end), bytes: code.length };
    }),
  );
  sizes.sort((one, other) => other.bytes - one.bytes);
  return sizes.slice(0, count).map(({ path, bytes }) => `${String(bytes).padStart(8)} ${path}`);
}

async function main(): Promise<number> {
  if (!existsSync(`${root}/${entry}`)) {
    console.error(`${entry} is missing: h5ts has no reader entry, or was not built (npm run build)`);
    return 1;
  }
  const bytes = await bundle(PROGRAM);
  const minified = bytes.length;
  const gzipped = gzipSync(bytes, { level: 9 }).length;
  console.log(`h5ts/reader: ${minified} bytes minified, ${gzipped} gzipped (limit ${LIMIT})`);
  for (const line of await largest(15)) console.log(line);
  const faults = [...(await codecSizes()), ...(await checkSizeTable(process.argv.includes("--write")))];
  if (gzipped > LIMIT) faults.push(`the reader's bundle is ${gzipped - LIMIT} bytes above its limit`);
  for (const fault of faults) console.error(fault);
  return faults.length === 0 ? 0 : 1;
}

process.exitCode = await main();
