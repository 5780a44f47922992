/** What h5ts must reach beside the other peers, in the same run. */

import { FAILING } from "./workloads.ts";

/** A bound on one workload. */
export interface Bound {
  readonly workload: string;
  /** Of h5ts: the processor time of `sync` counts; of `async` the wall time, as it uses several processors. */
  readonly variant: "sync" | "async";
  /** What is compared. Default: processor time of `sync`, wall time of `async`. */
  readonly by?: "wall" | "cpu";
  /** So many times as fast as that peer; or a bound of its own on seconds or bytes of memory. */
  readonly than?: { readonly peer: string; readonly variant?: string };
  readonly least?: number;
  readonly seconds?: number;
  readonly memory?: number;
  /** The peak of memory: so many times the payload, beside Node and the chunks under way. */
  readonly payload?: number;
  /** It must raise an error. */
  readonly refuses?: true;
}

export interface Target {
  readonly name: string;
  readonly title: string;
  readonly bounds: readonly Bound[];
}

const fresh = { peer: "limit", variant: "fresh" };
const warm = { peer: "limit", variant: "warm" };
const inflate = { peer: "limit", variant: "inflate" };
const write = { peer: "limit", variant: "write" };
const h5py = { peer: "h5py" };
const oldH5py = { peer: "h5py37" };
const h5wasm = { peer: "h5wasm" };
const plugins = { peer: "h5wasm+plugins" };
const jsfive = { peer: "jsfive" };
const ownSync = { peer: "h5ts", variant: "sync" };

const faster = (workload: string, than: Bound["than"], least: number, variant: Bound["variant"] = "sync"): Bound => ({
  workload,
  variant,
  than,
  least,
});
const within = (workload: string, seconds: number): Bound => ({ workload, variant: "sync", seconds });

const CROPS = ["contig", "c1M", "c64K", "cube"].map((key) => `W10_crop_${key}`);
const TINY = ["W13e_btree1", "W13f_fixedarr", "W13x_extarr"];
/** Seconds for 10,000 objects of 25 microseconds. */
const OBJECTS = 0.25;

