/** Objects of pandas' read whole, of whatever format. */
import { Dataset, Group, NotFoundError, UnsupportedError } from "h5ts";
import { checkFrame, type Frame, rangeIndex, type Series, textIndex } from "../frame/frame.ts";
import type { TextForm } from "../frame/text.ts";
import type { Values } from "../frame/values.ts";
import { type AnyDataset, rawBytes } from "../pytables/array-node.ts";
import { NodeAttributes } from "../pytables/attributes.ts";
import { elementsOf } from "../pytables/raw-column.ts";
import type { AnyGroup } from "./fixed/read-axis.ts";
import { readFixedFrame, readFixedSeries } from "./fixed/read-fixed.ts";
import { textValues, valuesOfElements } from "./read-values.ts";
import { categoriesGroup } from "./table/categories.ts";
import { frameOfRecords } from "./table/frame-of-records.ts";
import { type TableLayout, tableFields, tableLayout, textFormOf } from "./table/layout.ts";

/** What stands at a key. */
export type StoredObject =
  | { readonly format: "fixed"; readonly isSeries: boolean; readonly group: AnyGroup; readonly attrs: NodeAttributes }
  | { readonly format: "table"; readonly layout: TableLayout }
  /** A table of PyTables' that pandas did not write. */
  | { readonly format: "generic"; readonly table: AnyDataset };

/** Finds what stands at a path. NotFoundError where nothing is; UnsupportedError where that is no pandas object. */
export async function storedObject(root: AnyGroup, key: string): Promise<StoredObject> {
  const found = await root.get(key);
  if (found === undefined) throw new NotFoundError("does not exist", { structure: "pandas object", path: key });
  if (found instanceof Dataset && found.dtype.class === "compound") return { format: "generic", table: found };
  if (!(found instanceof Group))
    throw new UnsupportedError("is no pandas object", { structure: found.kind, path: key });
  const attrs = await NodeAttributes.of(found);
  const type = attrs.systemText("pandas_type");
  if (type === "frame" || type === "series")
    return { format: "fixed", isSeries: type === "series", group: found, attrs };
  if (type === "frame_table" || type === "series_table")
    return { format: "table", layout: await tableLayout(found, attrs) };
  if (type === undefined && (await found.has("table")))
    return { format: "generic", table: await found.dataset("table") };
  throw new UnsupportedError("is a kind of object that pandas does not read any more", {
    structure: "pandas object",
    path: key,
    found: type ?? "none",
  });
}

/** The whole object. */
export async function readObject(stored: StoredObject): Promise<Frame | Series> {
  if (stored.format === "generic") return readGeneric(stored.table);
  if (stored.format === "table") {
    const { layout } = stored;
    const bytes = await rawBytes(layout.table);
    return frameOfRecords(layout, { bytes, count: layout.table.size }, await readCategories(layout));
  }
  const { group, attrs } = stored;
  const from = { group, attrs, form: textFormOf(attrs) };
  return stored.isSeries ? readFixedSeries(from) : readFixedFrame(from);
}

/** The categories of a table's columns, by their names. */
export async function readCategories(layout: TableLayout): Promise<Map<string, Values>> {
  const categories = new Map<string, Values>();
  for (const { name, meta } of [layout.index, ...layout.columns]) {
    if (meta !== "category") continue;
    const group = await categoriesGroup(layout.group, name);
    if (group === undefined) continue;
    const series = await readObject({
      format: "table",
      layout: await tableLayout(group, await NodeAttributes.of(group)),
    });
    if (series.kind === "series") categories.set(name, series.data);
  }
  return categories;
}

const GENERIC_TEXT: TextForm = { encoding: "UTF-8", errors: "strict", nanRep: "nan" };

/** A table that pandas did not write: a column for each field. */
async function readGeneric(table: AnyDataset): Promise<Frame> {
  return genericFrame(table, { bytes: await rawBytes(table), count: table.size });
}

/** The frame of some of its records. */
export function genericFrame(
  table: AnyDataset,
  { bytes, count }: { readonly bytes: Uint8Array; readonly count: number },
): Frame {
  const fields = [...tableFields(table).values()];
  const data = fields.map(({ name, type, offset }) => {
    if (type.class === "array" || (type.class === "compound" && type.members.length !== 2))
      throw new UnsupportedError("has fields of several values, which frames do not have", {
        structure: "Table",
        path: table.name,
        found: name,
      });
    const elements = elementsOf({ type, bytes, offset, stride: table.dtype.itemsize, count });
    return elements.type === "string" ? textValues(elements, GENERIC_TEXT, "object") : valuesOfElements(elements, {});
  });
  const frame: Frame = {
    kind: "frame",
    index: rangeIndex(count),
    columns: textIndex(fields.map(({ name }) => name)),
    data,
  };
  checkFrame(frame);
  return frame;
}
