/** Categories of columns of a table: a series of their own, in the group `meta` beside it. */
import { Dataset, Group } from "h5ts";
import { labelAt } from "../../frame/label.ts";
import { lengthOf, takeValues, type Values } from "../../frame/values.ts";
import { isMissing } from "../../python/values.ts";
import type { AnyGroup } from "../fixed/read-axis.ts";

/** Where the categories of a column stand, from the group of the table. */
export const categoriesPath = (column: string): string => `meta/${column}/meta`;

/** The group of the categories of a column; `undefined` where there is none. */
export async function categoriesGroup(group: AnyGroup, column: string): Promise<AnyGroup | undefined> {
  const found = await group.get(categoriesPath(column));
  return found instanceof Group ? found : undefined;
}

/** Codes and categories as pandas gives them: a category that is missing is none, and its code that of missing. */
export function categorical(
  codes: Int8Array | Int16Array | Int32Array,
  categories: Values | undefined,
  ordered: boolean,
): Values {
  if (categories === undefined)
    return {
      kind: "categorical",
      codes,
      ordered,
      categories: { kind: "number", dtype: "float64", data: new Float64Array(0) },
    };
  const kept: number[] = [];
  const moved = new Int32Array(lengthOf(categories)).fill(-1);
  for (let i = 0; i < moved.length; i++)
    if (!isMissing(labelAt(categories, i))) {
      moved[i] = kept.length;
      kept.push(i);
    }
  if (kept.length === moved.length) return { kind: "categorical", codes, categories, ordered };
  const shifted = codes.map((code) => (code < 0 ? -1 : moved[code]));
  return { kind: "categorical", codes: shifted as typeof codes, categories: takeValues(categories, kept), ordered };
}

/** Whether an object is a dataset. */
export const isDataset = (object: unknown): object is Dataset<"async"> => object instanceof Dataset;
