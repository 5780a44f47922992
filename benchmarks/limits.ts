/** Which physical limits stand beside a workload. */
import { CROPS, IMAGES } from "./workloads.ts";

/**
 * `copy`: its bytes copied within memory that was there before; `fresh`: its bytes read into fresh memory; `warm`: into memory that was
 * there before; `inflate`: its chunks inflated by zlib one after the other, `inflate all` on all processors; `write`: its bytes written;
 * `deflate`, `deflate all`: its chunks deflated.
 */
export type Limit = "copy" | "fresh" | "warm" | "inflate" | "inflate all" | "write" | "deflate" | "deflate all";

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
  W12_bef64_native: "W12_bef64",
  W11_local: "W11_random",
  W11_uniform: "W11_random",
};

/** Whole datasets without a filter. */
const PLAIN = /^W(1|2|8|12|14)/;

const GZIP = /^W(3|4|10_\w+_gz|11)/;

export function limitsOf(workload: string): readonly Limit[] {
  if (workload.startsWith("X")) return /^X[34].*gzip/.test(workload) ? ["write", "deflate", "deflate all"] : ["write"];
  if (workload === "W1_contig_into") return ["warm", "copy"];
  if (workload.endsWith("_first") || workload.startsWith("F_")) return [];
  if (GZIP.test(workload)) return ["fresh", "inflate", "inflate all"];
  return PLAIN.test(workload) ? ["fresh", "copy"] : ["fresh"];
}
