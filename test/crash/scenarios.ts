/** What is done to a file while the power may go: each begins with a file, and makes some commits. */
import { type H5File, slice } from "h5ts";
import * as h5wasm from "h5wasm/node";
import { ownFile } from "../support/own-file.ts";

export type File = H5File<"sync">;

export interface Scenario {
  /** Makes the file that it begins with. Absent: there is none. */
  readonly begin?: (file: File) => void;
  /** Bytes of the file that it begins with, where another library makes it. */
  readonly foreign?: () => Uint8Array;
  /** The changes up to each commit. */
  readonly changes: readonly ((file: File) => void)[];
}

const numbers = (from: number, length: number): Int32Array<ArrayBuffer> =>
  Int32Array.from({ length }, (_, i) => from + i);
const texts = (from: number, length: number): string[] =>
  Array.from({ length }, (_, i) => `text ${from + i} ${"z".repeat((from * 7 + i) % 19)}`);
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

const creation: Scenario = {
  changes: [
    (file) => {
      file.createDataset("images/raw", { data: numbers(0, 600), shape: [20, 30], chunks: [8, 8], compression: "gzip" });
      file.attrs.set("title", "made");
    },
    (file) => {
      file.createDataset("labels", { data: texts(0, 12) });
      file.createGroup("a/b/c").attrs.set("depth", 3);
      file.createDataset("plain", { data: numbers(5, 300) });
    },
  ],
};

const append: Scenario = {
  begin(file) {
    const growing = { shape: [0], maxShape: [null], chunks: [50] };
    file.createDataset("rows", { ...growing, dtype: "i4", compression: "gzip" });
    file.createDataset("lines", { ...growing, dtype: "string" });
  },
  changes: [0, 1, 2].map((k) => (file: File) => {
    file.dataset("rows", "i4").append(numbers(70 * k, 70));
    file.dataset("lines", "string").append(texts(k, 9));
  }),
};

const denseGrowth: Scenario = {
  begin(file) {
    const group = file.createGroup("group");
    for (const i of range(0, 7)) group.createGroup(`member ${i}`);
    for (const i of range(0, 7)) group.attrs.set(`attribute ${i}`, i);
  },
  changes: [
    (file) => {
      const group = file.group("group");
      for (const i of range(7, 20)) group.createGroup(`member ${i}`);
      for (const i of range(7, 20)) group.attrs.set(`attribute ${i}`, i);
    },
    (file) => {
      for (const i of range(20, 90)) file.group("group").createSoftLink(`member ${i}`, "/group/member 0");
    },
  ],
};

const deletion: Scenario = {
  begin(file) {
    for (const i of range(0, 12)) {
      const data = file.createDataset(`group ${i % 3}/data ${i}`, { data: numbers(i, 200), chunks: [64] });
      data.attrs.set("text", texts(i, 3));
    }
  },
  changes: [
    (file) => {
      for (const i of [0, 4, 8, 11]) file.delete(`group ${i % 3}/data ${i}`);
    },
    (file) => {
      file.delete("group 1");
      file.createDataset("in the space of others", { data: numbers(1000, 400) });
    },
  ],
};

const resize: Scenario = {
  begin(file) {
    const open = { maxShape: [null, null], chunks: [5, 7], fillValue: -1 };
    file.createDataset("grid", { data: numbers(0, 400), shape: [20, 20], ...open });
    file.createDataset("squeezed", { data: numbers(0, 400), shape: [20, 20], ...open, compression: "gzip" });
  },
  changes: [
    [7, 11],
    [25, 9],
    [3, 30],
  ].map((shape) => (file: File) => {
    for (const name of ["grid", "squeezed"]) file.dataset(name).resize(shape);
  }),
};

