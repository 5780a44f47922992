/** Runs children over ranges of damaged inputs, and watches them. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Line } from "./lines.ts";

/** Milliseconds that one input may take. */
export const PATIENCE = 2000;
/** What it is given alone, when it took longer beside others on a busy machine: its processor time must be within the first. */
const SECOND_PATIENCE = 10 * PATIENCE;
/** Inputs of one process. */
export const BATCH = 500;

export interface Outcome {
  read: number;
  readable: number;
  /** Inputs that took longer than they may, those that ended the process, and those with errors not of h5ts. */
  readonly hangs: string[];
  readonly crashes: string[];
  readonly foreign: string[];
  slowest: { ms: number; title: string };
  /** Most memory that a process over a whole batch had. */
  peak: number;
}

const childPath = fileURLToPath(new URL("child.ts", import.meta.url));

export const emptyOutcome = (): Outcome => ({
  read: 0,
  readable: 0,
  hangs: [],
  crashes: [],
  foreign: [],
  slowest: { ms: 0, title: "" },
  peak: 0,
});

/** Reads the inputs `from` to `to` in batches. A hang or a crash costs only its input: another child goes on after it. */
export async function readAll(
  kind: string,
  from: number,
  to: number,
  outcome: Outcome,
  folder?: string,
): Promise<void> {
  for (let at = from; at < to; ) {
    const end = Math.min(to, at + BATCH);
    const watched = new Watched(kind, at, end, outcome, PATIENCE, folder);
    at = await watched.run();
    if (watched.suspect === undefined) continue;
    at = await new Watched(kind, watched.suspect, watched.suspect + 1, outcome, SECOND_PATIENCE, folder).run();
  }
}

/** Memory of a process that loads everything and reads nothing. */
export async function idlePeak(): Promise<number> {
  const outcome = emptyOutcome();
  await new Watched("idle", 0, 0, outcome, PATIENCE).run();
  return outcome.peak;
}

class Watched {
  private readonly child: ChildProcess;
  private readonly outcome: Outcome;
  private readonly last: number;
  private at: number;
  private title = "";
  private timer: NodeJS.Timeout | undefined;
  private readonly patience: number;
  /** The input that took too long, and is to be read again alone. */
  suspect: number | undefined;

  constructor(kind: string, from: number, to: number, outcome: Outcome, patience: number, folder?: string) {
    this.outcome = outcome;
    this.patience = patience;
    this.at = from;
    this.last = to;
    const node = ["--conditions=h5ts-source", "--import", "tsx", childPath];
    const arguments_ = [...node, kind, String(from), String(to), ...(folder === undefined ? [] : [folder])];
    this.child = spawn(process.execPath, arguments_, { stdio: ["ignore", "pipe", "inherit"] });
  }

  /** Until the child ends; gives the next input to read. */
  async run(): Promise<number> {
    const ended = new Promise<number | null>((done) => this.child.once("close", done));
    for await (const line of createInterface({ input: this.child.stdout! })) this.hear(JSON.parse(line) as Line);
    const code = await ended;
    clearTimeout(this.timer);
    if (this.at >= this.last) return this.last;
    if (this.child.signalCode !== "SIGKILL") this.outcome.crashes.push(`exit ${code}: ${this.title}`);
    return this.at + 1;
  }

  private hear(line: Line): void {
    const { outcome } = this;
    if (line.begin !== undefined) {
      this.at = line.begin;
      this.title = line.title ?? "";
      this.timer = setTimeout(() => this.tooLong(), this.patience);
      return;
    }
    clearTimeout(this.timer);
    if (line.peak !== undefined) outcome.peak = Math.max(outcome.peak, line.peak);
    if (line.end === undefined) return;
    this.at = line.end + 1;
    outcome.read++;
    if (line.readable) outcome.readable++;
    if (this.patience > PATIENCE && line.cpu! > PATIENCE) outcome.hangs.push(`${line.cpu} ms: ${this.title}`);
    if (line.ms! > outcome.slowest.ms) outcome.slowest = { ms: line.ms!, title: this.title };
    for (const error of line.errors!) outcome.foreign.push(`${this.title}: ${error}`);
  }

  private tooLong(): void {
    if (this.patience > PATIENCE) this.outcome.hangs.push(this.title);
    else this.suspect = this.at;
    this.child.kill("SIGKILL");
  }
}
