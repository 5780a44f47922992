/** Errors as JSON. */
import { isH5Error } from "h5ts";
import type { ErrorJson } from "./schema.ts";

/** What an error says. Those that are not of h5ts say only their class and message. */
export function errorJson(error: unknown): ErrorJson {
  if (!isH5Error(error)) {
    const { name, message } = error instanceof Error ? error : { name: typeof error, message: String(error) };
    return { name, message };
  }
  const { name, code, message, structure, address, path } = error;
  return {
    name,
    code,
    message,
    ...(structure !== undefined && { structure }),
    ...(address !== undefined && { address }),
    ...(path !== undefined && { path }),
  };
}
