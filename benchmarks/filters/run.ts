/**
 * `npm run bench:filters -- [--only=REGEX] [--python=PROGRAM] [--data=DATA] [--write]`, after a build: MB/s of every filter, decoding and encoding, ours
 * beside libhdf5's with hdf5plugin and beside npm packages, on the same chunks.
 *
 * `--write` puts the table into the readme of packages/filters. PROGRAM is a Python with h5py and hdf5plugin; by default
 * that of .venv (npm run setup:interop), and without one libhdf5's columns stay empty.
 */
import { existsSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type CodecFigures, measureCodecs } from "./codecs.ts";
import { codecTable, writeReadme } from "./report.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "." },
    python: { type: "string", default: process.env.H5TS_PYTHON ?? join(root, ".venv/bin/python") },
    write: { type: "boolean", default: false },
  },
});

async function main(): Promise<void> {
  const python = existsSync(values.python) ? values.python : undefined;
  if (python === undefined) console.error(`there is no ${values.python}: libhdf5 is not measured`);
  const before = loadavg()[0];
  const figures: CodecFigures[] = [];
  for await (const one of measureCodecs(new RegExp(values.only), python)) {
    figures.push(one);
    console.error(codecTable([one]).split("\n").at(-1));
  }
  const text = codecTable(figures);
  const load = `Load of the machine's two cores before and after: ${before.toFixed(1)}, ${loadavg()[0].toFixed(1)}.`;
  console.log(`${text}\n\n${load}`);
  if (values.write) writeReadme(join(root, "packages/filters/README.md"), "codecs", text);
}

await main();
