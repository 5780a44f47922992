/** From a reader to the object model. */
import type { Reader } from "../contract.ts";
import type { Steps } from "../steps/steps.ts";
import type { H5File } from "./file.ts";
import { type Mode, type Outcomes, run, UNWATCHED } from "./mode.ts";
import { Session, type SessionOptions } from "./session.ts";
import { classes } from "./wrap.ts";

/** Opens a file: runs the steps that give its reader, and shows the file in the manner of the mode. */
export function openModel<M extends Mode>(
  mode: M,
  reader: Steps<Reader>,
  options: SessionOptions,
): Outcomes<H5File<M>>[M] {
  return run(mode, opening(mode, reader, options), UNWATCHED, undefined, options.signal);
}

function* opening<M extends Mode>(mode: M, steps: Steps<Reader>, options: SessionOptions): Steps<H5File<M>> {
  const reader = yield* steps;
  try {
    return (yield* Session.open({ mode, options, classes }, { reader })).file;
  } catch (error) {
    yield* reader.close();
    throw error;
  }
}
