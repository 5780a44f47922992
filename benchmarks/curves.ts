/**
 * Cost curves: what opening, finding one and reading all cost by the number of objects, chunks, attributes and bytes, from 1e2 on. Each point
 * is a file of its own, written by h5ts, read by processes of their own.
 */
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { type H5File, type OpenOptions, openSync } from "h5ts";
import { judged } from "./driver/judge.ts";
import type { PeerProcess } from "./driver/peer-process.ts";
import { buildPeers, type Clients, PEERS } from "./driver/peers.ts";
import { measureWorkload } from "./driver/rounds.ts";
import type { Measured } from "./measured.ts";

export interface CurvePoint {
  readonly curve: string;
  readonly n: number;
  readonly peer: string;
  readonly variant: string;
  /** Processor time of one run, in seconds; peak of memory, in bytes. */
  readonly cpu: number;
  readonly memory: number;
}

/** Each file has `n` of something; `_one` finds one of them, `_all` takes all. */
export const CURVES = [
  "objects_one",
  "objects_all",
  "chunks_one",
  "chunks_all",
  "attributes_one",
  "attributes_all",
  "bytes_all",
] as const;

type Make = (file: H5File<"sync">, n: number) => void;

const MAKERS: Readonly<Record<string, [OpenOptions, Make]>> = {
  objects: [
    {},
    (file, n) => {
      const group = file.createGroup("g");
      for (let i = 0; i < n; i++) group.createDataset(`d${i}`, { data: Int32Array.of(i) });
    },
  ],
  chunks: [
    { libver: "latest" },
    (file, n) => {
      const data = Int32Array.from({ length: 4 * n }, (_, i) => i);
      file.createDataset("data", { data, chunks: [4], maxShape: [null] });
    },
  ],
  attributes: [
    { libver: "latest" },
    (file, n) => {
      const { attrs } = file.createGroup("g");
      for (let i = 0; i < n; i++) attrs.create(`a${i}`, i, { dtype: "i4" });
    },
  ],
  bytes: [{}, (file, n) => void file.createDataset("data", { data: new Uint8Array(256 * n).fill(7) })],
};

/** The file of a point, made when it is missing. */
function fileFor(folder: string, kind: string, n: number): void {
  const path = join(folder, `${kind}_${n}.h5`);
  if (existsSync(path)) return;
  const [options, make] = MAKERS[kind];
  const file = openSync(`${path}.part`, "w", { ...options, durability: "none" });
  make(file, n);
  file.close();
  renameSync(`${path}.part`, path);
}

export interface CurveOptions {
  /** Where the files are kept. */
  readonly folder: string;
  readonly clients: Clients;
  readonly rounds: number;
  /** Sizes up to this. */
  readonly most: number;
  progress?(points: readonly CurvePoint[]): void;
}

export const sizesUpTo = (most: number): number[] => [1e2, 1e3, 1e4, 1e5, 1e6].filter((n) => n <= most);

export async function measureCurves({ folder, clients, rounds, most, progress }: CurveOptions): Promise<CurvePoint[]> {
  if (!clients.fromSource) await buildPeers();
  mkdirSync(folder, { recursive: true });
  const peers = PEERS.filter(
    ({ name }) => name === "h5ts" || name === "h5wasm" || (name === "h5py" && existsSync(clients.python)),
  );
  const processes = clients.fromSource ? new Map<string, PeerProcess>() : undefined;
  const out: CurvePoint[] = [];
  for (const curve of CURVES) {
    for (const n of sizesUpTo(most)) {
      fileFor(folder, curve.split("_")[0], n);
      const options = { folder, clients, rounds, budget: 5000, isNeeded: () => false, processes };
      const workload = `C_${curve}_${n}`;
      const measured = judged(await measureWorkload(workload, peers, options, async () => undefined));
      const points = measured.flatMap((one) => pointOf(curve, n, one));
      out.push(...points);
      progress?.(points);
    }
  }
  for (const process of processes?.values() ?? []) await process.close();
  return out;
}

function pointOf(curve: string, n: number, { peer, variant, cpu, peak_rss: memory, wrong }: Measured): CurvePoint[] {
  return cpu === undefined || memory === undefined || wrong !== undefined
    ? []
    : [{ curve, n, peer, variant, cpu, memory }];
}

/** The exponent by which the time grows between the two largest sizes: 1 is linear, near 0 constant or logarithmic. */
export function growth(points: readonly CurvePoint[], curve: string, peer: string, variant: string): number {
  const found = points
    .filter((one) => one.curve === curve && one.peer === peer && one.variant === variant)
    .sort((a, b) => a.n - b.n)
    .slice(-2);
  if (found.length < 2) return Number.NaN;
  const [from, to] = found;
  return Math.log(to.cpu / from.cpu) / Math.log(to.n / from.n);
}
