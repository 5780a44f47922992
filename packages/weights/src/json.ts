/** JSON as Python writes it: bare NaN and infinities, and names that are data. */
import { FormatError } from "h5ts";

export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Parses text or UTF-8 bytes. Python's `NaN` and `Infinity` outside of strings become `null`; FormatError names the structure.
 * With `unique`, a name that stands twice in one object is an error.
 */
export function parseJson(text: string | Uint8Array, structure: string, options: { unique?: boolean } = {}): unknown {
  try {
    const source = typeof text === "string" ? text : new TextDecoder("utf-8", { fatal: true }).decode(text);
    if (options.unique) checkUnique(source);
    return JSON.parse(source.replace(BARE, (_, string?: string) => string ?? "null"));
  } catch (cause) {
    throw new FormatError("is no JSON", { structure, cause });
  }
}

/** A string, or what Python writes for numbers that JSON does not have. */
const BARE = /("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b/g;

/** Tokens of JSON: strings, and the signs that structure it. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

function checkUnique(text: string): void {
  const objects: (Set<string> | undefined)[] = [];
  let last = "";
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === "{") objects.push(new Set());
    else if (token === "[") objects.push(undefined);
    else if (token === "}" || token === "]") objects.pop();
    else if (token === ":") {
      const names = objects[objects.length - 1];
      const name = JSON.parse(last) as string;
      if (names?.has(name)) throw new SyntaxError(`the name ${last} stands twice`);
      names?.add(name);
    }
    last = token;
  }
}
