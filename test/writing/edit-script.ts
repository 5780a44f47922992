/** Random scripts of changes, made to a file and to a model of it alike. */
import { type DTypeLike, dtype, type H5File, type Slice, slice } from "../../packages/h5ts/src/index.ts";
import {
  ModelDataset,
  ModelGroup,
  type ModelLink,
  type ModelObject,
  type ModelValue,
  product,
  reached,
  type Value,
} from "./model.ts";
import type { Random } from "./random.ts";

type Operation = keyof typeof WEIGHTS;

/** How often each kind of change is made. */
const WEIGHTS = {
  createGroup: 6,
  createDataset: 12,
  write: 18,
  append: 12,
  resize: 10,
  setAttribute: 16,
  deleteAttribute: 5,
  delete: 8,
  move: 4,
  hardLink: 3,
  softLink: 2,
};

interface Kind {
  readonly dtype: string;
  /** As options of `createDataset`, beside shape. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly shape: (random: Random) => number[];
  readonly maxShape?: (shape: readonly number[]) => (number | null)[];
  readonly fill?: Value;
}

const line = (most: number) => (random: Random) => [random.int(1, most)];
const table = (random: Random): number[] => [random.int(1, 9), random.int(1, 9)];
const largeTable = (random: Random): number[] => [random.int(3, 9), random.int(2, 9)];
const growing = (): null[] => [null];

const KINDS: readonly Kind[] = [
  { dtype: "<f8", options: {}, shape: table },
  { dtype: "<i4", options: { layout: "compact" }, shape: line(20) },
  { dtype: "<i2", options: {}, shape: () => [] },
  { dtype: "<i8", options: { chunks: [3, 2], compression: "gzip", shuffle: true }, shape: largeTable, fill: 7 },
  { dtype: "<i4", options: { chunks: [4] }, shape: line(30), maxShape: growing, fill: -1 },
  {
    dtype: "<f4",
    options: { chunks: [2, 3], compression: "gzip", fletcher32: true },
    shape: table,
    maxShape: () => [null, null],
  },
  { dtype: "<u2", options: { chunks: [2, 2] }, shape: table, maxShape: ([, n]) => [null, n + 5] },
  { dtype: "|u1", options: { chunks: [5, 5] }, shape: table, maxShape: ([m, n]) => [m + 4, n + 4] },
  { dtype: "str", options: { chunks: [3] }, shape: line(8), maxShape: growing, fill: "" },
  { dtype: "str", options: {}, shape: line(5), fill: "" },
  { dtype: "vlen", options: { chunks: [2], compression: "gzip" }, shape: line(6), maxShape: growing, fill: [] },
  { dtype: "S6", options: { chunks: [4] }, shape: line(9), maxShape: growing, fill: "" },
  { dtype: "bool", options: {}, shape: table, fill: false },
];

/** One script: applies changes to a file and its model. */
export class EditScript {
  readonly root: ModelGroup;
  private readonly file: H5File<"sync">;
  private readonly random: Random;
  private names = 0;

  constructor(file: H5File<"sync">, root: ModelGroup, random: Random) {
    this.file = file;
    this.root = root;
    this.random = random;
  }

  /** Makes one change; what it did, in words. */
  step(): string {
    for (;;) {
      const operation: Operation = this.random.weighted(WEIGHTS);
      const done = this[operation]();
      if (done !== undefined) return `${operation} ${done}`;
    }
  }

  private group(): [string, ModelGroup] {
    return this.random.pick(reached(this.root).groups);
  }

  private dataset(fits: (dataset: ModelDataset) => boolean): [string, ModelDataset] | undefined {
    const some = reached(this.root).datasets.filter(([, dataset]) => fits(dataset));
    return some.length === 0 ? undefined : this.random.pick(some);
  }

  private object(): [string, ModelObject] {
    const { groups, datasets } = reached(this.root);
    return this.random.pick<[string, ModelObject]>([...groups, ...datasets]);
  }

