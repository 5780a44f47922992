/** Figures as tables in Markdown, and their place in a readme. */
import { readFileSync, writeFileSync } from "node:fs";
import type { BrowserFigures } from "./browser.ts";
import type { CodecFigures, Speeds } from "./codecs.ts";

const number = (value: number | undefined): string => (value === undefined ? "" : value.toFixed(value < 10 ? 1 : 0));

const HEAD = [
  "filter",
  "options",
  "decode",
  "pool",
  "libhdf5",
  "encode",
  "pool",
  "libhdf5",
  "ratio",
  "libhdf5",
  "npm packages: decode / encode",
];

/** A line each; what must be reached and is not is marked. */
export function codecTable(all: readonly CodecFigures[]): string {
  const rows = all.map(({ line, sync, pool, native, others, ratio, nativeRatio }) => {
    const missed = line.least !== undefined && native !== undefined && sync.decode < line.least * native.decode;
    return [
      line.filter,
      JSON.stringify(line.options ?? "").replace(/["{}[\]]/g, ""),
      number(sync.decode) + (missed ? " (!)" : ""),
      number(pool.decode),
      number(native?.decode),
      number(sync.encode),
      number(pool.encode),
      number(native?.encode),
      ratio.toFixed(2),
      nativeRatio?.toFixed(2) ?? "",
      Object.entries(others).map(otherText).join(", "),
    ];
  });
  const marks = HEAD.map((_, i) => (i < 2 || i === HEAD.length - 1 ? "---" : "--:"));
  return [HEAD, marks, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const otherText = ([name, { decode, encode }]: [string, Speeds]): string =>
  `${name} ${number(decode)} / ${number(encode) || "-"}`;

/** T28, with what it must be. */
export function browserTable({ codecs, files }: BrowserFigures): string {
  const row = (what: string, ours: number, other: string, theirs: number, least: number): string => {
    const ratio = ours / theirs;
    const verdict = ratio >= least ? "ok" : "MISSED";
    return `| T28 | ${what} | ${number(ours)} | ${other} ${number(theirs)} | >= ${least} x | ${ratio.toFixed(2)} x | ${verdict} |`;
  };
  const rows = [row("chunks of 1 MB", codecs.h5ts, "pako", codecs.pako, 4)];
  if (files) rows.push(row("W3a_gzip4_1M", files.h5ts, "h5wasm", files.h5wasm, 2));
  const head = "| target | gzip in Chromium | h5ts, MB/s | other, MB/s | must | reached |  |";
  return [head, "| --- | --- | --: | --: | --- | --: | --- |", ...rows].join("\n");
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
export function writeReadme(path: string, name: string, text: string): void {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const readme = readFileSync(path, "utf8");
  const [from, to] = [readme.indexOf(open), readme.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`${path} has no ${open} ... ${close}`);
  writeFileSync(path, `${readme.slice(0, from + open.length)}\n${text}\n${readme.slice(to)}`);
}
