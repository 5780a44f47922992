/** Who is measured, in which variants, and how its process is started. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { limitsOf } from "../limits.ts";

const benchmarks = fileURLToPath(new URL("..", import.meta.url));

export interface Peer {
  readonly name: string;
  /** Its variants of a workload; none where it cannot do it, or is not asked for it. */
  variants(workload: string): readonly string[];
}

/** What no peer but h5ts has a call for, or what takes minutes. */
const only =
  (variant: string, leaves: RegExp): Peer["variants"] =>
  (workload) =>
    leaves.test(workload) ? [] : [variant];

const writes = (workload: string): boolean => workload.startsWith("X");

function oursOf(workload: string): string[] {
  if (workload.startsWith("C_")) return ["sync"];
  return ["sync", "async", ...(writes(workload) ? ["sync none", "async none"] : [])];
}

/** Debian's h5py, before NumPy asked for huge pages. */
const OLD_H5PY = "h5py37";

export const PEERS: readonly Peer[] = [
  { name: "h5ts", variants: oursOf },
  { name: "h5py", variants: only("h5py", /_into$|_raw$/) },
  { name: OLD_H5PY, variants: only("h5py", /^(?!W(1|2a|2b|12)_)|_into$/) },
  { name: "h5wasm", variants: only("node", /^(W5|W6|X4)|_into$|_raw$|_column|_native/) },
  { name: "h5wasm+plugins", variants: only("node", /^(?!W5|W6)/) },
  { name: "jsfive", variants: only("buffer", /^(W(10|11|8|5|6|14)|X)|_into$|_first$|_native$|W2c|W13[fx]/) },
  { name: "limit", variants: limitsOf },
];

/** How peers are run. */
export interface Clients {
  /** A Python with h5py. */
  readonly python: string;
  /** A Python with h5py 3.7, as Debian 12 has it. Default: there is none. */
  readonly oldPython?: string;
  /** Peers, and h5ts with them, as their sources stand, through tsx; there need be no build then. Default false. */
  readonly fromSource?: boolean;
}

/** Why a peer cannot be asked at all here. */
export function absence({ name }: Peer, { python, oldPython }: Clients): string | undefined {
  if (name === OLD_H5PY && !hasH5py(oldPython))
    return `${oldPython ?? "no Python"} has no h5py (apt install python3-h5py)`;
  if (name === "h5py" && !existsSync(python)) return `there is no ${python} (npm run setup:interop)`;
  const plugins = join(benchmarks, "plugins/node_modules");
  if (name === "h5wasm+plugins" && !existsSync(plugins)) return "npm install --prefix benchmarks/plugins";
  return undefined;
}

const hasH5py = (python = ""): boolean =>
  existsSync(python) && spawnSync(python, ["-c", "import h5py"], { stdio: "ignore" }).status === 0;

const fileNameOf = (peer: string): string => peer.replace("+", "_");

/** Makes programs of the peers: read from their sources by tsx, each of hundreds of processes would start a second later. */
export async function buildPeers(): Promise<void> {
  await build({
    entryPoints: PEERS.filter(({ name }) => !name.startsWith("h5py")).map(({ name }) => `peers/${fileNameOf(name)}.ts`),
    absWorkingDir: benchmarks,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    outdir: "made/peers",
  });
}

export function commandOf(peer: Peer, variant: string, folder: string, clients: Clients): [string, string[]] {
  if (peer.name.startsWith("h5py")) {
    const python = peer.name === OLD_H5PY ? clients.oldPython! : clients.python;
    return [python, [join(benchmarks, "peers/h5py_peer.py"), folder]];
  }
  const name = fileNameOf(peer.name);
  const program = clients.fromSource
    ? ["--import", "tsx", "--conditions=h5ts-source", join(benchmarks, "peers", `${name}.ts`)]
    : [join(benchmarks, "made/peers", `${name}.js`)];
  return [process.execPath, ["--expose-gc", "--max-old-space-size=8192", ...program, folder, `--variant=${variant}`]];
}
