/** Errors as one line, with a hint at what helps. */
import { type ErrorName, isH5Error } from "h5ts";

const HINTS: Partial<Record<ErrorName, string>> = {
  PolicyError: "--links any allows it, where the file is trusted",
  FilterError: "`h5ts info FILE PATH` names the filters of a dataset",
  StorageError: "check the path or address, and try again",
  LimitError: "a limit guards against damaged files",
  UnsupportedError: "this version of h5ts cannot do that yet",
};

/** "Nothing there" has other causes for a file than for an object in it. */
function hintOf(error: unknown, operand: string): string | undefined {
  if (isH5Error(error, "NotFoundError")) {
    return error.path === undefined ? "check the path" : `\`h5ts ls ${operand}\` shows what is there`;
  }
  if (isH5Error(error, "FormatError")) {
    return error.path === undefined ? "is it an HDF5 file, and whole?" : "the file is damaged there";
  }
  return isH5Error(error) ? HINTS[error.name] : undefined;
}

/** One line for a person: the file, what is wrong, and what helps. */
export function errorLine(error: unknown, operand: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint = hintOf(error, operand);
  const line = `${operand}: ${message}${hint === undefined ? "" : ` (hint: ${hint})`}`;
  return `h5ts: ${line.replaceAll(/\s*\n\s*/g, " ")}`;
}
