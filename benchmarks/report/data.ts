/** What the page shows, made of the results: plain values, so that the page needs nothing of the suite. */
import { growth } from "../curves.ts";
import { choiceRows } from "../layouts/table.ts";
import { meansOf } from "../means.ts";
import { machineText, type Results } from "../results.ts";
import { agreement, fractionsOf } from "../tables.ts";
import { BROWSER_TARGETS, TARGETS } from "../targets.ts";
import { linesOf, medianOf, ratioOf, verdictsOf } from "../verdicts.ts";

export interface Ratio {
  readonly workload: string;
  readonly peer: string;
  readonly ratio: number;
}

export interface PageData {
  readonly machine: string;
  readonly isFull: boolean;
  readonly verdicts: ReturnType<typeof verdictsOf>;
  readonly means: ReturnType<typeof meansOf>;
  readonly ratios: readonly Ratio[];
  readonly browser: readonly Ratio[];
  readonly fractions: readonly { readonly workload: string; readonly limit: string; readonly fraction: number }[];
  readonly memory: readonly { readonly workload: string; readonly peer: string; readonly bytes: number }[];
  readonly times: readonly (readonly string[])[];
  readonly curves: Results["curves"];
  readonly growths: readonly { readonly curve: string; readonly peer: string; readonly growth: number }[];
  readonly kernels: Results["kernels"];
  readonly refusals: readonly (readonly string[])[];
  readonly layouts: NonNullable<Results["layouts"]>;
  readonly profiles: NonNullable<Results["profiles"]>;
  readonly omitted: readonly string[];
  readonly choices: readonly (readonly string[])[];
}

/** The peers of the charts, and what of h5ts stands beside them. */
const BESIDE = [
  { peer: "h5py", variant: "async", key: "walls" },
  { peer: "h5wasm", variant: "sync", key: "cpus" },
  { peer: "h5wasm+plugins", variant: "sync", key: "cpus" },
  { peer: "jsfive", variant: "sync", key: "cpus" },
] as const;

const COLUMNS: readonly [string, string?][] = [
  ["h5ts", "sync"],
  ["h5ts", "async"],
  ["h5py"],
  ["h5wasm"],
  ["h5wasm+plugins"],
  ["jsfive"],
];

export function pageData(results: Results): PageData {
  const { measured: all, curves, kernels, layouts = [], profiles = [], omitted = [] } = results;
  const names = [...new Set(all.map(({ workload }) => workload))];
  const timed = names.filter((name) => /^[WX]/.test(name));
  return {
    machine: machineText(results),
    isFull: results.scale === 1,
    verdicts: verdictsOf([...TARGETS, ...BROWSER_TARGETS], all),
    means: meansOf(all),
    ...ratiosOf(all, names, timed),
    memory: timed.flatMap((workload) => memoryOf(all, workload)),
    times: timed.map((workload) => [
      workload,
      ...COLUMNS.map(([peer, variant]) => cell(results, workload, peer, variant)),
      agreement(all, workload),
    ]),
    curves,
    growths: growthsOf(curves),
    kernels,
    layouts,
    profiles,
    omitted,
    choices: choiceRows(layouts),
    refusals: names.filter((name) => name.startsWith("F_")).map((name) => refusalsOf(all, name)),
  };
}

type Lines = Results["measured"];

function ratiosOf(
  all: Lines,
  names: readonly string[],
  timed: readonly string[],
): Pick<PageData, "ratios" | "browser" | "fractions"> {
  const isKnown = ({ ratio }: Ratio): boolean => !Number.isNaN(ratio);
  const beside = (workload: string): Ratio[] =>
    BESIDE.map(({ peer, variant, key }) => ({ workload, peer, ratio: ratioOf(all, workload, variant, { peer }, key) }));
  const inBrowser = (workload: string): Ratio[] =>
    ["h5wasm", "jsfive", "pako"].map((peer) => ({
      workload,
      peer,
      ratio: ratioOf(all, workload, "async", { peer }, "walls"),
    }));
  return {
    ratios: timed.flatMap(beside).filter(isKnown),
    browser: names
      .filter((name) => name.startsWith("B_"))
      .flatMap(inBrowser)
      .filter(isKnown),
    fractions: timed.flatMap((workload) =>
      fractionsOf(all, workload).map(([limit, fraction]) => ({ workload, limit, fraction })),
    ),
  };
}

const memoryOf = (all: Lines, workload: string): PageData["memory"] =>
  ["h5ts", "h5py", "h5wasm", "jsfive"].flatMap((peer) => {
    const bytes = medianOf(all, workload, peer, peer === "h5ts" ? "sync" : undefined, "peak_rss");
    return Number.isNaN(bytes) ? [] : [{ workload, peer, bytes }];
  });

const growthsOf = (curves: Results["curves"]): PageData["growths"] =>
  [...new Set(curves.map(({ curve, peer }) => `${curve}|${peer}`))].map((key) => {
    const [curve, peer] = key.split("|");
    const { variant } = curves.find((one) => one.curve === curve && one.peer === peer)!;
    return { curve, peer, growth: growth(curves, curve, peer, variant) };
  });

const refusalsOf = (all: Lines, name: string): string[] => [
  name,
  ...COLUMNS.map(([peer, variant]) => String(linesOf(all, name, peer, variant)[0]?.probe?.[0] ?? "–")),
];

function cell({ measured }: Results, workload: string, peer: string, variant: string | undefined): string {
  const cpu = medianOf(measured, workload, peer, variant, "cpu");
  return Number.isNaN(cpu) ? "–" : `${short(cpu)} / ${short(medianOf(measured, workload, peer, variant, "seconds"))}`;
}

/** Milliseconds to three figures. */
const short = (seconds: number): string => {
  const ms = seconds * 1000;
  return ms >= 100 ? String(Math.round(ms)) : ms.toPrecision(3);
};
