/** The model of the files that `models.py` makes for others to edit. */
import { ModelDataset, ModelGroup, type Value } from "./model.ts";

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

function dataset(
  dtype: string,
  shape: readonly number[],
  maxShape: readonly (number | null)[],
  data: readonly Value[],
  fill: Value = 0,
): ModelDataset {
  const made = new ModelDataset(dtype, shape, maxShape, fill);
  made.data = [...data];
  return made;
}

export function startedByH5py(): ModelGroup {
  const root = new ModelGroup();
  root.attrs.set("made", { dtype: "str", shape: [], data: ["h5py"] });
  const old = new ModelGroup();
  for (const i of range(12)) {
    const group = new ModelGroup();
    group.attrs.set("i", { dtype: "<i8", shape: [], data: [i] });
    old.links.set(`g${i}`, { to: group });
  }
  const plain = dataset("<f8", [4, 6], [4, 6], range(24));
  for (const i of range(10)) plain.attrs.set(`a${i}`, { dtype: "<f4", shape: [i], data: range(i) });
  old.links.set("plain", { to: plain });
  old.links.set("growing", { to: dataset("<i4", [10], [null], range(10)) });
  old.links.set("packed", { to: dataset("<i8", [8, 5], [null, null], range(40)) });
  old.links.set("words", { to: dataset("str", [3], [null], ["one", "two", "drei"], "") });
  root.links.set("old", { to: old });
  root.links.set("again", { to: plain });
  root.links.set("soft", { soft: "/old/plain" });
  return root;
}
