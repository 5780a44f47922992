/** Sources of virtual datasets that are to be made. */
import {
  type Dataset,
  type DTypeLike,
  type Mode,
  NotFoundError,
  type SelectionInput,
  type StoredSelection,
} from "@h5ts/core";
import { relativeName } from "./relative-name.ts";
import { storedPart } from "./stored-part.ts";

/** What is said of a source, which need not be there. */
export interface SourceOptions {
  /** Of a source for each block (`%b`): that of each. */
  readonly shape: readonly number[];
  /** The most that it may grow to; for the reader of the program, as it follows from the selection. */
  readonly maxShape?: readonly (number | null)[];
  /** Elements are converted to the view's datatype; for the reader of the program. */
  readonly dtype?: DTypeLike;
}

type AnyDataset = Dataset<Mode, unknown>;

/**
 * A dataset, or some of its elements, that a virtual dataset shows: one of this file (`"."`), of another, or one for each block
 * of a view without end, whose number stands for `%b` in the name of the file or the dataset.
 */
export class VirtualSource {
  /** Elements along each axis of the dataset. */
  readonly shape: readonly number[];
  /** Name of the dataset. */
  readonly name: string;
  private readonly file: string;
  /** Whether the file was open, and is called from where the program stands. */
  private readonly found: boolean;
  private readonly input: SelectionInput | undefined = undefined;

  /** A path or URL as readers of the view shall look for it, from its folder; `"."`: the view's own file. */
  constructor(file: string, name: string, options: SourceOptions);
  /** A dataset of an open file. */
  constructor(dataset: AnyDataset);
  constructor(file: string | AnyDataset, name?: string, options?: SourceOptions) {
    this.found = typeof file !== "string";
    if (typeof file === "string") {
      this.file = file;
      this.name = name ?? "";
      this.shape = options?.shape ?? [];
      return;
    }
    if (file.name === undefined)
      throw new NotFoundError("was found by a reference, and has no name that a mapping could keep");
    this.file = file.file.filename;
    this.name = file.name;
    this.shape = file.shape;
  }

  /** Only these of its elements. `slice({ count: Infinity })`: all that there are and will be. */
  select(selection: SelectionInput): VirtualSource {
    const part: VirtualSource = Object.create(VirtualSource.prototype);
    return Object.assign(part, this, { input: selection });
  }

  /** The elements, as a mapping keeps them. */
  stored(): StoredSelection {
    return storedPart(this.input, this.shape);
  }

  /** The name of its file from the file `filename`. */
  fileFrom(filename: string): string {
    if (this.file === filename) return ".";
    return this.found ? relativeName(filename, this.file) : this.file;
  }
}
