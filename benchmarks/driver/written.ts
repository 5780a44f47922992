/** Looks into a file that a peer wrote: by libhdf5, as h5wasm, where that has the filter. */
import { rmSync } from "node:fs";
import { openSync, slice } from "h5ts";
import { type Dataset, File, type Group, ready } from "h5wasm/node";
import { ROW, textOf } from "../peers/made.ts";
import { SIDE, type Sizes } from "../sizes.ts";
import { framesOf } from "../workloads.ts";

type Found = ArrayLike<unknown>;

/** What is wrong with the file, if anything; deletes it. */
export async function lookInto(
  path: string,
  workload: string,
  folder: string,
  sizes: Sizes,
): Promise<string | undefined> {
  await ready;
  try {
    const [found, expected] = pairOf(path, workload, folder, sizes);
    const at = Array.from(expected).findIndex((value, i) => value !== found[i]);
    return at < 0 ? undefined : `wrote ${String(found[at])} for ${String(expected[at])}`;
  } catch (error) {
    return `cannot be read: ${(error as Error).message}`.slice(0, 120);
  } finally {
    rmSync(path, { force: true });
  }
}

/** Deletes what a limit wrote. */
export function forget(path: string): void {
  rmSync(path, { force: true });
}

function pairOf(path: string, workload: string, folder: string, sizes: Sizes): [Found, Found] {
  if (workload.includes("lzf"))
    return [imageByH5ts(path, workload, sizes), imageOf(`${folder}/W1_contig.h5`, workload, sizes)];
  if (/^X[1-4]/.test(workload))
    return [imageOf(path, workload, sizes), imageOf(`${folder}/W1_contig.h5`, workload, sizes)];
  const file = new File(path, "r");
  try {
    return OTHERS[workload.slice(0, 2)](file, sizes);
  } finally {
    file.close();
  }
}

/** The last image that was written. */
function imageOf(path: string, workload: string, sizes: Sizes): Found {
  const file = new File(path, "r");
  const frame = framesOf(workload, sizes) - 1;
  const image = (file.get("data") as Dataset).slice([[frame, frame + 1], [], []] as never) as Float32Array;
  file.close();
  return image;
}

/** libhdf5 as h5wasm has no lzf. */
function imageByH5ts(path: string, workload: string, sizes: Sizes): Found {
  const file = openSync(path);
  const { data } = file.dataset("data", "f4").read([framesOf(workload, sizes) - 1, slice(0, SIDE), slice(0, SIDE)]);
  file.close();
  return data;
}

const lastRows = (file: File, rows: number): [Found, Found] => {
  const dataset = file.get("data") as Dataset;
  const last = dataset.slice([
    [rows - 1, rows],
    [0, ROW],
  ]) as Float32Array;
  return [
    [...dataset.shape!, ...last],
    [rows, ROW, ...new Float32Array(ROW).fill(1.5)],
  ];
};

const OTHERS: Readonly<Record<string, (file: File, sizes: Sizes) => [Found, Found]>> = {
  X5: (file, { appends }) => lastRows(file, appends),
  X6: (file, { batches }) => lastRows(file, 100 * batches),
  X7(file, { objects }) {
    const group = file.get("g") as Group;
    const { index, scale, units } = (group.get(`d${String(objects - 1).padStart(5, "0")}`) as Dataset).attrs;
    const found = [group.keys().length, index.value, scale.value, String(units.value)];
    return [found, [objects, objects - 1, (objects - 1) / 2, "counts"]];
  },
  X8(file, { texts }) {
    const dataset = file.get("data") as Dataset;
    return [
      [...dataset.shape!, ...(dataset.slice([[texts - 1, texts]]) as string[])],
      [texts, textOf(texts - 1)],
    ];
  },
  X9(file, { rows }) {
    const dataset = file.get("data") as Dataset;
    const [row] = dataset.slice([[rows - 1, rows]]) as unknown as unknown[][];
    const last = rows - 1;
    return [
      [...dataset.shape!, row[0], row[1], row[5]],
      [rows, last, last * 0.001, last % 7],
    ];
  },
};
