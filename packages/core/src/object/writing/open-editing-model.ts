/** From a reader and an editor to the object model of a file that may be changed. */
import type { Editor, Reader } from "../../contract.ts";
import type { Steps } from "../../steps/steps.ts";
import { CallQueue } from "../call-queue.ts";
import type { H5File } from "../file.ts";
import { type Mode, type Outcomes, run, UNWATCHED } from "../mode.ts";
import { Session, type SessionOptions } from "../session.ts";
import { classes } from "../wrap.ts";
import { FileWriter } from "./file-writer.ts";
import type { FilterEntries } from "./filter-entries.ts";

/** The two faces of one file. */
export interface Edited {
  readonly reader: Reader;
  readonly editor: Editor;
}

export interface EditingModelOptions extends SessionOptions {
  /** Filters that new datasets may have. */
  readonly filters: FilterEntries;
}

/** Opens a file to be changed, and shows it in the manner of the mode. Its last commit is that of `close`. */
export function openEditingModel<M extends Mode>(
  mode: M,
  edited: Steps<Edited>,
  options: EditingModelOptions,
): Outcomes<H5File<M>>[M] {
  return run(mode, opening(mode, edited, options), UNWATCHED, undefined, options.signal);
}

function* opening<M extends Mode>(mode: M, steps: Steps<Edited>, options: EditingModelOptions): Steps<H5File<M>> {
  const { reader, editor } = yield* steps;
  try {
    const writer = new FileWriter(reader, editor, options.filters);
    const queue = mode === "async" ? new CallQueue() : undefined;
    const given = { mode, options, classes, ...(queue && { queue }) };
    return (yield* Session.open(given, { reader, writer })).file;
  } catch (error) {
    yield* reader.close();
    throw error;
  }
}
