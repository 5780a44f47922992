/**
 * The policy "local" for files opened by URL: relative names of files on the same origin, below the opened file's own
 * path. Redirects are held to the same rule before they are followed.
 */
import { isH5Error, PolicyError } from "../../errors.ts";
import type { LinkKind, LinkPolicy } from "../../steps/link-policy.ts";
import { type Steps, size } from "../../steps/steps.ts";
import type { Storage } from "../../steps/storage.ts";
import { HttpStorage } from "../http/http-storage.ts";
import type { HttpOptions } from "../http/options.ts";
import { localParts } from "./file-name.ts";

export class UrlPolicy implements LinkPolicy {
  /** Folders that files may be in, as URLs that end in a slash. */
  private readonly roots: readonly string[];
  /** Where names are looked up, one after the other. */
  private readonly folders: readonly string[];
  private readonly http: HttpOptions;

  constructor(roots: readonly string[], folders: readonly string[], http: HttpOptions) {
    this.roots = roots;
    this.folders = folders;
    this.http = http;
  }

  /** `url` is that of the opened file; `prefixes` are looked into before its folder, and files may be there too. */
  static of(url: string, prefixes: readonly string[] = [], http: HttpOptions = {}): UrlPolicy {
    const folders = [...prefixes.map((prefix) => folderOf(prefix.replace(/\/?$/, "/"))), folderOf(url)];
    return new UrlPolicy(folders, folders, http);
  }

  *storage(name: string, kind: LinkKind): Steps<Storage | undefined> {
    const path = localParts(name, kind, "url").map(encodeURIComponent).join("/");
    for (const folder of this.folders) {
      const url = new URL(path, folder);
      if (!this.allows(url)) throw outside(url, kind);
      const storage = new HttpStorage(url, { ...this.http, redirect: (to) => this.allows(to) });
      if (yield* exists(storage)) return storage;
    }
    return undefined;
  }

  /** Beside the linked file, and then where this one looks. */
  within(name: string): LinkPolicy {
    const path = localParts(name, "external link", "url").map(encodeURIComponent).join("/");
    const beside = this.folders.map((folder) => folderOf(new URL(path, folder).href));
    return new UrlPolicy(this.roots, [...new Set([...beside, ...this.folders])], this.http);
  }

  private allows(url: URL): boolean {
    return this.roots.some((root) => isBelow(new URL(root), url));
  }
}

const folderOf = (url: string): string => new URL(".", url).href;

const isBelow = (root: URL, url: URL): boolean =>
  url.origin === root.origin && url.username === "" && url.password === "" && url.pathname.startsWith(root.pathname);

/** The first answer tells: it is kept, and is what is read first. */
function* exists(storage: HttpStorage): Steps<boolean> {
  try {
    yield* size(storage);
    return true;
  } catch (error) {
    if (isH5Error(error, "NotFoundError")) return false;
    throw error;
  }
}

const outside = (url: URL, kind: LinkKind): PolicyError =>
  new PolicyError("leads out of the folder, which the option links does not allow", {
    structure: kind,
    found: url.href,
    allowed: "URLs below that of the file that was opened",
  });
