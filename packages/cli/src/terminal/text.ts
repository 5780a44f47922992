/** Text for a person's terminal. */

/** Control characters, and what could turn the direction of text: names come from the file. */
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/** Text that cannot move the cursor: control characters as escapes. */
export const safe = (text: string): string =>
  text.replaceAll(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** Bytes in the unit that suits them: `"1.5 MiB"`. */
export function sizeText(bytes: number): string {
  let unit = 0;
  for (; bytes >= 1024 && unit < UNITS.length - 1; unit++) bytes /= 1024;
  return `${unit === 0 ? bytes : bytes.toFixed(1)} ${UNITS[unit]}`;
}

/** Escape sequences of colours: they take no place. */
const ESCAPES = new RegExp(`${"\u001b"}\\[[\\d;]*m`, "g");
/** Characters that take two places, and those that take none. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;
const NARROW = /^[\x20-\x7e]*$/;
const NONE = /\p{Mn}|\u200d|\ufe0f/u;

const placesOf = (character: string): number => (NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1);

/** Places that text takes on a terminal. */
export function widthOf(text: string): number {
  const bare = text.replaceAll(ESCAPES, "");
  if (NARROW.test(bare)) return bare.length;
  return [...bare].reduce((sum, character) => sum + placesOf(character), 0);
}

/** Text in so many places at most: what is cut off is told by an ellipsis; colours end where the text does. */
export function fitted(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const parts = text.split(new RegExp(`(${ESCAPES.source})`));
  let [left, result, colored] = [Math.max(0, width - 1), "", false];
  for (const [i, part] of parts.entries()) {
    if (i % 2 === 1) {
      result += part;
      colored = !part.endsWith("[0m");
      continue;
    }
    for (const character of part) {
      left -= placesOf(character);
      if (left < 0) return `${result}…${colored ? "\u001b[0m" : ""}`;
      result += character;
    }
  }
  return result;
}

/** The end of a text in so many places at most: what is cut off at its beginning is told by an ellipsis. */
export function fittedEnd(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let [left, result] = [width - 1, ""];
  for (const character of [...text].reverse()) {
    left -= placesOf(character);
    if (left < 0) break;
    result = character + result;
  }
  return width > 0 ? `…${result}` : "";
}

/** Text in lines of so many places at most, parted between words; lines after the first are indented. Words are never cut. */
export function wrapped(text: string, width: number, indent = 0): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line.trim() !== "" && widthOf(longer) > width) {
      lines.push(line);
      line = " ".repeat(indent) + word;
    } else line = longer;
  }
  return [...lines, line];
}

/** Rows as columns of equal width; none wider than the terminal, where there is one. */
export function columns(rows: readonly (readonly string[])[], terminal: number = Number.POSITIVE_INFINITY): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, i) => Math.max(...rows.map((row) => widthOf(row[i] ?? ""))));
  return rows
    .map((row) => {
      const cells = row.map((cell, i) => (i === row.length - 1 ? cell : cell + " ".repeat(widths[i] - widthOf(cell))));
      return fitted(cells.join("  ").trimEnd(), terminal);
    })
    .join("\n");
}

/** A shape as h5py writes it: `"(3, 4)"`, `"scalar"`, `"null"`. */
export function shapeText(shape: readonly number[] | null): string {
  if (shape === null) return "null";
  return shape.length === 0 ? "scalar" : `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}
