/** What was reached of what must be. */
import { type Measured, median, pairedRatio } from "./measured.ts";
import type { Bound, Target } from "./targets.ts";

export interface Verdict {
  readonly target: string;
  readonly title: string;
  readonly workload: string;
  readonly must: string;
  /** Absent where it was not measured. */
  readonly reached?: string;
  readonly isGood?: boolean;
}

/** Lines of one peer, those with wrong data left out. */
export const linesOf = (all: readonly Measured[], workload: string, peer: string, variant?: string): Measured[] =>
  all.filter(
    (one) =>
      one.workload === workload &&
      one.peer === peer &&
      (variant === undefined || one.variant === variant) &&
      one.wrong === undefined &&
      one.unsupported === undefined,
  );

type Value = "cpu" | "seconds" | "min" | "peak_rss" | "bytes";

/** The median over all lines; `NaN` where there is none. */
export function medianOf(
  all: readonly Measured[],
  workload: string,
  peer: string,
  variant: string | undefined,
  key: Value,
): number {
  const values = linesOf(all, workload, peer, variant).map((one) => one[key]);
  const found = values.filter((value) => value !== undefined);
  return found.length === 0 ? Number.NaN : median(found);
}

/** How many times as fast h5ts is; over several lines, of several calls of the program, the median. */
export function ratioOf(
  all: readonly Measured[],
  workload: string,
  variant: string,
  than: { readonly peer: string; readonly variant?: string },
  key: "walls" | "cpus",
): number {
  const theirs = linesOf(all, workload, than.peer, than.variant);
  const ratios = linesOf(all, workload, "h5ts", variant)
    .map((ours, i) => pairedRatio(theirs[i]?.[key], ours[key]))
    .filter((ratio) => !Number.isNaN(ratio));
  return ratios.length === 0 ? Number.NaN : median(ratios);
}

/** Processor time of one that uses one processor, wall time of one that uses several. */
export const keyOf = ({ variant, by }: Pick<Bound, "variant" | "by">): "walls" | "cpus" =>
  by === "wall" || (by === undefined && variant === "async") ? "walls" : "cpus";

export const timeText = (seconds: number): string => {
  if (Number.isNaN(seconds)) return "-";
  return seconds < 0.01 ? `${(seconds * 1000).toFixed(2)} ms` : `${seconds.toFixed(3)} s`;
};

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

export const verdictsOf = (targets: readonly Target[], all: readonly Measured[]): Verdict[] =>
  targets.flatMap(({ name: target, title, bounds }) =>
    bounds.map((bound) => ({
      target,
      title,
      workload: bound.workload,
      must: mustText(bound),
      ...outcomeOf(bound, all),
    })),
  );

function mustText({ variant, by, than, least, seconds, memory, payload, refuses }: Bound): string {
  if (refuses) return `${variant}: an error`;
  if (seconds !== undefined) return `${variant}: <= ${timeText(seconds)}`;
  if (memory !== undefined) return `${variant}: peak <= ${megabytes(memory)}`;
  if (payload !== undefined) return `${variant}: peak <= Node + ${payload} x payload + ${megabytes(CHUNK_BUFFERS)}`;
  const other = [than!.peer, than!.variant].filter(Boolean).join(" ");
  return `${variant}${by === undefined ? "" : ` by ${by}`}: >= ${least} x ${other}`;
}

type Outcome = Pick<Verdict, "reached" | "isGood">;

function outcomeOf(bound: Bound, all: readonly Measured[]): Outcome {
  const { workload, variant, than, least, seconds, refuses } = bound;
  if (refuses) return refusal(all, workload, variant);
  if (bound.memory !== undefined || bound.payload !== undefined) return memoryOutcome(bound, all);
  const key = keyOf(bound);
  if (seconds !== undefined) {
    const ours = medianOf(all, workload, "h5ts", variant, key === "walls" ? "seconds" : "cpu");
    return Number.isNaN(ours) ? {} : { reached: timeText(ours), isGood: ours <= seconds };
  }
  const ratio = ratioOf(all, workload, variant, than!, key);
  return Number.isNaN(ratio) ? {} : { reached: `${ratio.toFixed(2)} x`, isGood: ratio >= least! };
}

/** What a process takes that reads almost nothing. */
const NOTHING = "W13f_fixedarr_first";
/** Chunks under way, in bytes. */
const CHUNK_BUFFERS = 32e6;

function memoryOutcome({ workload, variant, memory, payload }: Bound, all: readonly Measured[]): Outcome {
  const value = (name: string, key: Value): number => medianOf(all, name, "h5ts", variant, key);
  const peak = value(workload, "peak_rss");
  const most = memory ?? value(NOTHING, "peak_rss") + payload! * value(workload, "bytes") + CHUNK_BUFFERS;
  if (Number.isNaN(peak) || Number.isNaN(most)) return {};
  return { reached: `${megabytes(peak)} of ${megabytes(most)}`, isGood: peak <= most };
}

/** An unreadable chunk is an error, never other data. */
function refusal(all: readonly Measured[], workload: string, variant: string): Outcome {
  const [line] = linesOf(all, workload, "h5ts", variant);
  if (line?.probe === undefined) return {};
  const [answer] = line.probe;
  return { reached: String(answer), isGood: answer === "error" };
}
