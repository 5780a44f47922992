/** Files beside a file of weights: shards that an index names. */
import { PolicyError, type Source, UnsupportedError } from "h5ts";
import { openBytes } from "./byte-source.ts";
import type { Siblings } from "./model-file.ts";

/** How files beside the source are found: a map of their names, or a function. */
export type SiblingFiles = Readonly<Record<string, Source>> | ((name: string) => Source | Promise<Source>);

/**
 * Shards by their plain names: from where the caller says, else beside a source that is a path or URL. PolicyError of names that lead
 * elsewhere.
 */
export function siblingsOf(source: Source, files: SiblingFiles | undefined, signal?: AbortSignal): Siblings {
  return async (name) => {
    if (!isPlainName(name))
      throw new PolicyError("names a file that does not stand beside it", { structure: "Index", found: name });
    return openBytes(await sibling(source, name, files), signal);
  };
}

const isPlainName = (name: string): boolean =>
  name !== "" && name !== "." && name !== ".." && !/[/\\:?#%\0]/.test(name);

/** Where a file of that name stands beside a source. UnsupportedError where that cannot be told. */
export function sibling(source: Source, name: string, files: SiblingFiles | undefined): Source | Promise<Source> {
  if (typeof files === "function") return files(name);
  if (files !== undefined && Object.hasOwn(files, name)) return files[name];
  if (files === undefined && source instanceof URL) return new URL(name, source);
  if (files === undefined && typeof source === "string") {
    if (/^[a-z][a-z0-9+.-]+:\/\//i.test(source)) return new URL(name, source).href;
    return `${source.slice(0, Math.max(source.lastIndexOf("/"), source.lastIndexOf("\\")) + 1)}${name}`;
  }
  throw new UnsupportedError("is spread over files that were not given: see the option `files`", {
    structure: "Index",
    found: name,
  });
}
