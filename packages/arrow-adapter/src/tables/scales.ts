/** Dimension scales: along the rows an index, along the second axis names of columns. */
import { type Dataset, type Mode, Result } from "h5ts";
import type { CodecContext } from "../codec.ts";
import { attributeMetadata } from "../metadata.ts";
import { datasetColumn } from "./dataset-columns.ts";
import { withMetadata } from "./hints.ts";
import type { TablePart } from "./table-source.ts";

/** The scales of the rows as columns, by names that none of `taken` has. */
export async function indexParts(
  context: CodecContext,
  dataset: Dataset<Mode>,
  taken: ReadonlySet<string>,
): Promise<TablePart[]> {
  const [rows] = dataset.dims;
  if (rows === undefined) return [];
  const parts: TablePart[] = [];
  const names = new Set(taken);
  const [scales, keys] = [await rows.scales(), await rows.keys()];
  for (const [i, scale] of scales.entries()) {
    if (scale.ndim !== 1 || scale.shape[0] !== dataset.shape[0] || isNameless(keys[i])) continue;
    const name = freeName(scale.name?.split("/").at(-1) || keys[i] || "index", names);
    const part = datasetColumn(context, scale, name);
    const metadata = await attributeMetadata(scale);
    const columns = part.columns.map((one) => ({ ...one, field: withMetadata(context, one.field, metadata) }));
    parts.push(part.only(columns));
  }
  return parts;
}

/** netCDF-4's dimensions without coordinates say so in their name. */
const isNameless = (name: string | undefined): boolean =>
  name?.startsWith("This is a netCDF dimension but not a netCDF variable") === true;

function freeName(name: string, taken: Set<string>): string {
  let found = name;
  for (let i = 2; taken.has(found); i++) found = `${name}_${i}`;
  taken.add(found);
  return found;
}

/** Names for the places along the second axis: what a scale of it says, where these differ; else their numbers. */
export async function columnNames(dataset: Dataset<Mode>): Promise<string[]> {
  const count = dataset.shape[1];
  const numbers = Array.from({ length: count }, (_, i) => String(i));
  const scale = await dataset.dims[1].scale(0);
  if (scale === undefined || scale.ndim !== 1 || scale.shape[0] !== count || isNameless(await nameOf(scale))) {
    return numbers;
  }
  const result = await scale.read();
  if (!(result instanceof Result)) return numbers;
  const names = Array.from(result.data as ArrayLike<unknown>, String);
  return names.length === count && new Set(names).size === count ? names : numbers;
}

async function nameOf(scale: Dataset<Mode>): Promise<string | undefined> {
  const name: unknown = await scale.attrs.get("NAME");
  return typeof name === "string" ? name : undefined;
}