export const TARGETS: readonly Target[] = [
  { name: "T1", title: "contiguous, into the caller's memory", bounds: [faster("W1_contig_into", warm, 0.9)] },
  {
    name: "T2",
    title: "contiguous, fresh result",
    bounds: [faster("W1_contig", fresh, 0.9), faster("W1_contig", h5wasm, 1), faster("W1_contig", oldH5py, 0.9)],
  },
  {
    name: "T3",
    title: "chunked, no filter",
    bounds: [
      faster("W2a_chunk1M", fresh, 0.8),
      faster("W2b_chunk64K", fresh, 0.6),
      faster("W2a_chunk1M", h5wasm, 1),
      faster("W2b_chunk64K", h5wasm, 0.9),
    ],
  },
  {
    name: "T4",
    title: "gzip, 1 MB chunks",
    bounds: [faster("W3a_gzip4_1M", h5py, 1.4), faster("W3a_gzip4_1M", inflate, 0.7)],
  },
  {
    name: "T5",
    title: "gzip, 1 MB chunks, async",
    bounds: [faster("W3a_gzip4_1M", h5py, 2, "async"), faster("W3a_gzip4_1M", ownSync, 1.45, "async")],
  },
  {
    name: "T6",
    title: "gzip, 64 KB chunks",
    bounds: [faster("W3b_gzip4_64K", h5py, 1.25), faster("W3b_gzip4_64K", ownSync, 1, "async")],
  },
  {
    name: "T7",
    title: "gzip and shuffle",
    bounds: [faster("W4_gzip4_shuf", h5py, 1.3), faster("W4_gzip4_shuf", h5py, 1.9, "async")],
  },
  {
    name: "T8",
    title: "lzf and shuffle",
    bounds: [faster("W5_lzf_shuf", plugins, 1), faster("W5_lzf_shuf", h5py, 0.6)],
  },
  {
    name: "T9",
    title: "filters of plug-ins",
    bounds: [
      faster("W6_blosc_lz4", plugins, 0.9),
      faster("W6_blosc_zstd", plugins, 0.9),
      faster("W6_zstd", plugins, 0.9),
      faster("W6_lz4", plugins, 0.6),
      faster("W6_bitshuffle", plugins, 0.7),
    ],
  },
  {
    name: "T10",
    title: "10,000 datasets with 3 attributes",
    bounds: ["W7e_open", "W7l_open"].flatMap((name) => [
      faster(name, h5py, 5),
      faster(name, jsfive, 3),
      within(name, OBJECTS),
    ]),
  },
  {
    name: "T11",
    title: "10,000 groups; datasets with their data",
    bounds: ["W7g_walk", "W7e_data", "W7l_data"].map((name) => faster(name, h5py, 5)),
  },
  {
    name: "T12",
    title: "compound: all columns, one, raw rows",
    bounds: [
      faster("W8_compound", h5wasm, 50),
      within("W8_compound", 0.25),
      within("W8_column_t", 0.08),
      faster("W8_raw", fresh, 0.9),
    ],
  },
  {
    name: "T13",
    title: "a million strings",
    bounds: [faster("W9_vlen_str", h5py, 1.5), faster("W9_vlen_str", h5wasm, 2.5)],
  },
  {
    name: "T14",
    title: "crops",
    bounds: [
      ...CROPS.flatMap((name) => [faster(name, h5wasm, 0.9), faster(name, h5py, 0.33)]),
      faster("W10_crop_gz64K", h5py, 1.25),
      faster("W10_crop_gz1M", h5py, 1.25),
    ],
  },
  {
    name: "T15",
    title: "200 images; 50 by a list",
    bounds: [
      faster("W10_img200_contig", h5py, 0.3),
      faster("W10_img200_contig", h5wasm, 2),
      faster("W10_img200_c1M", h5wasm, 1.5),
      faster("W10_img200_c64K", h5wasm, 1.5),
      faster("W10_img200_gzimg", h5py, 1.3),
      faster("W10_img200_gz1M", h5py, 1.3),
      faster("W10_fancy50_c1M", h5py, 5),
    ],
  },
  {
    name: "T16",
    title: "20,000 small reads, near one another",
    bounds: [faster("W11_local", h5py, 1), faster("W11_local", h5wasm, 50)],
  },
  { name: "T17", title: "20,000 small reads, anywhere", bounds: [faster("W11_uniform", h5py, 1.5)] },
  {
    name: "T18",
    title: "int64; big-endian float64",
    bounds: [
      faster("W12_i64", fresh, 0.9),
      faster("W12_bef64", fresh, 0.75),
      faster("W12_i64", h5wasm, 1),
      faster("W12_bef64", h5wasm, 1),
    ],
  },
  {
    name: "T19",
    title: "a million chunks: all, the first",
    bounds: TINY.flatMap((name): Bound[] => [
      faster(name, h5py, 4),
      { workload: name, variant: "sync", memory: 300e6 },
      within(`${name}_first`, 0.001),
    ]),
  },
  {
    name: "T20",
    title: "a table of pandas",
    bounds: [faster("W14_pandas", h5wasm, 40), faster("W14_pandas", h5py, 0.5)],
  },
  {
    name: "T21",
    title: "262 MB written: contiguous, chunked",
    bounds: [
      faster("X1_contig", write, 0.85),
      faster("X2_chunk_none", write, 0.8),
      ...["X1_contig", "X2_chunk_none"].map((name) => ({ ...faster(name, h5py, 0.85), by: "wall" as const })),
    ],
  },
  {
    name: "T22",
    title: "gzip written, async too",
    bounds: ["X3_gzip1", "X3_gzip4", "X3_gzip9"].flatMap((name) => [
      faster(name, h5py, 1.1),
      faster(name, h5py, 1.7, "async"),
    ]),
  },
  {
    name: "T23",
    title: "lzf written; gzip with shuffle",
    bounds: [faster("X4_lzf", h5py, 0.5), faster("X4_shuf_lzf", h5py, 0.5), faster("X4_shuf_gzip4", h5py, 1.1)],
  },
  {
    name: "T24",
    title: "rows appended one by one; in batches",
    bounds: [faster("X5_append_rows", h5py, 8), within("X5_append_rows", 0.12), faster("X6_append_batches", h5py, 1)],
  },
  {
    name: "T25",
    title: "10,000 datasets made, with 3 attributes",
    bounds: [faster("X7_create", h5py, 5), within("X7_create", OBJECTS)],
  },
  {
    name: "T26",
    title: "a million strings written; a compound from columns",
    bounds: [faster("X8_vlen", h5py, 0.8), faster("X8_vlen", h5wasm, 2.5), within("X9_compound", 0.25)],
  },
  {
    name: "T27",
    title: "memory of a whole read",
    bounds: [
      "W1_contig",
      "W2a_chunk1M",
      "W2b_chunk64K",
      "W3a_gzip4_1M",
      "W3b_gzip4_64K",
      "W4_gzip4_shuf",
      "W12_i64",
    ].flatMap((workload) => [
      { workload, variant: "sync", payload: 1.15 },
      { workload, variant: "async", payload: 1.15 },
    ]),
  },
  {
    name: "T29",
    title: "a chunk that cannot be read is an error",
    bounds: FAILING.flatMap((workload) => [
      { workload, variant: "sync", refuses: true },
      { workload, variant: "async", refuses: true },
    ]),
  },
];

/** Of the page in Chromium, by its clock. */
const inBrowser = (workload: string, peer: string, least: number): Bound => ({
  ...faster(workload, { peer }, least, "async"),
  by: "wall",
});

export const BROWSER_TARGETS: readonly Target[] = [
  {
    name: "T28",
    title: "gzip in Chromium",
    bounds: [inBrowser("B_inflate", "pako", 4), inBrowser("B_gzip", "h5wasm", 2)],
  },
  {
    name: "browser",
    title: "a File in Chromium, with libraries from a server",
    bounds: [
      inBrowser("B_contiguous", "h5wasm", 2),
      inBrowser("B_gzip_shuffle", "h5wasm", 2),
      inBrowser("B_first_value", "h5wasm", 5),
    ],
  },
];

/** Whether a bound on the workload names the peer: it then takes part in all rounds. */
export function isNeeded(peer: string, workload: string): boolean {
  const isOurs = peer === "h5ts" || peer === "limit";
  return (
    isOurs || TARGETS.some(({ bounds }) => bounds.some((one) => one.workload === workload && one.than?.peer === peer))
  );
}
