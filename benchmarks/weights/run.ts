/**
 * `tsx benchmarks/weights/run.ts [GIGABYTES] [ROUNDS]`, after a build: a synthetic model, 2 GB by default, from HDF5 to safetensors and back, by h5ts
 * and by Python (H5TS_PYTHON_WEIGHTS, or .venv-weights of `npm run setup:interop -- --weights`), in turns. Prints seconds, CPU seconds and peak memory
 * of each, and the ratio of the medians.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { saveWeights, type TensorToSave } from "@h5ts/weights";

interface Figures {
  readonly seconds: number;
  readonly cpu: number;
  readonly peak: number;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const python = process.env.H5TS_PYTHON_WEIGHTS ?? here("../../.venv-weights/bin/python");

/** Layers as of a transformer, in float32 of 64 MiB at most with small ones between; elements are made when they are written. */
const lazily = (bytes: number): TensorToSave[] =>
  Array.from({ length: Math.ceil((4 * bytes) / (3 * 2 ** 26)) }, (_, i): TensorToSave => {
    const rows = i % 4 === 3 ? 1 : 4096;
    const data = (): Uint8Array =>
      new Uint8Array(new Float32Array(rows * 4096).map((_, k) => Math.sin(k * 1.7 + i)).buffer);
    const name = `layers.${i >> 2}.${["q", "k", "v", "norm"][i % 4]}.weight`;
    return { name, dtype: "float32", shape: [rows, 4096], data };
  });

function figures(program: string, ...options: string[]): Figures {
  return JSON.parse(execFileSync(program, options, { encoding: "utf8" })) as Figures;
}

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1];

async function main(): Promise<void> {
  const [gigabytes = 2, rounds = 3] = process.argv.slice(2).map(Number);
  if (!existsSync(python)) throw new Error(`no Python with safetensors and h5py: ${python} (H5TS_PYTHON_WEIGHTS)`);
  const folder = mkdtempSync(join(tmpdir(), "h5ts-weights-bench-"));
  try {
    const path = (name: string): string => join(folder, name);
    await saveWeights(path("model.h5"), lazily(gigabytes * 1e9), { format: "hdf5-state-dict" });
    const directions = [
      {
        title: "HDF5 -> safetensors",
        from: "model.h5",
        to: "safetensors",
        format: "safetensors",
        by: "h5-to-safetensors",
      },
      {
        title: "safetensors -> HDF5",
        from: "ours.safetensors",
        to: "h5",
        format: "hdf5-state-dict",
        by: "safetensors-to-h5",
      },
    ];
    for (const { title, from, to, format, by } of directions) {
      const ours: Figures[] = [];
      const theirs: Figures[] = [];
      for (let round = 0; round < rounds; round++) {
        ours.push(
          figures(process.execPath, "--import", "tsx", here("convert.ts"), path(from), path(`ours.${to}`), format),
        );
        theirs.push(figures(python, here("reference.py"), by, path(from), path(`theirs.${to}`)));
      }
      report(title, ours, theirs);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function report(title: string, ours: readonly Figures[], theirs: readonly Figures[]): void {
  const line = (name: string, list: readonly Figures[]): void => {
    const [seconds, cpu, peak] = [
      median(list.map((f) => f.seconds)),
      median(list.map((f) => f.cpu)),
      Math.max(...list.map((f) => f.peak)),
    ];
    console.log(
      `${title}  ${name.padEnd(7)} ${seconds.toFixed(2)} s  CPU ${cpu.toFixed(2)} s  peak ${(peak / 1e6).toFixed(0)} MB`,
    );
  };
  line("h5ts", ours);
  line("Python", theirs);
  const ratio = (of: (f: Figures) => number): string => (median(theirs.map(of)) / median(ours.map(of))).toFixed(2);
  console.log(`${title}  h5ts is ${ratio((f) => f.seconds)} times as fast, by CPU ${ratio((f) => f.cpu)}`);
}

await main();
