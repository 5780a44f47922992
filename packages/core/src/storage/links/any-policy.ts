/**
 * The policy "any", for files that are trusted: names lead wherever they say. Relative ones are looked up beside the file where
 * they stand; of absolute paths that lead nowhere, the last part is, as libhdf5 does it.
 */
import { isH5Error } from "../../errors.ts";
import type { LinkPolicy } from "../../steps/link-policy.ts";
import { perform, type Steps, size } from "../../steps/steps.ts";
import type { Storage, WritableStorage } from "../../steps/storage.ts";
import { HttpStorage } from "../http/http-storage.ts";
import { openStorage, openStorageSync, type StorageOptions } from "../open-storage.ts";
import { hasFiles, paths } from "../platform.ts";
import { WritableNodeFile } from "../writable-node-file.ts";

export class AnyPolicy implements LinkPolicy {
  /** Folders: paths, or URLs that end in a slash. */
  private readonly folders: readonly string[];
  private readonly options: StorageOptions;

  constructor(folders: readonly string[], options: StorageOptions) {
    this.folders = folders;
    this.options = options;
  }

  *storage(name: string): Steps<Storage | undefined> {
    for (const place of this.places(name)) {
      const storage = yield* openIfThere(place, this.options);
      if (storage !== undefined) return storage;
    }
    return undefined;
  }

  /** One that is there; else a new one: where an absolute name says, or in the folder of the file. */
  *writable(name: string): Steps<WritableStorage> {
    const make = (): WritableNodeFile => {
      const places = this.places(name).filter((place) => !isUrl(place));
      for (const place of places) {
        try {
          return new WritableNodeFile(place, "existing");
        } catch (error) {
          if (!isH5Error(error, "NotFoundError")) throw error;
        }
      }
      return new WritableNodeFile(paths().isAbsolute(name) ? name : places[places.length - 1], "any");
    };
    return yield* perform(make, make);
  }

  within(name: string): LinkPolicy {
    const beside = this.places(name).map((place) => (isUrl(place) ? new URL(".", place).href : paths().dirname(place)));
    return new AnyPolicy([...new Set([...beside, ...this.folders])], this.options);
  }

  /** Where the name may lead, in the order in which it is tried. */
  private places(name: string): string[] {
    if (isUrl(name)) return [name];
    const last = name.slice(Math.max(name.lastIndexOf("/"), name.lastIndexOf("\\")) + 1);
    const absolute = hasFiles() && paths().isAbsolute(name);
    const beside = this.folders.map((folder) => joinTo(folder, absolute ? last : name));
    return absolute ? [name, ...beside] : beside;
  }
}

const isUrl = (name: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(name);

const joinTo = (folder: string, name: string): string =>
  isUrl(folder) ? new URL(name.split("/").map(encodeURIComponent).join("/"), folder).href : paths().join(folder, name);

function* openIfThere(place: string, options: StorageOptions): Steps<Storage | undefined> {
  try {
    const storage = yield* perform<Storage>(
      () => openStorageSync(place, options),
      () => openStorage(place, options),
    );
    if (storage instanceof HttpStorage) yield* size(storage);
    return storage;
  } catch (error) {
    if (isH5Error(error, "NotFoundError")) return undefined;
    throw error;
  }
}
