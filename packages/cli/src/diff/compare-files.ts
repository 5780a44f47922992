/** Compares what is below two objects, and tells where they differ. */
import type { AnyObject, Dataset, Link } from "h5ts";
import { datasetShape, linkText } from "../describe.ts";
import { blocksOf } from "../digest/blocks.ts";
import { outcomeOf } from "../opened.ts";
import { json, plain } from "../terminal/json.ts";
import { shapeText } from "../terminal/text.ts";
import { type Comparison, compareData, sameValue, type Tolerance } from "./compare-data.ts";
import { type Found, type Inventory, inventoryOf } from "./inventory.ts";

/** One way in which two files differ. */
export interface Difference {
  readonly path: string;
  readonly what: "presence" | "kind" | "link" | "shape" | "datatype" | "values" | "attribute" | "error";
  /** Of an attribute. */
  readonly attribute?: string;
  /** Elements that differ. */
  readonly count?: number;
  /** What each has, or the first elements that differ. */
  readonly detail: string;
}

export interface DiffOptions extends Tolerance {
  readonly excludePaths: readonly string[];
  readonly excludeAttributes: readonly string[];
  /** Leave out objects that only one of them has. */
  readonly common: boolean;
  /** Elements that are told of each dataset. */
  readonly shown: number;
  readonly progress?: (done: number, total: number, path: string) => void;
}

/** Elements compared at once. */
const BLOCK = 1 << 20;

export async function compareFiles(
  a: AnyObject<"async">,
  b: AnyObject<"async">,
  options: DiffOptions,
): Promise<Difference[]> {
  const left = await inventoryOf(a, options.excludePaths);
  const right = await inventoryOf(b, options.excludePaths);
  const walk = new FileComparison(left, right, options);
  const paths = [...new Set([...left.entries.keys(), ...right.entries.keys()])].sort();
  for (const [i, path] of paths.entries()) {
    options.progress?.(i, paths.length, path);
    await walk.compare(path, left.entries.get(path), right.entries.get(path));
  }
  return walk.differences;
}

class FileComparison {
  readonly differences: Difference[] = [];
  private readonly options: DiffOptions;
  private readonly targets: Comparison["targets"];

  constructor(a: Inventory, b: Inventory, options: DiffOptions) {
    this.options = options;
    this.targets = { a: a.paths, b: b.paths };
  }

  async compare(path: string, a: Found | undefined, b: Found | undefined): Promise<void> {
    if (a === undefined || b === undefined) {
      if (!this.options.common) this.add(path, "presence", `only in the ${a === undefined ? "second" : "first"}`);
    } else if (a.kind === "error" || b.kind === "error") {
      this.add(path, "error", [a, b].flatMap((one) => (one.kind === "error" ? [one.error.message] : [])).join("; "));
    } else if (a.kind === "object" && b.kind === "object") await this.objects(path, a.object, b.object);
    else if (textOf(a) !== textOf(b)) this.add(path, "link", `${textOf(a)} and ${textOf(b)}`);
  }

  private async objects(path: string, a: AnyObject<"async">, b: AnyObject<"async">): Promise<void> {
    if (a.kind !== b.kind) return this.add(path, "kind", `${a.kind} and ${b.kind}`);
    if (a.kind === "dataset" && b.kind === "dataset") await this.datasets(path, a, b);
    if (a.kind === "datatype" && b.kind === "datatype" && !a.dtype.equals(b.dtype))
      this.add(path, "datatype", `${a.dtype} and ${b.dtype}`);
    await this.attributes(path, a, b);
  }

  private async datasets(path: string, a: Dataset<"async">, b: Dataset<"async">): Promise<void> {
    const shape = datasetShape(a);
    if (shapeText(shape) !== shapeText(datasetShape(b)))
      return this.add(path, "shape", `${shapeText(shape)} and ${shapeText(datasetShape(b))}`);
    if (a.dtype.class !== b.dtype.class) return this.add(path, "datatype", `${a.dtype} and ${b.dtype}`);
    if (shape === null) return;
    if ((await isUnwritten(a)) && (await isUnwritten(b))) {
      // Every element is the fill value; there may be more of them than anyone could read.
      if (!sameValue(a.fillValue, b.fillValue, new Elements(this.targets, this.options, [])))
        this.add(path, "values", `fill values ${shown(a.fillValue)} and ${shown(b.fillValue)}`, { count: a.size });
      return;
    }
    const found = new Elements(this.targets, this.options, shape);
    for (const { selection, count } of blocksOf(shape, BLOCK, a.chunks)) {
      const left = await outcomeOf(a.read(selection));
      const right = await outcomeOf(b.read(selection));
      if (left instanceof Error || right instanceof Error)
        return this.add(
          path,
          "error",
          [left, right].flatMap((one) => (one instanceof Error ? [one.message] : [])).join("; "),
        );
      compareData(left.data, right.data, count, found);
      found.first += count;
    }
    if (found.count > 0) this.add(path, "values", found.lines.join("; "), { count: found.count });
  }

