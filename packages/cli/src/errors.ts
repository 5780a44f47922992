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

/** Whether a word is another with one letter more, less, or exchanged, or its beginning. */
export function isNear(word: string, other: string): boolean {
  if (other.startsWith(word) || word.startsWith(other)) return true;
  const [short, long] = word.length < other.length ? [word, other] : [other, word];
  let same = 0;
  while (same < short.length && short[same] === long[same]) same++;
  const [restShort, restLong] = [short.slice(same), long.slice(same)];
  if (long.length - short.length === 1) return restLong.slice(1) === restShort;
  if (long.length !== short.length) return false;
  return (
    restLong.slice(1) === restShort.slice(1) ||
    (restLong.slice(2) === restShort.slice(2) && restLong[0] === restShort[1])
  );
}

/** One line for a person: the file, what is wrong, and what helps. */
export function errorLine(error: unknown, operand: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const hint = hintOf(error, operand);
  const line = `${operand}: ${message}${hint === undefined ? "" : ` (hint: ${hint})`}`;
  return `h5ts: ${line.replaceAll(/\s*\n\s*/g, " ")}`;
}
