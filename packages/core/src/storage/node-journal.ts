/** The journal of a file of the disk: `<file>.journal`. */
import { isH5Error } from "../errors.ts";
import type { Companion, SyncStorage, SyncWritable } from "../steps/storage.ts";
import { isAbsent, storageError } from "./node-errors.ts";
import type { FileSystem } from "./platform.ts";

/** The journal of a file, beside the file itself and not beside a symbolic link to it. */
export class NodeJournal implements Companion {
  private readonly fs: FileSystem;
  private readonly path: string;
  private readonly read: (path: string) => SyncStorage;
  private readonly make: ((path: string) => SyncWritable) | undefined;
  private known: string | undefined;

  /** `path` is absolute; without `make` the journal can be read only. */
  constructor(
    fs: FileSystem,
    path: string,
    read: (path: string) => SyncStorage,
    make?: (path: string) => SyncWritable,
  ) {
    this.fs = fs;
    this.path = path;
    this.read = read;
    this.make = make;
  }

  get label(): string {
    this.known ??= `${this.realPath()}.journal`;
    return this.known;
  }

  openSync(create: boolean): SyncStorage | undefined {
    if (!create) return this.openExisting();
    const made = this.make?.(this.label);
    made?.truncateSync(0);
    return made;
  }

  removeSync(): void {
    try {
      this.fs.unlinkSync(this.label);
    } catch (error) {
      if (!isAbsent(error)) throw storageError(`remove ${this.label}`, error);
    }
  }

  private openExisting(): SyncStorage | undefined {
    try {
      return this.read(this.label);
    } catch (error) {
      if (isH5Error(error, "NotFoundError")) return undefined;
      throw error;
    }
  }

  private realPath(): string {
    try {
      return this.fs.realpathSync.native(this.path);
    } catch {
      // The file was removed while it was open.
      return this.path;
    }
  }
}
