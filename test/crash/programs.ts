/**
 * Programs whose file has a state after each commit that follows from its number alone: what they do to get from one to the next, and what a reader must
 * find then.
 */
import type { H5File } from "h5ts";

/** A file as a reader sees it, whichever library reads. */
export interface View {
  attribute(path: string, name: string): unknown;
  /** All elements of a dataset: numbers or text. */
  data(path: string): ArrayLike<number> | readonly string[];
  keys(path: string): readonly string[];
}

export interface Program {
  /** Makes state 0 in a new file. */
  begin(file: H5File<"async">): Promise<void>;
  /** From state `s - 1` to state `s`. */
  step(file: H5File<"async">, s: number): Promise<void>;
  /** Throws where something is not as it must be in state `s`. */
  check(view: View, s: number): void;
}

const STATE = "state";

/** The number of the state that a file is in. */
export function stateOf(view: View): number {
  const state = Number(view.attribute("/", STATE));
  if (!Number.isSafeInteger(state)) throw new Error(`has the state ${state}`);
  return state;
}

function equal(found: ArrayLike<unknown>, expected: ArrayLike<unknown>, what: string): void {
  if (found.length !== expected.length) throw new Error(`${what} has ${found.length} elements, not ${expected.length}`);
  for (let i = 0; i < expected.length; i++) {
    if (found[i] !== expected[i]) throw new Error(`${what}[${i}] is ${String(found[i])}, not ${String(expected[i])}`);
  }
}

const ROWS = 37;
const rowValues = (from: number, to: number): Int32Array<ArrayBuffer> =>
  Int32Array.from({ length: to - from }, (_, i) => (from + i) * 7 + 3);

/** Rows are appended, to chunks that are filled bit by bit, and lines of text. */
const appending: Program = {
  async begin(file) {
    const rows = { shape: [0], maxShape: [null], chunks: [100] };
    await file.createDataset("rows", { ...rows, dtype: "i4", compression: "gzip", shuffle: true });
    await file.createDataset("plain", { ...rows, dtype: "i4" });
    await file.createDataset("log", { ...rows, chunks: [16], dtype: "string" });
    await file.attrs.set(STATE, 0);
  },
  async step(file, s) {
    const values = rowValues((s - 1) * ROWS, s * ROWS);
    await (await file.dataset("rows", "i4")).append(values);
    await (await file.dataset("plain", "i4")).append(values);
    await (await file.dataset("log", "string")).append([`state ${s}`]);
    await file.attrs.modify(STATE, s);
  },
  check(view, s) {
    const values = rowValues(0, s * ROWS);
    equal(view.data("rows"), values, "rows");
    equal(view.data("plain"), values, "plain");
    equal(
      view.data("log"),
      Array.from({ length: s }, (_, i) => `state ${i + 1}`),
      "log",
    );
  },
};

/** Objects that are there at a time. */
const ALIVE = 40;
const name = (i: number): string => `object ${String(i).padStart(6, "0")}`;
/** What object `i` holds. */
const small = (i: number): Float64Array<ArrayBuffer> => Float64Array.of(i, i / 2, -i, 1 / (i + 1), 0.1);

/** Many small objects with attributes come, and the oldest go. */
const churning: Program = {
  async begin(file) {
    await file.createGroup("objects");
    await file.attrs.set(STATE, 0);
  },
  async step(file, s) {
    const objects = await file.group("objects");
    for (let i = 3 * s; i < 3 * s + 3; i++) {
      const made = await objects.createGroup(name(i));
      await made.attrs.set("number", i);
      await made.attrs.set("label", `the object ${"x".repeat(i % 50)}`);
      const data = await made.createDataset("values", { data: small(i) });
      await data.attrs.set("scale", Float32Array.of(i, 2));
      if (i - ALIVE >= 3) await objects.delete(name(i - ALIVE));
    }
    await file.attrs.modify(STATE, s);
  },
  check(view, s) {
    const last = 3 * s + 2;
    const first = Math.max(3, last - ALIVE + 1);
    const present = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
    equal(view.keys("/objects"), s === 0 ? [] : present.map(name), "the names of objects");
    if (s === 0) return;
    for (const i of present) {
      const path = `/objects/${name(i)}`;
      equal([view.attribute(path, "number")], [i], `${path}, number`);
      equal([view.attribute(path, "label")], [`the object ${"x".repeat(i % 50)}`], `${path}, label`);
      equal(view.data(`${path}/values`), small(i), `${path}/values`);
      equal(view.attribute(`${path}/values`, "scale") as Float32Array, Float32Array.of(i, 2), `${path}/values, scale`);
    }
  },
};

const LENGTH = 60_000;
const whole = (s: number): Int32Array<ArrayBuffer> =>
  Int32Array.from({ length: LENGTH }, (_, i) => s * 1000 + (i % 997));
const labels = (s: number): string[] => Array.from({ length: 20 }, (_, i) => `${s}:${i}${"y".repeat((s + i) % 23)}`);

/** The same elements are overwritten again and again: contiguous, chunked, compact, of variable length, in attributes. */
const overwriting: Program = {
  async begin(file) {
    await file.createDataset("contiguous", { data: whole(0) });
    await file.createDataset("chunked", { data: whole(0), chunks: [9000], compression: "gzip", compressionOpts: 1 });
    await file.createDataset("labels", { data: labels(0) });
    await file.attrs.set(STATE, 0);
  },
  async step(file, s) {
    const values = whole(s);
    await (await file.dataset("contiguous", "i4")).write(values);
    await (await file.dataset("chunked", "i4")).write(values);
    await (await file.dataset("labels", "string")).write(labels(s));
    await file.attrs.modify(STATE, s);
  },
  check(view, s) {
    equal(view.data("contiguous"), whole(s), "contiguous");
    equal(view.data("chunked"), whole(s), "chunked");
    equal(view.data("labels"), labels(s), "labels");
  },
};

export const PROGRAMS: Readonly<Record<string, Program>> = { appending, churning, overwriting };
