/** `h5ts bench`: layouts of a dataset, measured on its own elements by how it is read. */
import { type Dataset, slice } from "h5ts";
import { advise } from "../bench/advice.ts";
import { choice, layoutText, meanTime } from "../bench/choice.ts";
import { PATTERN_NAMES } from "../bench/pattern.ts";
import { type Elements, type Layout, type PatternFigures, type Study, study } from "../bench/study.ts";
import { patternsFor, withDataset } from "../bench/subject.ts";
import { type Command, type ExitCode, UsageError } from "../command.ts";
import { chunkChoice, filterChoice } from "../copying/storage-choice.ts";
import { json } from "../terminal/json.ts";
import { columns, sizeText } from "../terminal/text.ts";

/** Bytes of the dataset that are studied, where it is larger: its first part. */
const MOST = 32 * 1024 * 1024;

export const bench: Command = {
  name: "bench",
  summary: "Measure layouts of a dataset on its own elements, by how it is read: time, bytes, chunks, ratio",
  usage: "[--pattern PATTERN]... [--chunks SHAPE]... [--compression FILTER[:LEVEL]]... FILE:/DATASET",
  options: {
    pattern: { type: "string", multiple: true },
    chunks: { type: "string", multiple: true },
    compression: { type: "string", multiple: true },
  },
  help: {
    "pattern PATTERN": `what is read at a time: ${PATTERN_NAMES.join(", ")}, or "[:, 64:192]"; may be given again`,
    "chunks SHAPE": "shapes to try beside the present one and that of `h5ts advise`; may be given again",
    "compression FILTER[:LEVEL]": "filters to try: default none, gzip:1, gzip:4, lzf, zstd; may be given again",
  },
  details: [
    "Takes the first 32 MiB of the dataset into memory, writes them in each layout, and reads as the patterns say. FILE is not changed; `h5ts repack` puts a layout into effect.",
  ],
  choices: { pattern: PATTERN_NAMES },
  examples: [
    ["data.h5:/raw/images --pattern frames", "an image at a time"],
    ["data.h5:/raw/images --chunks 1x256x256 --compression zstd:3", "one layout beside the present one"],
    ["data.h5:/series --pattern '[:, 64:192]' --json", "a pattern of one's own, for programs"],
  ],
  operands: [1, 1],
  run: (context) =>
    withDataset<ExitCode>(context, async (dataset) => {
      const elements = await firstPart(dataset);
      const patterns = patternsFor(context, elements.shape);
      const studies = layouts(dataset, elements, context.values, patterns).map((one) => study(elements, one, patterns));
      const best = choice(studies);
      if (context.json) context.output.out(json({ shape: elements.shape, studies, best: best.layout }));
      else context.output.out(`${text(studies)}\n\n${verdict(best, studies)}`);
      return 0;
    }),
};

async function firstPart(dataset: Dataset<"async">): Promise<Elements> {
  const { shape, nbytes, dtype } = dataset;
  const rows = Math.max(1, Math.min(shape[0], Math.floor((shape[0] * MOST) / Math.max(1, nbytes))));
  const { data, shape: read } = await dataset.read([slice(0, rows), "..."]);
  return { data, shape: read, dtype };
}

function layouts(
  { chunks: present }: Dataset<"async">,
  { shape, dtype }: Elements,
  values: Readonly<Record<string, unknown>>,
  patterns: Parameters<typeof advise>[1],
): Layout[] {
  const advised = advise({ shape, itemsize: dtype.itemsize, class: dtype.class }, patterns);
  const asked = ((values.chunks as readonly string[] | undefined) ?? []).map((one) => chunkChoice(one).value);
  if (asked.some((one) => one === "none" || one.length !== shape.length))
    throw new UsageError(`bench: --chunks needs ${shape.length} sizes`);
  const fit = (chunks: readonly number[]): string => chunks.map((n, i) => Math.min(n, shape[i])).join("x");
  const shapes = new Set([...(present ? [present] : []), advised.chunks, ...(asked as (readonly number[])[])].map(fit));
  const filters = (values.compression as readonly string[] | undefined) ?? ["none", "gzip:1", "gzip:4", "lzf", "zstd"];
  const chunked = [...shapes].flatMap((chunks) =>
    filters.flatMap((one): Layout[] => {
      const filter = filterChoice(one).value;
      const layout = { chunks: chunks.split("x").map(Number), ...(filter !== "none" && filter) };
      return filter === "none" || !advised.shuffle ? [layout] : [layout, { ...layout, shuffle: true }];
    }),
  );
  return present === undefined ? [{}, ...chunked] : chunked;
}

function text(studies: readonly Study[]): string {
  const head = [
    "layout",
    "ratio",
    "write ms",
    ...studies[0].patterns.map(({ pattern }) => `${pattern}: ms / bytes / chunks / memory`),
  ];
  const rows = studies.map(({ layout, ratio, written, patterns }) => [
    layoutText(layout),
    ratio.toFixed(2),
    written.toFixed(0),
    ...patterns.map(patternText),
  ]);
  return columns([head, ...rows]);
}

/** Of chunks: those that a read touches, and those of them that had to be decoded. */
function patternText({ time, bytes, chunks, decoded, memory }: PatternFigures): string {
  const some = (n: number): string => n.toFixed(Number.isInteger(n) ? 0 : 1);
  const counts = `${some(chunks)}${decoded > 0 ? ` (${some(decoded)} decoded)` : ""}`;
  return `${time.toFixed(2)} / ${sizeText(Math.round(bytes))} / ${counts} / ${memory === undefined ? "-" : sizeText(memory)}`;
}

/** What would be chosen, and why: beside the layout that takes the least time, and that which takes the least space. */
function verdict(best: Study, studies: readonly Study[]): string {
  const figures = ({ patterns, ratio }: Study): string =>
    `${meanTime(patterns).toFixed(2)} ms a read from a disk of 500 MB/s, ratio ${ratio.toFixed(2)}`;
  const least = (of: (one: Study) => number): Study => studies.reduce((a, b) => (of(b) < of(a) ? b : a));
  const others = [
    ["quickest", least(({ patterns }) => meanTime(patterns))],
    ["smallest", least(({ ratio }) => -ratio)],
  ] as const;
  return [
    `would choose ${layoutText(best.layout)}: the least time of reads for the space it takes (${figures(best)})`,
    ...others
      .filter(([, one]) => one !== best)
      .map(([name, one]) => `${name} is ${layoutText(one.layout)} (${figures(one)})`),
  ].join("\n");
}
