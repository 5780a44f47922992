/** What is known of a workload after its rounds. */

/** One peer in one variant, over all rounds. */
export interface Measured {
  readonly peer: string;
  readonly variant: string;
  readonly workload: string;
  /** Wall and processor time of each round's run, in seconds; those of the same place ran one after the other. */
  readonly walls?: readonly number[];
  readonly cpus?: readonly number[];
  /** Medians of them, and the least wall time. */
  readonly seconds?: number;
  readonly cpu?: number;
  readonly min?: number;
  readonly runs?: number;
  /** What a run returned or wrote: bytes, or a sum that tells that all was read. */
  readonly bytes?: number;
  /** Some elements of what was read: whether peers read the same. */
  readonly probe?: Probe;
  readonly peak_rss?: number;
  /** The probe is not that of the reference, or what was written is not what libhdf5 reads. */
  readonly wrong?: string;
  /** Why the peer cannot do it. */
  readonly unsupported?: string;
}

/** Numbers and texts that another language writes in the same way. */
export type Probe = readonly (number | string)[];

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The reference divided by ours, paired by round: how many times as fast we are. `NaN` where one of them has no runs. */
export function pairedRatio(theirs: readonly number[] = [], ours: readonly number[] = []): number {
  const pairs = Math.min(theirs.length, ours.length);
  return pairs === 0 ? Number.NaN : median(Array.from({ length: pairs }, (_, i) => theirs[i] / ours[i]));
}
