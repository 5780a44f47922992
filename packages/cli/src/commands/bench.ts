/** `h5ts bench`: layouts of a dataset, measured on its own elements by how it is read. */
import { type Dataset, slice } from "h5ts";
import { advise } from "../bench/advice.ts";
import { PATTERN_NAMES } from "../bench/pattern.ts";
import { type Elements, type Layout, type Study, study } from "../bench/study.ts";
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
    pattern: `what is read at a time: ${PATTERN_NAMES.join(", ")}, or "[:, 64:192]"; may be given again`,
    chunks: "shapes to try beside the present one and that of `h5ts advise`; may be given again",
    compression: "filters to try: default none, gzip:1, gzip:4, lzf, zstd; may be given again",
  },
  operands: [1, 1],
  run: (context) =>
    withDataset<ExitCode>(context, async (dataset) => {
      const elements = await firstPart(dataset);
      const patterns = patternsFor(context, elements.shape);
      const studies = layouts(dataset, elements, context.values, patterns).map((one) => study(elements, one, patterns));
      const best = choice(studies);
      if (context.json) context.output.out(json({ shape: elements.shape, studies, best: best.layout }));
      else context.output.out(`${text(studies)}\n\n${verdict(best)}`);
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
  return [...shapes].flatMap((chunks) =>
    filters.flatMap((one): Layout[] => {
      const filter = filterChoice(one).value;
      const layout = { chunks: chunks.split("x").map(Number), ...(filter !== "none" && filter) };
      return filter === "none" || !advised.shuffle ? [layout] : [layout, { ...layout, shuffle: true }];
    }),
  );
}

const meanTime = ({ patterns }: Study): number =>
  Math.exp(patterns.reduce((sum, { time }) => sum + Math.log(time + 0.001), 0) / patterns.length);

/** Reads count, and so does the space: the least product of time and stored bytes. */
const choice = (studies: readonly Study[]): Study =>
  studies.reduce((best, one) => (meanTime(one) / one.ratio < meanTime(best) / best.ratio ? one : best));

const layoutText = ({ chunks, compression, compressionOpts, shuffle }: Layout): string =>
  `${chunks.join("x")} ${shuffle ? "shuffle+" : ""}${compression ?? "none"}${compressionOpts === undefined ? "" : `:${String(compressionOpts)}`}`;

function text(studies: readonly Study[]): string {
  const head = [
    "layout",
    "ratio",
    "write ms",
    ...studies[0].patterns.map(({ pattern }) => `${pattern}: ms / read / chunks`),
  ];
  const rows = studies.map(({ layout, ratio, written, patterns }) => [
    layoutText(layout),
    ratio.toFixed(2),
    written.toFixed(0),
    ...patterns.map(({ time, bytes, chunks }) => `${time.toFixed(2)} / ${sizeText(Math.round(bytes))} / ${chunks}`),
  ]);
  return columns([head, ...rows]);
}

const verdict = (best: Study): string =>
  `would choose ${layoutText(best.layout)}: the least time of reads for the space it takes (${meanTime(best).toFixed(2)} ms a read, ratio ${best.ratio.toFixed(2)})`;
