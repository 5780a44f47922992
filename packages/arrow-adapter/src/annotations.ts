/**
 * What is recorded of how columns are kept, in the metadata of their fields: the member or dataset that holds a column where it has
 * another name (`h5ts:name`), the mask beside it (`h5ts:valid`) or the value that stands for null (`h5ts:fill`), and its datatype where it is another than the type, or `h5ts:dtype`, which
 * comes from HDF5 and stays on the way, would lead to (`h5ts:stored`).
 */
import type { Data, DataType, Dictionary, Field, Schema, Vector } from "apache-arrow";
import { dtype } from "h5ts";
import type { Arrow } from "./arrow.ts";
import { rowValidity } from "./codecs/columns.ts";
import { FILL_KEY, type FillOptions, fillFor, fillText } from "./fills.ts";
import { DTYPE_KEY, notationOf } from "./notation.ts";

export const NAME_KEY = "h5ts:name";
export const MASK_KEY = "h5ts:valid";
export const STORED_KEY = "h5ts:stored";

const RECORDED = [NAME_KEY, MASK_KEY, FILL_KEY, STORED_KEY];

/** The columns of a table, in pieces; `undefined` where they are yet to come. */
export type Chunks = readonly Data[] | undefined;

/**
 * Fields with what is recorded of them. Where chunks are known, only columns with nulls have masks or values for null; else all nullable
 * ones.
 */
export function annotated(
  arrow: Arrow,
  fields: readonly Field[],
  chunks: readonly Chunks[],
  how: FillOptions = {},
): Field[] {
  const names = uniqueNames(fields.map(nameOf));
  const taken = new Set(names);
  return fields.map((field, i) => {
    const metadata = new Map(field.metadata);
    for (const key of RECORDED) metadata.delete(key);
    const children = chunks[i];
    if (names[i] !== nameOf(field)) metadata.set(NAME_KEY, names[i]);
    if (needsMask(arrow, field, children)) {
      const fill = fillFor(arrow, field, children, how);
      if (fill === undefined) metadata.set(MASK_KEY, free(`${names[i]}__valid`, taken));
      else metadata.set(FILL_KEY, fillText(fill));
    }
    const type = withFields(arrow, field.type, (inner) =>
      annotated(arrow, inner, childChunks(arrow, field.type, children)),
    );
    setDatatype(arrow, type, metadata, children);
    return new arrow.Field(nameOf(field), type, field.nullable, metadata);
  });
}

/** The datatype that the metadata says does not hold where values inside are null; dictionaries of names become enumerations. */
function setDatatype(arrow: Arrow, type: DataType, metadata: Map<string, string>, chunks: Chunks): void {
  if (metadata.has(DTYPE_KEY) && hasMasks(type)) metadata.set(STORED_KEY, "");
  if (!arrow.DataType.isDictionary(type) || metadata.has(DTYPE_KEY) || chunks === undefined) return;
  const names = namesOf(arrow, type, chunks);
  if (names === undefined) return;
  const { bitWidth, isSigned } = type.indices as { bitWidth: number; isSigned: boolean };
  const base = dtype(`${isSigned ? "i" : "u"}${bitWidth / 8}`);
  if (names.length > 2 ** (bitWidth - (isSigned ? 1 : 0))) return;
  const members = names.map((name, i): [string, number] => [name, i]);
  metadata.set(STORED_KEY, notationOf(dtype.enum(members, base))!);
}

const hasMasks = (type: DataType): boolean =>
  (type.children ?? []).some((field) => field.metadata.has(MASK_KEY) || hasMasks(field.type));

/** The most names, and characters in them, that become an enumeration: all of it stands in an object header. */
const MOST_NAMES = 1024;
const MOST_TEXT = 16_384;

/** The names of a dictionary, in all its pieces; `undefined` where they cannot be members of an enumeration. */
function namesOf(arrow: Arrow, type: Dictionary, chunks: readonly Data[]): string[] | undefined {
  if (!arrow.DataType.isUtf8(type.dictionary) && !arrow.DataType.isLargeUtf8(type.dictionary)) return undefined;
  const names = new Set<string>();
  for (const dictionary of new Set(chunks.map((chunk) => chunk.dictionary as Vector))) {
    if (dictionary.length > MOST_NAMES || dictionary.nullCount > 0) return undefined;
    const before = names.size;
    for (const name of dictionary) names.add(name);
    if (before === 0 && names.size < dictionary.length) return undefined;
  }
  const all = [...names];
  const usable = all.every((name) => name !== "" && !name.includes("\0"));
  const length = all.reduce((sum, name) => sum + name.length, 0);
  return usable && all.length > 0 && all.length <= MOST_NAMES && length <= MOST_TEXT ? all : undefined;
}