  private async attributes(path: string, a: AnyObject<"async">, b: AnyObject<"async">): Promise<void> {
    const left = new Set(await a.attrs.keys());
    const right = new Set(await b.attrs.keys());
    for (const name of new Set([...left, ...right])) {
      if (this.options.excludeAttributes.some((one) => one === name || one === `${path}/${name}`)) continue;
      const attribute = { attribute: name };
      if (left.has(name) && right.has(name)) await this.attribute(path, name, a, b);
      else if (!this.options.common)
        this.add(path, "attribute", `only in the ${left.has(name) ? "first" : "second"}`, attribute);
    }
  }

  private async attribute(path: string, name: string, a: AnyObject<"async">, b: AnyObject<"async">): Promise<void> {
    const [left, right] = [await outcomeOf(a.attrs.get(name)), await outcomeOf(b.attrs.get(name))];
    const how = new Elements(this.targets, this.options, []);
    const same =
      !(left instanceof Error || right instanceof Error) &&
      dataShape(left) === dataShape(right) &&
      sameValue(dataOf(left), dataOf(right), how);
    if (!same) this.add(path, "attribute", `${shown(left)} and ${shown(right)}`, { attribute: name });
  }

  private add(path: string, what: Difference["what"], detail: string, more: Partial<Difference> = {}): void {
    this.differences.push({ path, what, detail, ...more });
  }
}

/** Whether nothing is stored of a dataset, here or elsewhere. */
const isUnwritten = async (dataset: Dataset<"async">): Promise<boolean> =>
  !dataset.isVirtual && dataset.external.length === 0 && (await dataset.storageSize()) === 0;

/** Counts the elements that differ, and tells of the first. */
class Elements implements Comparison {
  count = 0;
  /** Elements before the current block. */
  first = 0;
  readonly lines: string[] = [];
  readonly targets: Comparison["targets"];
  readonly absolute: number | undefined;
  readonly relative: number | undefined;
  private readonly most: number;
  private readonly shape: readonly number[];
  private last = -1;

  constructor(targets: Comparison["targets"], options: DiffOptions, shape: readonly number[]) {
    this.targets = targets;
    this.absolute = options.absolute;
    this.relative = options.relative;
    this.most = options.shown;
    this.shape = shape;
  }

  differs = (element: number, member: string, a: unknown, b: unknown): void => {
    if (this.first + element !== this.last) this.count++;
    this.last = this.first + element;
    if (this.lines.length >= this.most) return;
    const place = `[${this.place(this.first + element)}]${member === "" ? "" : `.${member}`}`;
    this.lines.push(`${place}: ${shown(a)} and ${shown(b)}`);
  };

  private place(element: number): string {
    const place: number[] = [];
    for (let d = this.shape.length - 1; d >= 0; d--) {
      place.unshift(element % this.shape[d]);
      element = Math.floor(element / this.shape[d]);
    }
    return place.join(", ");
  }
}

interface ShapedData {
  readonly data: unknown;
  readonly shape: readonly number[];
}

/** Scalar attributes are values; others have a shape. */
const isShaped = (value: unknown): value is ShapedData =>
  typeof value === "object" && value !== null && "toNested" in value && "data" in value;
const dataOf = (value: unknown): unknown => (isShaped(value) ? value.data : value);
const dataShape = (value: unknown): string => (isShaped(value) ? shapeText(value.shape) : "scalar");

function textOf(found: Exclude<Found, { kind: "error" }>): string {
  if (found.kind === "object") return found.object.kind;
  return found.kind === "alias" ? `the object at ${found.to}` : linkOf(found.link);
}

const linkOf = (link: Link): string => (link.type === "hard" ? "a link to nothing" : linkText(link));

/** Characters of a value that are told. */
const MOST = 60;

function shown(value: unknown): string {
  const text = value instanceof Error ? value.message : json(plain(value)).replaceAll(/\s*\n\s*/g, " ");
  return text.length > MOST ? `${text.slice(0, MOST)}...` : text;
}
