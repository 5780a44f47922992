/** What the layout study would choose, as a table. */
import { table } from "../tables.ts";
import { choicesOf, type LayoutFigures } from "./measure.ts";

const layoutOf = ({ shape, chunks, filter }: LayoutFigures, withName: boolean): string =>
  [withName ? shape : "", chunks?.join("x") ?? "", filter].filter(Boolean).join(" ");

const figuresOf = ({ patterns: [{ time }], ratio }: LayoutFigures): string[] => [time.toPrecision(2), ratio.toFixed(2)];

/** Data, pattern; the best with milliseconds and ratio; what is advised, with the same. */
export const choiceRows = (all: readonly LayoutFigures[]): string[][] =>
  choicesOf(all).map(({ kind, pattern, best, advised }) => [
    kind,
    pattern,
    ...(best ? [layoutOf(best, true), ...figuresOf(best)] : ["-", "-", "-"]),
    ...(advised ? [layoutOf(advised, false), ...figuresOf(advised)] : ["-", "-", "-"]),
  ]);

export const choiceTable = (all: readonly LayoutFigures[]): string =>
  table([["data", "read by", "best", "ms a read", "ratio", "`h5ts advise`", "ms a read", "ratio"], ...choiceRows(all)]);
