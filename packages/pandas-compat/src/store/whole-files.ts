/** One object read from a file, or written into it. */
import { ExistsError, NotFoundError, type OpenMode, type Source } from "h5ts";
import type { Frame, Series } from "../frame/frame.ts";
import { isMetadataOf } from "./keys.ts";
import { openStore, type PutOptions, type StoreOptions } from "./store.ts";

/**
 * Reads one object of a file. The key may be left out where the file holds just one: ExistsError if there are several, NotFoundError if there is
 * none.
 */
export async function readHdf(source: Source, key?: string, options: StoreOptions = {}): Promise<Frame | Series> {
  const store = await openStore(source, "r", options);
  try {
    return await store.get(key ?? onlyKey(await store.keys()));
  } finally {
    await store.close();
  }
}

function onlyKey(keys: readonly string[]): string {
  const [first] = keys;
  if (first === undefined) throw new NotFoundError("holds no pandas object", { structure: "file" });
  if (keys.slice(1).every((key) => isMetadataOf(key, first))) return first;
  throw new ExistsError("holds several pandas objects: name one", { structure: "file", found: keys.join() });
}

/** Writes one object into a file; mode as of `open`, default `"a"`. */
export async function toHdf(
  source: Source,
  key: string,
  object: Frame | Series,
  options: PutOptions & StoreOptions & { readonly mode?: OpenMode; readonly append?: boolean } = {},
): Promise<void> {
  const store = await openStore(source, options.mode ?? "a", options);
  try {
    if (options.append === true) await store.append(key, object, options);
    else await store.put(key, object, options);
  } finally {
    await store.close();
  }
}
