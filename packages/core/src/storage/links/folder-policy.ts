/**
 * The policy "local" for files opened by path: relative names, looked up beside the file where they stand, of files
 * within the folder of the file that was opened. Symbolic links are resolved first, and must stay within it as well.
 */
import { PolicyError, StorageError } from "../../errors.ts";
import type { LinkKind, LinkPolicy } from "../../steps/link-policy.ts";
import { perform, type Steps } from "../../steps/steps.ts";
import type { SyncStorage, WritableStorage } from "../../steps/storage.ts";
import { NodeFileStorage } from "../node-file.ts";
import { fileSystem, paths } from "../platform.ts";
import { WritableNodeFile } from "../writable-node-file.ts";
import { localParts } from "./file-name.ts";

/** Opens a file by its real path. */
export type OpenFile = (path: string) => SyncStorage;

const openFile: OpenFile = (path) => new NodeFileStorage(path);

export class FolderPolicy implements LinkPolicy {
  /** Where files may be: real paths, without symbolic links. */
  private readonly roots: readonly string[];
  /** Where names are looked up, one after the other. */
  private readonly folders: readonly string[];
  private readonly open: OpenFile;

  constructor(roots: readonly string[], folders: readonly string[], open: OpenFile) {
    this.roots = roots;
    this.folders = folders;
    this.open = open;
  }

  /** `folder` is that of the opened file; `prefixes` are looked into before it, and files may be there too. */
  static of(folder: string, prefixes: readonly string[] = [], open: OpenFile = openFile): FolderPolicy {
    const folders = [...prefixes, folder].map((path) => paths().resolve(path));
    return new FolderPolicy(
      folders.map(realPath).filter((path) => path !== undefined),
      folders,
      open,
    );
  }

  *storage(name: string, kind: LinkKind): Steps<SyncStorage | undefined> {
    const parts = localParts(name, kind, paths().sep === "/" ? "posix" : "windows");
    const find = (): SyncStorage | undefined => this.find(parts, kind);
    return yield* perform(find, find);
  }

  /** One that is there, wherever it is found; else a new one in the folder of the file. */
  *writable(name: string, kind: LinkKind): Steps<WritableStorage> {
    const parts = localParts(name, kind, paths().sep === "/" ? "posix" : "windows");
    const make = (): WritableNodeFile => this.findWritable(parts, kind) ?? this.create(parts, kind);
    return yield* perform(make, make);
  }

  /** Beside the linked file, and then where this one looks. */
  within(name: string): LinkPolicy {
    const { dirname, join } = paths();
    const beside = this.folders.map((folder) => dirname(join(folder, name)));
    return new FolderPolicy(this.roots, [...new Set([...beside, ...this.folders])], this.open);
  }

  private find(parts: readonly string[], kind: LinkKind): SyncStorage | undefined {
    return this.findBy(parts, kind, this.open);
  }

  private findWritable(parts: readonly string[], kind: LinkKind): WritableNodeFile | undefined {
    return this.findBy(parts, kind, (path) => new WritableNodeFile(path, "existing"));
  }

  /** A link that leads nowhere is not followed: the file must be new. */
  private create(parts: readonly string[], kind: LinkKind): WritableNodeFile {
    const folder = this.folders[this.folders.length - 1];
    const parent = realPath(paths().join(folder, ...parts.slice(0, -1)));
    if (parent !== undefined && !this.roots.some((root) => root === parent || isWithin(root, parent)))
      throw leadsOut(parts, kind);
    return new WritableNodeFile(paths().join(parent ?? folder, parts[parts.length - 1]), "new");
  }

  private findBy<S extends SyncStorage>(
    parts: readonly string[],
    kind: LinkKind,
    open: (path: string) => S,
  ): S | undefined {
    for (const folder of this.folders) {
      const path = realPath(paths().join(folder, ...parts));
      if (path === undefined) continue;
      if (!this.roots.some((root) => isWithin(root, path))) throw leadsOut(parts, kind);
      const storage = open(path);
      if (realPath(path) === path) return storage;
      // It was replaced by a link in between.
      storage.closeSync();
      throw leadsOut(parts, kind);
    }
    return undefined;
  }
}

function isWithin(root: string, path: string): boolean {
  const { relative, isAbsolute, sep } = paths();
  const way = relative(root, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The path without symbolic links; `undefined` where nothing is there. */
function realPath(path: string): string | undefined {
  try {
    return fileSystem().realpathSync.native(path);
  } catch (cause) {
    const { code } = cause as { code?: unknown };
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new StorageError(`cannot follow ${path}`, { cause });
  }
}

const leadsOut = (parts: readonly string[], kind: LinkKind): PolicyError =>
  new PolicyError("leads out of the folder by a symbolic link, which the option links does not allow", {
    structure: kind,
    found: parts.join("/"),
    allowed: "files within the folder of the file that was opened",
  });
