/**
 * Cost curves: what opening, finding one and reading all cost by the number of objects, chunks, attributes and bytes, from 1e2 on. Each point
 * is a file of its own, written by h5ts, read by processes of their own.
 */
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { type H5File, type OpenOptions, openSync } from "h5ts";
import { judged } from "./driver/judge.ts";
import type { PeerProcess } from "./driver/peer-process.ts";
import { buildPeers, type Clients, PEERS, type Peer } from "./driver/peers.ts";
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

/** The file of a point, made when it is missing: `false` where the one before took so long that this would take longer than the bound. */
function fileFor(folder: string, kind: string, n: number, making: Map<string, number>, bound: number): boolean {
  const path = join(folder, `${kind}_${n}.h5`);
  if (existsSync(path)) return true;
  if (STEP * (making.get(kind) ?? 0) > bound) return false;
  const start = performance.now();
  const [options, make] = MAKERS[kind];
  const file = openSync(`${path}.part`, "w", { ...options, durability: "none" });
  make(file, n);
  file.close();
  renameSync(`${path}.part`, path);
  making.set(kind, (performance.now() - start) / 1000);
  return true;
}

export interface CurveOptions {
  /** Where the files are kept. */
  readonly folder: string;
  readonly clients: Clients;
  readonly rounds: number;
  /** Sizes up to this. */
  readonly most: number;
  /** Seconds that the making of a file, or a run, may take; told by the size before. Default 30. */
  readonly bound?: number;
  /** Told what is left out, for want of time. */
  omitted?(what: string): void;
  progress?(points: readonly CurvePoint[]): void;
}

/** From one size to the next. */
const STEP = 10;

export const sizesUpTo = (most: number): number[] => [1e2, 1e3, 1e4, 1e5, 1e6].filter((n) => n <= most);

export async function measureCurves(given: CurveOptions): Promise<CurvePoint[]> {
  const { folder, clients, most, bound = 30, omitted, progress } = given;
  if (!clients.fromSource) await buildPeers();
  mkdirSync(folder, { recursive: true });
  const processes = clients.fromSource ? new Map<string, PeerProcess>() : undefined;
  const making = new Map<string, number>();
  const out: CurvePoint[] = [];
  for (const curve of CURVES) {
    for (const n of sizesUpTo(most)) {
      if (!fileFor(folder, curve.split("_")[0], n, making, bound)) {
        omitted?.(`the file of ${curve} ${n}`);
        continue;
      }
      const points = await pointsOf(curve, n, given, inTime(out, curve, n, given), processes);
      out.push(...points);
      progress?.(points);
    }
  }
  for (const process of processes?.values() ?? []) await process.close();
  return out;
}

/** Peers whose run at the size before says that they will be done in time. */
function inTime(
  points: readonly CurvePoint[],
  curve: string,
  n: number,
  { clients, bound = 30, omitted }: CurveOptions,
): Peer[] {
  const all = PEERS.filter(
    ({ name }) => name === "h5ts" || name === "h5wasm" || (name === "h5py" && existsSync(clients.python)),
  );
  return all.filter(({ name }) => {
    const before = points.filter((one) => one.curve === curve && one.peer === name).at(-1);
    const isLate = before !== undefined && (before.cpu * n) / before.n > bound;
    if (isLate) omitted?.(`${name} at ${curve} ${n}`);
    return !isLate;
  });
}

async function pointsOf(
  curve: string,
  n: number,
  { folder, clients, rounds }: CurveOptions,
  peers: readonly Peer[],
  processes: Map<string, PeerProcess> | undefined,
): Promise<CurvePoint[]> {
  const options = { folder, clients, rounds, budget: 5000, isNeeded: () => false, processes };
  const measured = judged(await measureWorkload(`C_${curve}_${n}`, peers, options, async () => undefined));
  return measured.flatMap((one) => pointOf(curve, n, one));
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
