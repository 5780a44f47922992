/** From a reader and an editor to the object model of a file that may be changed. */
import type { Steps } from "../../steps/steps.ts";
import type { H5File } from "../file.ts";
import { type Mode, type Outcomes, run, UNWATCHED } from "../mode.ts";
import { Session, type SessionOptions } from "../session.ts";
import { classes } from "../wrap.ts";
import { CallQueue } from "./call-queue.ts";
import type { Edited } from "./edit.ts";
import { EditingActivity } from "./editing-activity.ts";
import { FileWriter } from "./file-writer.ts";
import type { FilterEntries } from "./filter-entries.ts";

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
  const files = yield* steps;
  const { reader } = files;
  try {
    const activity = new EditingActivity(mode === "async" ? new CallQueue() : undefined);
    const writer = new FileWriter(files, options.filters, activity);
    const given = { mode, options, classes, running: activity };
    return (yield* Session.open(given, { reader, writer })).file;
  } catch (error) {
    yield* reader.close();
    throw error;
  }
}
