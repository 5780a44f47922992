/** Changes are made whole or not at all: one that fails half-way ends the use of the file, which stays as at its last commit. */
import { isH5Error } from "../errors.ts";
import type { Steps } from "../steps/steps.ts";
import type { EditorFile } from "./editor-file.ts";

/**
 * Makes a change that first gathers what it needs. ClosedError if an earlier one failed half-way. `undone`: what the change
 * did before it refused what was asked for, it has undone.
 */
export function* wholeChange<T>(file: EditorFile, change: Steps<T>, undone = false): Steps<T> {
  file.raw.check();
  if (file.raw.crowded) yield* file.raw.relieve();
  const before = file.structures.changes;
  try {
    return yield* change;
  } catch (cause) {
    if (file.structures.changes !== before && !(undone && isRefusal(cause))) file.raw.fail(cause);
    throw cause;
  }
}

/** Errors of the caller, not of the file or its storage. */
function isRefusal(cause: unknown): boolean {
  return isH5Error(cause) && !isH5Error(cause, "StorageError", "FormatError", "ClosedError");
}
