/** `h5ts pandas`: what pandas and PyTables keep in a file. */
import {
  attributesJson,
  type Frame,
  frameJson,
  type HDFStore,
  labelAt,
  labelsOf,
  NodeAttributes,
  nodeJson,
  openStore,
  type Series,
} from "@h5ts/pandas-compat";
import { type H5File, isH5Error } from "h5ts";
import { type Command, type CommandContext, type ExitCode, UsageError } from "../command.ts";
import { errorLine } from "../errors.ts";
import { sourceOf } from "../opened.ts";
import { json, plain } from "../terminal/json.ts";
import { columns, fitted, safe } from "../terminal/text.ts";

/** Rows that `head` shows, and places of one of its cells. */
const ROWS = 5;
const CELL = 32;

export const pandas: Command = {
  name: "pandas",
  summary: "Show what pandas and PyTables keep in a file: its objects, first rows, or all of it as JSON",
  usage: "ls FILE | head FILE KEY [--rows N] [--where CONDITION] | json FILE",
  options: { rows: { type: "string" }, where: { type: "string" } },
  help: {
    "rows N": `rows that head shows (default ${ROWS})`,
    "where CONDITION": "a condition as pandas takes it: 'index > 5 & name == \"x\"'",
  },
  details: [
    "What pandas.HDFStore, DataFrame.to_hdf and PyTables write, read as pandas reads it. Pickled objects are read without running what they say.",
  ],
  actions: ["ls", "head", "json"],
  examples: [
    ["ls store.h5", "keys, formats, rows"],
    ["head store.h5 /prices --where 'price <= 3'", "the first rows that fulfil a condition"],
    ["json store.h5", "all objects, with checksums"],
  ],
  operands: [2, 3],
  async run(context) {
    const [what, file, key] = context.operands;
    const shown = what === "ls" ? list : what === "json" ? whole : what === "head" ? head : undefined;
    if (shown === undefined) throw new UsageError(`pandas: ls, head or json, not ${what}`);
    if ((key !== undefined) !== (what === "head"))
      throw new UsageError(`pandas: ${what === "head" ? "head FILE KEY" : `${what} FILE`}`);
    const store = await openStore(await sourceOf(file), "r", context.opening);
    try {
      return await shown(store, context);
    } finally {
      await store.close();
    }
  },
};

async function list(store: HDFStore, { output, json: asJson }: CommandContext): Promise<ExitCode> {
  const found: Record<string, unknown>[] = [];
  let code: ExitCode = 0;
  for (const key of await store.keys()) {
    try {
      found.push({ ...(await store.info(key)) });
    } catch (error) {
      if (!isH5Error(error)) throw error;
      code = 1;
      found.push({ key, error: errorLine(error, key) });
    }
  }
  if (asJson) output.out(json(found));
  else if (found.length > 0) output.out(columns(found.map(line), output.columns));
  return code;
}

function line({ key, format, kind, rows, dataColumns, error }: Record<string, unknown>): string[] {
  if (error !== undefined) return [safe(String(key)), safe(String(error))];
  const names = dataColumns as readonly string[];
  return [
    safe(String(key)),
    `${kind}, ${format}`,
    rows === undefined ? "" : `${rows} rows`,
    names.length === 0 ? "" : `where: ${safe(names.join(", "))}`,
  ];
}

async function head(
  store: HDFStore,
  { operands: [, , key], values, output, json: asJson }: CommandContext,
): Promise<ExitCode> {
  const count = values.rows === undefined ? ROWS : Number(values.rows);
  if (!Number.isInteger(count) || count < 1)
    throw new UsageError(`pandas: --rows must be a whole number from 1, not ${values.rows}`);
  const object = await firstRows(store, key, count, typeof values.where === "string" ? values.where : undefined);
  output.out(asJson ? json(await frameJson(object)) : columns(cells(object), output.columns));
  return 0;
}

/** Of tables no more is read than it takes. */
async function firstRows(
  store: HDFStore,
  key: string,
  count: number,
  where: string | undefined,
): Promise<Frame | Series> {
  if ((await store.info(key)).format !== "table")
    return store.select(key, { stop: count, ...(where === undefined ? {} : { where }) });
  for await (const chunk of store.chunks(key, { chunkSize: count, ...(where === undefined ? {} : { where }) }))
    return chunk;
  return store.select(key, { stop: 0 });
}

const cell = (value: unknown): string => fitted(safe(typeof value === "string" ? value : textOf(value)), CELL);

function textOf(value: unknown): string {
  if (value === null) return "NaN";
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `(${value.map(textOf).join(", ")})`;
  const { kind, value: count, unit, iso } = value as { kind?: string; value?: bigint; unit?: string; iso?: string };
  if (kind === "nat" || kind === "na") return kind === "nat" ? "NaT" : "<NA>";
  if (iso !== undefined) return iso;
  const perSecond = { s: 1n, ms: 1000n, us: 1_000_000n, ns: 1_000_000_000n }[unit ?? ""];
  if (kind === "timestamp" && count !== undefined && perSecond !== undefined)
    return new Date(Number((count * 1000n) / perSecond))
      .toISOString()
      .replace(/\.000Z$|Z$/, "")
      .replace("T", " ");
  return count === undefined ? (JSON.stringify(plain(value)) ?? "") : `${count}${unit ?? ""}`;
}

function cells(object: Frame | Series): string[][] {
  const index = labelsOf(object.index);
  const data = object.kind === "series" ? [object.data] : object.data;
  const names = object.kind === "series" ? [object.name ?? ""] : labelsOf(object.columns);
  return [
    ["", ...names.map(cell)],
    ...index.map((label, i) => [cell(label), ...data.map((values) => cell(labelAt(values, i)))]),
  ];
}

/** All objects; where there is none, all nodes of PyTables'. */
async function whole(store: HDFStore, { output }: CommandContext): Promise<ExitCode> {
  const keys = await store.keys();
  const objects: unknown[] = [];
  for (const key of keys) {
    const { format } = await store.info(key);
    const object = await store.get(key);
    const attrs = { group: attributesJson(await NodeAttributes.of(await store.file.group(key))) };
    objects.push({ key, layout: format, ...(await frameJson(object)), attrs });
  }
  const nodes = keys.length > 0 ? [] : await allNodes(store.file);
  output.out(
    json({ format: "neutral-hdf/1", file: store.file.filename, ...(keys.length > 0 ? { objects } : { nodes }) }),
  );
  return 0;
}

async function allNodes(file: H5File<"async">): Promise<unknown[]> {
  const nodes: unknown[] = [];
  const paths: string[] = [];
  await file.visit((path) => {
    if (!path.split("/").some((name) => name.startsWith("_i_"))) paths.push(`/${path}`);
  });
  for (const path of paths) nodes.push(await nodeJson(file, path));
  return nodes;
}
