/** Workloads of cost curves, as peers/h5ts/curves.ts. */
import type { Dataset, File, Group } from "h5wasm/node";
import { type Preparation, sumOf } from "../serve.ts";

type Use = (file: File, n: number) => number;

const data = (file: File, path = "data"): Dataset => file.get(path) as Dataset;

const USES: Readonly<Record<string, Use>> = {
  objects_one: (file, n) => (data(file, `g/d${n >> 1}`).value as Int32Array)[0],
  objects_all(file) {
    const group = file.get("g") as Group;
    let sum = 0;
    for (const name of group.keys()) sum += (group.get(name) as Dataset).shape![0];
    return sum;
  },
  chunks_one: (file, n) => (data(file).slice([[2 * n, 2 * n + 4]]) as Int32Array)[0],
  chunks_all: (file) => (data(file).value as Int32Array).at(-1)!,
  attributes_one: (file, n) => Number((file.get("g") as Group).get_attribute(`a${n >> 1}`, false)),
  attributes_all(file) {
    const { attrs } = file.get("g") as Group;
    return Object.values(attrs).reduce((sum, { value }) => sum + Number(value), 0);
  },
  bytes_all: (file) => (data(file).value as Uint8Array).length,
};

export function curveWorkload(Opened: typeof File, name: string): Preparation | undefined {
  const [, curve, n] = /^C_(.+)_(\d+)$/.exec(name) ?? [];
  const use = USES[curve];
  if (use === undefined) return undefined;
  const [kind] = curve.split("_");
  return (context) => () => {
    const file = new Opened(context.file(`${kind}_${n}`), "r");
    const sum = use(file, Number(n));
    file.close();
    return sumOf(context, sum);
  };
}
