/** Blocks of the fixed format: columns of one datatype in one array. */

import { UnsupportedError } from "h5ts";
import { labelAt } from "../../frame/label.ts";
import type { Values } from "../../frame/values.ts";
import { createArray, createObjects } from "../../pytables/create.ts";
import { asBool, asText, writeAttributes } from "../../pytables/write-attributes.ts";
import { arrayPickle } from "../../python/object-pickle.ts";
import { elementType, momentName, packColumns } from "../write-values.ts";
import { createEmpty, type FixedTarget, zoneAttribute } from "./target.ts";

/** What columns have in common that stand in one block; of those that stand alone something of their own. */
export function blockKey(values: Values, column: number): string {
  switch (values.kind) {
    case "number":
    case "complex":
      return values.dtype;
    case "bool":
      return "bool";
    case "datetime":
      return values.zone === null ? `datetime64[${values.unit}]` : `alone ${column}`;
    case "timedelta":
      return `timedelta64[${values.unit}]`;
    case "text":
      return values.dtype === "object" ? "object" : `alone ${column}`;
    case "object":
      return "object";
    default:
      throw new UnsupportedError("is not stored in the fixed format", {
        structure: "column",
        found: values.kind,
        allowed: "the table format",
      });
  }
}

/** Writes the values of a block. `flat`: of one axis, as those of a series are. */
export async function writeBlock(
  target: FixedTarget,
  name: string,
  columns: readonly Values[],
  rows: number,
  flat: boolean,
): Promise<void> {
  const [first] = columns;
  if (first.kind === "text" || first.kind === "object") return writeObjects(target, name, columns, rows, flat);
  const moment = momentName(first, target.pandas);
  if (rows === 0 && moment === undefined) {
    await createEmpty(target.group, name, flat ? [0] : [columns.length, 0], emptyName(first));
    return;
  }
  const type = elementType(first);
  const raw = {
    type,
    shape: flat ? [rows] : rows === 0 ? [columns.length, 0] : [rows, columns.length],
    bytes: packColumns(columns, type, target.form),
  };
  // PyTables has no atom for times: pandas never compresses them.
  const dataset = await createArray(target.group, name, raw, moment === undefined ? target.compression : {});
  await writeAttributes(dataset, {
    transposed: asBool(rows > 0),
    ...(moment === undefined ? {} : { value_type: asText(moment) }),
    ...(first.kind === "datetime" && first.zone !== null ? { tz: zoneAttribute(first.zone, target.pandas) } : {}),
  });
}

const emptyName = (values: Values): string =>
  values.kind === "number" || values.kind === "complex" ? values.dtype : "bool";

async function writeObjects(
  target: FixedTarget,
  name: string,
  columns: readonly Values[],
  rows: number,
  flat: boolean,
): Promise<void> {
  const [first] = columns;
  const dtype = first.kind === "text" ? first.dtype : "object";
  const values: unknown[] = [];
  for (let i = 0; i < rows; i++) for (const column of columns) values.push(labelAt(column, i));
  // An array of pandas' own text has one axis.
  const shape = flat || dtype !== "object" ? [rows] : [rows, columns.length];
  const dataset = await createObjects(target.group, name, [arrayPickle(values, shape)], target.compression);
  await writeAttributes(dataset, {
    transposed: asBool(true),
    ...(dtype === "object" ? {} : { value_type: asText(dtype) }),
  });
}
