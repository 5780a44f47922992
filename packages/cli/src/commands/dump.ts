/** `h5ts dump`: attributes and values. */
import { type AnyObject, type Dataset, slice } from "h5ts";
import { type Command, UsageError } from "../command.ts";
import { datasetShape, kindText } from "../describe.ts";
import { errorJson } from "../digest/error-json.ts";
import { objectAt, outcomeOf, withFile } from "../opened.ts";
import { placeOf } from "../place.ts";
import { json, plain } from "../terminal/json.ts";
import { safe } from "../terminal/text.ts";

/** Elements of a dataset that are shown unless more are asked for. */
const LIMIT = 100;

interface Dumped {
  readonly path: string;
  readonly object: AnyObject<"async">;
  readonly attributes: readonly [string, unknown][] | Error;
  readonly values: Values | Error | undefined;
}

/** Values of the first rows of a dataset. */
interface Values {
  readonly nested: unknown;
  /** Rows that are not shown. */
  readonly more: number;
}

export const dump: Command = {
  name: "dump",
  summary: "Print attributes and values of a file, or of an object and all below it",
  usage: "FILE[:/PATH] [--limit N | --all] [--header] [--json]",
  options: { limit: { type: "string" }, all: { type: "boolean" }, header: { type: "boolean" } },
  help: {
    "limit N": `elements shown of each dataset (${LIMIT})`,
    all: "all elements",
    header: "no values of datasets",
  },
  details: [
    "Values are JSON, a line for each index of the first axis. What JSON has no word for is text or an object: NaN, integers beyond 2^53, references.",
  ],
  examples: [
    ["data.h5 /raw/times", "values of a dataset"],
    ["data.h5 --header", "attributes of everything, no values"],
    ["data.h5 /raw --limit 10 --json", "for programs"],
  ],
  operands: [1, 2],
  async run({ operands, values, json: asJson, output, opening }) {
    const { file, path = "/" } = placeOf(operands);
    const limit = values.all === true ? Number.POSITIVE_INFINITY : Number(values.limit ?? LIMIT);
    if (!(limit >= 1)) throw new UsageError(`--limit must be a number from 1, not ${values.limit}`);
    return withFile(file, opening, async (opened) => {
      const all: object[] = [];
      let failed = false;
      for await (const dumped of dumpedBelow(path, await objectAt(opened, path), values.header === true ? 0 : limit)) {
        failed ||= dumped.attributes instanceof Error || dumped.values instanceof Error;
        if (asJson) all.push(dumpedJson(dumped));
        else output.out(dumpedText(dumped));
      }
      if (asJson) output.out(json(all));
      return failed ? 1 : 0;
    });
  },
};

/** The object, and everything below it, each once. */
async function* dumpedBelow(path: string, object: AnyObject<"async">, limit: number): AsyncGenerator<Dumped> {
  yield await dumpedOf(path, object, limit);
  if (object.kind !== "group") return;
  const found: [string, AnyObject<"async">][] = [];
  await object.visitItems((name, child) => void found.push([`${path === "/" ? "" : path}/${name}`, child]));
  for (const [name, child] of found) yield await dumpedOf(name, child, limit);
}

async function dumpedOf(path: string, object: AnyObject<"async">, limit: number): Promise<Dumped> {
  const attributes = await outcomeOf(object.attrs.entries());
  const values = object.kind === "dataset" && limit > 0 ? await outcomeOf(valuesOf(object, limit)) : undefined;
  return { path, object, attributes, values };
}

async function valuesOf(dataset: Dataset<"async">, limit: number): Promise<Values> {
  const shape = datasetShape(dataset);
  if (shape === null) return { nested: null, more: 0 };
  if (shape.length === 0) return { nested: plain((await dataset.read()).toNested()), more: 0 };
  const inner = shape.slice(1).reduce((product, dim) => product * dim, 1);
  const rows = Math.min(shape[0], Math.max(1, Math.floor(limit / Math.max(inner, 1))));
  const result = await dataset.read([slice(0, rows)]);
  return { nested: plain(result.toNested()), more: shape[0] - rows };
}

function dumpedText({ path, object, attributes, values }: Dumped): string {
  const lines = [`${safe(path)}  ${safe(kindText(object))}`];
  if (attributes instanceof Error) lines.push(`  @ error: ${safe(attributes.message)}`);
  else for (const [name, value] of attributes) lines.push(`  @${safe(name)} = ${safe(JSON.stringify(plain(value)))}`);
  if (values instanceof Error) lines.push(`  error: ${safe(values.message)}`);
  else if (values !== undefined) lines.push(...valueLines(values));
  return lines.join("\n");
}

function valueLines({ nested, more }: Values): string[] {
  const lines = Array.isArray(nested)
    ? nested.map((row) => `  ${safe(JSON.stringify(row))}`)
    : [`  ${safe(JSON.stringify(nested))}`];
  if (more > 0) lines.push(`  ... and ${more} more`);
  return lines;
}

function dumpedJson({ path, object, attributes, values }: Dumped): object {
  return {
    path,
    kind: object.kind,
    ...(object.kind === "dataset" && { shape: datasetShape(object), dtype: object.dtype.toString() }),
    ...(attributes instanceof Error
      ? { error: errorJson(attributes) }
      : { attrs: Object.fromEntries(attributes.map(([name, value]) => [name, plain(value)])) }),
    ...(values instanceof Error && { error: errorJson(values) }),
    ...(values !== undefined && !(values instanceof Error) && { values: values.nested, more: values.more }),
  };
}
