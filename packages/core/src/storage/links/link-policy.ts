/** The option `links`: from what the caller says to a policy for the file that is opened. */
import type { LinkPolicy } from "../../steps/link-policy.ts";
import type { Storage } from "../../steps/storage.ts";
import { HttpStorage } from "../http/http-storage.ts";
import { NodeFileStorage } from "../node-file.ts";
import type { Source, StorageOptions } from "../open-storage.ts";
import { paths } from "../platform.ts";
import { AnyPolicy } from "./any-policy.ts";
import { FolderPolicy } from "./folder-policy.ts";
import { NO_FOLDER, NO_LINKS } from "./no-links.ts";
import { type LinkResolver, ResolverPolicy } from "./resolver-policy.ts";
import { UrlPolicy } from "./url-policy.ts";
import { VirtualPolicy, virtualPrefixes } from "./virtual-prefixes.ts";

/**
 * Which files a file may lead to, by external links, external raw files and virtual sources:
 *
 * - `"local"` (default): those within the folder of the opened file, by relative names; on a server, those below its
 *   URL. None from bytes, Blobs and storages.
 * - `"none"`: none. `"any"`: whatever the names say; for files that are trusted.
 * - a function: it says which source a name means. A map: the sources by name, such as Files that were dropped on a page; of
 *   names with folders the last part will do.
 * - `{ within, prefixes }`: as `within` says, and in the folders (or URLs) `prefixes` first: like `HDF5_EXT_PREFIX`,
 *   which is not looked at.
 */
export type LinksOption = "local" | "none" | "any" | LinkResolver | LinkPlaces | ReadonlyMap<string, Source>;

export interface LinkPlaces {
  /** Default `"local"`. */
  readonly within?: "local" | "any";
  /** Folders or URLs where sources of virtual datasets are looked for, in that order. */
  readonly prefixes: readonly string[];
}

export interface LinkOptions extends StorageOptions {
  readonly links?: LinksOption;
  /**
   * Folders (or URLs) in which sources of virtual datasets are looked for first; `${ORIGIN}` is that of the file. Before them come
   * those of the variable `HDF5_VDS_PREFIX`, as in libhdf5. Of no effect where `links` is "none", a function or a map.
   */
  readonly virtualPrefix?: string | readonly string[];
}

/** The policy for a file that was opened from `storage`. */
export function linkPolicy(storage: Storage, options: LinkOptions = {}): LinkPolicy {
  const { links = "local", virtualPrefix, ...inner } = options;
  if (links === "none") return NO_LINKS;
  if (typeof links === "function") return new ResolverPolicy(links, storage.label, inner);
  if (links instanceof Map) return new ResolverPolicy(byName(links), storage.label, inner);
  const { within = "local", prefixes = [] } = typeof links === "string" ? { within: links } : (links as LinkPlaces);
  const policy = placesPolicy(storage, within, prefixes, inner);
  const first = virtualPrefixes(storage, virtualPrefix);
  if (first.length === 0) return policy;
  return new VirtualPolicy(policy, placesPolicy(storage, within, [...first, ...prefixes], inner));
}

/** The sources of a map, by the whole name or its last part. */
function byName(sources: ReadonlyMap<string, Source>): LinkResolver {
  return ({ name }) => sources.get(name) ?? sources.get(name.slice(name.lastIndexOf("/") + 1));
}

function placesPolicy(
  storage: Storage,
  within: "local" | "any",
  prefixes: readonly string[],
  inner: StorageOptions,
): LinkPolicy {
  if (storage instanceof HttpStorage && /^https?:/.test(storage.label)) {
    return within === "any"
      ? new AnyPolicy([...prefixes, new URL(".", storage.label).href], inner)
      : UrlPolicy.of(storage.label, prefixes, inner.http);
  }
  if (storage instanceof NodeFileStorage) {
    const folder = paths().dirname(paths().resolve(storage.label));
    return within === "any" ? new AnyPolicy([...prefixes, folder], inner) : FolderPolicy.of(folder, prefixes);
  }
  if (within === "any") return new AnyPolicy(prefixes, inner);
  return prefixes.length === 0 ? NO_FOLDER : localTo(prefixes, inner);
}

/** A file in no folder, for which folders are given all the same. */
function localTo(prefixes: readonly string[], options: StorageOptions): LinkPolicy {
  const [last] = prefixes.slice(-1);
  const others = prefixes.slice(0, -1);
  return /^https?:/i.test(last)
    ? UrlPolicy.of(last.replace(/\/?$/, "/"), others, options.http)
    : FolderPolicy.of(last, others);
}
