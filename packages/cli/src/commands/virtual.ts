/** `h5ts virtual`: makes a file with one dataset whose elements are those of many: stacked along a new axis, or one after the other. */
import { dirname, relative, resolve } from "node:path";
import {
  type AnyData,
  type Dataset,
  DType,
  type H5File,
  type OpenOptions,
  open,
  ShapeError,
  slice,
  VirtualLayout,
  VirtualSource,
} from "h5ts";
import { type Command, type CommandContext, type Output, UsageError } from "../command.ts";
import { targetOf, withFile } from "../opened.ts";
import { json } from "../terminal/json.ts";
import { safe } from "../terminal/text.ts";

type Values = CommandContext["values"];

export const virtual: Command = {
  name: "virtual",
  summary: "Make a dataset whose elements are those of many, in a new file",
  usage: "OUT.h5 --stack AXIS|--concat AXIS [--name PATH] [--fill VALUE] FILE:DATASET...",
  options: {
    stack: { type: "string" },
    concat: { type: "string" },
    name: { type: "string" },
    fill: { type: "string" },
    dtype: { type: "string" },
    force: { type: "boolean" },
  },
  help: {
    "stack AXIS":
      "sources of the same shape along a new axis (0, axis0); with %b in FILE or DATASET all that are and will be",
    "concat AXIS": "sources one after the other along an axis that they have",
    "name PATH": "what the dataset is called (default: as the first source)",
    "fill VALUE": "what elements are whose source is not there (default 0)",
    "dtype DTYPE": "its datatype (default: that of the sources, which must agree)",
    force: "replace OUT.h5 where it exists",
  },
  details: [
    "OUT.h5 holds no elements: it maps a dataset onto those of the sources, by paths relative to its own folder where they lie below it.",
  ],
  examples: [
    ["all.h5 --stack 0 part*.h5:/signal", "a new axis, one file each"],
    ["all.h5 --concat 0 a.h5:/x b.h5:/x", "one after the other"],
  ],
  operands: [2, Number.POSITIVE_INFINITY],
  async run({ operands: [out, ...operands], values, json: asJson, output, opening }) {
    targetOf(out, "virtual", "OUT.h5");
    const [kind, axis] = arrangement(values);
    const sources = await found(whole(out), operands, opening);
    const layout = layoutOf(kind, axis, sources, typeof values.dtype === "string" ? values.dtype : undefined);
    const path = typeof values.name === "string" ? values.name : baseName(sources[0].source.name);
    const outside = await write(whole(out), path, layout, values);
    if (outside > 0)
      output.err(`h5ts: ${outside} sources lie outside the folder of ${safe(out)}: reading needs --links any`);
    report(output, asJson, {
      file: out,
      path,
      shape: layout.shape,
      dtype: (layout.dtype as DType<AnyData>).name,
      sources: sources.length,
    });
    return 0;
  },
};

function arrangement({ stack, concat }: Values): ["stack" | "concat", number] {
  if ((stack === undefined) === (concat === undefined))
    throw new UsageError("give either --stack AXIS or --concat AXIS");
  const text = String(stack ?? concat);
  const [, digits] = /^(?:axis)?(\d+)$/.exec(text) ?? [];
  if (digits === undefined) throw new UsageError(`no axis: ${text} (0 or axis0 is the first)`);
  return [stack === undefined ? "concat" : "stack", Number(digits)];
}

/** A path is of use to readers of the view whatever folder the program stands in. */
const whole = (file: string): string => (isUrl(file) ? file : resolve(file));

