/** Pictures and curves as characters. */
import { type Color, colorsOf, type Picture, rangeOf } from "./picture.ts";

const foreground = ([red, green, blue]: Color): string => `\u001b[38;2;${red};${green};${blue}m`;
const background = ([red, green, blue]: Color): string => `\u001b[48;2;${red};${green};${blue}m`;

/** Two rows of a picture a line, by half blocks in colours. */
export function drawColors(picture: Picture): string[] {
  const { width, height } = picture;
  const colors = colorsOf(picture);
  return Array.from({ length: Math.ceil(height / 2) }, (_, line) => {
    const upper = colors.slice(2 * line * width, (2 * line + 1) * width);
    const cells = upper.map((color, column) => {
      const lower = colors[(2 * line + 1) * width + column];
      return `${foreground(color)}${lower === undefined ? "" : background(lower)}\u2580\u001b[0m`;
    });
    return cells.join("");
  });
}

/** From dark to bright. */
const SHADES = " .:-=+*#%@";

/** Every second row of a picture a line, as a character is twice as high as wide; `?` is no number. */
export function drawShades(picture: Picture): string[] {
  const { width, height, values, channels } = picture;
  const [least, greatest] = rangeOf(values) ?? [0, 0];
  const shade = (value: number): string => {
    const part = (value - least) / (greatest - least || 1);
    return Number.isFinite(value) ? SHADES[Math.round(part * (SHADES.length - 1))] : "?";
  };
  return Array.from({ length: Math.ceil(height / 2) }, (_, line) => {
    const row = Array.from({ length: width }, (_, column) => shade(values[(2 * line * width + column) * channels]));
    return row.join("").trimEnd();
  });
}

const EIGHTHS = " \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";

/** Values as columns over so many lines, in steps of an eighth of a line. */
export function drawCurve(values: Float64Array, lines: number): string[] {
  const [least, greatest] = rangeOf(values) ?? [0, 0];
  const heights = Array.from(values, (value) =>
    Number.isFinite(value) ? 1 + Math.round(((value - least) / (greatest - least || 1)) * (lines * 8 - 1)) : 0,
  );
  return Array.from({ length: lines }, (_, line) => {
    const below = (lines - 1 - line) * 8;
    return heights
      .map((height) => EIGHTHS[Math.min(8, Math.max(0, height - below))])
      .join("")
      .trimEnd();
  });
}
