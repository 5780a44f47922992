/** The name of a storage's file, without its folder. */
import type { Storage } from "../steps/storage.ts";
import { HttpStorage } from "./http/http-storage.ts";

export function fileName(storage: Storage): string {
  if (!(storage instanceof HttpStorage)) return lastPart(storage.label);
  const name = lastPart(new URL(storage.label).pathname);
  try {
    return decodeURIComponent(name);
  } catch {
    // A percent sign that stands for itself.
    return name;
  }
}

/** What stands behind the last separator. */
export const lastPart = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
