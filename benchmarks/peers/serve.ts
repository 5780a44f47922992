/**
 * A peer as a process that the driver commands by lines: `prepare WORKLOAD`, then `run` in each round, then `end`. Each is answered by
 * a line of JSON. So the runs of several peers take turns, and each has a process, and a peak of memory, of its own.
 *
 * `tsx peers/PEER.ts DATA --one=WORKLOAD --variant=VARIANT [--runs=N]` measures one alone: for a profiler.
 */
import { createInterface } from "node:readline";
import type { Probe } from "../measured.ts";
import { type Sizes, sizesOf } from "../sizes.ts";

/** One run of a workload; gives the bytes read or written, or a sum. */
export type Body = () => number | Promise<number>;

/** Makes ready what is not measured, and gives the body. */
export type Preparation = (context: Context) => Body | Promise<Body>;

export interface Context {
  readonly sizes: Sizes;
  /** Path of a file of the data by its name. */
  file(name: string): string;
  /** Path of the file that a workload writes; it is left for the driver to look at. */
  written(): string;
  /** Keeps some elements for comparison. */
  note(probe: Probe): void;
}

/** Answer to `prepare`. */
export interface Prepared {
  readonly ready?: true;
  readonly unsupported?: string;
}

/** Answer to `run`: milliseconds. */
export interface Ran {
  readonly wall: number;
  readonly cpu: number;
  readonly bytes: number;
  readonly unsupported?: string;
}

/** Answer to `end`. */
export interface Ended {
  readonly probe?: Probe;
  readonly peak_rss: number;
  readonly written?: string;
}

/** Milliseconds that a turn takes at least, or so many runs. */
const SHORT = 20;
const MOST_RUNS = 20;

type Workloads = (variant: string) => Promise<Readonly<Record<string, Preparation>>>;
/** Those that are not listed, by their names. */
type Others = (workload: string) => Preparation | undefined;

/** Whether a read of a file that cannot be read is refused, or gives other data. */
export const refusing =
  (name: string, read: (path: string) => unknown): Preparation =>
  (context) =>
  async () => {
    let answer = "data";
    try {
      await read(context.file(name));
    } catch {
      answer = "error";
    }
    context.note([answer]);
    return 0;
  };

/** Notes a sum that tells that all was read. */
export function sumOf(context: Context, sum: number): number {
  context.note([sum]);
  return sum;
}

const messageOf = (error: unknown): string => String((error as Error)?.message ?? error).slice(0, 160);

class Server {
  private body: Body | undefined;
  private probe: Probe | undefined;
  private path: string | undefined;
  private readonly workloads: Promise<Readonly<Record<string, Preparation>>>;
  private readonly folder: string;
  private readonly name: string;
  private readonly others: Others;

  constructor(peer: string, variant: string, folder: string, workloads: Workloads, others: Others) {
    this.others = others;
    this.workloads = workloads(variant);
    this.folder = folder;
    this.name = `written-${peer}-${variant}`.replaceAll(/[^\w-]/g, "_");
  }

  async prepare(workload: string): Promise<Prepared> {
    this.body = this.probe = this.path = undefined;
    const prepare = (await this.workloads)[workload] ?? this.others(workload);
    if (prepare === undefined) return { unsupported: "no such call" };
    this.body = await prepare({
      sizes: sizesOf(this.folder),
      file: (name) => `${this.folder}/${name}.h5`,
      written: () => (this.path = `${this.folder}/${this.name}.h5`),
      note: (probe) => {
        this.probe = probe;
      },
    });
    return { ready: true };
  }

  /** Short ones are repeated, so that a turn is not a matter of the clock's luck: the mean counts. */
  async run(): Promise<Ran> {
    globalThis.gc?.();
    const before = process.cpuUsage();
    const start = performance.now();
    let bytes = 0;
    let runs = 0;
    let spent = 0;
    while (runs === 0 || (spent < SHORT && runs < MOST_RUNS)) {
      bytes = await this.body!();
      runs++;
      spent = performance.now() - start;
    }
    const { user, system } = process.cpuUsage(before);
    return { wall: spent / runs, cpu: (user + system) / 1000 / runs, bytes };
  }

  end(): Ended {
    this.body = undefined;
    return { probe: this.probe, peak_rss: process.resourceUsage().maxRSS * 1024, written: this.path };
  }

  async answer(line: string): Promise<object> {
    const [command, workload] = line.split(" ");
    try {
      if (command === "prepare") return await this.prepare(workload);
      return command === "run" ? await this.run() : this.end();
    } catch (error) {
      return { unsupported: messageOf(error) };
    }
  }
}

export async function runPeer(peer: string, workloads: Workloads, others: Others = () => undefined): Promise<void> {
  const [folder] = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
  const option = (name: string): string | undefined =>
    process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
  const server = new Server(peer, option("variant") ?? "", folder, workloads, others);
  const one = option("one");
  if (one !== undefined) return alone(server, one, Number(option("runs") ?? 5));
  for await (const line of createInterface({ input: process.stdin })) say(await server.answer(line));
}

async function alone(server: Server, workload: string, runs: number): Promise<void> {
  say(await server.answer(`prepare ${workload}`));
  for (let i = 0; i < runs; i++) say(await server.answer("run"));
  say(server.end());
}

const say = (answer: object): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);
