/** `h5ts weights convert`: weights from one format to another, whatever their size. */
import { existsSync, realpathSync } from "node:fs";
import { openWeights, saveWeights, type Weights, WRITABLE_FORMATS, type WritableFormat } from "@h5ts/weights";
import { ExistsError } from "h5ts";
import { type CommandContext, type ExitCode, UsageError } from "../command.ts";
import { json } from "../terminal/json.ts";
import { progressOn } from "../terminal/progress.ts";
import { safe, sizeText } from "../terminal/text.ts";

type Values = CommandContext["values"];

export async function convertWeights({
  operands: [from, to],
  output,
  json: asJson,
  values,
}: CommandContext): Promise<ExitCode> {
  const shardBytes = sizeOf(values["shard-size"]);
  const weights = await openWeights(from);
  const bar = progressOn(output);
  try {
    checkTarget(from, to, values.force === true);
    const format = formatOf(to, values.to, weights);
    const saved = await saveWeights(to, weights, {
      format,
      nested: values.nested === true,
      ...(values["weights-only"] === true ? { config: null } : {}),
      ...(typeof values.compression === "string" ? { dataset: { compression: values.compression } } : {}),
      ...(shardBytes === undefined ? {} : { shardBytes }),
      onProgress: bar.show,
    });
    bar.clear();
    const { tensors, bytes, files } = saved;
    if (asJson) output.out(json({ from: { file: from, format: weights.format }, to: { file: to, ...saved } }));
    else {
      const beside = files.length === 0 ? "" : `, in ${files.length} files beside it`;
      output.out(`${safe(to)}: ${format}, ${tensors} tensors, ${sizeText(bytes)}${beside}`);
    }
    return 0;
  } finally {
    bar.clear();
    await weights.close();
  }
}

/** Nothing is written over what is being read, nor over another file unless that is wanted. */
function checkTarget(from: string, to: string, force: boolean): void {
  if (!existsSync(to)) return;
  if (existsSync(from) && realpathSync(from) === realpathSync(to))
    throw new UsageError("weights convert: A and B are the same file");
  if (!force) throw new ExistsError(`${to} is there already: --force replaces it`);
}

/** By the ending; `.h5` is what the source is, if that is one of HDF5. */
function formatOf(to: string, asked: Values[string], { format }: Weights): WritableFormat {
  if (typeof asked === "string") {
    if ((WRITABLE_FORMATS as readonly string[]).includes(asked)) return asked as WritableFormat;
    throw new UsageError(`--to must be one of ${WRITABLE_FORMATS.join(", ")}`);
  }
  if (/\.safetensors(?:\.index\.json)?$/.test(to)) return "safetensors";
  if (to.endsWith(".weights.h5")) return "keras3-h5";
  if (to.endsWith(".keras")) return "keras-archive";
  if (to.endsWith(".json")) return "tfjs";
  if (/\.(?:h5|hdf5|hdf)$/.test(to)) return /^keras/.test(format) ? "keras-legacy-h5" : "hdf5-state-dict";
  throw new UsageError(`weights convert: no format follows from the name ${to}: --to says it`);
}

const UNITS: Readonly<Record<string, number>> = { "": 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

function sizeOf(value: Values[string]): number | undefined {
  if (value === undefined) return undefined;
  const [, digits, unit] = /^(\d+)([KMG]?)$/i.exec(String(value)) ?? [];
  const size = Number(digits) * (UNITS[unit?.toUpperCase()] ?? Number.NaN);
  if (size > 0) return size;
  throw new UsageError(`--shard-size must be a number of bytes, 500M or 5G, not ${value}`);
}
