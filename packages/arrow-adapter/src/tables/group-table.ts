/** Groups of equally long datasets as tables: a column a dataset. */
import type { Schema } from "apache-arrow";
import { type AnyObject, Dataset, type Group, type Mode, NotFoundError, ShapeError } from "h5ts";
import type { CodecContext, ColumnCodec } from "../codec.ts";
import { axesOf } from "../elements.ts";
import { FILL_KEY } from "../fills.ts";
import { attributeMetadata, FILL_ATTRIBUTE } from "../metadata.ts";
import { storedColumns } from "../stored.ts";
import { columnPart, datasetColumn } from "./dataset-columns.ts";
import { withMetadata } from "./hints.ts";
import type { TablePart } from "./table-source.ts";

/** The columns; `chosen`: names of those wanted, so that other objects may be of any kind. */
export async function groupTable(
  context: CodecContext,
  group: Group<Mode>,
  schema: Schema | undefined,
  chosen?: readonly string[],
): Promise<TablePart[]> {
  const recorded = schema === undefined ? [] : await recordedParts(context, group, schema, chosen);
  const known = new Set(recorded.flatMap(({ columns: [{ name, mask }] }) => [name, mask]));
  const parts: TablePart[] = [...recorded];
  for (const name of chosen ?? (await group.keys())) {
    if (known.has(name) || recorded.some(({ columns: [{ field }] }) => field.name === name)) continue;
    parts.push(await memberPart(context, await memberOf(group, name), name));
  }
  checkRows(group, parts);
  return parts;
}

async function memberOf(group: Group<Mode>, name: string): Promise<Dataset<Mode>> {
  const member: AnyObject<Mode> | undefined = await group.get(name);
  if (member === undefined) throw new NotFoundError("has no such column", { path: group.name, found: name });
  if (member instanceof Dataset) return member;
  throw new ShapeError("holds what is no column; the option columns names those to be taken", {
    path: group.name,
    found: `${name}, a ${member.kind}`,
    allowed: "datasets of one length",
  });
}

async function memberPart(context: CodecContext, dataset: Dataset<Mode>, name: string): Promise<TablePart> {
  if (dataset.ndim === 0 || dataset.info.dataspace.kind === "null") {
    throw new ShapeError("holds a dataset without rows; the option columns names those to be taken", {
      path: dataset.name,
      allowed: "datasets of one length",
    });
  }
  return withAttributes(context, dataset, datasetColumn(context, dataset, name));
}

/** The part, with the dataset's attributes as metadata of its field. */
async function withAttributes(context: CodecContext, dataset: Dataset<Mode>, part: TablePart): Promise<TablePart> {
  const isFilled = part.columns.some(({ field }) => field.metadata.has(FILL_KEY));
  const metadata = await attributeMetadata(dataset, isFilled ? FILL_ATTRIBUTE : undefined);
  if (metadata.size === 0) return part;
  return part.only(part.columns.map((column) => ({ ...column, field: withMetadata(context, column.field, metadata) })));
}

/** Columns that were recorded and are still kept so. */
async function recordedParts(
  context: CodecContext,
  group: Group<Mode>,
  schema: Schema,
  chosen: readonly string[] | undefined,
): Promise<TablePart[]> {
  const parts: TablePart[] = [];
  for (const column of storedColumns(context, schema.fields)) {
    if (chosen !== undefined && !chosen.includes(column.field.name)) continue;
    const [values, mask] = await Promise.all([column.name, column.mask].map((name) => datasetAt(group, name)));
    if (values === undefined || !isKeptAs(values, column)) continue;
    if (column.mask !== undefined && mask?.dtype.name !== "bool") continue;
    parts.push(await withAttributes(context, values, columnPart(values, column, mask)));
  }
  return parts;
}

async function datasetAt(group: Group<Mode>, name: string | undefined): Promise<Dataset<Mode> | undefined> {
  const found = name === undefined ? undefined : await group.get(name);
  return found instanceof Dataset ? found : undefined;
}

/** Array datatypes are further axes of the dataset. */
function isKeptAs({ dtype: found, shape }: Dataset<Mode>, { codec }: ColumnCodec): boolean {
  const { axes, element } = axesOf(codec.dtype);
  const dims = shape.slice(1);
  return shape.length > 0 && String(dims) === String(axes) && found.equals(element);
}

function checkRows(group: Group<Mode>, parts: readonly TablePart[]): void {
  const other = parts.find(({ rows }) => rows !== parts[0].rows);
  if (other === undefined) return;
  throw new ShapeError("has columns of different lengths; the option columns names those to be taken", {
    path: group.name,
    found: `${parts[0].columns[0].name}: ${parts[0].rows}, ${other.columns[0].name}: ${other.rows}`,
    allowed: "datasets of one length",
  });
}
