/** Opening what the command line names. */
import { type AnyObject, type H5File, isH5Error, NotFoundError, type OpenOptions, open } from "h5ts";
import { UsageError } from "./command.ts";

/** What the command line calls a file: `-` is standard input, as a whole. */
export async function sourceOf(file: string): Promise<string | Uint8Array> {
  if (file !== "-") return file;
  const parts: Uint8Array[] = [];
  for await (const part of process.stdin) parts.push(part);
  return Buffer.concat(parts);
}

/** Of a file that is changed or made: it needs a name. */
export function targetOf(file: string, command: string, operand: string): string {
  if (file !== "-") return file;
  throw new UsageError(`${command}: ${operand} must be a path: a file is written at places, not from start to end`);
}

/** Opens a file for the length of `use`. */
export async function withFile<T>(
  file: string | Uint8Array,
  options: OpenOptions,
  use: (file: H5File<"async">) => Promise<T>,
): Promise<T> {
  const opened = await open(typeof file === "string" ? await sourceOf(file) : file, "r", options);
  try {
    return await use(opened);
  } finally {
    await opened.close();
  }
}

/** The object at a path, which must be there. */
export async function objectAt(file: H5File<"async">, path: string): Promise<AnyObject<"async">> {
  const found = await file.get(path);
  if (found !== undefined) return found;
  throw new NotFoundError("does not exist", { path });
}

/** The outcome of a read, or the error that h5ts raised; others are thrown. */
export async function outcomeOf<T>(reading: Promise<T>): Promise<T | Error> {
  try {
    return await reading;
  } catch (error) {
    if (isH5Error(error)) return error as unknown as Error;
    throw error;
  }
}
