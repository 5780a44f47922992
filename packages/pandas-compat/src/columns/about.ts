/** What columns alone do not say of a frame: which are its index, and what pandas calls them. */
import { labelAt } from "../frame/label.ts";
import { lengthOf, type Values } from "../frame/values.ts";
import { type Json, tagged } from "../json/tagged.ts";
import { untagged } from "../json/untagged.ts";
import { type ValuesType, valuesOfType } from "./typed-values.ts";

/** Attribute of columns that describes the frame that they were. */
export const FRAME_ATTRIBUTE = "h5ts:frame";
/** Attribute that pyarrow, and pandas through it, know. */
export const PANDAS_ATTRIBUTE = "pandas";

/** Labels, with what they are. */
export interface AxisAbout {
  readonly names: readonly Json[];
  readonly multi: boolean;
  readonly freq?: string;
  /** Of the axis of columns: its labels, by level. */
  readonly labels?: readonly (readonly Json[])[];
  readonly types: readonly ValuesType[];
}

export interface FrameAbout {
  readonly kind: "frame" | "series";
  readonly index: AxisAbout;
  readonly columns: AxisAbout;
  readonly types: readonly ValuesType[];
}

export function typeOf(values: Values): ValuesType {
  switch (values.kind) {
    case "number":
    case "complex":
    case "text":
      return { kind: values.kind, dtype: values.dtype };
    case "datetime":
      return { kind: "datetime", unit: values.unit, zone: values.zone };
    case "timedelta":
      return { kind: "timedelta", unit: values.unit };
    case "period":
      return { kind: "period", freq: values.freq };
    case "categorical":
      return {
        kind: "categorical",
        dtype: `int${8 * values.codes.BYTES_PER_ELEMENT}`,
        ordered: values.ordered,
        categories: typeOf(values.categories),
      };
    default:
      return { kind: values.kind };
  }
}

/** All values as JSON: of labels of columns, which are few. */
export const itemsOf = (values: Values): Json[] =>
  Array.from({ length: lengthOf(values) }, (_, i) => tagged(labelAt(values, i)));

export const valuesOfItems = (type: ValuesType, items: readonly Json[]): Values =>
  valuesOfType(type, items.map(untagged));
