/** Frames and series in the neutral JSON. */
import { type Axis, axisLength, type Frame, levelValues, type Series } from "../frame/frame.ts";
import { lengthOf, type Values } from "../frame/values.ts";
import { arrayJson } from "./array-json.ts";
import { type Json, tagged } from "./tagged.ts";

/** A frame or series: its axes, and an array for each column. */
export async function frameJson(object: Frame | Series): Promise<{ [name: string]: Json }> {
  const nrows = axisLength(object.index);
  const index = await axisJson(object.index);
  if (object.kind === "series")
    return { kind: "series", nrows, name: tagged(object.name), index, data: [await arrayJson(object.data)] };
  const data: Json[] = [];
  for (const values of object.data) data.push(await arrayJson(values));
  return { kind: "dataframe", nrows, index, columns: await axisJson(object.columns), data };
}

const CLASSES: Partial<Record<Values["kind"], string>> = {
  datetime: "DatetimeIndex",
  timedelta: "TimedeltaIndex",
  period: "PeriodIndex",
  categorical: "CategoricalIndex",
};

/** An axis: its class and names, and its labels. */
export async function axisJson(axis: Axis): Promise<{ [name: string]: Json }> {
  if (axis.kind === "multi") {
    const levels: Json[] = [];
    for (let i = 0; i < axis.levels.length; i++) levels.push(await arrayJson(levelValues(axis, i)));
    return {
      class: "MultiIndex",
      name: { t: "none" },
      names: axis.names.map(tagged),
      length: axisLength(axis),
      levels,
    };
  }
  const { values, name, freq } = axis;
  const moment = values.kind === "datetime" || values.kind === "timedelta";
  return {
    class: CLASSES[values.kind] ?? "Index",
    name: tagged(name),
    ...(await arrayJson(values)),
    length: lengthOf(values),
    ...(moment ? { freq: freq ?? null } : {}),
  };
}
