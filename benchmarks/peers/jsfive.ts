/** jsfive: a reader in JavaScript. It takes the file as an ArrayBuffer, whose reading is not measured, and reads datasets only as a whole. */
import { readFileSync } from "node:fs";
import { FAILING, WHOLE } from "../workloads.ts";
import { sample } from "./places.ts";
import { type Body, type Context, type Preparation, refusing, runPeer } from "./serve.ts";

/** The part of its interface that is used. */
interface Five {
  readonly File: new (bytes: ArrayBuffer, name: string) => FiveGroup;
}
interface FiveObject {
  readonly attrs: Readonly<Record<string, unknown>>;
}
interface FiveGroup extends FiveObject {
  readonly keys: readonly string[];
  get(path: string): FiveGroup & FiveDataset;
}
interface FiveDataset extends FiveObject {
  readonly shape: readonly number[];
  readonly value: ArrayLike<unknown> | undefined;
}

function bytesOf(path: string): ArrayBuffer {
  const read = readFileSync(path);
  return read.buffer.slice(read.byteOffset, read.byteOffset + read.length) as ArrayBuffer;
}

const over =
  (five: Five, name: string, use: (file: FiveGroup, context: Context) => number): Preparation =>
  (context): Body => {
    const bytes = bytesOf(context.file(name));
    return () => use(new five.File(bytes, `${name}.h5`), context);
  };

function elementsOf(dataset: FiveDataset): ArrayLike<unknown> {
  const { value } = dataset;
  if (value === undefined || !value.length) throw new Error("no value");
  return value;
}

function whole(file: FiveGroup, context: Context): number {
  const value = elementsOf(file.get("data"));
  context.note(sample(value));
  return value.length;
}

const attributes = ({ attrs }: FiveObject): number =>
  Number(attrs.index) + Number(attrs.scale) + String(attrs.units).length;

const opened =
  (withData: boolean) =>
  (file: FiveGroup, { note }: Context): number => {
    const group = file.get("g");
    let sum = 0;
    for (const name of group.keys) {
      const dataset = group.get(name);
      sum += dataset.shape[0] + attributes(dataset);
      if (withData) sum += Number(elementsOf(dataset)[0]);
    }
    note([sum]);
    return sum;
  };

function walk(file: FiveGroup, { note }: Context): number {
  let sum = 0;
  for (const outer of file.keys) {
    const group = file.get(outer);
    for (const name of group.keys) sum += attributes(group.get(name));
  }
  note([sum]);
  return sum;
}

function texts(file: FiveGroup, { note }: Context): number {
  const value = elementsOf(file.get("data")) as ArrayLike<string>;
  note(sample(value));
  return Array.from(value).reduce((sum, text) => sum + text.length, 0);
}

runPeer("jsfive", async () => {
  const name: string = "jsfive";
  const five = (await import(name)) as Five;
  const all: Record<string, Preparation> = {};
  for (const file of WHOLE) all[file] = over(five, file, whole);
  const read = (path: string): unknown => elementsOf(new five.File(bytesOf(path), path).get("data"));
  for (const file of FAILING) all[file] = refusing(file, read);
  return {
    ...all,
    W7e_open: over(five, "W7e_small", opened(false)),
    W7l_open: over(five, "W7l_small", opened(false)),
    W7e_data: over(five, "W7e_small", opened(true)),
    W7l_data: over(five, "W7l_small", opened(true)),
    W7g_walk: over(five, "W7g_groups", walk),
    W9_vlen_str: over(five, "W9_vlen", texts),
    W14_pandas: over(five, "W14_pandas", (file) => elementsOf(file.get("df/table")).length),
  };
});
