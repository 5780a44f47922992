/** Elements and objects read. */
import type { Dataset, File, Group } from "h5wasm/node";
import { CROPS, FAILING, IMAGES, TINY, WHOLE } from "../../workloads.ts";
import { listed, middleOf, places, SPAN, sample, scattered } from "../places.ts";
import { type Context, type Preparation, refusing } from "../serve.ts";
import { data, over, sizeOf, type Use } from "./opened.ts";

const done = ({ note }: Context, value: unknown): number => {
  note(sample(value as ArrayLike<unknown>));
  return sizeOf(value);
};

const whole: Use = (file, context) => done(context, data(file).value);

/** Of rows as arrays one column is compared. */
const rows =
  (path: string, column: number): Use =>
  (file, context) => {
    const value = data(file, path).value as unknown[][];
    const last = value.length - 1;
    context.note(Array.from({ length: 9 }, (_, i) => Number(value[Math.floor((last * i) / 8)][column])));
    return value.length;
  };

function images(list: readonly number[]): Use {
  return (file, context) => {
    const dataset = data(file);
    let bytes = 0;
    let value: unknown;
    for (const at of list) bytes += sizeOf((value = dataset.slice([[at, at + 1], [], []])));
    context.note(sample(value as Float32Array));
    return bytes;
  };
}

const random =
  (Opened: typeof File, local: boolean): Preparation =>
  (context) => {
    const spots = places(context.sizes, local);
    const use: Use = (file) => {
      const dataset = data(file);
      let bytes = 0;
      let value: unknown;
      for (const [row, column] of spots) {
        const ranges: [number, number][] = [
          [row, row + 1],
          [column, column + SPAN],
        ];
        bytes += sizeOf((value = dataset.slice(ranges)));
      }
      context.note(sample(value as Float32Array));
      return bytes;
    };
    return over(Opened, "W11_random", use)(context);
  };

const opened =
  (withData: boolean): Use =>
  (file, context) => {
    const group = file.get("g") as Group;
    let sum = 0;
    for (const name of group.keys()) {
      const dataset = group.get(name) as Dataset;
      const { index, scale, units } = dataset.attrs;
      sum += dataset.shape![0] + Number(index.value) + Number(scale.value) + String(units.value).length;
      if (withData) sum += (dataset.value as Float32Array)[0];
    }
    context.note([sum]);
    return sum;
  };

const walk: Use = (file, context) => {
  let sum = 0;
  for (const outer of file.keys()) {
    const group = file.get(outer) as Group;
    for (const name of group.keys()) {
      const { index, scale, units } = (group.get(name) as Group).attrs;
      sum += Number(index.value) + Number(scale.value) + String(units.value).length;
    }
  }
  context.note([sum]);
  return sum;
};

const texts: Use = (file, { note }) => {
  const value = data(file).value as string[];
  note(sample(value));
  return value.reduce((sum, text) => sum + text.length, 0);
};

export function readingWorkloads(Opened: typeof File): Record<string, Preparation> {
  const one = (name: string, use: Use): Preparation => over(Opened, name, use);
  const all: Record<string, Preparation> = {};
  for (const name of WHOLE) all[name] = one(name, name === "W8_compound" ? rows("data", 1) : whole);
  for (const [key, name] of Object.entries(CROPS)) {
    const crop = [[], [64, 192], [64, 192]] as [number, number][];
    all[`W10_crop_${key}`] = one(name, (file, context) => done(context, data(file).slice(crop)));
  }
  for (const [key, name] of Object.entries(IMAGES))
    all[`W10_img200_${key}`] = (context) => one(name, images(scattered(context.sizes)))(context);
  for (const name of TINY) {
    all[`${name}_first`] = one(name, (file, context) => {
      const at = middleOf(context.sizes);
      return done(context, data(file).slice([[at, at + 4]]));
    });
  }
  const read = (path: string): unknown => data(new Opened(path, "r")).value;
  for (const name of FAILING) all[name] = refusing(name, read);
  return {
    ...all,
    W7e_open: one("W7e_small", opened(false)),
    W7l_open: one("W7l_small", opened(false)),
    W7e_data: one("W7e_small", opened(true)),
    W7l_data: one("W7l_small", opened(true)),
    W7g_walk: one("W7g_groups", walk),
    W9_vlen_str: one("W9_vlen", texts),
    W10_fancy50_c1M: (context) => one("W2a_chunk1M", images(listed(context.sizes)))(context),
    W11_local: random(Opened, true),
    W11_uniform: random(Opened, false),
    W14_pandas: one("W14_pandas", rows("df/table", 0)),
  };
}
