/** Arguments of protocol 0, which are text up to the end of a line, and text of the others. */
import type { PickleMachine } from "./machine.ts";

/** Digits that an integer may have: they cost as their square. */
const MOST_DIGITS = 10_000;

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text of UTF-8 as Python writes it, where halves of surrogate pairs may stand alone. */
export function textOf(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return withSurrogates(bytes);
  }
}

/** Decodes three-byte sequences of surrogates one by one, what is between them as ever. */
function withSurrogates(bytes: Uint8Array): string {
  const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  let from = 0;
  for (let i = 0; i + 2 < bytes.length; i++) {
    if (bytes[i] !== 0xed || bytes[i + 1] < 0xa0 || bytes[i + 1] > 0xbf) continue;
    text += lenient.decode(bytes.subarray(from, i));
    text += String.fromCharCode(0xd000 | ((bytes[i + 1] & 0x3f) << 6) | (bytes[i + 2] & 0x3f));
    i += 2;
    from = i + 1;
  }
  return text + lenient.decode(bytes.subarray(from));
}

const latin1 = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};

/** The number of a PUT or GET. */
export function integerLine(machine: PickleMachine): number {
  const text = latin1(machine.line());
  return /^\d{1,9}$/.test(text) ? Number(text) : machine.fail("has no number where one must be", text);
}

/** An integer: of INT also a boolean, of LONG with an L behind. */
export function longLine(machine: PickleMachine, kind: "int" | "long"): void {
  const line = machine.line();
  if (line.length > MOST_DIGITS) machine.fail("has an integer of too many digits", line.length);
  const text = latin1(line);
  const isBool = kind === "int" && (text === "00" || text === "01");
  const digits = kind === "long" ? text.replace(/L$/, "") : text;
  if (isBool) machine.push(text === "01");
  else if (/^-?\d+$/.test(digits)) machine.integer(BigInt(digits));
  else machine.fail("has no integer where one must be", text.slice(0, 40));
}

/** Python's repr of a float. */
export function float(machine: PickleMachine): number {
  const text = latin1(machine.line());
  if (/^[+-]?nan$/.test(text)) return Number.NaN;
  const infinite = /^([+-]?)inf$/.exec(text);
  if (infinite !== null) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text);
  return machine.fail("has no number where one must be", text.slice(0, 40));
}

/** Text in Python's raw-unicode-escape: Latin 1, with \uXXXX and \UXXXXXXXX. */
export function unicodeLine(machine: PickleMachine): string {
  return latin1(machine.line()).replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (_, short, long) => {
    const code = Number.parseInt(short ?? long, 16);
    if (code > 0x10ffff) machine.fail("has a character that there is none of", code);
    return short === undefined ? String.fromCodePoint(code) : String.fromCharCode(code);
  });
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
};

/** A string of Python 2 as its repr: bytes, taken for Latin 1. */
export function quoted(machine: PickleMachine): string {
  const text = latin1(machine.line());
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || !text.endsWith(quote))
    return machine.fail("has no quotes around a string", text.slice(0, 40));
  return text.slice(1, -1).replace(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (_, hex, one) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return Object.hasOwn(ESCAPES, one) ? ESCAPES[one] : `\\${one}`;
  });
}
