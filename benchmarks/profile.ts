/** What h5ts spends its time on in a workload: functions by their own time, by Node's profiler. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPeers } from "./driver/peers.ts";
import type { Measured } from "./measured.ts";
import { BROWSER_TARGETS, TARGETS } from "./targets.ts";
import { linesOf, medianOf, verdictsOf } from "./verdicts.ts";
import { WORKLOADS } from "./workloads.ts";

export interface Profile {
  readonly workload: string;
  readonly variant: "sync" | "async";
  /** Bounds that are not reached, where it was profiled for them. */
  readonly missed: readonly string[];
  /** Functions and the part of all samples that were taken in them, the greatest first. */
  readonly functions: readonly { readonly name: string; readonly place: string; readonly part: number }[];
}

/** What `--cpu-prof` writes. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

type Wanted = Pick<Profile, "workload" | "variant" | "missed">;

/** Functions that are listed of each. */
const LISTED = 12;
/** Seconds of runs, about, that are enough samples. */
const LONG = 1.5;
const MOST_RUNS = 40;

/** Waiting, and what starting Node and loading modules costs. */
const BESIDE =
  /^\((idle|root)\)|\|node:internal\/(modules|bootstrap|main)|^(openFileHandle|readFileUtf8|internalModuleStat)\|/;

const benchmarks = fileURLToPath(new URL(".", import.meta.url));

/** `missed`: whatever bound is not reached in these results; else the workloads of a target (`T10`), or those by a name or a pattern. */
export function wantedProfiles(text: string, all: readonly Measured[]): Wanted[] {
  const missed = verdictsOf([...TARGETS, ...BROWSER_TARGETS], all).filter(
    ({ workload, isGood, must }) => isGood === false && !must.includes("peak") && WORKLOADS.includes(workload),
  );
  const bounds = TARGETS.find(({ name }) => name === text)?.bounds;
  const named = new Set(
    bounds?.map(({ workload }) => workload) ?? WORKLOADS.filter((name) => new RegExp(text).test(name)),
  );
  const names = text === "missed" ? new Set(missed.map(({ workload }) => workload)) : named;
  return [...names]
    .filter((name) => WORKLOADS.includes(name))
    .flatMap((workload): Wanted[] => {
      const own = missed.filter((one) => one.workload === workload);
      const ofVariant = (variant: Profile["variant"]): Wanted => ({
        workload,
        variant,
        missed: own
          .filter(({ must }) => must.startsWith(`${variant}`))
          .map(({ target, must, reached }) => `${target} ${must}: ${reached}`),
      });
      const both = (["sync", "async"] as const).map(ofVariant);
      return text === "missed" ? both.filter((one) => one.missed.length > 0) : [both[0]];
    });
}

export async function profiles(
  wanted: readonly Wanted[],
  folder: string,
  all: readonly Measured[],
  progress: (profile: Profile) => void,
): Promise<Profile[]> {
  await buildPeers();
  return wanted.map((one) => {
    const usual = linesOf(all, one.workload, "h5ts", one.variant).length > 0;
    const cpu = usual ? medianOf(all, one.workload, "h5ts", one.variant, "cpu") : LONG / 5;
    const runs = Math.max(3, Math.min(MOST_RUNS, Math.round(LONG / Math.max(cpu, 0.02))));
    const profile = { ...one, functions: functionsOf(run(one, folder, runs)) };
    progress(profile);
    return profile;
  });
}

function run({ workload, variant }: Wanted, folder: string, runs: number): CpuProfile {
  const out = mkdtempSync(join(tmpdir(), "h5ts-profile-"));
  try {
    const flags = ["--cpu-prof", `--cpu-prof-dir=${out}`, "--cpu-prof-interval=500"];
    const program = ["made/peers/h5ts.js", folder, `--one=${workload}`, `--variant=${variant}`, `--runs=${runs}`];
    execFileSync(process.execPath, [...flags, ...program], { cwd: benchmarks, stdio: ["ignore", "ignore", "inherit"] });
    const [file] = readdirSync(out);
    return JSON.parse(readFileSync(join(out, file), "utf8")) as CpuProfile;
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** Collection of garbage and native code, `(program)`, count as functions. */
function functionsOf({ nodes, samples, timeDeltas }: CpuProfile): Profile["functions"] {
  const keys = new Map(nodes.map(({ id, callFrame }) => [id, keyOf(callFrame)]));
  const times = new Map<string, number>();
  let total = 0;
  for (const [i, id] of samples.entries()) {
    const key = keys.get(id)!;
    if (BESIDE.test(key)) continue;
    times.set(key, (times.get(key) ?? 0) + timeDeltas[i]);
    total += timeDeltas[i];
  }
  return [...times]
    .sort(([, one], [, other]) => other - one)
    .slice(0, LISTED)
    .map(([key, time]) => {
      const [name, place] = key.split("|");
      return { name, place, part: Number((time / total).toFixed(4)) };
    });
}

/** Its name, and its file from the package on. */
function keyOf({ functionName, url, lineNumber }: CpuProfile["nodes"][number]["callFrame"]): string {
  const [, place = url.replace(/^.*\/(?=made\/|node:)/, "")] = /packages\/(.+)$/.exec(url) ?? [];
  return `${functionName || "(anonymous)"}|${place === "" ? "" : `${place.replace("/dist/", "/")}:${lineNumber + 1}`}`;
}
