/** All workloads that are asked for, with all peers that there are. */
import { judged } from "./driver/judge.ts";
import type { PeerProcess } from "./driver/peer-process.ts";
import { absence, buildPeers, type Clients, PEERS, type Peer } from "./driver/peers.ts";
import { measureWorkload, type RoundOptions } from "./driver/rounds.ts";
import { forget, lookInto } from "./driver/written.ts";
import type { Measured } from "./measured.ts";
import { sizesOf } from "./sizes.ts";
import { isNeeded } from "./targets.ts";
import { FAILING, WORKLOADS } from "./workloads.ts";

export interface SuiteOptions {
  /** With the data of `makeData`. */
  readonly folder: string;
  readonly clients: Clients;
  readonly workloads?: RegExp;
  readonly peers?: RegExp;
  /** Runs of each peer, taken in turns. Default 5. */
  readonly rounds?: number;
  /** Milliseconds for the runs of a peer that no target names; it makes fewer then. Default 5000. */
  readonly budget?: number;
  /** One process a peer for all workloads, and no warm-up: quick, but figures are then worth nothing. Default false. */
  readonly isShared?: boolean;
  /** Told each peer that cannot be asked, and why. */
  absent?(peer: string, why: string): void;
  /** Given the figures of each workload as they come. */
  progress?(measured: readonly Measured[]): void;
}

export async function runSuite(options: SuiteOptions): Promise<Measured[]> {
  const { folder, clients, rounds = 5, budget = 5000, isShared = false } = options;
  if (!clients.fromSource) await buildPeers();
  const peers = present(options);
  const processes = isShared ? new Map<string, PeerProcess>() : undefined;
  const all: Measured[] = [];
  const given: RoundOptions = { folder, clients, rounds, budget, isNeeded, processes };
  for (const workload of [...WORKLOADS, ...FAILING].filter((name) => options.workloads?.test(name) ?? true)) {
    const written = async (path: string, peer: string): Promise<string | undefined> => {
      if (peer !== "limit") return lookInto(path, workload, folder, sizesOf(folder));
      forget(path);
      return undefined;
    };
    const measured = judged(
      await measureWorkload(workload, peers, workload.startsWith("F_") ? { ...given, rounds: 1 } : given, written),
    );
    all.push(...measured);
    options.progress?.(measured);
  }
  for (const process of processes?.values() ?? []) await process.close();
  return all;
}

function present({ peers, clients, absent }: SuiteOptions): Peer[] {
  return PEERS.filter(({ name }) => peers?.test(name) ?? true).filter((peer) => {
    const why = absence(peer, clients);
    if (why !== undefined) absent?.(peer.name, why);
    return why === undefined;
  });
}
