/** A file as plain values: what edits should have made of it. `models.py` compares files with it. */

/** One element: a number, a boolean, text, or a sequence of numbers. */
export type Value = number | boolean | string | readonly number[];

export interface ModelValue {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** In row-major order. */
  readonly data: readonly Value[];
}

export class ModelGroup {
  readonly kind = "group";
  readonly attrs: Map<string, ModelValue> = new Map();
  readonly links: Map<string, ModelLink> = new Map();
}

export class ModelDataset {
  readonly kind = "dataset";
  readonly attrs: Map<string, ModelValue> = new Map();
  readonly dtype: string;
  readonly maxShape: readonly (number | null)[];
  readonly fill: Value;
  shape: number[];
  data: Value[];

  constructor(dtype: string, shape: readonly number[], maxShape: readonly (number | null)[], fill: Value) {
    this.dtype = dtype;
    this.shape = [...shape];
    this.maxShape = maxShape;
    this.fill = fill;
    this.data = new Array<Value>(product(shape)).fill(fill);
  }

  /** Puts values into a box. */
  write(start: readonly number[], count: readonly number[], values: readonly Value[]): void {
    values.forEach((value, i) => {
      this.data[
        indexOf(
          this.shape,
          placeOf(count, i).map((at, d) => at + start[d]),
        )
      ] = value;
    });
  }

  /** What is cut off is gone, what is added is the fill value. */
  resize(shape: readonly number[]): void {
    const data = new Array<Value>(product(shape)).fill(this.fill);
    for (let i = 0; i < this.data.length; i++) {
      const place = placeOf(this.shape, i);
      if (place.every((at, d) => at < shape[d])) data[indexOf(shape, place)] = this.data[i];
    }
    this.shape = [...shape];
    this.data = data;
  }
}

export type ModelObject = ModelGroup | ModelDataset;
export type ModelLink = { readonly to: ModelObject } | { readonly soft: string };

export const product = (shape: readonly number[]): number => shape.reduce((all, n) => all * n, 1);

function placeOf(shape: readonly number[], index: number): number[] {
  const place: number[] = [];
  for (let d = shape.length - 1; d >= 0; d--) {
    place.unshift(index % shape[d]);
    index = Math.floor(index / shape[d]);
  }
  return place;
}

const indexOf = (shape: readonly number[], place: readonly number[]): number =>
  place.reduce((index, at, d) => index * shape[d] + at, 0);

/** Every path, breadth first, as `models.py` takes it. */
export function flattened(root: ModelGroup): Record<string, object> {
  const entries: Record<string, object> = { "/": entryOf(root) };
  const paths = new Map<ModelObject, string>([[root, "/"]]);
  for (const [object, path] of paths) {
    if (object.kind !== "group") continue;
    for (const [name, link] of object.links) {
      const below = path === "/" ? `/${name}` : `${path}/${name}`;
      if ("soft" in link) entries[below] = { kind: "soft", to: link.soft };
      else if (paths.has(link.to)) entries[below] = { kind: "alias", to: paths.get(link.to) };
      else {
        paths.set(link.to, below);
        entries[below] = entryOf(link.to);
      }
    }
  }
  return entries;
}

function entryOf(object: ModelObject): object {
  const attrs = Object.fromEntries(object.attrs);
  if (object.kind === "group") return { kind: "group", attrs };
  const { dtype, shape, maxShape: maxshape, data } = object;
  return { kind: "dataset", dtype, shape, maxshape, data, attrs };
}

/** All groups, and all datasets, that links reach; each with one of its paths. */
export function reached(root: ModelGroup): { groups: [string, ModelGroup][]; datasets: [string, ModelDataset][] } {
  const groups: [string, ModelGroup][] = [["/", root]];
  const datasets: [string, ModelDataset][] = [];
  const seen = new Set<ModelObject>([root]);
  for (const [path, group] of groups) {
    for (const [name, link] of group.links) {
      if ("soft" in link || seen.has(link.to)) continue;
      seen.add(link.to);
      const below = path === "/" ? `/${name}` : `${path}/${name}`;
      if (link.to.kind === "group") groups.push([below, link.to]);
      else datasets.push([below, link.to]);
    }
  }
  return { groups, datasets };
}
