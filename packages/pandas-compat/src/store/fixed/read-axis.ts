/** Axes in the fixed format: an array with the kind of its labels, or levels and codes. */
import { Dataset, FormatError, type Group, LimitError } from "h5ts";
import type { Axis, Index, MultiIndex } from "../../frame/frame.ts";
import { dateOfOrdinal, momentType } from "../../frame/moments.ts";
import { PLAIN_TEXT, type TextForm } from "../../frame/text.ts";
import { lengthOf, type Values } from "../../frame/values.ts";
import { type AnyDataset, pickledObject, readColumnar } from "../../pytables/array-node.ts";
import { NodeAttributes } from "../../pytables/attributes.ts";
import { type Elements, elementsOf } from "../../pytables/raw-column.ts";
import { periodName } from "../../python/offsets.ts";
import type { Label } from "../../python/values.ts";
import { emptyValues, frequencyOf, objectValues, textValues, valuesOfElements, zoneOf } from "../read-values.ts";

export type AnyGroup = Group<"async">;

/** The group of a pandas object in the fixed format. */
export interface FixedGroup {
  readonly group: AnyGroup;
  readonly attrs: NodeAttributes;
  readonly form: TextForm;
}

/** Levels of an axis at most. */
const MOST_LEVELS = 1000;

/** A dataset of the group. NotFoundError where there is none. */
export const datasetOf = (group: AnyGroup, name: string): Promise<AnyDataset> => group.dataset(name);

/** The axis of that name: `axis0`, `block1_items`, `index`. */
export async function readAxis(from: FixedGroup, key: string): Promise<Axis> {
  const variety = from.attrs.text(`${key}_variety`);
  if (variety === "multi") return readMultiIndex(from, key);
  if (variety !== "regular")
    throw new FormatError("is no variety of an index", { structure: "pandas object", found: variety });
  return readIndex(from, key);
}

async function readMultiIndex(from: FixedGroup, key: string): Promise<MultiIndex> {
  const count = from.attrs.number(`${key}_nlevels`) ?? 0;
  if (!(count > 0 && count <= MOST_LEVELS))
    throw new LimitError("has no such number of levels", {
      structure: "pandas object",
      found: count,
      allowed: `1 to ${MOST_LEVELS}`,
    });
  const names: Label[] = [];
  const levels: Values[] = [];
  const codes: Int32Array[] = [];
  for (let i = 0; i < count; i++) {
    const level = await readIndex(from, `${key}_level${i}`);
    names.push(level.name);
    levels.push(level.values);
    codes.push(await readCodes(from, `${key}_label${i}`, lengthOf(level.values)));
  }
  return { kind: "multi", names, levels, codes };
}

async function readCodes({ group }: FixedGroup, name: string, levels: number): Promise<Int32Array> {
  const dataset = await datasetOf(group, name);
  const attrs = await NodeAttributes.of(dataset);
  if (attrs.has("shape")) return new Int32Array(0);
  const { data } = (await readColumnar(dataset, true)).column(0);
  const codes = Int32Array.from(data as Int32Array, Number);
  const wrong = codes.find((code) => code < -1 || code >= levels);
  if (wrong !== undefined)
    throw new FormatError("has a code without a label", {
      structure: "pandas object",
      path: dataset.name,
      found: wrong,
    });
  return codes;
}

/** An index that is one array. */
export async function readIndex(from: FixedGroup, key: string): Promise<Index> {
  const { group, form } = from;
  const dataset = await datasetOf(group, key);
  const attrs = await NodeAttributes.of(dataset);
  const values =
    attrs.text("kind") === "category"
      ? await categories(from, key, dataset, attrs)
      : await indexValues(dataset, attrs, form);
  const freq = frequencyOf(attrs.get("freq"));
  const name = (attrs.get("name") ?? null) as Label;
  return { kind: "index", name, values, ...(freq === undefined || values.kind === "period" ? {} : { freq }) };
}

/** Since pandas 3.1: codes, and their categories as an axis of their own. */
async function categories(from: FixedGroup, key: string, dataset: AnyDataset, attrs: NodeAttributes): Promise<Values> {
  const { values } = await readIndex(from, `${key}_categories`);
  const wide = await readCodes(from, key, lengthOf(values));
  const codes =
    dataset.dtype.itemsize === 1 ? Int8Array.from(wide) : dataset.dtype.itemsize === 2 ? Int16Array.from(wide) : wide;
  return { kind: "categorical", codes, categories: values, ordered: attrs.get("ordered") === true };
}

async function indexValues(dataset: AnyDataset, attrs: NodeAttributes, form: TextForm): Promise<Values> {
  const kind = attrs.text("kind");
  if (attrs.has("shape")) return typedEmpty(attrs, kind ?? "");
  if (kind === "object") return objectValues(await pickledObject(dataset), undefined);
  const elements = dataset.size === 0 ? noElements(dataset) : (await readColumnar(dataset, true)).column(0);
  return valuesOfKind(elements, kind ?? "", attrs, form);
}

const noElements = (dataset: AnyDataset): Elements =>
  elementsOf({
    type: dataset.dtype.datatype,
    bytes: new Uint8Array(0),
    offset: 0,
    stride: dataset.dtype.itemsize,
    count: 0,
  });

function typedEmpty(attrs: NodeAttributes, kind: string): Values {
  const name = attrs.text("value_type") ?? "object";
  const values = emptyValues(momentType(kind) === undefined ? name : kind);
  if (values.kind === "datetime") return { ...values, zone: zoneOf(attrs.get("tz")) };
  if (attrs.text("index_class") === "period") return periods(new BigInt64Array(0), attrs);
  return values;
}

function valuesOfKind(elements: Elements, kind: string, attrs: NodeAttributes, form: TextForm): Values {
  if (kind === "string") return textValues(elements, { ...form, nanRep: nanRepOf(attrs) }, "object");
  if (kind === "date") return { kind: "object", data: Array.from(elements.data as Int32Array, dateOfOrdinal) };
  if (attrs.text("index_class") === "period") return periods(elements.data as BigInt64Array, attrs);
  return valuesOfElements(elements, { name: kind, zone: zoneOf(attrs.get("tz")) });
}

/** Since pandas 3.1 an index says what stands for missing text in it, or that nothing does. */
function nanRepOf(attrs: NodeAttributes): string | null {
  const nanRep = attrs.text("nan_rep") ?? PLAIN_TEXT.nanRep;
  return nanRep === "" ? null : nanRep;
}

const periods = (data: BigInt64Array, attrs: NodeAttributes): Values => ({
  kind: "period",
  freq: periodName(frequencyOf(attrs.get("freq")) ?? ""),
  data,
});

/** Whether an object is a dataset. */
export const isDataset = (object: unknown): object is AnyDataset => object instanceof Dataset;
