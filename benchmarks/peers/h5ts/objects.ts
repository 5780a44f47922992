/** Many objects opened, with their attributes. */
import type { Context, Preparation } from "../serve.ts";
import { type AsyncFile, both, type SyncFile } from "./opened.ts";

function openedSync(file: SyncFile, withData: boolean): number {
  const group = file.group("g");
  let sum = 0;
  for (const name of group.keys()) {
    const dataset = group.dataset(name);
    const { attrs } = dataset;
    sum +=
      dataset.shape[0] + Number(attrs.get("index")) + Number(attrs.get("scale")) + String(attrs.get("units")).length;
    if (withData) sum += (dataset.read().data as Float32Array)[0];
  }
  return sum;
}

async function openedAsync(file: AsyncFile, withData: boolean): Promise<number> {
  const group = await file.group("g");
  let sum = 0;
  for (const [, object] of await group.entries()) {
    if (object?.kind !== "dataset") continue;
    const { index, scale, units } = await object.attrs.toObject();
    sum += object.shape[0] + Number(index) + Number(scale) + String(units).length;
    if (withData) sum += ((await object.read()).data as Float32Array)[0];
  }
  return sum;
}

function walkSync(file: SyncFile): number {
  let sum = 0;
  for (const outer of file.keys()) {
    const group = file.group(outer);
    for (const name of group.keys()) {
      const { attrs } = group.group(name);
      sum += Number(attrs.get("index")) + Number(attrs.get("scale")) + String(attrs.get("units")).length;
    }
  }
  return sum;
}

async function walkAsync(file: AsyncFile): Promise<number> {
  let sum = 0;
  for (const [, outer] of await file.entries()) {
    if (outer?.kind !== "group") continue;
    for (const [, inner] of await outer.entries()) {
      const { index, scale, units } = await inner!.attrs.toObject();
      sum += Number(index) + Number(scale) + String(units).length;
    }
  }
  return sum;
}

const noted = (context: Context, sum: number): number => {
  context.note([sum]);
  return sum;
};

export function objectWorkloads(variant: string): Record<string, Preparation> {
  const opened = (name: string, withData: boolean): Preparation =>
    both(
      variant,
      name,
      (file, context) => noted(context, openedSync(file, withData)),
      async (file, context) => noted(context, await openedAsync(file, withData)),
    );
  return {
    W7e_open: opened("W7e_small", false),
    W7l_open: opened("W7l_small", false),
    W7e_data: opened("W7e_small", true),
    W7l_data: opened("W7l_small", true),
    W7g_walk: both(
      variant,
      "W7g_groups",
      (file, context) => noted(context, walkSync(file)),
      async (file, context) => noted(context, await walkAsync(file)),
    ),
  };
}
