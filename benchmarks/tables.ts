/** Measurements as tables in Markdown. */
import { type Measured, median } from "./protocol.ts";
import type { Bound, Target } from "./targets.ts";

type Value = "cpu" | "seconds" | "min" | "peak_rss";

/** The median over rounds. */
function medianOf(
  all: readonly Measured[],
  workload: string,
  peer: string,
  variant: string | undefined,
  key: Value,
): number {
  const found = all.filter(
    (one) => one.workload === workload && one.peer === peer && (variant === undefined || one.variant === variant),
  );
  const values = found.map((one) => one[key]).filter((value) => value !== undefined);
  return values.length === 0 ? Number.NaN : median(values);
}

const time = (seconds: number): string => {
  if (Number.isNaN(seconds)) return "-";
  return seconds < 0.01 ? `${(seconds * 1000).toFixed(2)} ms` : `${seconds.toFixed(3)} s`;
};

const COLUMNS: readonly [title: string, peer: string, variant?: string][] = [
  ["h5ts sync", "h5ts", "sync"],
  ["h5ts async", "h5ts", "async"],
  ["h5py", "h5py"],
  ["h5wasm", "h5wasm"],
  ["h5wasm+plugins", "h5wasm+plugins"],
  ["jsfive", "jsfive"],
];

/** Processor time and least wall time of each peer, and the peak of memory of h5ts. */
export function workloadTable(all: readonly Measured[]): string {
  const names = [...new Set(all.map(({ workload }) => workload))];
  const head = ["workload (cpu / best wall)", ...COLUMNS.map(([title]) => title), "h5ts peak MB", "same data"];
  const rows = names.map((name) => [
    name,
    ...COLUMNS.map(([, peer, variant]) => {
      const cpu = medianOf(all, name, peer, variant, "cpu");
      return Number.isNaN(cpu) ? "-" : `${time(cpu)} / ${time(medianOf(all, name, peer, variant, "min"))}`;
    }),
    String(Math.round(medianOf(all, name, "h5ts", "sync", "peak_rss") / 1e6)),
    agreement(all, name),
  ]);
  return table([head, ...rows]);
}

/** Whether one element, compared as a number, is the same for h5ts and h5py. */
function agreement(all: readonly Measured[], name: string): string {
  const probe = (peer: string): string | undefined =>
    all.find((one) => one.workload === name && one.peer === peer && one.probe)?.probe;
  const [ours, theirs] = [probe("h5ts"), probe("h5py")];
  if (ours === undefined || theirs === undefined || Number.isNaN(Number(theirs))) return "";
  return Number(ours) === Number(theirs) ? "yes" : "NO";
}

export function targetTable(targets: readonly Target[], all: readonly Measured[]): string {
  const rows = targets.flatMap(({ name, title, bounds }) =>
    bounds.map((bound) => [name, title, bound.workload, mustText(bound), ...outcome(bound, all)]),
  );
  return table([["target", "", "workload", "must", "reached", ""], ...rows.filter((row) => row[4] !== "-")]);
}

function mustText({ variant, than, least, seconds, memory }: Bound): string {
  if (seconds !== undefined) return `<= ${time(seconds)}`;
  if (memory !== undefined) return `<= ${Math.round(memory / 1e6)} MB`;
  const other = [than!.peer, than!.variant].filter(Boolean).join(" ");
  return `${variant}: >= ${least} x ${other}`;
}

function outcome(bound: Bound, all: readonly Measured[]): [reached: string, verdict: string] {
  const { workload, variant, than, least, seconds, memory } = bound;
  const verdict = (good: boolean): string => (good ? "ok" : "MISSED");
  if (memory !== undefined) {
    const peak = medianOf(all, workload, "h5ts", variant, "peak_rss");
    return Number.isNaN(peak) ? ["-", ""] : [`${Math.round(peak / 1e6)} MB`, verdict(peak <= memory)];
  }
  const key = variant === "sync" ? "cpu" : "min";
  const ours = medianOf(all, workload, "h5ts", variant, key);
  if (Number.isNaN(ours)) return ["-", ""];
  if (seconds !== undefined) return [time(ours), verdict(ours <= seconds)];
  const theirs = medianOf(all, workload, than!.peer, than!.variant, key);
  if (Number.isNaN(theirs)) return ["-", ""];
  return [`${(theirs / ours).toFixed(2)} x`, verdict(theirs / ours >= least!)];
}

function table(rows: readonly (readonly string[])[]): string {
  const [head, ...rest] = rows;
  const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rest.map(line)].join("\n");
}
