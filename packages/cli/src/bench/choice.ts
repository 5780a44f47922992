/** Which of the layouts that were measured would be chosen, and how they are told. */
import type { Layout, PatternFigures, Study } from "./study.ts";

/** Bytes that a storage gives in a millisecond: of a common disk, 500 MB/s. What is measured stands in memory. */
const DISK = 500_000;

/** Milliseconds of a read, with those in which its bytes come from a disk. */
export const timeOf = ({ time, bytes }: PatternFigures): number => time + bytes / DISK;

/** Geometric mean of them, over the patterns alike. */
export const meanTime = (patterns: readonly PatternFigures[]): number =>
  Math.exp(patterns.reduce((sum, one) => sum + Math.log(timeOf(one) + 0.001), 0) / patterns.length);

/** What is least in the choice: reads count, and so does the space. */
export const costOf = ({ patterns, ratio }: Pick<Study, "patterns" | "ratio">): number => meanTime(patterns) / ratio;

/** The least product of time and stored bytes. */
export const choice = (studies: readonly Study[]): Study =>
  studies.reduce((best, one) => (costOf(one) < costOf(best) ? one : best));

/** `shuffle+gzip:4`, or `none`. */
export function filterText({ compression, compressionOpts, shuffle }: Layout): string {
  const level = typeof compressionOpts === "number" ? `:${compressionOpts}` : "";
  const all = [shuffle ? "shuffle" : "", compression === undefined ? "" : `${compression}${level}`].filter(Boolean);
  return all.join("+") || "none";
}

export const layoutText = (layout: Layout): string =>
  `${layout.chunks?.join("x") ?? "contiguous"} ${filterText(layout)}`;
