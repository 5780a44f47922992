/** Which physical limits stand beside a workload. */
import { CROPS, IMAGES } from "./workloads.ts";

/**
 * `fresh`: its bytes read into fresh memory; `warm`: into memory that was there before; `inflate`: its chunks inflated by zlib one
 * after the other, `inflate all` on all processors; `write`: its bytes written; `deflate`, `deflate all`: its chunks deflated.
 */
export type Limit = "fresh" | "warm" | "inflate" | "inflate all" | "write" | "deflate" | "deflate all";

/** The file that a workload reads. */
export function fileOf(workload: string): string {
  const [family, kind, key] = workload.split("_");
  if (family === "W10") return kind === "fancy50" ? "W2a_chunk1M" : FILES[key];
  return WITH_OTHER_FILE[workload] ?? workload.replace(/_(first|into)$/, "");
}

const FILES: Readonly<Record<string, string>> = { ...CROPS, ...IMAGES };

const WITH_OTHER_FILE: Readonly<Record<string, string>> = {
  W7e_open: "W7e_small",
  W7e_data: "W7e_small",
  W7l_open: "W7l_small",
  W7l_data: "W7l_small",
  W7g_walk: "W7g_groups",
  W8_column_t: "W8_compound",
  W8_raw: "W8_compound",
  W9_vlen_str: "W9_vlen",
  W11_local: "W11_random",
  W11_uniform: "W11_random",
};

const GZIP = /^W(3|4|10_\w+_gz|11)/;

export function limitsOf(workload: string): readonly Limit[] {
  if (workload.startsWith("X")) return /^X[34].*gzip/.test(workload) ? ["write", "deflate", "deflate all"] : ["write"];
  if (workload === "W1_contig_into") return ["warm"];
  if (workload.endsWith("_first") || workload.startsWith("F_")) return [];
  return GZIP.test(workload) ? ["fresh", "inflate", "inflate all"] : ["fresh"];
}
