/** Virtual datasets made by h5ts, read by libhdf5 (h5wasm) and by h5ts. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import {
  type H5File,
  open,
  openSync,
  type SelectionInput,
  slice,
  VirtualLayout,
  type VirtualMapping,
  VirtualSource,
} from "h5ts";
import h5wasm from "h5wasm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const { FS } = await h5wasm.ready;
const endless = slice({ count: Number.POSITIVE_INFINITY });

let folder: string;
const path = (name: string): string => join(folder, name);
const numbers = (count: number, first = 0): Int32Array => Int32Array.from({ length: count }, (_, i) => first + i);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "h5ts-views-"));
  for (let k = 0; k < 3; k++) {
    const file = openSync(path(`part${k}.h5`), "w");
    file.createDataset("data", { data: numbers(6, 100 * k), shape: [2, 3], maxShape: [null, 3], chunks: [1, 3] });
    file.createDataset("row", { data: numbers(4, 100 * k + 50) });
    file.close();
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What libhdf5 reads, with the other files beside it. */
function byLibhdf5(file: string, name = "v"): { shape: number[] | null; values: unknown } {
  const names = [file, "part0.h5", "part1.h5", "part2.h5"];
  for (const one of names) FS.writeFile(one, readFileSync(path(one)));
  const opened = new h5wasm.File(file, "r");
  try {
    const dataset = opened.get(name) as InstanceType<typeof h5wasm.Dataset>;
    return { shape: dataset.shape, values: dataset.to_array() };
  } finally {
    opened.close();
    for (const one of names) FS.unlink(one);
  }
}

/** Makes `v` in a new file; what h5ts reads of it, at once and opened anew, in both modes. */
async function made(
  file: string,
  make: (file: H5File<"sync">) => VirtualLayout,
  fillValue?: number,
): Promise<{ shape: number[]; values: unknown; sources: VirtualMapping[] }> {
  const writing = openSync(path(file), "w");
  const layout = make(writing);
  const created = writing.createVirtualDataset("v", layout, { fillValue });
  const values = created.read().toNested();
  writing.close();
  const reading = openSync(path(file));
  const dataset = reading.dataset("v");
  const found = { shape: [...dataset.shape], values: dataset.read().toNested(), sources: dataset.virtualSources() };
  reading.close();
  expect(found.values).toEqual(values);
  const later = await open(path(file));
  expect((await (await later.dataset("v")).read()).toNested()).toEqual(values);
  await later.close();
  return found;
}

const row = (k: number): VirtualSource => new VirtualSource(`part${k}.h5`, "row", { shape: [4] });
const data = (k: number): VirtualSource =>
  new VirtualSource(`part${k}.h5`, "data", { shape: [2, 3], maxShape: [null, 3] });
const pattern = new VirtualSource("part%b.h5", "row", { shape: [4] });

const CASES: [
  what: string,
  make: (file: H5File<"sync">) => VirtualLayout,
  fill: number | undefined,
  expected: unknown,
][] = [
  [
    "stacked",
    () => {
      const layout = new VirtualLayout({ shape: [3, 4], dtype: "i4" });
      for (let k = 0; k < 3; k++) layout.set([k], row(k));
      return layout;
    },
    undefined,
    [0, 1, 2].map((k) => [50, 51, 52, 53].map((n) => n + 100 * k)),
  ],
  [
    "one after the other, of two axes",
    () => new VirtualLayout({ shape: [4, 3], dtype: "f8" }).set([slice(0, 2)], data(0)).set([slice(2, 4)], data(1)),
    undefined,
    [
      [0, 1, 2],
      [3, 4, 5],
      [100, 101, 102],
      [103, 104, 105],
    ],
  ],
  [
    "in turn, with what is not there",
    () =>
      new VirtualLayout({ shape: [9], dtype: "i2" })
        .set([slice(0, 8, 2)], row(0))
        .set([slice(1, 8, 2)], new VirtualSource("none.h5", "row", { shape: [4] })),
    -1,
    [50, -1, 51, -1, 52, -1, 53, -1, -1],
  ],
  [
    "parts, by lists and masks",
    () =>
      new VirtualLayout({ shape: [5], dtype: "i4" })
        .set([[0, 1, 4]], row(1).select([[true, false, true, true]]))
        .set([slice(2, 4)], data(2).select([1, slice(1, 3)])),
    undefined,
    [150, 152, 204, 205, 153],
  ],
  [
    "one over the other",
    () => new VirtualLayout({ shape: [6], dtype: "i4" }).set([slice(0, 4)], row(0)).set([slice(2, 6)], row(1)),
    undefined,
    [50, 51, 150, 151, 152, 153],
  ],
  [
    "of its own file",
    (file) => {
      const own = file.createDataset("own", { data: numbers(4) });
      return new VirtualLayout({ shape: [2, 2], dtype: "f8" }).set(undefined, new VirtualSource(own));
    },
    undefined,
    [
      [0, 1],
      [2, 3],
    ],
  ],
  [
    "growing",
    () =>
      new VirtualLayout({ shape: [0, 3], dtype: "i4", maxShape: [null, 3] }).set([endless], data(1).select([endless])),
    undefined,
    [
      [100, 101, 102],
      [103, 104, 105],
    ],
  ],
  [
    "a source for each row",
    () => new VirtualLayout({ shape: [0, 4], dtype: "i4", maxShape: [null, 4] }).set([endless, "..."], pattern),
    undefined,
    [0, 1, 2].map((k) => [50, 51, 52, 53].map((n) => n + 100 * k)),
  ],
  [
    "blocks with gaps",
    () =>
      new VirtualLayout({ shape: [0], dtype: "i4", maxShape: [null] }).set(
        [slice({ start: 1, stride: 5, block: 4, count: Number.POSITIVE_INFINITY })],
        pattern,
      ),
    -9,
    [-9, 50, 51, 52, 53, -9, 150, 151, 152, 153, -9, 250, 251, 252, 253],
  ],
  ["nothing", () => new VirtualLayout({ shape: [2], dtype: "i4" }), 7, [7, 7]],
  [
    "a scalar",
    (file) => {
      const one = file.createDataset("one", { data: 5, dtype: "i4" });
      return new VirtualLayout({ shape: [], dtype: "f4" }).set([], new VirtualSource(one));
    },
    undefined,
    5,
  ],
];