  private newName(): string {
    return `${this.random.pick(["a", "node", "name of some length ", "é"])}${this.names++}`;
  }

  private createGroup(): string {
    const [path, group] = this.group();
    const name = this.newName();
    this.file.group(path).createGroup(name);
    group.links.set(name, { to: new ModelGroup() });
    return join(path, name);
  }

  private createDataset(): string {
    const [path, group] = this.group();
    const name = this.newName();
    const kind = this.random.pick(KINDS);
    const shape = kind.shape(this.random);
    const maxShape = kind.maxShape?.(shape);
    const model = new ModelDataset(kind.dtype, shape, maxShape ?? shape, kind.fill ?? 0);
    const filled = this.random.next() < 0.6;
    const values = filled ? this.values(kind.dtype, product(shape)) : undefined;
    this.file.group(path).createDataset(name, {
      ...kind.options,
      shape,
      dtype: dtypeOf(kind.dtype),
      ...(maxShape && { maxShape }),
      ...(kind.fill !== undefined && kind.fill !== "" && typeof kind.fill === "number" && { fillValue: kind.fill }),
      ...(values && { data: shapedData(kind.dtype, values, shape) }),
    });
    if (values) model.data = [...values];
    group.links.set(name, { to: model });
    return `${join(path, name)} ${kind.dtype} ${JSON.stringify(shape)}`;
  }

  private write(): string | undefined {
    const found = this.dataset(({ data }) => data.length > 0);
    if (found === undefined) return undefined;
    const [path, model] = found;
    const start = model.shape.map((n) => this.random.int(0, n - 1));
    const count = model.shape.map((n, d) => this.random.int(1, n - start[d]));
    const values = this.values(model.dtype, product(count));
    const selection: Slice[] = start.map((at, d) => slice(at, at + count[d]));
    this.file.dataset(path).write(shapedData(model.dtype, values, count), selection);
    model.write(start, count, values);
    return `${path} ${JSON.stringify([start, count])}`;
  }

  private append(): string | undefined {
    const found = this.dataset(({ maxShape }) => maxShape[0] === null);
    if (found === undefined) return undefined;
    const [path, model] = found;
    const count = [this.random.int(1, 6), ...model.shape.slice(1)];
    if (product(count) === 0) return undefined;
    const values = this.values(model.dtype, product(count));
    this.file.dataset(path).append(shapedData(model.dtype, values, count));
    const start = [model.shape[0], ...model.shape.slice(1).map(() => 0)];
    model.resize([model.shape[0] + count[0], ...model.shape.slice(1)]);
    model.write(start, count, values);
    return `${path} ${JSON.stringify(count)}`;
  }

  private resize(): string | undefined {
    const found = this.dataset(({ maxShape, shape }) => maxShape.some((most, d) => most !== shape[d]));
    if (found === undefined) return undefined;
    const [path, model] = found;
    const least = this.random.next() < 0.1 ? 0 : 1;
    const shape = model.shape.map((n, d) => {
      const most = model.maxShape[d];
      return this.random.int(least, Math.min(most ?? Infinity, n + 6));
    });
    this.file.dataset(path).resize(shape);
    model.resize(shape);
    return `${path} ${JSON.stringify(shape)}`;
  }

  private setAttribute(): string {
    const [path, model] = this.object();
    const taken = [...model.attrs.keys()];
    const name = taken.length > 0 && this.random.next() < 0.4 ? this.random.pick(taken) : this.newName();
    const type = this.random.pick(["<i8", "<f4", "str", "|u1", "<f8"]);
    const shape = this.random.pick<number[]>([[], [], [3], [2, 2], [this.random.int(1, 40)]]);
    const data = this.values(type, product(shape));
    const value: ModelValue = { dtype: type, shape, data };
    const object = this.file.get(path)!;
    object.attrs.create(name, shapedData(type, data, shape), { dtype: dtypeOf(type) });
    model.attrs.set(name, value);
    return `${path}@${name} ${type} ${JSON.stringify(shape)}`;
  }

