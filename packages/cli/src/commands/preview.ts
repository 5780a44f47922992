/** `h5ts preview`: a dataset as graphics in the terminal, or as a PNG. */
import { writeFileSync } from "node:fs";
import type { Dataset } from "h5ts";
import { type Command, type CommandContext, UsageError } from "../command.ts";
import { datasetShape, kindText } from "../describe.ts";
import { objectAt, withFile } from "../opened.ts";
import { drawColors, drawCurve, drawShades } from "../preview/draw.ts";
import { hasColors, type Picture, rangeOf, takePicture } from "../preview/picture.ts";
import { encodePng } from "../preview/png.ts";
import { drawTable } from "../preview/table.ts";
import { json } from "../terminal/json.ts";
import { fitted, safe } from "../terminal/text.ts";

/** Places of a line, where no terminal says how many it has. */
const WIDTH = 80;
/** Lines of a curve; rows of a table; pixels of a PNG's longer side at most. */
const CURVE_LINES = 6;
const TABLE_ROWS = 12;
const PIXELS = 1024;

export const preview: Command = {
  name: "preview",
  summary: "Show a dataset as graphics in the terminal: a curve, a picture, a table; or write a PNG",
  usage: "FILE:PATH | FILE PATH [--index I,J...] [--width N] [--png OUT] [--json]",
  options: { index: { type: "string" }, width: { type: "string" }, png: { type: "string" } },
  help: {
    "index I,J...": "where on the axes before the last two (default 0 on each)",
    "width N": "columns of the picture (default: as wide as the terminal)",
    "png OUT": "write a PNG instead",
  },
  details: [
    "One axis becomes a curve, the last two a picture, in colours where the terminal has them (viridis) and in shades of characters elsewhere; compounds and text a table. Of large datasets every so-many-th element is read and shown; the last line says which. Bytes whose last axis is of 3 or 4 are taken for colours.",
  ],
  examples: [
    ["data.h5:/raw/images --index 42", "the image of that number"],
    ["data.h5 /raw/times", "a curve"],
    ["data.h5:/image --png image.png", "a file for other programs"],
  ],
  operands: [1, 2],
  async run(context) {
    const { operands, opening } = context;
    const [file, path] = operands.length === 2 ? operands : parted(operands[0]);
    return withFile(file, opening, async (opened) => {
      const object = await objectAt(opened, path);
      if (object.kind !== "dataset") throw new UsageError(`preview: ${path} is a ${object.kind}, not a dataset`);
      await show(object, context);
      return 0 as const;
    });
  },
};

/** `FILE:PATH`: the last colon parts them, but for those of URLs and drives. */
function parted(operand: string): [file: string, path: string] {
  const at = operand.lastIndexOf(":");
  const path = operand.slice(at + 1);
  if ((at > 1 || operand.startsWith("-:")) && !path.startsWith("//") && path !== "")
    return [operand.slice(0, at), path];
  throw new UsageError("preview: which dataset? FILE:PATH, or FILE PATH");
}

const NUMERIC = new Set(["integer", "float", "enum", "bitfield"]);

async function show(dataset: Dataset<"async">, { values, output, json: asJson }: CommandContext): Promise<void> {
  const shape = datasetShape(dataset);
  const numeric = NUMERIC.has(dataset.dtype.class) && shape !== null && dataset.size > 0;
  const index = numeric ? indexOf(values.index, shape.length - 2) : [];
  const at = numeric && shape.length > 2 && !hasColors(dataset) ? `  at ${placeText(index, shape.length - 2)}` : "";
  const head = `${safe(dataset.name ?? "")}  ${safe(kindText(dataset))}${at}`;
  if (!numeric || shape.length === 0) {
    if (values.png !== undefined) throw new UsageError("preview: --png is for numbers with axes");
    const table =
      shape === null || dataset.size === 0 ? ["(nothing)"] : await drawTable(dataset, TABLE_ROWS, output.columns);
    output.out(asJson ? json({ table }) : [head, ...table, ...more(shape, TABLE_ROWS)].join("\n"));
    return;
  }
  if (typeof values.png === "string") {
    const picture = await takePicture(dataset, index, PIXELS, PIXELS);
    writeFileSync(values.png, encodePng(picture));
    output.out(
      asJson ? json({ png: values.png, ...summary(picture) }) : `${values.png}: ${picture.width} x ${picture.height}`,
    );
    return;
  }
  const width = Math.max(1, values.width === undefined ? (output.columns ?? WIDTH) : number(values.width, "width"));
  const picture = await takePicture(dataset, index, width, shape.length === 1 ? 1 : width);
  const lines = [head, ...drawn(picture, output.colors === true), legend(picture)];
  output.out(
    asJson ? json(summary(picture)) : lines.map((line) => fitted(line, output.columns ?? Infinity)).join("\n"),
  );
}

const more = (shape: readonly number[] | null, rows: number): string[] => {
  const left = (shape?.[0] ?? 0) - rows;
  return left > 0 ? [`... and ${left} more`] : [];
};

function drawn(picture: Picture, colors: boolean): string[] {
  if (picture.height === 1 && picture.channels === 1) return drawCurve(picture.values, CURVE_LINES);
  return colors ? drawColors(picture) : drawShades(picture);
}

function summary({ width, height, steps, values }: Picture): object {
  const [least, greatest] = rangeOf(values) ?? [null, null];
  return { width, height, steps, least, greatest };
}

function legend({ steps: [down, across], values, height }: Picture): string {
  const range = rangeOf(values);
  const shown =
    down * across === 1
      ? "all"
      : height === 1
        ? `1 of ${across}`
        : down === across
          ? `1 of ${across} each way`
          : `1 of ${down} x ${across}`;
  return `${range === undefined ? "no numbers" : `${text(range[0])} to ${text(range[1])}`}; elements shown: ${shown}`;
}

const text = (value: number): string => String(Number(value.toPrecision(6)));

/** Where on the leading axes, as h5py's indices: `[7, :, :]`. */
const placeText = (index: readonly number[], axes: number): string =>
  `[${[...Array.from({ length: axes }, (_, axis) => index[axis] ?? 0), ":", ":"].join(", ")}]`;

/** Where on the leading axes. */
function indexOf(given: CommandContext["values"][string], axes: number): number[] {
  if (given === undefined) return [];
  const index = String(given).split(",").map(Number);
  if (index.some((one) => !Number.isInteger(one)) || index.length > Math.max(axes, 0))
    throw new UsageError(`preview: --index takes ${Math.max(axes, 0)} whole numbers here, not ${given}`);
  return index;
}

function number(given: CommandContext["values"][string], name: string): number {
  const value = Number(given);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UsageError(`preview: --${name} must be a whole number from 1, not ${given}`);
}
