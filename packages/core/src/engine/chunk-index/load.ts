/** Reads the blocks of an index together: one round for many, in groups that bound the memory. */
import type { Structure } from "../../format/structure.ts";
import type { Range } from "../../steps/pages.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EngineFile } from "../file.ts";

/** Blocks of one round. */
export const GROUP = 256;

/** Has the bytes of these structures in hand, where they are not yet; those are then at hand for `peek`. */
export function* loadStructures<T, C>(
  file: EngineFile,
  structure: Structure<T, C>,
  places: readonly { readonly address: number; readonly context: C }[],
): Steps<void> {
  const ranges: Range[] = [];
  for (const { address, context } of places) {
    const length = structure.guess(context);
    if (file.pages.peek(address, length) === undefined) ranges.push({ at: address, length });
  }
  if (ranges.length > 0) yield* file.pages.load(ranges);
}
