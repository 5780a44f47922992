import { FormatError } from "@h5ts/core";

/** What is wrong with a mapping, as it stands in the file. */
export function wrongMapping(reason: string, found: unknown, allowed?: string): FormatError {
  return new FormatError(reason, { structure: "Virtual dataset mapping", found, allowed });
}
