/** What Node's `fs` says of a failure, as errors of h5ts. */
import { ExistsError, type H5Error, NotFoundError, StorageError } from "../errors.ts";

/** In words, by the system's code. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "its file system is read-only",
  ENOSPC: "no space is left on the disk",
  EDQUOT: "the disk quota is used up",
  EFBIG: "it would become larger than a file may be",
  EIO: "the disk failed",
  EISDIR: "it is a folder",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  ETXTBSY: "it is a program that runs",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its links go round",
};

const codeOf = (cause: unknown): string => String((cause as { code?: unknown } | null)?.code);

/** Whether the system says that there is no such file. */
export const isAbsent = (cause: unknown): boolean => codeOf(cause) === "ENOENT" || codeOf(cause) === "ENOTDIR";

/** `action` is what could not be done, as in "write x.h5 at byte 7". */
export function storageError(action: string, cause: unknown): StorageError {
  const reason = REASONS[codeOf(cause)];
  return new StorageError(`cannot ${action}${reason === undefined ? "" : `: ${reason}`}`, { cause });
}

/** NotFoundError where a file, or the folder of one to be made, is absent; ExistsError where one to be made is there. */
export function openingError(path: string, cause: unknown, creates = false): H5Error {
  if (codeOf(cause) === "EEXIST") return new ExistsError(`cannot make ${path}: it is there already`, { cause });
  if (!isAbsent(cause)) return storageError(`open ${path}`, cause);
  return new NotFoundError(creates ? `there is no folder for ${path}` : `there is no file ${path}`, { cause });
}
