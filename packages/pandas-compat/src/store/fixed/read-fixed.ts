/** Objects in the fixed format: a frame by blocks of columns of one datatype, a series by one array. */
import { FormatError, LimitError } from "h5ts";
import { type Axis, axisLength, checkFrame, type Frame, type Series } from "../../frame/frame.ts";
import { labelKey, labelsOf } from "../../frame/label.ts";
import { lengthOf, type Values } from "../../frame/values.ts";
import { type AnyDataset, pickledObject, readColumnar } from "../../pytables/array-node.ts";
import { NodeAttributes } from "../../pytables/attributes.ts";
import { type Label, NumpyArray } from "../../python/values.ts";
import { emptyValues, objectValues, valuesOfElements, zoneOf } from "../read-values.ts";
import { datasetOf, type FixedGroup, readAxis } from "./read-axis.ts";

const STRUCTURE = "pandas object";
/** Blocks of a frame at most: each is a dataset of its own. */
const MOST_BLOCKS = 1_000_000;

/** A series. */
export async function readFixedSeries(from: FixedGroup): Promise<Series> {
  const index = await readAxis(from, "index");
  const [data] = await blockColumns(await datasetOf(from.group, "values"), 1);
  const name = (from.attrs.get("name") ?? null) as Label;
  const series: Series = { kind: "series", name, index, data };
  checkFrame(series);
  return series;
}

/** A frame. */
export async function readFixedFrame(from: FixedGroup): Promise<Frame> {
  const columns = await readAxis(from, "axis0");
  const index = await readAxis(from, "axis1");
  const count = from.attrs.number("nblocks") ?? 0;
  if (!(count >= 0 && count <= MOST_BLOCKS))
    throw new LimitError("has no such number of blocks", { structure: STRUCTURE, found: count });
  const byLabel = new Map<string, Values>();
  for (let i = 0; i < count; i++) {
    const items = await readAxis(from, `block${i}_items`);
    const values = await blockColumns(await datasetOf(from.group, `block${i}_values`), axisLength(items));
    for (const [j, label] of labelsOf(items).entries()) byLabel.set(labelKey(label), values[j]);
  }
  const frame: Frame = { kind: "frame", index, columns, data: inOrder(columns, byLabel) };
  checkFrame(frame);
  return frame;
}

function inOrder(columns: Axis, byLabel: ReadonlyMap<string, Values>): Values[] {
  return labelsOf(columns).map((label) => {
    const values = byLabel.get(labelKey(label));
    if (values !== undefined) return values;
    throw new FormatError("has a column that stands in no block", { structure: STRUCTURE, found: String(label) });
  });
}

/** The columns of a block. */
async function blockColumns(dataset: AnyDataset, count: number): Promise<Values[]> {
  const attrs = await NodeAttributes.of(dataset);
  const name = attrs.text("value_type");
  const type = { ...(name === undefined ? {} : { name }), zone: zoneOf(attrs.get("tz")) };
  if (attrs.has("shape")) return new Array<Values>(count).fill(typedEmpty(type));
  const transposed = attrs.get("transposed");
  const rowsFirst = transposed === true || (typeof transposed === "bigint" && transposed !== 0n);
  if (dataset.dtype.class === "vlen") return objectColumns(await pickledObject(dataset), rowsFirst, count, name);
  const { column, columns } = await readColumnar(dataset, rowsFirst);
  if (columns !== count)
    throw new FormatError("has another number of columns than labels", {
      structure: STRUCTURE,
      path: dataset.name,
      found: columns,
      allowed: String(count),
    });
  return Array.from({ length: count }, (_, j) => valuesOfElements(column(j), type));
}

function typedEmpty({ name = "object", zone }: { readonly name?: string; readonly zone: string | null }): Values {
  const values = emptyValues(name);
  return values.kind === "datetime" ? { ...values, zone } : values;
}

/** Of a pickled array of one or two axes. */
function objectColumns(value: unknown, rowsFirst: boolean, count: number, name: string | undefined): Values[] {
  if (!(value instanceof NumpyArray) || value.shape.length < 2) {
    const values = objectValues(value, name);
    if (count === 1) return [values];
    throw new FormatError("has one column and several labels", { structure: STRUCTURE, found: lengthOf(values) });
  }
  const { shape, values } = value;
  const [rows, columns] = rowsFirst ? shape : [shape[1], shape[0]];
  if (columns !== count || values.length !== rows * columns)
    throw new FormatError("has another number of columns than labels", {
      structure: STRUCTURE,
      found: shape.join(" x "),
      allowed: String(count),
    });
  return Array.from({ length: count }, (_, j) =>
    objectValues(
      Array.from({ length: rows }, (_, i) => values[rowsFirst ? i * columns + j : j * rows + i]),
      name,
    ),
  );
}
