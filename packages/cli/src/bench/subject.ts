/** The dataset of `FILE:/PATH` that `bench` and `advise` are about. */
import type { Dataset } from "h5ts";
import { type CommandContext, UsageError } from "../command.ts";
import { objectAt, withFile } from "../opened.ts";
import { type Pattern, patternOf } from "./pattern.ts";

/** Opens the dataset for the length of `use`. */
export function withDataset<T>(
  { operands, opening }: CommandContext,
  use: (dataset: Dataset<"async">) => Promise<T>,
): Promise<T> {
  const [, file, path] = /^(.*):([^:\\]*)$/.exec(operands[0]) ?? [];
  if (file === undefined || path === "") throw new UsageError("a dataset is named by FILE:/PATH");
  return withFile(file, opening, async (opened) => {
    const object = await objectAt(opened, path);
    if (object.kind !== "dataset" || object.ndim === 0) throw new UsageError(`${path} is no dataset with axes`);
    return use(object);
  });
}

/** Those asked for, else frames and tiles. */
export function patternsFor({ values }: CommandContext, shape: readonly number[]): Pattern[] {
  const asked =
    (values.pattern as readonly string[] | undefined) ?? (shape.length > 1 ? ["frames", "tiles"] : ["all", "points"]);
  return asked.map((text) => patternOf(text, shape));
}
