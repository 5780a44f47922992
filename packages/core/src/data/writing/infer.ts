/** The datatype of a value, where none was asked for. */
import { DTypeError, ShapeError } from "../../errors.ts";
import type { CompoundMember, CompoundType, Datatype } from "../../format/datatype/datatype.ts";
import { ARRAY_TYPES } from "../codecs/making.ts";
import { complexCompound } from "../dtype/parse.ts";
import { BOOL_TYPE, floatType, integerType, textType } from "../dtype/standard.ts";
import { AttributeReference, Reference, RegionReference } from "../reference.ts";
import { isPlain, shapedOf } from "./shaped.ts";
import { inWords, isTypedArray, type Shape, sameShape } from "./shapes.ts";
import { describe, isComplex } from "./take-numbers.ts";

/** The datatype that a value is written as by itself; DTypeError where there is none. */
export function inferType(value: unknown): Datatype {
  return inferred(value).type;
}

/** A datatype, and the axes around it. */
interface Inferred {
  readonly type: Datatype;
  readonly shape: Shape;
}

function inferred(value: unknown): Inferred {
  const shaped = shapedOf(value);
  if (shaped !== undefined) {
    const { data, shape, dtype } = shaped;
    return { type: plain(dtype?.datatype ?? inferred(data).type), shape };
  }
  if (isTypedArray(value)) return { type: arrayType(value), shape: [value.length] };
  if (Array.isArray(value)) return inferList(value);
  if (isPlain(value) && !isComplex(value)) return inferColumns(value);
  const kinds = new Kinds();
  kinds.see(value);
  return { type: kinds.type(), shape: [] };
}

function arrayType(array: Uint8Array): Datatype {
  const name: string = (array as { [Symbol.toStringTag]: string })[Symbol.toStringTag];
  if (name === "Float16Array") return floatType("float16");
  return name === "Uint8ClampedArray" ? ARRAY_TYPES.Uint8Array : ARRAY_TYPES[name as keyof typeof ARRAY_TYPES];
}

/** Whether a value has elements of its own. */
const hasShape = (value: unknown): boolean =>
  typeof value === "object" && (Array.isArray(value) || isTypedArray(value) || shapedOf(value) !== undefined);

/** Lists of values, of rows, or of lists, which must be of one shape. */
function inferList(list: readonly unknown[]): Inferred {
  const lists = list.filter(hasShape);
  if (lists.length === 0) {
    const rows = list.length > 0 && list.every((item) => isPlain(item) && !isComplex(item));
    return { type: rows ? inferRows(list as Row[]) : inferCells(list), shape: [list.length] };
  }
  if (lists.length < list.length) throw mixed("lists", "single values");
  const items = list.map(inferred);
  const other = items.find(({ shape }) => !sameShape(shape, items[0].shape));
  if (other !== undefined) throw ragged(items[0].shape, other.shape);
  return { type: common(items.map(({ type }) => type)), shape: [list.length, ...items[0].shape] };
}

const ragged = (a: Shape, b: Shape): ShapeError =>
  new ShapeError("has lists of different shapes", {
    structure: "nested array",
    found: inWords(b),
    allowed: `${inWords(a)}; sequences of variable length need a dtype.vlen`,
  });

function inferCells(cells: readonly unknown[]): Datatype {
  const kinds = new Kinds();
  let last: unknown;
  for (const cell of cells) {
    if (typeof cell === "string" && typeof last === "string") continue;
    kinds.see(cell);
    last = cell;
  }
  return kinds.type();
}

// The same objects each time: what is known of a datatype is kept by it.
const SIGNED = integerType(8, true);
const UNSIGNED = integerType(8, false);
const DOUBLE = floatType("float64");
const COMPLEX = complexCompound(DOUBLE);

const BIG: readonly string[] = ["bigint", "big unsigned"];

/** Kinds of single values that were seen. */
class Kinds {
  private readonly seen = new Set<string>();

  see(value: unknown): void {
    this.seen.add(kindOf(value));
  }

  type(): Datatype {
    const { seen } = this;
    // As NumPy has it: an array of nothing is one of float64.
    if (seen.size === 0) return DOUBLE;
    const numeric = [...seen].every((kind) => kind === "integer" || kind === "float" || BIG.includes(kind));
    if (numeric) return this.number();
    if ([...seen].every((kind) => kind === "complex" || kind === "integer" || kind === "float")) {
      return COMPLEX;
    }
    const [kind, another] = seen;
    if (another !== undefined) throw mixed(kind, another);
    return SINGLE[kind];
  }

  private number(): Datatype {
    const { seen } = this;
    if (seen.has("float")) return DOUBLE;
    return seen.has("big unsigned") ? UNSIGNED : SIGNED;
  }
}

