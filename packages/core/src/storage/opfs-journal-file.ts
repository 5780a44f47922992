/** The journal beside a file of the origin private file system, as one who reads the file finds it. */
import type { Companion, Storage } from "../steps/storage.ts";
import { BlobStorage } from "./blob.ts";
import { nameOf } from "./browser-errors.ts";
import { type DirectoryHandle, privateFolder } from "./platform.ts";

interface NamedHandle {
  readonly name: string;
}

export class OpfsJournalFile implements Companion {
  readonly label: string;
  private readonly file: NamedHandle;

  constructor(file: NamedHandle) {
    this.file = file;
    this.label = journalName(file);
  }

  /** One without a byte is what is left of a journal that nothing waits for. */
  async open(create: boolean): Promise<Storage | undefined> {
    const folder = create ? undefined : (await opfsPlace(this.file))?.folder;
    try {
      const handle = (await folder?.getFileHandle(this.label)) as { getFile(): Promise<Blob> } | undefined;
      const blob = await handle?.getFile();
      return blob === undefined || blob.size === 0 ? undefined : new BlobStorage(blob);
    } catch (error) {
      if (nameOf(error) === "NotFoundError") return undefined;
      throw error;
    }
  }
}

export const journalName = ({ name }: NamedHandle): string => `${name}.journal`;

/** Where a file stands in the origin private file system; `undefined` of others. */
export async function opfsPlace(
  file: NamedHandle,
): Promise<{ readonly folder: DirectoryHandle; readonly path: string } | undefined> {
  const root = await privateFolder();
  const names = await root?.resolve(file);
  if (root === undefined || names === null || names === undefined) return undefined;
  let folder = root;
  for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name);
  return { folder, path: names.join("/") };
}
