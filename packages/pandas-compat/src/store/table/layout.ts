/** What the attributes of a table say of its columns: pandas' appendable tables. */
import { PickleDict } from "@h5ts/pickle";
import { type FileDatatype, FormatError, UnsupportedError } from "h5ts";
import { PLAIN_TEXT, type TextForm } from "../../frame/text.ts";
import type { AnyDataset } from "../../pytables/array-node.ts";
import { NodeAttributes } from "../../pytables/attributes.ts";
import type { Label } from "../../python/values.ts";
import type { AnyGroup } from "../fixed/read-axis.ts";
import { zoneOf } from "../read-values.ts";

const STRUCTURE = "pandas table";

/** A field of the table's records. */
export interface TableField {
  readonly name: string;
  readonly type: FileDatatype;
  readonly offset: number;
}

/** A column of the table that holds values: a block of columns of the frame, or one of them. */
export interface ValueColumn extends TableField {
  /** Labels of the frame's columns in it. */
  readonly labels: readonly Label[];
  /** The attribute `_dtype`. */
  readonly dtype: string;
  /** The attribute `_meta`: `"category"`, `"str"`, or nothing. */
  readonly meta: string | undefined;
  readonly zone: string | null;
  readonly ordered: boolean;
  readonly form: TextForm;
}

export interface TableLayout {
  readonly group: AnyGroup;
  readonly table: AnyDataset;
  readonly tableAttrs: NodeAttributes;
  readonly isSeries: boolean;
  /** `"appendable_frame"`, `"appendable_multiseries"` ... */
  readonly type: string;
  /** Which axis of the frame the records are along, and their field of labels. */
  readonly indexAxis: number;
  readonly index: TableField & {
    readonly form: TextForm;
    readonly meta: string | undefined;
    readonly ordered: boolean;
  };
  readonly indexKind: string;
  readonly columns: readonly ValueColumn[];
  /** Names of the columns that stand for themselves, and that conditions may name. */
  readonly dataColumns: readonly string[];
  /** Labels along the other axis, in order; `undefined` where the table does not say. */
  readonly otherLabels: readonly Label[] | undefined;
  /** Names of levels of rows, where there are several. */
  readonly levels: readonly Label[] | undefined;
  readonly info: PickleDict;
  readonly form: TextForm;
  /** Before pandas 3.1, which has no `pandas_version` any more: durations of rows come back as integers, zones without frequency. */
  readonly isOld: boolean;
}

/** Fields of a table's records by name. */
export function tableFields(table: AnyDataset): Map<string, TableField> {
  const { datatype } = table.dtype;
  if (datatype.class !== "compound")
    throw new FormatError("is no table", { structure: STRUCTURE, path: table.name, found: datatype.class });
  return new Map(datatype.members.map(({ name, type, offset }) => [name, { name, type, offset }]));
}

/** How text is kept, by the attributes of an object's group. */
export const textFormOf = (attrs: NodeAttributes): TextForm => ({
  encoding: attrs.text("encoding") ?? "UTF-8",
  errors: attrs.text("errors") ?? "strict",
  nanRep: attrs.text("nan_rep") ?? "nan",
});

/** Since pandas 3.1 each column may have a word of its own for missing text, or none. */
function columnForms(form: TextForm, attrs: NodeAttributes, tableAttrs: NodeAttributes): (name: string) => TextForm {
  const levels = attrs.get("levels");
  const ofLevels = attrs.get("mi_level_nan_rep") === true;
  const ofAll = attrs.get("data_col_nan_rep") === true;
  return (name) => {
    const own = ofAll || (ofLevels && Array.isArray(levels) && levels.includes(name));
    return own ? { ...form, nanRep: tableAttrs.text(`${name}_nan_rep`) ?? null } : form;
  };
}

