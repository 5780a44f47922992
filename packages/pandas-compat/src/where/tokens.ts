/** Conditions of `select` in pieces: names, literals, operators. */
import { SelectionError } from "h5ts";

export type Token =
  | { readonly kind: "name"; readonly text: string; readonly at: number }
  | { readonly kind: "number"; readonly value: number | bigint; readonly at: number }
  | { readonly kind: "text"; readonly value: string; readonly at: number }
  | { readonly kind: "operator"; readonly text: string; readonly at: number };

/** SelectionError where a condition is not as pandas takes it. */
export function refuseCondition(condition: string, reason: string, found: unknown): never {
  throw new SelectionError(`condition ${JSON.stringify(condition)} ${reason}`, { structure: "where", found });
}

const PIECES =
  /\s*(?:([\p{L}_][\p{L}\p{N}_.]*)|(-?\s*(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(==|!=|<=|>=|[=<>&|~()[\],]))/uy;

/** The pieces of a condition. */
export function tokensOf(condition: string): Token[] {
  const tokens: Token[] = [];
  PIECES.lastIndex = 0;
  while (condition.slice(PIECES.lastIndex).trim() !== "") {
    const at = PIECES.lastIndex;
    const found = PIECES.exec(condition);
    if (found === null) return refuseCondition(condition, "has what is no part of one", condition.slice(at, at + 20));
    const [, name, number, text, operator] = found;
    if (name !== undefined) tokens.push({ kind: "name", text: name, at });
    else if (number !== undefined) tokens.push({ kind: "number", value: numberOf(number.replace(/\s/g, "")), at });
    else if (text !== undefined) tokens.push({ kind: "text", value: unquoted(text), at });
    else tokens.push({ kind: "operator", text: operator === "=" ? "==" : operator, at });
  }
  return tokens;
}

const numberOf = (text: string): number | bigint => (/^-?\d+$/.test(text) ? BigInt(text) : Number(text));

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "0": "\0" };

const unquoted = (text: string): string =>
  text
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|(.))/gi, (_, x, u, one) =>
      one === undefined ? String.fromCharCode(Number.parseInt(x ?? u, 16)) : (ESCAPES[one] ?? one),
    );