const SINGLE: { readonly [kind: string]: Datatype } = {
  boolean: BOOL_TYPE,
  string: textType(),
  object: { class: "reference", kind: "object", size: 8 },
  region: { class: "reference", kind: "region", size: 12 },
  standard: { class: "reference", kind: "standard", size: 18 },
};

function kindOf(value: unknown): string {
  switch (typeof value) {
    case "number":
      return Number.isSafeInteger(value) ? "integer" : "float";
    case "bigint":
      return value >= 2n ** 63n ? "big unsigned" : "bigint";
    case "boolean":
    case "string":
      return typeof value;
  }
  if (value instanceof AttributeReference || (value instanceof Reference && value.file !== undefined))
    return "standard";
  if (value instanceof RegionReference) return "region";
  if (value instanceof Reference) return "object";
  if (isComplex(value)) return "complex";
  throw new DTypeError("has no datatype of its own", {
    structure: "value to write",
    found: describe(value),
    allowed:
      value instanceof Date
        ? 'a dtype such as "datetime64[ms]"'
        : "numbers, text, booleans, references, arrays, objects of columns",
  });
}

const mixed = (a: string, b: string): DTypeError =>
  new DTypeError("mixes values that have no common datatype", { structure: "value to write", found: `${a} and ${b}` });

/** The datatype that holds values of all of these. */
function common(types: readonly Datatype[]): Datatype {
  return types.reduce((a, b) => {
    const [x, y] = [rank(a), rank(b)];
    if (a.class === "compound" && b.class === "compound") return commonMembers(a, b);
    if (x === undefined || y === undefined || x.family !== y.family) {
      if (a.class === b.class && a.size === b.size) return a;
      throw mixed(a.class, b.class);
    }
    return x.order >= y.order ? a : b;
  });
}

/** Numbers that were inferred: integers pass for floats. */
function rank(type: Datatype): { family: string; order: number } | undefined {
  if (type.class === "integer" && type.size === 8) return { family: "number", order: type.signed ? 0 : 1 };
  if (type.class === "float" && type.size === 8) return { family: "number", order: 2 };
  return undefined;
}

function commonMembers(a: CompoundType, b: CompoundType): CompoundType {
  const names = (type: CompoundType): string => JSON.stringify(type.members.map(({ name }) => name));
  if (names(a) !== names(b)) throw mixed(`rows with ${names(a)}`, names(b));
  return packed(a.members.map(({ name, type }, i) => [name, common([type, b.members[i].type])]));
}

/** Members one behind the other, as NumPy packs them. */
function packed(fields: readonly (readonly [string, Datatype])[]): CompoundType {
  if (fields.length === 0) throw new DTypeError("has no members", { structure: "compound data" });
  let size = 0;
  const members = fields.map(([name, type]): CompoundMember => {
    const member = { name, offset: size, type };
    size += type.size;
    return member;
  });
  return { class: "compound", size, members };
}

interface Row {
  readonly [name: string]: unknown;
}

/** Rows: the members are those of the first; lists in them are array datatypes. */
function inferRows(rows: readonly Row[]): CompoundType {
  return packed(
    Object.keys(rows[0]).map((name) => {
      const cells = rows.map((row) => {
        if (Object.hasOwn(row, name)) return row[name];
        throw new DTypeError("lacks a member", { structure: "row", found: name });
      });
      const { type, shape } = inferred(cells);
      return [name, arrayOf(type, shape.slice(1))];
    }),
  );
}

/** Columns: the axes that they have in common are the shape, those beyond array datatypes. */
function inferColumns(columns: Row): Inferred {
  const found = Object.entries(columns).map(([name, column]) => ({ name, ...inferred(column) }));
  const ranks = found.map(({ shape }) => shape.length).filter((one) => one > 0);
  const rankOfAll = ranks.length === 0 ? 0 : Math.min(...ranks);
  const shape = found.find((one) => one.shape.length > 0)?.shape.slice(0, rankOfAll) ?? [];
  const fields = found.map(({ name, type, shape: whole }): [string, Datatype] => {
    if (whole.length === 0) return [name, type];
    if (!sameShape(whole.slice(0, rankOfAll), shape)) throw ragged(shape, whole);
    return [name, arrayOf(type, whole.slice(rankOfAll))];
  });
  return { type: packed(fields), shape };
}

function arrayOf(base: Datatype, dims: Shape): Datatype {
  return dims.length === 0
    ? base
    : { class: "array", base, dims, size: dims.reduce((product, dim) => product * dim, base.size) };
}

/** Without the versions of the messages that it was read from, which a new file may be too old for. */
function plain(type: Datatype): Datatype {
  const { version: _, ...rest } = type;
  switch (rest.class) {
    case "compound":
      return { ...rest, members: rest.members.map((member) => ({ ...member, type: plain(member.type) })) };
    case "array":
    case "vlen":
    case "enum":
      return { ...rest, base: plain(rest.base) };
    default:
      return rest;
  }
}
