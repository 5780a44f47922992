/** Measurements as tables in Markdown. */
import { limitsOf } from "./limits.ts";
import { type Mean, meansOf } from "./means.ts";
import type { Measured } from "./measured.ts";
import type { Profile } from "./profile.ts";
import type { Target } from "./targets.ts";
import { linesOf, medianOf, ratioOf, timeText, verdictsOf } from "./verdicts.ts";

const COLUMNS: readonly [title: string, peer: string, variant?: string][] = [
  ["h5ts sync", "h5ts", "sync"],
  ["h5ts async", "h5ts", "async"],
  ["h5py", "h5py"],
  ["h5wasm", "h5wasm"],
  ["h5wasm+plugins", "h5wasm+plugins"],
  ["jsfive", "jsfive"],
];

/** Processor time and median wall time of each peer, the peak of memory of h5ts, and the fraction of the best limit that it reaches. */
export function workloadTable(all: readonly Measured[]): string {
  const names = [...new Set(all.map(({ workload }) => workload))].filter((name) => /^[WX]/.test(name));
  const titles = COLUMNS.map(([title]) => title);
  const head = ["workload (cpu / wall)", ...titles, "of the limit", "h5ts peak MB", "same data"];
  const rows = names.map((name) => [
    name,
    ...COLUMNS.map(([, peer, variant]) => {
      const cpu = medianOf(all, name, peer, variant, "cpu");
      return Number.isNaN(cpu) ? "-" : `${timeText(cpu)} / ${timeText(medianOf(all, name, peer, variant, "seconds"))}`;
    }),
    limitText(all, name),
    String(Math.round(medianOf(all, name, "h5ts", "sync", "peak_rss") / 1e6)),
    agreement(all, name),
  ]);
  return table([head, ...rows]);
}

/** Fractions of the limits: of `sync` by processor time, of `async` by the clock beside those on all processors. */
export function fractionsOf(all: readonly Measured[], workload: string): [limit: string, fraction: number][] {
  return limitsOf(workload).flatMap((limit): [string, number][] => {
    const [variant, key] = limit.endsWith(" all") ? (["async", "walls"] as const) : (["sync", "cpus"] as const);
    const fraction = ratioOf(all, workload, variant, { peer: "limit", variant: limit }, key);
    return Number.isNaN(fraction) ? [] : [[limit, fraction]];
  });
}

const limitText = (all: readonly Measured[], workload: string): string =>
  fractionsOf(all, workload)
    .map(([limit, fraction]) => `${(100 * fraction).toFixed(fraction < 0.1 ? 1 : 0)} % ${limit}`)
    .join(", ");

/** Whether all that were compared are the same; else who is wrong. */
export function agreement(all: readonly Measured[], name: string): string {
  const lines = all.filter(({ workload }) => workload === name);
  const wrong = lines.filter((one) => one.wrong !== undefined);
  if (wrong.length > 0) return wrong.map(({ peer, wrong: why }) => `WRONG: ${peer} ${why}`).join(", ");
  const compared = lines.filter((one) => one.probe !== undefined || (name.startsWith("X") && one.peer === "h5ts"));
  return compared.length > 1 ? "yes" : "";
}

/** A line for each bound that was measured. */
export function targetTable(targets: readonly Target[], all: readonly Measured[]): string {
  const rows = verdictsOf(targets, all)
    .filter(({ reached }) => reached !== undefined)
    .map(({ target, title, workload, must, reached, isGood }) => [
      target,
      title,
      workload,
      must,
      reached!,
      isGood ? "ok" : "MISSED",
    ]);
  return table([["target", "", "workload", "must", "reached", ""], ...rows]);
}

export function meanTable(all: readonly Measured[]): string {
  const rows = meansOf(all).map((mean) => [
    mean.peer,
    mean.variant,
    `>= ${mean.least} x`,
    `${mean.mean.toFixed(2)} x`,
    mean.mean >= mean.least ? "ok" : "MISSED",
    String(mean.count),
    slowerText(mean),
  ]);
  return table([
    ["beside", "h5ts", "must", "geometric mean", "", "workloads", "below 1.0 (* a target allows it)"],
    ...rows,
  ]);
}

const slowerText = ({ slower }: Mean): string =>
  slower.map(({ workload, ratio, isAllowed }) => `${workload}${isAllowed ? "*" : ""} ${ratio.toFixed(2)}`).join(", ");

/** What time goes to where a bound is not reached. */
export function profileTable(all: readonly Profile[]): string {
  const rows = all.map(({ workload, variant, missed, functions }) => [
    `${workload} ${variant}`,
    missed.join("; "),
    functions
      .slice(0, 6)
      .map(({ name, part }) => `${name} ${Math.round(100 * part)} %`)
      .join(", "),
  ]);
  return table([["workload", "must: reached", "own time of functions"], ...rows]);
}

/** How damaged files are met. */
export function refusalTable(all: readonly Measured[]): string {
  const names = [...new Set(all.map(({ workload }) => workload))].filter((name) => name.startsWith("F_"));
  const rows = names.map((name) => [
    name,
    ...COLUMNS.map(([, peer, variant]) => String(linesOf(all, name, peer, variant)[0]?.probe?.[0] ?? "-")),
  ]);
  return table([["file", ...COLUMNS.map(([title]) => title)], ...rows]);
}

export function table(rows: readonly (readonly string[])[]): string {
  const [head, ...rest] = rows;
  const line = (row: readonly string[]): string => `| ${row.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rest.map(line)].join("\n");
}
