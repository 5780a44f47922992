/** What the parts of a writer share: the file that they change, and what they must keep right beside it. */
import type { AnyObjectInfo, Editor, Reader } from "../../contract.ts";
import type { Steps } from "../../steps/steps.ts";
import type { FilterEntries } from "./filter-entries.ts";
import type { KnownObjects } from "./known-objects.ts";

export type Address = AnyObjectInfo["address"];

/** The two faces of a file that may be changed. */
export interface Edited {
  /** Sees every change. */
  readonly reader: Reader;
  readonly editor: Editor;
}

export interface Edit extends Edited {
  readonly known: KnownObjects;
  readonly filters: FilterEntries;
  /** Objects that no link leads to yet. */
  readonly anonymous: Set<Address>;
}

/** Objects whose headers have changed: those who hold them see it. */
export function* renew({ known, reader }: Edit, ...addresses: readonly Address[]): Steps<void> {
  for (const address of addresses) if (known.has(address)) known.renew(yield* reader.object(address));
}

/** Takes back what was done for something that has failed. What fails in turn hides no error: space is lost, at worst. */
export function* undo(steps: Steps<unknown>): Steps<void> {
  try {
    yield* steps;
  } catch {
    // The error that led here is the one to be told.
  }
}

/** The encoding that names get, as h5py gives it. */
export const charsetOf = (name: string): "ascii" | "utf8" => (isAscii(name) ? "ascii" : "utf8");

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}
