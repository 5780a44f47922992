/** What browsers say of a failure, as errors of h5ts. */
import { type H5Error, LockedError, NotFoundError, StorageError } from "../errors.ts";

const REASONS: Readonly<Record<string, string>> = {
  QuotaExceededError: "no space is left: the site's storage quota is used up",
  NotAllowedError: "permission denied",
  SecurityError: "permission denied",
  InvalidStateError: "it was closed, or is no file of the origin private file system",
};

/** `action` is what could not be done, as in "write x.h5 at byte 7". */
export function browserError(action: string, cause: unknown): StorageError {
  const reason = REASONS[nameOf(cause)];
  return new StorageError(`cannot ${action}${reason === undefined ? "" : `: ${reason}`}`, { cause });
}

/** LockedError where another page or worker has the file; NotFoundError where it is gone. */
export function openingError(label: string, cause: unknown): H5Error {
  switch (nameOf(cause)) {
    case "NoModificationAllowedError":
      return new LockedError(`${label} is open in this page, or another one of this site, or in a worker`, { cause });
    case "NotFoundError":
      return new NotFoundError(`there is no file ${label}`, { cause });
    default:
      return browserError(`open ${label}`, cause);
  }
}

/** The name of a `DOMException`. */
export const nameOf = (cause: unknown): string => String((cause as { name?: unknown } | null)?.name);
