/**
 * How a workload is measured, and the line of JSON that a peer prints for it. A peer runs one workload in a process of its
 * own, so that the peak of memory is the workload's: once to warm up, then several times.
 */

export interface Measured {
  readonly peer: string;
  readonly variant: string;
  readonly workload: string;
  /** Median wall time and processor time of a run, and the least wall time, in seconds. */
  readonly seconds?: number;
  readonly cpu?: number;
  readonly min?: number;
  readonly runs?: number;
  /** What a run returned: bytes, or a sum that tells that all was read. */
  readonly bytes?: number;
  /** One element as text: whether peers read the same. */
  readonly probe?: string;
  readonly peak_rss?: number;
  /** Why the peer cannot do it. */
  readonly unsupported?: string;
}

/** One run of a workload; gives the bytes read. */
export type Body = () => number | Promise<number>;

/** Makes ready what is not measured, and gives the body. `note` keeps one element for comparison. */
export type Preparation = (context: Context) => Body | Promise<Body>;

export interface Context {
  /** Path of a file of the data by its name. */
  file(name: string): string;
  note(probe: unknown): void;
}

const LEAST_RUNS = 3;
const MOST_RUNS = 5;
/** Milliseconds after which no more than the least runs are made. */
const BUDGET = 1500;
/** A first run that takes longer, in milliseconds, is the only one. */
const SLOW = 15_000;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs a body as often as is worth while. */
export async function measure(body: Body): Promise<Pick<Measured, "seconds" | "cpu" | "min" | "runs" | "bytes">> {
  const walls: number[] = [];
  const cpus: number[] = [];
  let bytes = 0;
  let budget = BUDGET;
  for (let i = -1; i < MOST_RUNS; i++) {
    globalThis.gc?.();
    const cpu = process.cpuUsage();
    const start = performance.now();
    bytes = await body();
    const wall = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    const isWarmUp = i < 0 && wall <= SLOW;
    if (isWarmUp) continue;
    walls.push(wall);
    cpus.push((user + system) / 1000);
    budget -= wall;
    if (i < 0 || (walls.length >= LEAST_RUNS && budget < 0)) break;
  }
  const seconds = (milliseconds: number): number => Number((milliseconds / 1000).toFixed(6));
  return {
    seconds: seconds(median(walls)),
    cpu: seconds(median(cpus)),
    min: seconds(Math.min(...walls)),
    runs: walls.length,
    bytes,
  };
}

/** `node PEER DATA --one=WORKLOAD --variant=VARIANT`: measures one workload and prints its line. */
export async function runPeer(
  peer: string,
  workloadsOf: (variant: string) => Promise<Readonly<Record<string, Preparation>>>,
): Promise<void> {
  const [folder] = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
  const option = (name: string): string =>
    process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3) ?? "";
  const [workload, variant] = [option("one"), option("variant")];
  let probe: string | undefined;
  const context: Context = {
    file: (name) => `${folder}/${name}.h5`,
    note: (value) => {
      probe = String(value).slice(0, 60);
    },
  };
  const line = { peer, variant, workload };
  try {
    const prepare = (await workloadsOf(variant))[workload];
    if (prepare === undefined) throw new Error("no such call");
    const measured = await measure(await prepare(context));
    print({ ...line, ...measured, probe, peak_rss: process.resourceUsage().maxRSS * 1024 });
  } catch (error) {
    print({ ...line, unsupported: String((error as Error)?.message ?? error).slice(0, 160) });
  }
}

const print = (line: Measured): void => void console.log(JSON.stringify(line));

/** The generator by which all peers choose their random places. */
export function lcg(seed = 12345): () => number {
  let x = seed >>> 0;
  return () => (x = (Math.imul(1664525, x) + 1013904223) >>> 0) >>> 8;
}

/** 20,000 places in a matrix of 4096 x 4096: anywhere, or near one another. */
export function* places(local: boolean): Generator<[row: number, column: number]> {
  const next = lcg();
  for (let i = 0; i < 20_000; i++) {
    const [x, y] = [next(), next()];
    yield local ? [((i >> 4) + (x % 64)) % 4096, ((i >> 3) % 3824) + (y % 240)] : [x % 4096, y % 4080];
  }
}