const isUrl = (file: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(file);

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

interface Found {
  readonly source: VirtualSource;
  readonly shape: readonly number[];
  readonly dtype: DType<AnyData>;
  /** One for each block: its name has `%b`. */
  readonly blocks: boolean;
}

async function found(out: string, operands: readonly string[], opening: OpenOptions): Promise<Found[]> {
  const sources: Found[] = [];
  for (const operand of operands) {
    const colon = operand.lastIndexOf(":");
    const [file, dataset] = [whole(operand.slice(0, colon)), operand.slice(colon + 1)];
    if (colon <= 0 || dataset === "" || operand.startsWith("//", colon + 1))
      throw new UsageError(`no source: ${operand} (FILE:DATASET, as in a.h5:/data)`);
    const blocks = operand.includes("%b");
    const first = (name: string): string => name.replaceAll("%b", "0");
    sources.push(
      await withFile(blocks ? first(file) : file, opening, async (opened) =>
        described(
          await opened.dataset(blocks ? first(dataset) : dataset),
          blocks ? { file: isUrl(file) ? file : relative(dirname(out), file), dataset } : undefined,
        ),
      ),
    );
  }
  return sources;
}

function described(dataset: Dataset<"async">, pattern: { file: string; dataset: string } | undefined): Found {
  const { shape, dtype } = dataset;
  const source =
    pattern === undefined ? new VirtualSource(dataset) : new VirtualSource(pattern.file, pattern.dataset, { shape });
  return { source, shape, dtype, blocks: pattern !== undefined };
}

function layoutOf(kind: "stack" | "concat", axis: number, sources: readonly Found[], dtype?: string): VirtualLayout {
  const [{ shape, dtype: type, blocks }] = sources;
  const asked = dtype === undefined ? type : DType.from(dtype as "f4");
  if (axis >= shape.length + (kind === "stack" ? 1 : 0)) throw new UsageError(`sources have no axis ${axis}`);
  for (const one of sources) {
    agree(kind, axis, shape, one);
    if (dtype === undefined && one.dtype.name !== type.name)
      throw new UsageError(`sources are of datatypes ${type.name} and ${one.dtype.name}: choose one by --dtype`);
  }
  if (blocks) return blocksLayout(kind, axis, sources, asked);
  const { length } = sources;
  const extent = sources.reduce((sum, one) => sum + (kind === "stack" ? 1 : one.shape[axis]), 0);
  const inserted = kind === "stack" ? shape.toSpliced(axis, 0, length) : shape.with(axis, extent);
  const layout: VirtualLayout = new VirtualLayout({ shape: inserted, dtype: asked });
  let at = 0;
  for (const { source, shape: own } of sources) {
    const next = at + (kind === "stack" ? 1 : own[axis]);
    layout.set(
      inserted.map((_, d) => (d === axis ? slice(at, next) : null)),
      source,
    );
    at = next;
  }
  return layout;
}

function agree(kind: "stack" | "concat", axis: number, shape: readonly number[], one: Found): void {
  const same =
    one.shape.length === shape.length && one.shape.every((n, d) => n === shape[d] || (kind === "concat" && d === axis));
  if (same) return;
  throw new ShapeError("sources are not of the same shape", {
    found: `[${one.shape.join(", ")}]`,
    allowed: `[${shape.join(", ")}]`,
  });
}

/** A view without end, of sources by their numbers. */
function blocksLayout(
  kind: "stack" | "concat",
  axis: number,
  sources: readonly Found[],
  dtype: DType<AnyData>,
): VirtualLayout {
  if (sources.length > 1) throw new UsageError("a source with %b stands for many, and must be alone");
  const [{ source, shape }] = sources;
  const block = kind === "stack" ? 1 : shape[axis];
  const inserted = kind === "stack" ? shape.toSpliced(axis, 0, 0) : shape.with(axis, 0);
  const layout = new VirtualLayout({
    shape: inserted,
    dtype,
    maxShape: inserted.map((n, d) => (d === axis ? null : n)),
  });
  const endless = slice({ block, count: Number.POSITIVE_INFINITY });
  return layout.set(
    inserted.map((_, d) => (d === axis ? endless : null)),
    source,
  );
}

/** How many sources are not below the folder of the file. */
async function write(out: string, path: string, layout: VirtualLayout, { fill, force }: Values): Promise<number> {
  const file: H5File<"async"> = await open(out, force === true ? "w" : "w-");
  try {
    const made = await file.createVirtualDataset(path, layout, fill === undefined ? {} : { fillValue: fillOf(fill) });
    const sources = await made.virtualSources();
    return sources.filter((one) => one.file.startsWith("..") || one.file.startsWith("/")).length;
  } finally {
    await file.close();
  }
}

function fillOf(text: Values[string]): number | string {
  const number = Number(text);
  return Number.isNaN(number) && text !== "nan" ? String(text) : number;
}

interface Made {
  readonly file: string;
  readonly path: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly sources: number;
}

function report(output: Output, asJson: boolean, made: Made): void {
  if (asJson) output.out(json(made));
  else output.out(safe(`${made.file}:${made.path}  (${made.shape.join(", ")})  ${made.sources} sources`));
}