/** Reads the layout of the table in a group. */
export async function tableLayout(group: AnyGroup, attrs: NodeAttributes): Promise<TableLayout> {
  const table = await group.dataset("table");
  const tableAttrs = await NodeAttributes.of(table);
  const fields = tableFields(table);
  const type = attrs.text("table_type") ?? "";
  if (!/^appendable_(multi)?(frame|series)$/.test(type))
    throw new UnsupportedError("is a kind of table that pandas does not read any more", {
      structure: STRUCTURE,
      path: group.name,
      found: type,
    });
  const [[axis, indexName]] = pairs(attrs.get("index_cols"), "index_cols");
  const dict = attrs.get("info");
  const info = dict instanceof PickleDict ? dict : new PickleDict();
  const others = attrs.has("non_index_axes") ? pairs(attrs.get("non_index_axes"), "non_index_axes") : [];
  const levels = attrs.get("levels");
  const form = textFormOf(attrs);
  const columnForm = columnForms(form, attrs, tableAttrs);
  return {
    group,
    table,
    tableAttrs,
    type,
    isSeries: type.endsWith("series"),
    indexAxis: Number(axis),
    index: indexField(fieldOf(fields, String(indexName)), tableAttrs, info, form),
    indexKind: tableAttrs.text(`${String(indexName)}_kind`) ?? "",
    columns: texts(attrs.get("values_cols"), "values_cols").map((name) =>
      valueColumn(fieldOf(fields, name), tableAttrs, info, columnForm(name)),
    ),
    dataColumns: attrs.has("data_columns") ? texts(attrs.get("data_columns"), "data_columns") : [],
    otherLabels: Array.isArray(others[0]?.[1]) ? (others[0][1] as Label[]) : undefined,
    levels: Array.isArray(levels) ? (levels as Label[]) : undefined,
    info,
    form,
    isOld: attrs.has("pandas_version"),
  };
}

function fieldOf(fields: ReadonlyMap<string, TableField>, name: string): TableField {
  const field = fields.get(name);
  if (field !== undefined) return field;
  throw new FormatError("names a column that the table does not have", { structure: STRUCTURE, found: name });
}

/** A list of pairs: axis and name, axis and labels. */
function pairs(value: unknown, name: string): (readonly [unknown, unknown])[] {
  if (Array.isArray(value) && value.length > 0 && value.every((pair) => Array.isArray(pair) && pair.length === 2))
    return value;
  return wrong(name, value);
}

function texts(value: unknown, name: string): string[] {
  if (Array.isArray(value) && value.every((text) => typeof text === "string")) return value;
  return wrong(name, value);
}

function wrong(name: string, found: unknown): never {
  throw new FormatError(`attribute ${name} is not as pandas writes it`, {
    structure: STRUCTURE,
    found: String(found).slice(0, 80),
  });
}

function indexField(field: TableField, attrs: NodeAttributes, info: PickleDict, form: TextForm): TableLayout["index"] {
  const { name } = field;
  const own = info.get(name);
  const nanRep = attrs.text(`${name}_nan_rep`) ?? PLAIN_TEXT.nanRep;
  return {
    ...field,
    form: { ...form, nanRep: nanRep === "" ? null : nanRep },
    meta: attrs.text(`${name}_meta`),
    ordered: own instanceof PickleDict && own.get("ordered") === true,
  };
}

function valueColumn(field: TableField, attrs: NodeAttributes, info: PickleDict, form: TextForm): ValueColumn {
  const { name } = field;
  const labels = attrs.get(`${name}_kind`);
  const own = info.get(name);
  const about = own instanceof PickleDict ? own : new PickleDict();
  return {
    ...field,
    labels: Array.isArray(labels) ? (labels as Label[]) : wrong(`${name}_kind`, labels),
    dtype: attrs.text(`${name}_dtype`) ?? wrong(`${name}_dtype`, undefined),
    meta: attrs.text(`${name}_meta`),
    zone: zoneOf(about.get("tz")),
    ordered: about.get("ordered") === true,
    form,
  };
}
