/**
 * `npm run size`, after a build: bundles a program that reads a file from a Blob through `h5ts/reader`, as esbuild does
 * for a browser without splitting, and prints its size, minified and gzipped. Exit code 1 above the limit.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";

/** Bytes, gzipped: what a page pays for reading HDF5. A ratchet on the way to 35,000: lowered by whoever makes it smaller. */
const LIMIT = 90_000;

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

interface Size {
  readonly minified: number;
  readonly gzipped: number;
  readonly metafile: Metafile;
}

async function measure(program: string): Promise<Size> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: root, loader: "js" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    splitting: false,
    metafile: true,
    write: false,
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  return { minified: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length, metafile };
}

/** The largest parts of the bundle, one a line: where to look when it has grown. */
function largest(metafile: Metafile, count: number): string[] {
  const inputs = Object.entries(Object.values(metafile.outputs)[0]?.inputs ?? {});
  const sizes = inputs.map(([path, { bytesInOutput }]) => ({ path, bytes: bytesInOutput }));
  sizes.sort((a, b) => b.bytes - a.bytes);
  return sizes.slice(0, count).map(({ path, bytes }) => `${String(bytes).padStart(8)} ${path}`);
}

async function main(): Promise<number> {
  if (!existsSync(`${root}/${entry}`)) {
    console.error(`${entry} is missing: h5ts has no reader entry, or was not built (npm run build)`);
    return 1;
  }
  const { minified, gzipped, metafile } = await measure(PROGRAM);
  console.log(`h5ts/reader: ${minified} bytes minified, ${gzipped} gzipped (limit ${LIMIT})`);
  for (const line of largest(metafile, 15)) console.log(line);
  if (gzipped <= LIMIT) return 0;
  console.error(`the reader's bundle is ${gzipped - LIMIT} bytes above its limit`);
  return 1;
}

process.exitCode = await main();
