/** Workloads of cost curves: `C_KIND_one_N` finds one of N, `C_KIND_all_N` takes all. */
import { type H5File, openSync, slice } from "h5ts";
import { type Preparation, sumOf } from "../serve.ts";

type Use = (file: H5File<"sync">, n: number) => number;

const USES: Readonly<Record<string, Use>> = {
  objects_one: (file, n) => file.dataset(`g/d${n >> 1}`, "i4").read().data[0],
  objects_all(file) {
    const group = file.group("g");
    let sum = 0;
    for (const name of group.keys()) sum += group.dataset(name).shape[0];
    return sum;
  },
  chunks_one: (file, n) => file.dataset("data", "i4").read([slice(2 * n, 2 * n + 4)]).data[0],
  chunks_all: (file) => file.dataset("data", "i4").read().data.at(-1)!,
  attributes_one: (file, n) => Number(file.group("g").attrs.get(`a${n >> 1}`)),
  attributes_all(file) {
    const { attrs } = file.group("g");
    let sum = 0;
    for (const name of attrs.keys()) sum += Number(attrs.get(name));
    return sum;
  },
  bytes_all: (file) => file.dataset("data", "u1").read().data.length,
};

export function curveWorkload(name: string): Preparation | undefined {
  const [, curve, n] = /^C_(.+)_(\d+)$/.exec(name) ?? [];
  const use = USES[curve];
  if (use === undefined) return undefined;
  const [kind] = curve.split("_");
  return (context) => () => {
    const file = openSync(context.file(`${kind}_${n}`));
    const sum = use(file, Number(n));
    file.close();
    return sumOf(context, sum);
  };
}