  private deleteAttribute(): string | undefined {
    const [path, model] = this.object();
    if (model.attrs.size === 0) return undefined;
    const name = this.random.pick([...model.attrs.keys()]);
    this.file.get(path)!.attrs.delete(name);
    model.attrs.delete(name);
    return `${path}@${name}`;
  }

  private link(): { path: string; group: ModelGroup; name: string; link: ModelLink } | undefined {
    const [path, group] = this.group();
    if (group.links.size === 0) return undefined;
    const name = this.random.pick([...group.links.keys()]);
    return { path, group, name, link: group.links.get(name)! };
  }

  private delete(): string | undefined {
    const found = this.link();
    if (found === undefined) return undefined;
    const { path, group, name } = found;
    this.file.group(path).delete(name);
    group.links.delete(name);
    return join(path, name);
  }

  private move(): string | undefined {
    const found = this.link();
    if (found === undefined) return undefined;
    const { path, group, name, link } = found;
    const from = join(path, name);
    const targets = reached(this.root).groups.filter(([to]) => to !== from && !to.startsWith(`${from}/`));
    const [to, target] = this.random.pick(targets);
    const newName = this.newName();
    this.file.move(from, join(to, newName));
    group.links.delete(name);
    target.links.set(newName, link);
    return `${from} to ${join(to, newName)}`;
  }

  private hardLink(): string | undefined {
    const found = this.dataset(() => true);
    if (found === undefined) return undefined;
    const [path, group] = this.group();
    const name = this.newName();
    this.file.group(path).createHardLink(name, this.file.dataset(found[0]));
    group.links.set(name, { to: found[1] });
    return `${join(path, name)} to ${found[0]}`;
  }

  private softLink(): string {
    const [path, group] = this.group();
    const name = this.newName();
    const soft = this.random.pick(["/", "/nowhere", "beside", "/a very long path/that/leads/to/nothing/at/all"]);
    this.file.group(path).createSoftLink(name, soft);
    group.links.set(name, { soft });
    return `${join(path, name)} to ${soft}`;
  }

  private values(dtype: string, count: number): Value[] {
    return Array.from({ length: count }, () => this.value(dtype));
  }

  private value(dtype: string): Value {
    const { random } = this;
    switch (dtype) {
      case "str":
        return random.pick(["", "ä", "word", "some longer text, of which there is more", `n${random.int(0, 999)}`]);
      case "S6":
        return random.pick(["", "a", "sixsix", "abc"]);
      case "vlen":
        return Array.from({ length: random.int(0, 5) }, () => random.int(-99, 99));
      case "bool":
        return random.next() < 0.5;
      default:
        return dtype.includes("u") ? random.int(0, 200) : random.int(-400, 400) / (dtype.includes("f") ? 4 : 1);
    }
  }
}

const join = (path: string, name: string): string => (path === "/" ? `/${name}` : `${path}/${name}`);

/** A datatype of the model in the words of h5ts. */
function dtypeOf(name: string): DTypeLike {
  if (name === "str") return "string";
  return name === "vlen" ? dtype.vlen("<i4") : (name as DTypeLike);
}

/** Values as `write` takes them. */
function shapedData(dtype: string, values: readonly Value[], shape: readonly number[]): unknown {
  if (shape.length === 0) return values[0];
  return { data: arrayOf(dtype, values), shape };
}

type Numbers = { from(values: readonly number[]): ArrayBufferView };

const ARRAYS: Readonly<Record<string, Numbers>> = {
  "<f8": Float64Array,
  "<f4": Float32Array,
  "<i4": Int32Array,
  "<i2": Int16Array,
  "<u2": Uint16Array,
  "<u1": Uint8Array,
  "|u1": Uint8Array,
  "<i8": { from: (values) => BigInt64Array.from(values, BigInt) },
};

/** Numbers as typed arrays, all else as lists. */
const arrayOf = (dtype: string, values: readonly Value[]): unknown =>
  ARRAYS[dtype] === undefined ? [...values] : ARRAYS[dtype].from(values as readonly number[]);
