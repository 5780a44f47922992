/**
 * `npm start`: what h5ts is for. Writes the file of an experiment, reads it back, changes it, and prints what libhdf5 says of it.
 * `npm start -- PATH or URL` prints the tree of a file that is there.
 */
import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, isH5Error, open } from "h5ts";
import { byLibhdf5, editExperiment, readExperiment, writeExperiment } from "./experiment.ts";
import { Printer } from "./print-tree.ts";

const heading = (text: string): void => console.log(`\n\x1b[1m${text}\x1b[0m`);

async function show(path: string): Promise<void> {
  const file = await open(path);
  const { superblockVersion, userblockSize, driver } = file.superblock;
  const parts = [
    `superblock ${superblockVersion}`,
    userblockSize > 0 && `user block of ${userblockSize} bytes`,
    driver,
  ];
  console.log(`${file.filename} (${parts.filter(Boolean).join(", ")})`);
  await new Printer().object("/", file, "");
  await file.close();
}

async function demonstrate(): Promise<void> {
  const path = join(mkdtempSync(join(tmpdir(), "h5ts-")), "experiment.h5");
  heading("1. h5ts writes an experiment");
  const started = performance.now();
  await writeExperiment(path);
  console.log(`${path}: ${statSync(path).size} bytes in ${Math.round(performance.now() - started)} ms`);
  heading("2. and reads it back");
  await show(path);
  for (const line of await readExperiment(path)) console.log(line);
  heading("3. then changes it in place");
  for (const line of await editExperiment(path)) console.log(line);
  heading("4. What libhdf5 says of the file (h5wasm)");
  for (const line of await byLibhdf5(path)) console.log(line);
  heading("5. What h5ts check says of it");
  const { ok, counts, faults } = await check(path);
  for (const fault of faults) console.log(`fault: ${fault.message}`);
  console.log(
    `${counts.groups} groups, ${counts.datasets} datasets, ${counts.attributes} attributes, ${counts.chunks} chunks: ` +
      `${ok ? "every structure is in order" : "not in order"}`,
  );
  if (!ok) process.exitCode = 1;
  console.log(`\nThe file stays at ${path}; \`npm start -- FILE\` prints the tree of any other.`);
}

try {
  await (process.argv[2] === undefined ? demonstrate() : show(process.argv[2]));
} catch (error) {
  if (!isH5Error(error)) throw error;
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
}
