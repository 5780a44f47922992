/** The tree of a file in the terminal: objects with shapes, datatypes, attributes, storage, and slices of datasets. */
import {
  type AnyObject,
  type AttributeValue,
  type Dataset,
  type Group,
  isH5Error,
  type Link,
  Result,
  slice,
} from "h5ts";

/** Elements of an array that are shown. */
const SHOWN = 6;

function shown(value: AttributeValue): string {
  if (value instanceof Result) return `${value.dtype} [${value.shape.join(", ")}] ${elements(value)}`;
  return typeof value === "string" ? JSON.stringify(value) : text(value);
}

function text(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  const json = JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? `${inner}` : inner));
  return json.length > 72 ? `${json.slice(0, 72)}...` : json;
}

/** The first elements of a result, in row-major order. */
function elements(result: Result): string {
  const count = Math.min(SHOWN, result.size);
  const values = Array.from({ length: count }, (_, i) => text(result.item(i)));
  return `${values.join(" ")}${result.size > count ? " ..." : ""}`;
}

/** How a dataset is stored, in a few words. */
async function storage(dataset: Dataset<"async">): Promise<string> {
  const filters = dataset.filters.map((filter) => filter.name || `filter ${filter.id}`);
  const chunks = dataset.chunks && `chunks of [${dataset.chunks.join(", ")}]`;
  const bytes = `${await dataset.storageSize()} of ${dataset.nbytes} bytes`;
  return [chunks ?? dataset.layout, ...filters, bytes].join(", ");
}

/** A corner of a dataset: the first index of each axis but the last, and the first elements along that. */
async function corner(dataset: Dataset<"async">): Promise<string> {
  const { ndim } = dataset;
  const selection = dataset.shape.map((extent, axis) => (axis < ndim - 1 ? 0 : slice(Math.min(SHOWN, extent))));
  return elements(await dataset.read(selection));
}

/** Prints an object and all below it. */
export class Printer {
  /** Objects that were printed: a second link to one is not followed again. */
  private readonly printed = new Map<number, string>();

  async object(label: string, object: AnyObject<"async">, indent: string): Promise<void> {
    const known = this.printed.get(object.info.address);
    if (known !== undefined) return console.log(`${indent}${label} = ${known}`);
    this.printed.set(object.info.address, object.name ?? label);
    console.log(`${indent}${label}${heading(object)}`);
    for (const [name, value] of await object.attrs.entries()) console.log(`${indent}  @${name} = ${shown(value)}`);
    if (object.kind === "dataset") await this.dataset(object, `${indent}  `);
    if (object.kind === "group") await this.members(object, `${indent}  `);
  }

  private async dataset(dataset: Dataset<"async">, indent: string): Promise<void> {
    console.log(`${indent}stored: ${await storage(dataset)}`);
    try {
      console.log(`${indent}begins: ${await corner(dataset)}`);
    } catch (error) {
      if (!isH5Error(error)) throw error;
      console.log(`${indent}cannot be read: ${error.message}`);
    }
  }

  private async members(group: Group<"async">, indent: string): Promise<void> {
    for (const [name, link] of await group.links()) {
      const object = link.type === "hard" ? await group.get(name) : undefined;
      if (object === undefined) console.log(`${indent}${name}${target(link)}`);
      else await this.object(name, object, indent);
    }
  }
}

function heading(object: AnyObject<"async">): string {
  if (object.kind === "group") return object.name === "/" ? "" : "/";
  if (object.kind === "dataset") return `  [${object.shape.join(", ")}] ${object.dtype}`;
  return object.kind === "datatype" ? `  datatype ${object.dtype}` : "  object of unknown kind";
}

function target(link: Link): string {
  if (link.type === "soft") return ` -> ${link.path}`;
  return link.type === "external"
    ? ` -> ${link.filename}:${link.path}`
    : ` -> link of class ${link.type === "user" ? link.code : 0}`;
}
