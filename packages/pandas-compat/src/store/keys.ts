/** Which groups of a file are pandas objects. */
import { Dataset, type Group, type H5File } from "h5ts";
import { NodeAttributes } from "../pytables/attributes.ts";
import type { AnyGroup } from "./fixed/read-axis.ts";

/** The paths of all pandas objects, as `HDFStore.keys()` gives them. */
export async function objectPaths(file: H5File<"async">): Promise<string[]> {
  const paths: string[] = [];
  await file.visitItems(async (path, object) => {
    if (object.kind !== "group" || isHidden(path)) return;
    if (await isObject(object as AnyGroup)) paths.push(`/${path}`);
  });
  return paths;
}

/** PyTables does not show these groups. */
const isHidden = (path: string): boolean =>
  path.split("/").some((name) => name.startsWith("_i_") || name.startsWith("_p_"));

/** Whether a group is one: it says so, or it holds a table. */
export async function isObject(group: Group<"async">): Promise<boolean> {
  if (await group.attrs.has("pandas_type")) return true;
  return (await group.has("table")) && (await group.get("table")) instanceof Dataset;
}

/** Whether a path is within the categories of another object. */
export const isMetadataOf = (path: string, other: string): boolean =>
  path.startsWith(`${other === "/" ? "" : other}/meta/`);

/** Kind of an object by its attribute; `undefined` where it has none. */
export async function objectType(group: AnyGroup): Promise<string | undefined> {
  return (await NodeAttributes.of(group)).text("pandas_type");
}
