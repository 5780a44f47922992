/** Numbers as a picture: two axes of a dataset, as few of its elements as are shown. */
import { type Dataset, slice } from "h5ts";

/** Values row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly values: Float64Array;
  /** Three or four values each, from 0 to 255, where the dataset is one of colours. */
  readonly channels: 1 | 3 | 4;
  /** Elements between two that are shown, down and across. */
  readonly steps: readonly [down: number, across: number];
}

/** Whether the last axis of a dataset is red, green and blue. */
export const hasColors = ({ shape, dtype }: Dataset<"async">): boolean =>
  dtype.name === "uint8" && shape.length >= 3 && (shape.at(-1) === 3 || shape.at(-1) === 4);

/**
 * The last two axes, at `index` of those before them, in at most so many columns and rows: every so-many-th element, so that a
 * large dataset is not read whole.
 */
export async function takePicture(
  dataset: Dataset<"async">,
  index: readonly number[],
  columns: number,
  rows: number,
): Promise<Picture> {
  const colors = hasColors(dataset);
  const channels = colors ? (dataset.shape.at(-1) as 3 | 4) : 1;
  const axes = dataset.shape.slice(0, colors ? -1 : undefined);
  const [height, width] = axes.length === 1 ? [1, axes[0]] : axes.slice(-2);
  const down = Math.max(1, Math.ceil(height / rows));
  const across = Math.max(1, Math.ceil(width / columns));
  const plane = axes.length === 1 ? [slice(null, null, across)] : [slice(null, null, down), slice(null, null, across)];
  const leading = axes.slice(0, -2).map((_, axis) => index[axis] ?? 0);
  const { data } = await dataset.asType("f8").read([...leading, ...plane, ...(colors ? [null] : [])]);
  return {
    width: Math.ceil(width / across),
    height: Math.ceil(height / down),
    values: data,
    channels,
    steps: [down, across],
  };
}

/** The least and the greatest finite value; `undefined` where there is none. */
export function rangeOf(values: Float64Array): readonly [least: number, greatest: number] | undefined {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return least <= greatest ? [least, greatest] : undefined;
}

export type Color = readonly [red: number, green: number, blue: number];

/** Viridis, at nine places: even steps of brightness, also for those who see few colours. */
const VIRIDIS: readonly Color[] = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [110, 206, 88],
  [253, 231, 37],
];

/** What is no number. */
const NOTHING: Color = [90, 90, 90];

/** The colours of a picture, row by row. */
export function colorsOf({ values, channels }: Picture): Color[] {
  const count = values.length / channels;
  if (channels > 1)
    return Array.from({ length: count }, (_, i) => {
      const [red = 0, green = 0, blue = 0] = values.subarray(i * channels, i * channels + 3);
      return [red, green, blue];
    });
  const [least, greatest] = rangeOf(values) ?? [0, 0];
  return Array.from(values, (value) =>
    Number.isFinite(value) ? along((value - least) / (greatest - least || 1)) : NOTHING,
  );
}

function along(part: number): Color {
  const place = part * (VIRIDIS.length - 1);
  const at = Math.min(Math.floor(place), VIRIDIS.length - 2);
  const [from, to] = [VIRIDIS[at], VIRIDIS[at + 1]];
  const mixed = from.map((value, i) => Math.round(value + (to[i] - value) * (place - at)));
  return [mixed[0], mixed[1], mixed[2]];
}
