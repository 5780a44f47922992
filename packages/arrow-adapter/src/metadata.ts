/** Attributes of HDF5 objects as metadata of Arrow schemas and fields, and back. */
import { type AttributeValue, type Dataset, DType, dtype, Empty, type Group, type Mode, Reference, Result } from "h5ts";
import { utf8 } from "./codecs/text-memory.ts";
import { datatypeOf, notationOf } from "./notation.ts";
import { isSchemaAttribute } from "./recorded-schema.ts";

/** Key of metadata that says of which datatype and shape attributes are that are no text. */
export const ATTRIBUTES_KEY = "h5ts:attributes";
/** Key of schema metadata that lists the columns that are an index. */
export const INDEX_KEY = "h5ts:index";

/** The attribute, netCDF's, by which others know the value that stands for null. */
export const FILL_ATTRIBUTE = "_FillValue";

type Place = Dataset<Mode> | Group<Mode>;
type Typed = readonly [dtype: string, shape: readonly number[], value: unknown];

/** Attributes that HDF5's own conventions keep for themselves. */
const OWN = new Set(["DIMENSION_LIST", "REFERENCE_LIST", "CLASS", "NAME", "DIMENSION_LABELS"]);

/** Attributes as metadata, but for `except`: text as it is, other values as JSON. References are left out: they lead nowhere. */
export async function attributeMetadata(place: Place, except?: string): Promise<Map<string, string>> {
  const metadata = new Map<string, string>();
  const typed: { [name: string]: Typed } = Object.create(null);
  const entries = await place.attrs.entries();
  for (const [name, value] of entries.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (isSchemaAttribute(name) || OWN.has(name) || name === except) continue;
    if (typeof value === "string") {
      metadata.set(utf8(name), utf8(value));
      continue;
    }
    const type = (await place.attrs.info(name))!.datatype;
    const plain = plainOf(value);
    if (plain === undefined) continue;
    metadata.set(utf8(name), utf8(plain));
    const notation = notationOf(new DType(type));
    if (notation !== undefined && !(value instanceof Empty))
      typed[name] = [notation, shapeOf(value), JSON.parse(plain)];
  }
  if (Object.keys(typed).length > 0) metadata.set(ATTRIBUTES_KEY, JSON.stringify(typed));
  return metadata;
}

const shapeOf = (value: AttributeValue): readonly number[] => (value instanceof Result ? value.shape : []);

/** As JSON: bigints as numbers where that is exact, else as text; bytes as lists of numbers. */
function plainOf(value: AttributeValue): string | undefined {
  if (hasReferences(value)) return undefined;
  return JSON.stringify(value instanceof Result ? value.toNested() : value, (_, part: unknown) => {
    if (typeof part === "bigint") return Number.isSafeInteger(Number(part)) ? Number(part) : String(part);
    if (typeof part === "number" && !Number.isFinite(part)) return String(part);
    if (Object.is(part, -0)) return "-0";
    return ArrayBuffer.isView(part) ? Array.from(part as Uint8Array) : part;
  });
}

function hasReferences(value: AttributeValue): boolean {
  if (value instanceof Reference) return true;
  const list: unknown = value instanceof Result ? value.data : value;
  return Array.isArray(list) && list.flat(1).some((item) => item instanceof Reference);
}

/** Bytes of the longest attribute: old object headers have no room for 64 KiB. */
const LONGEST = 60_000;
const RESERVED = /^(h5ts:|ARROW:|pandas$)/;

/** Gives an object the attributes that metadata stands for; what is Arrow's alone stays in the schema. */
export async function writeMetadata(place: Place, metadata: ReadonlyMap<string, string>): Promise<void> {
  const typed = typedOf(metadata.get(ATTRIBUTES_KEY));
  for (const [name, text] of metadata) {
    if (RESERVED.test(name) || name === "" || name.includes("\0") || OWN.has(name)) continue;
    const known = Object.hasOwn(typed, name) ? typed[name] : undefined;
    const type = datatypeOf(known?.[0]);
    if (known !== undefined && type !== undefined && JSON.stringify(known[2]) === text) {
      if (known[1].reduce((bytes, dim) => bytes * dim, type.itemsize) > LONGEST) continue;
      await place.attrs.create(name, fromPlain(known[2], type), { dtype: type, shape: known[1] });
    } else if (text.length <= LONGEST && !text.includes("\0")) {
      await place.attrs.create(name, text, { dtype: dtype.string() });
    }
  }
}

function typedOf(text: string | undefined): { readonly [name: string]: Typed } {
  try {
    return (JSON.parse(text ?? "{}") ?? {}) as { [name: string]: Typed };
  } catch {
    // Written by others: every value is text then.
    return {};
  }
}

const NUMBERS = new Set(["integer", "float", "complex", "bitfield", "enum"]);

/** JSON's texts that stand for numbers, as numbers. */
function fromPlain(json: unknown, type: DType): unknown {
  if (Array.isArray(json)) return json.map((item) => fromPlain(item, type));
  if (typeof json !== "string" || !NUMBERS.has(type.class)) return json;
  return /^-?\d+$/.test(json) && json !== "-0" ? BigInt(json) : Number(json);
}
