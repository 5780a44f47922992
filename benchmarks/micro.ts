/** Kernels alone, by the package `benchmark`: how many chunks of 1 MiB, and MB/s. */
import { defaultFilters, loadFilters } from "@h5ts/filters";
import Benchmark from "benchmark";
import { BYTES, CHUNKS, DIMS, LINES } from "./filters/chunks.ts";

export interface Kernel {
  readonly name: string;
  /** MB/s of elements. */
  readonly speed: number;
  /** Per cent, that the mean may be off. */
  readonly margin: number;
  readonly runs: number;
}

/** Runs each kernel for about `seconds`. */
export async function measureKernels(
  wanted: RegExp,
  seconds: number,
  progress: (kernel: Kernel) => void,
): Promise<Kernel[]> {
  await loadFilters(defaultFilters);
  const out: Kernel[] = [];
  for (const { filter, options, data } of LINES.filter((line) => wanted.test(line.filter))) {
    const codec = defaultFilters.get(filter)?.codec;
    if (!codec) throw new Error(`no filter ${filter}`);
    const { bytes, type } = CHUNKS[data];
    const clientData = codec.clientData?.(options, { dims: DIMS, type }) ?? [];
    const stored = codec.encode?.(bytes, clientData);
    if (!stored) continue;
    const said = JSON.stringify(options ?? "").replace(/["{}[\]]/g, "");
    const kernels: [string, () => unknown][] = [
      [`decode ${filter} ${said}`, () => codec.decode(stored, clientData, { exact: BYTES, max: BYTES })],
      [`encode ${filter} ${said}`, () => codec.encode?.(bytes, clientData)],
    ];
    for (const [name, run] of kernels) {
      const kernel = measured(name.trim(), run, seconds);
      out.push(kernel);
      progress(kernel);
    }
  }
  return out;
}

function measured(name: string, run: () => unknown, seconds: number): Kernel {
  const bench = new Benchmark(name, run, { maxTime: seconds, minSamples: 3 });
  bench.run({ async: false });
  const { hz, stats } = bench;
  return { name, speed: (hz * BYTES) / 1e6, margin: stats.rme, runs: stats.sample.length };
}
