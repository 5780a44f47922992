/** Objects and links in a few words, as `ls` and `tree` list them. */
import type { AnyObject, Dataset, Group, Link } from "h5ts";
import { errorJson } from "./digest/error-json.ts";
import { outcomeOf } from "./opened.ts";
import type { Part } from "./terminal/style.ts";
import { safe, shapeText } from "./terminal/text.ts";

/** A link and what it leads to. */
export interface Entry {
  readonly name: string;
  readonly link: Link;
  /** `undefined`: it leads nowhere, or is user-defined. */
  readonly object: AnyObject<"async"> | Error | undefined;
}

/** The links of a group, in the order of `keys()`, with their objects. */
export async function entriesOf(group: Group<"async">): Promise<Entry[]> {
  const links = await group.links();
  return Promise.all(
    links.map(async ([name, link]): Promise<Entry> => {
      return { name, link, object: link.type === "user" ? undefined : await outcomeOf(group.get(name)) };
    }),
  );
}

/** Whether what it leads to should be there: other links than hard ones may lead nowhere. */
export const isBroken = ({ link, object }: Entry): boolean => link.type === "hard" && object instanceof Error;

export const datasetShape = (dataset: Dataset<"async">): readonly number[] | null =>
  dataset.info.dataspace.kind === "null" ? null : dataset.shape;

/** What an entry looks like in a list. */
export const partOf = ({ link, object }: Entry): Part =>
  link.type !== "hard" ? "link" : object instanceof Error ? "error" : object?.kind === "group" ? "group" : "dataset";

/** Kind, and of datasets shape and datatype. */
export function kindText(object: Entry["object"]): string {
  if (object === undefined) return "(nothing there)";
  if (object instanceof Error) return `error: ${object.message}`;
  if (object.kind !== "dataset") return object.kind;
  return `dataset ${shapeText(datasetShape(object))} ${object.dtype}`;
}

/** Where a link leads, unless it is a hard one. */
export function linkText(link: Link): string {
  switch (link.type) {
    case "hard":
      return "";
    case "soft":
      return `-> ${safe(link.path)}`;
    case "external":
      return `-> ${safe(link.filename)}:${safe(link.path)}`;
    case "user":
      return `user-defined link of class ${link.code}`;
  }
}

export function objectJson(object: Entry["object"]): object {
  if (object === undefined) return { kind: null };
  if (object instanceof Error) return { error: errorJson(object) };
  if (object.kind !== "dataset") return { kind: object.kind };
  return { kind: "dataset", shape: datasetShape(object), dtype: object.dtype.toString() };
}

export function linkJson(link: Link): object {
  switch (link.type) {
    case "hard":
      return {};
    case "soft":
      return { link: "soft", target: link.path };
    case "external":
      return { link: "external", file: link.filename, target: link.path };
    case "user":
      return { link: "user", code: link.code };
  }
}
