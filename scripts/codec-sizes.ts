/**
 * What each filter adds to the bundle of a small reader, and that none is in it that was not asked for: part of
 * `npm run size`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const entries = `${root}/packages/filters/src/entries`;

/** Modules of `packages/filters/src` that belong to one filter: by its file or folder in `codecs`, or its kernel. */
const PARTS: Readonly<Record<string, RegExp>> = {
  deflate: /codecs\/deflate|node_modules\/pako/,
  szip: /codecs\/szip|szip\.ts$/,
  nbit: /codecs\/nbit/,
  scaleoffset: /codecs\/scaleoffset/,
  bzip2: /codecs\/bzip2/,
  lzo: /codecs\/lzo|kernels\/lzo/,
  lzf: /codecs\/lzf|kernels\/lzf/,
  blosc: /codecs\/blosc\/(blosc|decode|encode)\.ts/,
  lz4: /codecs\/lz4|kernels\/lz4/,
  bitshuffle: /codecs\/bitshuffle/,
  zfp: /codecs\/zfp|zfp\.ts$/,
  zstd: /codecs\/zstd|zstd/,
  blosc2: /codecs\/blosc2/,
};

/** Filters whose codecs another one needs. */
const INSIDE: Readonly<Record<string, readonly string[]>> = {
  bitshuffle: ["lz4", "zstd"],
  blosc: ["deflate", "lz4", "zstd"],
  blosc2: ["blosc", "deflate", "lz4", "zstd"],
};

interface Bundle {
  readonly minified: number;
  readonly gzipped: number;
  /** Paths of the modules of which something is in it. */
  readonly modules: readonly string[];
}

async function bundle(program: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: `${root}/packages/filters`, loader: "js" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    conditions: ["h5ts-source"],
    metafile: true,
    write: false,
    outfile: "out.js",
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  const { inputs } = Object.values(metafile.outputs)[0] ?? { inputs: {} };
  const modules = Object.keys(inputs).filter((path) => (inputs[path]?.bytesInOutput ?? 0) > 0);
  return { minified: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length, modules };
}

/** Filters of which `modules` have a part, besides those that `name` needs. */
function strangers(modules: readonly string[], name: string | undefined): string[] {
  const allowed = name === undefined ? [] : [name, ...(INSIDE[name] ?? [])];
  return Object.keys(PARTS).filter(
    (filter) => !allowed.includes(filter) && modules.some((path) => PARTS[filter]?.test(path)),
  );
}

/** Prints a line for each filter; gives what is where it should not be. */
export async function codecSizes(): Promise<string[]> {
  const faults: string[] = [];
  const reader = await bundle(
    `import { readerFilters } from "@h5ts/filters/reader"; globalThis.filters = readerFilters;`,
  );
  const names = readdirSync(entries)
    .filter((file) => !file.endsWith(".test.ts"))
    .map((file) => file.slice(0, -".ts".length));
  const built = readFileSync(`${root}/packages/h5ts/dist/reader.js`, "utf8").match(/^\/\/ \.\.\/filters\/\S+$/gm) ?? [];
  for (const filter of [...strangers(reader.modules, undefined), ...strangers(built, undefined)])
    faults.push(`the reader carries ${filter}`);
  console.log(
    `filters of the reader: ${reader.minified} bytes minified, ${reader.gzipped} gzipped; each further one adds`,
  );
  for (const name of names) {
    const program = `
      import { readerFilters, withFilter } from "@h5ts/filters/reader";
      import { ${name} } from "@h5ts/filters/codecs/${name}";
      globalThis.filters = withFilter(readerFilters, ${name});
    `;
    const { minified, gzipped, modules } = await bundle(program);
    const [more, zipped] = [minified - reader.minified, gzipped - reader.gzipped];
    console.log(`${String(more).padStart(8)} ${String(zipped).padStart(7)} gzipped  ${name}`);
    for (const filter of strangers(modules, name)) faults.push(`a reader with ${name} carries ${filter}`);
  }
  return faults;
}