/** Times are null by their value, unions by that of a child. */
function needsMask({ DataType: is }: Arrow, field: Field, chunks: Chunks): boolean {
  const type = field.type as DataType;
  const own = is.isTimestamp(type) || is.isDuration(type) || is.isTime(type) || is.isDate(type);
  if (own || is.isNull(type) || is.isUnion(type)) return false;
  return chunks === undefined ? field.nullable : chunks.some((chunk) => rowValidity(chunk)?.includes(0) === true);
}

function childChunks(arrow: Arrow, type: DataType, chunks: Chunks): Chunks[] {
  const count = type.children?.length ?? 0;
  if (chunks === undefined) return new Array<Chunks>(count).fill(undefined);
  return Array.from({ length: count }, (_, i) =>
    chunks.flatMap((chunk) => (chunk.children[i] === undefined ? [] : [reached(arrow, chunk, i)])),
  );
}

/** The rows of a child that its parent's rows lead to. */
function reached(arrow: Arrow, chunk: Data, i: number): Data {
  const child = chunk.children[i];
  const { DataType: is } = arrow;
  if (is.isUnion(chunk.type)) return child;
  const size = is.isFixedSizeList(chunk.type) ? chunk.type.listSize : 1;
  const lists = is.isList(chunk.type) || is.isLargeList(chunk.type) || is.isMap(chunk.type);
  if (!lists) return child.slice(0, chunk.length * size);
  if (chunk.length === 0) return child.slice(0, 0);
  const first = Number(chunk.valueOffsets[0]);
  return child.slice(first, Number(chunk.valueOffsets[chunk.length]) - first);
}

/** The same type around other children. */
function withFields(arrow: Arrow, type: DataType, change: (fields: readonly Field[]) => Field[]): DataType {
  const { DataType: is } = arrow;
  if (type.children === null || type.children === undefined || type.children.length === 0) return type;
  const fields = change(type.children);
  if (is.isStruct(type)) return new arrow.Struct(fields);
  if (is.isList(type)) return new arrow.List(fields[0]);
  if (is.isLargeList(type)) return new arrow.LargeList(fields[0]);
  if (is.isFixedSizeList(type)) return new arrow.FixedSizeList(type.listSize, fields[0]);
  if (is.isMap(type)) return new arrow.Map_(fields[0] as ConstructorParameters<Arrow["Map_"]>[0], type.keysSorted);
  if (is.isUnion(type)) return new arrow.Union(type.mode, type.typeIds, fields);
  return type;
}

/** A type without what is recorded in its fields. */
export function plainType(arrow: Arrow, type: DataType): DataType {
  return withFields(arrow, type, (fields) => fields.map((field) => plainField(arrow, field)));
}

/** A field without what is recorded in it. */
export function plainField(arrow: Arrow, field: Field): Field {
  const metadata = new Map(field.metadata);
  for (const key of RECORDED) metadata.delete(key);
  return new arrow.Field(nameOf(field), plainType(arrow, field.type), field.nullable, metadata);
}

/** A schema without what is recorded in its fields. */
export const plainSchema = (arrow: Arrow, schema: Schema): Schema =>
  new arrow.Schema(
    schema.fields.map((field) => plainField(arrow, field)),
    schema.metadata,
  );

/** apache-arrow reads empty names as none. */
export const nameOf = ({ name }: Field): string => (name as string | null) ?? "";

/** Names for members and datasets: none is empty, a path, or there twice. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set(names.filter(isName));
  const seen = new Set<string>();
  return names.map((name) => {
    if (isName(name) && !seen.has(name)) {
      seen.add(name);
      return name;
    }
    return free(isName(name) ? name : name.replaceAll(/[/\0]/g, "_").replace(/^\.{0,2}$/, "_"), taken);
  });
}

const isName = (name: string): boolean => !/[/\0]/.test(name) && !/^\.{0,2}$/.test(name);

/** A name that is not taken, which it is from now on. */
function free(name: string, taken: Set<string>): string {
  let found = name;
  for (let i = 2; taken.has(found); i++) found = `${name}_${i}`;
  taken.add(found);
  return found;
}
