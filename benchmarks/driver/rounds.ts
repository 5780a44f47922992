/** The rounds of one workload: all peers are made ready, warmed up, and then take turns, each round in another order. */
import { type Measured, median } from "../measured.ts";
import type { Ended, Prepared, Ran } from "../peers/serve.ts";
import { PeerProcess } from "./peer-process.ts";
import { type Clients, commandOf, type Peer } from "./peers.ts";

/** Milliseconds for one answer. */
const PATIENCE = 240_000;
/** A first run that takes longer, in milliseconds, is not repeated as a warm-up. */
const SLOW = 4000;

export interface RoundOptions {
  readonly folder: string;
  readonly clients: Clients;
  readonly rounds: number;
  /** Milliseconds that a peer which no target asks for may take for its runs. Default: all rounds. */
  readonly budget?: number;
  /** Whether a target needs all rounds of this peer. */
  isNeeded(peer: string, workload: string): boolean;
  /** One process a peer for many workloads, none of which is warmed up: a quick look, whose figures are worth nothing. */
  readonly processes?: Map<string, PeerProcess>;
}

export class Contestant {
  readonly walls: number[] = [];
  readonly cpus: number[] = [];
  readonly peer: Peer;
  readonly variant: string;
  private readonly process: PeerProcess;
  private readonly workload: string;
  private bytes = 0;
  private spent = 0;
  private ended: Ended | undefined;
  unsupported: string | undefined;

  constructor(peer: Peer, variant: string, workload: string, process: PeerProcess) {
    this.peer = peer;
    this.variant = variant;
    this.workload = workload;
    this.process = process;
  }

  async prepare(warmsUp: boolean): Promise<void> {
    const { unsupported } = await this.process.ask<Prepared>(`prepare ${this.workload}`, PATIENCE);
    this.unsupported = unsupported;
    if (unsupported !== undefined || !warmsUp) return;
    const first = await this.ran();
    if (first !== undefined && first.wall > SLOW) this.keep(first);
  }

  private async ran(): Promise<Ran | undefined> {
    const ran = await this.process.ask<Ran>("run", PATIENCE);
    this.unsupported = ran.unsupported;
    return ran.unsupported === undefined ? ran : undefined;
  }

  /** Takes its turn, if it has not done so already as it warmed up, and if there is time. */
  async turn(round: number, budget: number): Promise<void> {
    if (this.unsupported !== undefined || this.walls.length > round) return;
    if (round > 0 && this.spent + this.spent / this.walls.length > budget) return;
    const ran = await this.ran();
    if (ran !== undefined) this.keep(ran);
  }

  private keep({ wall, cpu, bytes }: Ran): void {
    this.walls.push(wall);
    this.cpus.push(cpu);
    this.spent += wall;
    this.bytes = bytes;
  }

  /** The path of what it wrote; whoever looks at that deletes it. */
  async end(): Promise<string | undefined> {
    if (this.unsupported === undefined) this.ended = await this.process.ask<Ended>("end", PATIENCE);
    return this.ended?.written;
  }

  close(): Promise<void> {
    return this.process.close();
  }

  get measured(): Measured {
    const name = { peer: this.peer.name, variant: this.variant, workload: this.workload };
    if (this.unsupported !== undefined) return { ...name, unsupported: this.unsupported };
    const [walls, cpus] = [this.walls, this.cpus].map((list) => list.map(seconds));
    const figures = { seconds: median(walls), cpu: median(cpus), min: Math.min(...walls), runs: walls.length };
    const { probe, peak_rss } = this.ended!;
    return { ...name, ...figures, walls, cpus, bytes: this.bytes, probe: probe ?? undefined, peak_rss };
  }
}

const seconds = (milliseconds: number): number => Number((milliseconds / 1000).toFixed(6));

/** All peers over one workload. `written` is shown each file that was written, says what is wrong with it, and deletes it. */
export async function measureWorkload(
  workload: string,
  peers: readonly Peer[],
  options: RoundOptions,
  written: (path: string, peer: string) => Promise<string | undefined>,
): Promise<Measured[]> {
  const all = contestants(workload, peers, options);
  for (const one of all) await one.prepare(options.processes === undefined);
  for (let round = 0; round < options.rounds; round++) {
    for (const one of rotated(all, round)) {
      const isNeeded = options.isNeeded(one.peer.name, workload);
      await one.turn(round, isNeeded ? Number.POSITIVE_INFINITY : (options.budget ?? Number.POSITIVE_INFINITY));
    }
  }
  const out: Measured[] = [];
  for (const one of all) {
    const path = await one.end();
    if (options.processes === undefined) await one.close();
    const wrong = path === undefined || one.unsupported !== undefined ? undefined : await written(path, one.peer.name);
    out.push(wrong === undefined ? one.measured : { ...one.measured, wrong });
  }
  return out;
}

function contestants(workload: string, peers: readonly Peer[], options: RoundOptions): Contestant[] {
  return peers.flatMap((peer) =>
    peer.variants(workload).map((variant) => {
      const key = `${peer.name} ${variant}`;
      const process =
        options.processes?.get(key) ?? new PeerProcess(commandOf(peer, variant, options.folder, options.clients));
      options.processes?.set(key, process);
      return new Contestant(peer, variant, workload, process);
    }),
  );
}

const rotated = <T>(all: readonly T[], by: number): T[] => all.map((_, i) => all[(i + by) % all.length]);