const attributeChurn: Scenario = {
  begin(file) {
    const { attrs } = file.createGroup("group");
    for (const i of range(0, 5)) attrs.set(`a${i}`, i);
  },
  changes: [
    (file) => {
      const { attrs } = file.group("group");
      attrs.modify("a1", 100);
      attrs.set("a2", "longer than it was, so that it must move to another place");
      attrs.delete("a3");
      attrs.set("list", numbers(0, 60));
    },
    (file) => {
      const { attrs } = file.group("group");
      attrs.delete("list");
      for (const i of range(0, 12)) attrs.set(`text ${i}`, texts(i, 2));
    },
    (file) => {
      const { attrs } = file.group("group");
      for (const i of range(2, 12)) attrs.delete(`text ${i}`);
      attrs.set("a2", 2);
    },
  ],
};

const overwriteInPlace: Scenario = {
  begin(file) {
    file.createDataset("contiguous", { data: numbers(0, 2000) });
    file.createDataset("chunked", { data: numbers(0, 2000), chunks: [300], compression: "gzip" });
    file.createDataset("implicit", { data: numbers(0, 2000), chunks: [250], allocTime: "early" });
    file.createDataset("scalar", { data: 1.5 });
  },
  changes: [1, 2].map((k) => (file: File) => {
    file.dataset("contiguous", "i4").write(numbers(5000 * k, 900), [slice(100 * k, 100 * k + 900)]);
    file.dataset("chunked", "i4").write(numbers(7000 * k, 700), [slice(500, 1200)]);
    file.dataset("implicit", "i4").write(numbers(9000 * k, 600), [slice(700, 1300)]);
    file.dataset("scalar", "f8").write(k / 4);
  }),
};

const textOverwrite: Scenario = {
  begin(file) {
    file.createDataset("contiguous", { data: texts(0, 60) });
    file.createDataset("chunked", { data: texts(0, 60), chunks: [16] });
  },
  changes: [1, 2].map((k) => (file: File) => {
    file.dataset("contiguous", "string").write(texts(11 * k, 30), [slice(10, 40)]);
    file.dataset("chunked", "string").write(texts(13 * k, 30), [slice(20, 50)]);
  }),
};

const foreignEdit: Scenario = {
  foreign() {
    const path = ownFile("foreign.h5");
    const made = new h5wasm.File(path, "w", { libver: ["earliest", "latest"] });
    made.create_attribute("title", "of another");
    const group = made.create_group("group");
    for (const i of range(0, 9)) group.create_dataset({ name: `x${i}`, data: numbers(i, 40) });
    made.create_dataset({ name: "big", data: numbers(0, 900), shape: [30, 30], chunks: [10, 10], compression: 3 });
    made.close();
    const { FS } = h5wasm.Module as unknown as { FS: { readFile(path: string): Uint8Array } };
    return FS.readFile(path).slice();
  },
  changes: [
    (file) => {
      file.attrs.set("title", "edited");
      file.dataset("big", "i4").write(numbers(4000, 30), [11, null]);
    },
    (file) => {
      file.delete("group/x3");
      for (const i of range(9, 20)) file.createDataset(`group/x${i}`, { data: numbers(i, 20) });
      file.move("group/x0", "moved");
    },
  ],
};

/** Datasets are written anew in other chunks and with other filters, and take the place of the old ones. */
const repack: Scenario = {
  begin(file) {
    for (const i of range(0, 3)) {
      const data = file.createDataset(`data ${i}`, { data: numbers(i, 900), shape: [30, 30], chunks: [4, 4] });
      data.attrs.set("number", i);
    }
  },
  changes: range(0, 3).map((i) => (file: File) => {
    const old = file.dataset(`data ${i}`, "i4");
    const made = file.createDataset("new", {
      data: old.read().data,
      shape: old.shape,
      chunks: [15, 15],
      compression: "gzip",
      shuffle: true,
    });
    for (const [name, value] of old.attrs.entries()) made.attrs.set(name, value);
    file.delete(`data ${i}`);
    file.move("new", `data ${i}`);
    file.attrs.set("repacked", i + 1);
  }),
};

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  creation,
  append,
  "dense growth": denseGrowth,
  deletion,
  resize,
  "attribute churn": attributeChurn,
  "overwriting in place": overwriteInPlace,
  "overwriting text": textOverwrite,
  "editing of a foreign file": foreignEdit,
  "repacking in place": repack,
};
