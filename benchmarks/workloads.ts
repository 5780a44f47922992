/** What is measured: a name that all peers know, and the file it reads. */
import type { Sizes } from "./sizes.ts";

/** Whole datasets, by the name of their file. */
export const WHOLE = [
  "W1_contig",
  "W2a_chunk1M",
  "W2b_chunk64K",
  "W2c_chunkCube",
  "W3a_gzip4_1M",
  "W3b_gzip4_64K",
  "W4_gzip4_shuf",
  "W5_lzf_shuf",
  "W6_bitshuffle",
  "W6_blosc_lz4",
  "W6_blosc_zstd",
  "W6_lz4",
  "W6_zstd",
  "W8_compound",
  "W12_i64",
  "W12_bef64",
  "W13e_btree1",
  "W13f_fixedarr",
  "W13x_extarr",
] as const;

/** A crop of 128 x 128 out of each image. */
export const CROPS = {
  contig: "W1_contig",
  c1M: "W2a_chunk1M",
  c64K: "W2b_chunk64K",
  cube: "W2c_chunkCube",
  gz64K: "W3b_gzip4_64K",
  gz1M: "W3a_gzip4_1M",
} as const;

/** 200 images one by one, in a scattered order. */
export const IMAGES = {
  contig: "W1_contig",
  c1M: "W2a_chunk1M",
  c64K: "W2b_chunk64K",
  gzimg: "W3c_gzip4_img",
  gz1M: "W3a_gzip4_1M",
} as const;

export const TINY = ["W13e_btree1", "W13f_fixedarr", "W13x_extarr"] as const;

const MB = { chunks: [4, 256, 256] };

/** The images written without compression, all of them. */
export const STORED = { X1_contig: {}, X2_chunk_none: MB } as const;

/** 66 MB of them compressed, in chunks of 1 MB. */
export const COMPRESSED = {
  X3_gzip1: { ...MB, compression: "gzip", compressionOpts: 1 },
  X3_gzip4: { ...MB, compression: "gzip", compressionOpts: 4 },
  X3_gzip9: { ...MB, compression: "gzip", compressionOpts: 9 },
  X4_lzf: { ...MB, compression: "lzf" },
  X4_shuf_gzip4: { ...MB, compression: "gzip", compressionOpts: 4, shuffle: true },
  X4_shuf_lzf: { ...MB, compression: "lzf", shuffle: true },
} as const;

/** Images that are written; gzip 9 takes few, as it is slow. */
export function framesOf(workload: string, { frames, writtenFrames, slowFrames }: Sizes): number {
  if (workload in STORED) return frames;
  return Math.min(frames, workload === "X3_gzip9" ? slowFrames : writtenFrames);
}

/** Files that no reader may take for whole: a chunk of gzip data that is damaged or cut off, a filter that nobody has. */
export const FAILING = ["F_damaged", "F_cut", "F_unknown_filter"] as const;

/** Every workload that is timed, in the order of the table. */
export const WORKLOADS: readonly string[] = [
  "W1_contig_into",
  ...WHOLE.filter((name) => /^W[1-6]/.test(name) && !name.startsWith("W12") && !name.startsWith("W13")),
  "W7e_open",
  "W7l_open",
  "W7g_walk",
  "W7e_data",
  "W7l_data",
  "W8_compound",
  "W8_column_t",
  "W8_raw",
  "W9_vlen_str",
  ...Object.keys(CROPS).map((key) => `W10_crop_${key}`),
  ...Object.keys(IMAGES).map((key) => `W10_img200_${key}`),
  "W10_fancy50_c1M",
  "W11_local",
  "W11_uniform",
  "W12_i64",
  "W12_bef64",
  "W12_bef64_native",
  ...TINY.flatMap((name) => [name, `${name}_first`]),
  "W14_pandas",
  ...Object.keys(STORED),
  ...Object.keys(COMPRESSED),
  "X5_append_rows",
  "X6_append_batches",
  "X7_create",
  "X8_vlen",
  "X9_compound",
];
