/** h5wasm: libhdf5 as WebAssembly; its build for Node, which reads the file itself. */
import { type Dataset, File, type Group, ready } from "h5wasm/node";
import { type Body, type Context, type Preparation, places, runPeer } from "../protocol.ts";
import { CROPS, IMAGES, TINY, WHOLE } from "../workloads.ts";

type Use = (file: File, context: Context) => number;

const over =
  (name: string, use: Use): Preparation =>
  (context): Body =>
  () => {
    const file = new File(context.file(name), "r");
    const done = use(file, context);
    file.close();
    return done;
  };

const data = (file: File, path = "data"): Dataset => file.get(path) as Dataset;
const sizeOf = (value: unknown): number => (value as Uint8Array).byteLength ?? (value as unknown[]).length;
const sliceOf = (dataset: Dataset, ranges: [number, number][] | never[][]): number =>
  sizeOf(dataset.slice(ranges as never));

function whole(file: File, context: Context): number {
  const { value } = data(file);
  context.note((value as unknown[])[777]);
  return sizeOf(value);
}

function images(file: File): number {
  const dataset = data(file);
  let bytes = 0;
  for (let i = 0; i < 200; i++) {
    const at = (i * 37) % 1000;
    bytes += sliceOf(dataset, [[at, at + 1], [], []] as never);
  }
  return bytes;
}

function fancy(file: File): number {
  const dataset = data(file);
  let bytes = 0;
  for (let i = 0; i < 50; i++) bytes += sliceOf(dataset, [[i * 20, i * 20 + 1], [], []] as never);
  return bytes;
}

const random =
  (local: boolean): Use =>
  (file) => {
    const dataset = data(file);
    let bytes = 0;
    for (const [row, column] of places(local))
      bytes += sliceOf(dataset, [
        [row, row + 1],
        [column, column + 16],
      ]);
    return bytes;
  };

const opened =
  (withData: boolean): Use =>
  (file) => {
    const group = file.get("g") as Group;
    let sum = 0;
    for (const name of group.keys()) {
      const dataset = group.get(name) as Dataset;
      const { index, scale, units } = dataset.attrs;
      sum += dataset.shape![0] + Number(index.value) + Number(scale.value) + String(units.value).length;
      if (withData) sum += (dataset.value as Float32Array)[0];
    }
    return sum;
  };

function walk(file: File): number {
  let sum = 0;
  for (const outer of file.keys()) {
    const group = file.get(outer) as Group;
    for (const name of group.keys()) {
      const { index, scale, units } = (group.get(name) as Group).attrs;
      sum += Number(index.value) + Number(scale.value) + String(units.value).length;
    }
  }
  return sum;
}

const texts: Use = (file) => (data(file).value as string[]).reduce((sum, text) => sum + text.length, 0);

function workloads(): Record<string, Preparation> {
  const all: Record<string, Preparation> = {};
  for (const name of WHOLE) all[name] = over(name, whole);
  for (const [key, name] of Object.entries(CROPS)) {
    all[`W10_crop_${key}`] = over(name, (file) =>
      sliceOf(data(file), [
        [0, 1000],
        [64, 192],
        [64, 192],
      ]),
    );
  }
  for (const [key, name] of Object.entries(IMAGES)) all[`W10_img200_${key}`] = over(name, images);
  for (const name of TINY) all[`${name}_first`] = over(name, (file) => sliceOf(data(file), [[2_000_000, 2_000_004]]));
  return {
    ...all,
    W7e_open: over("W7e_small", opened(false)),
    W7l_open: over("W7l_small", opened(false)),
    W7e_data: over("W7e_small", opened(true)),
    W7l_data: over("W7l_small", opened(true)),
    W7g_walk: over("W7g_groups", walk),
    W9_vlen_str: over("W9_vlen", texts),
    W10_fancy50_c1M: over("W2a_chunk1M", fancy),
    W11_local: over("W11_random", random(true)),
    W11_uniform: over("W11_random", random(false)),
    W14_pandas: over("W14_pandas", (file) => (data(file, "df/table").value as unknown[]).length),
  };
}

runPeer("h5wasm", async () => {
  await ready;
  return workloads();
});
