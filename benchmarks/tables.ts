/** Measurements as tables in Markdown. */
import { type Measured, median, pairedRatio } from "./measured.ts";
import type { Bound, Target } from "./targets.ts";

type Value = "cpu" | "seconds" | "min" | "peak_rss";

/** The median over all lines, those with wrong data left out. */
function medianOf(
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

const linesOf = (all: readonly Measured[], workload: string, peer: string, variant?: string): Measured[] =>
  all.filter(
    (one) =>
      one.workload === workload &&
      one.peer === peer &&
      (variant === undefined || one.variant === variant) &&
      one.wrong === undefined,
  );

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

/** Whether all that were compared are the same; else who is wrong. */
function agreement(all: readonly Measured[], name: string): string {
  const lines = all.filter(({ workload }) => workload === name);
  const wrong = lines.filter((one) => one.wrong !== undefined);
  if (wrong.length > 0) return wrong.map(({ peer, wrong: why }) => `${peer} ${why}`).join(", ");
  const compared = lines.filter((one) => one.probe !== undefined || (name.startsWith("X") && one.peer === "h5ts"));
  return compared.length > 1 ? "yes" : "";
}

export function targetTable(targets: readonly Target[], all: readonly Measured[]): string {
  const rows = targets.flatMap(({ name, title, bounds }) =>
    bounds.map((bound) => [name, title, bound.workload, mustText(bound), ...outcome(bound, all)]),
  );
  return table([["target", "", "workload", "must", "reached", ""], ...rows.filter((row) => row[4] !== "-")]);
}

function mustText({ variant, by, than, least, seconds, memory }: Bound): string {
  if (seconds !== undefined) return `<= ${time(seconds)}`;
  if (memory !== undefined) return `<= ${Math.round(memory / 1e6)} MB`;
  const other = [than!.peer, than!.variant].filter(Boolean).join(" ");
  return `${variant}${by === undefined ? "" : ` by ${by}`}: >= ${least} x ${other}`;
}

function outcome(bound: Bound, all: readonly Measured[]): [reached: string, verdict: string] {
  const { workload, variant, by, least, seconds, memory } = bound;
  const verdict = (good: boolean): string => (good ? "ok" : "MISSED");
  if (memory !== undefined) {
    const peak = medianOf(all, workload, "h5ts", variant, "peak_rss");
    return Number.isNaN(peak) ? ["-", ""] : [`${Math.round(peak / 1e6)} MB`, verdict(peak <= memory)];
  }
  const key = by === "wall" || (by === undefined && variant === "async") ? "seconds" : "cpu";
  const ours = medianOf(all, workload, "h5ts", variant, key);
  if (Number.isNaN(ours)) return ["-", ""];
  if (seconds !== undefined) return [time(ours), verdict(ours <= seconds)];
  const ratio = ratioOf(all, bound, key === "seconds" ? "walls" : "cpus");
  return Number.isNaN(ratio) ? ["-", ""] : [`${ratio.toFixed(2)} x`, verdict(ratio >= least!)];
}

/** Paired by round; over several lines, of several calls of the program, the median. */
function ratioOf(all: readonly Measured[], { workload, variant, than }: Bound, key: "walls" | "cpus"): number {
  const theirs = linesOf(all, workload, than!.peer, than!.variant);
  const ratios = linesOf(all, workload, "h5ts", variant)
    .map((ours, i) => pairedRatio(theirs[i]?.[key], ours[key]))
    .filter((ratio) => !Number.isNaN(ratio));
  return ratios.length === 0 ? Number.NaN : median(ratios);
}

function table(rows: readonly (readonly string[])[]): string {
  const [head, ...rest] = rows;
  const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rest.map(line)].join("\n");
}