describe("a view", () => {
  it.each(CASES)("%s", async (what, make, fill, expected) => {
    const file = `${what.replaceAll(/\W+/g, "_")}.h5`;
    const found = await made(file, make, fill);
    expect(found.values).toEqual(expected);
    if (found.shape.length > 0) expect(byLibhdf5(file)).toEqual({ shape: found.shape, values: expected });
  });

  it("tells its sources, as they are stored", async () => {
    const { sources } = await made("sources.h5", (file) =>
      new VirtualLayout({ shape: [2, 4], dtype: "i4" })
        .set([0], new VirtualSource("100%.h5", "a/b", { shape: [4] }))
        .set([1], new VirtualSource(file.createDataset("own", { data: numbers(4) }))),
    );
    expect(sources.map(({ file, dataset }) => [file, dataset])).toEqual([
      ["100%%.h5", "a/b"],
      [".", "/own"],
    ]);
  });

  it("names the file of a dataset from its own folder", async () => {
    const other = openSync(path("part0.h5"));
    const { sources, values } = await made("named.h5", () =>
      new VirtualLayout({ shape: [4], dtype: "i4" }).set([], new VirtualSource(other.dataset("row"))),
    );
    other.close();
    expect(sources[0].file).toBe(basename(path("part0.h5")));
    expect(values).toEqual([50, 51, 52, 53]);
  });

  it("sees what its sources become, once it looks again", () => {
    const source = openSync(path("grows.h5"), "w");
    source.createDataset("row", { data: numbers(3), maxShape: [null], chunks: [2] });
    source.close();
    copyFileSync(path("grows.h5"), path("grown.h5"));
    const grown = openSync(path("grown.h5"), "r+");
    grown.dataset("row").append(numbers(2, 3));
    grown.close();
    const file = openSync(path("growing_later.h5"), "w");
    const all = new VirtualSource("grows.h5", "row", { shape: [3] }).select([endless]);
    file.createVirtualDataset(
      "v",
      new VirtualLayout({ shape: [0], dtype: "i4", maxShape: [null] }).set([endless], all),
    );
    file.close();
    const reading = openSync(path("growing_later.h5"));
    const view = reading.dataset("v", "i4");
    expect(view.read().data).toEqual(numbers(3));
    // As if another program had written it.
    copyFileSync(path("grown.h5"), path("grows.h5"));
    view.refresh();
    expect(view.shape).toEqual([5]);
    expect(view.read().data).toEqual(numbers(5));
    reading.close();
  });

  const layout = (): VirtualLayout => new VirtualLayout({ shape: [4, 4], dtype: "i4", maxShape: [null, 4] });
  const REFUSED: [what: string, selection: SelectionInput, source: VirtualSource, message: RegExp][] = [
    [
      "more elements than the source",
      [slice(0, 2)],
      row(0),
      /selects 8 elements of the view, and of the source.*found 4/,
    ],
    ["a selection that does not fit", [9], row(0), /axis 0/],
    ["lists that do not ascend", [0, [3, 0, 1, 2]], row(0), /do not ascend/],
    ["an endless view of one source", [endless, 0], row(0), /needs a source without end, or one for each block/],
    ["an endless source of a view that ends", [0], row(0).select([endless]), /needs a view without end/],
    ["slices of different size", [endless], row(0).select([endless]), /selects 4 elements of the view.*found 1/],
    ["blocks of another size", [slice({ count: Number.POSITIVE_INFINITY, block: 2 })], pattern, /selects 8 elements/],
    ["blocks that overlap", [slice({ count: Number.POSITIVE_INFINITY, block: 2, stride: 1 })], pattern, /that is none/],
  ];
  it.each(REFUSED)("is not made of %s", (_, selection, source, message) => {
    expect(() => layout().set(selection, source)).toThrow(message);
  });

  it("needs structures of HDF5 1.10", () => {
    const file = openSync(path("old.h5"), "w", { libver: ["earliest", "v108"] });
    expect(() => file.createVirtualDataset("v", layout().set([0], row(0)))).toThrow(/libver/);
    expect(file.keys()).toEqual([]);
    file.close();
  });
});
