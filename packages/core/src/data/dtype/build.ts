/** Builders of datatypes that names cannot say. */
import { encodeText } from "../../bytes/text.ts";
import { DTypeError } from "../../errors.ts";
import type {
  BitfieldType,
  CompoundMember,
  Datatype,
  FloatType,
  IntegerType,
  StringPadding,
} from "../../format/datatype/datatype.ts";
import type { AnyData, ArrayData, ComplexArray } from "../arrays.ts";
import type { Reference, RegionReference } from "../reference.ts";
import { DType } from "./dtype.ts";
import type { Data, DTypeLike, DTypeName } from "./like.ts";
import { memberBytes } from "./members.ts";
import { complexCompound } from "./parse.ts";
import { FLOAT_FORMATS, integerType, textType } from "./standard.ts";

export interface StringOptions {
  /** Bytes of each text; without it, length varies. */
  readonly length?: number;
  /** Default `"utf-8"`, as h5py's `string_dtype`. */
  readonly encoding?: "ascii" | "utf-8";
  /** How text that is shorter than `length` is filled up. Default `"nullpad"`, as h5py. */
  readonly padding?: StringPadding;
}

export interface ComplexOptions {
  /** HDF5 2.0's class, which older libraries cannot read, in place of h5py's compound of r and i. Default false. */
  readonly native?: boolean;
}

/** Makes datatypes: `dtype("<f4")`, `dtype.string({ length: 20 })`, `dtype.compound({ x: "f8", label: "S20" })`. */
export interface DTypeBuilders {
  /** The datatype of that name; DTypeError where there is none. */
  <const N extends DTypeName>(name: N): DType<Data<N>>;
  (name: string): DType;
  /** Text, of variable length unless one is given. */
  string(options?: StringOptions): DType<string[]>;
  /** Members in the order given, each right behind the one before (as NumPy packs them). */
  compound<const F extends { readonly [name: string]: DTypeLike }>(
    fields: F,
  ): DType<{ readonly [K in keyof F]: Data<F[K]> }>;
  /** The same, of names that an object would not keep in order. */
  compound(fields: Iterable<readonly [string, DTypeLike]>): DType<AnyData>;
  /** Named values over an integer type; default `"u1"`, as h5py's `enum_dtype`. */
  enum<const N extends DTypeLike = "u1">(
    members: { readonly [name: string]: number | bigint } | Iterable<readonly [string, number | bigint]>,
    base?: N,
  ): DType<Data<N>>;
  /** Sequences of variable length. */
  vlen<const N extends DTypeLike>(base: N): DType<Data<N>[]>;
  /** Arrays of one shape: they add axes to the end of that of results. */
  array<const N extends DTypeLike>(base: N, shape: readonly number[]): DType<ArrayData<Data<N>>>;
  /** Bytes without a meaning to HDF5; the tag says what they are. */
  opaque(size: number, tag?: string): DType<Uint8Array<ArrayBuffer>[]>;
  /** Bits, read as unsigned integers of 1, 2, 4 or 8 bytes. */
  bitfield<const N extends "u1" | "u2" | "u4" | "u8">(width: N, bits?: Partial<BitfieldType>): DType<Data<N>>;
  /** Pointers to objects. */
  readonly reference: DType<Reference[]>;
  /** Pointers to regions of datasets. */
  readonly regionReference: DType<RegionReference[]>;
  /** References of HDF5 1.12 and later: to objects, regions and attributes, also of other files. */
  readonly anyReference: DType<Reference[]>;
  /** Complex numbers, by the type of their parts: of 2 or 4 bytes. */
  complex(base?: "f2" | "f4", options?: ComplexOptions): DType<ComplexArray<Float32Array<ArrayBuffer>>>;
  /** The same of 8 bytes or more. */
  complex(base: "f8" | "f16", options?: ComplexOptions): DType<ComplexArray<Float64Array<ArrayBuffer>>>;
  /** The upper half of a float of 32 bits. */
  readonly bfloat16: DType<Float32Array<ArrayBuffer>>;
  /** A float of 8 bits: 4 of the exponent, 3 of the mantissa. */
  readonly float8_e4m3: DType<Float32Array<ArrayBuffer>>;
  /** A float of 8 bits: 5 of the exponent, 2 of the mantissa. */
  readonly float8_e5m2: DType<Float32Array<ArrayBuffer>>;
  /** An integer by its bits: `{ size: 4, signed: false, precision: 12, bitOffset: 4 }`. */
  integer(bits: Partial<IntegerType> & { readonly size: number }): DType;
  /** A floating-point number by its bits. */
  float(bits: Omit<FloatType, "class" | "order"> & { readonly order?: FloatType["order"] }): DType;
}

const make = <T>(type: Datatype): DType<T> => new DType<T>(type);

function string(options: StringOptions = {}): DType<string[]> {
  const charset = options.encoding === "ascii" ? "ascii" : "utf8";
  if (options.length === undefined) return make(textType(charset));
  return make({
    class: "string",
    size: wholeSize(options.length, "text"),
    padding: options.padding ?? "nullpad",
    charset,
  });
}

function wholeSize(size: number, structure: string): number {
  if (Number.isInteger(size) && size > 0 && size < 2 ** 32) return size;
  throw new DTypeError("has no such size", { structure, found: size, allowed: "1 to 4294967295 bytes" });
}

type Pairs<V> = { readonly [name: string]: V } | Iterable<readonly [string, V]>;

function pairs<V>(from: Pairs<V>): [string, V][] {
  const entries = Symbol.iterator in from ? from : Object.entries(from);
  return [...(entries as Iterable<readonly [string, V]>)].map(([name, value]) => [name, value]);
}

/** Members that the datatype message can count. */
const MAX_MEMBERS = 65_535;

function unique(names: readonly string[], structure: string): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new DTypeError("has two members of one name", { structure, found: name });
    seen.add(name);
  }
  if (seen.size > 0 && seen.size <= MAX_MEMBERS) return;
  throw new DTypeError(seen.size === 0 ? "has no members" : "has too many members", {
    structure,
    found: seen.size,
    allowed: `1 to ${MAX_MEMBERS}`,
  });
}

function compound(fields: Pairs<DTypeLike>): DType<never> {
  const entries = pairs(fields);
  unique(
    entries.map(([name]) => name),
    "compound",
  );
  let offset = 0;
  const members = entries.map(([name, like]): CompoundMember => {
    const type = DType.from(like).datatype;
    const member = { name, offset, type };
    offset += type.size;
    return member;
  });
  return make({ class: "compound", size: wholeSize(offset, "compound"), members });
}

function enumeration(members: Pairs<number | bigint>, like: DTypeLike = "u1"): DType<never> {
  const base = DType.from(like).datatype;
  if (base.class !== "integer") {
    throw new DTypeError("has a base type that is no integer", { structure: "enumeration", found: String(like) });
  }
  const entries = pairs(members);
  unique(
    entries.map(([name]) => name),
    "enumeration",
  );
  const values = entries.map(([name, value]) => ({ name, value: memberBytes(base, name, value) }));
  return make({ class: "enum", size: base.size, base, members: values });
}

function vlen(like: DTypeLike): DType<never> {
  const base = DType.from(like).datatype;
  return make({ class: "vlen", kind: "sequence", size: 16, padding: "nullterm", charset: "ascii", base });
}

/** Dimensions that an array datatype can have. */
const MAX_RANK = 32;

function array(like: DTypeLike, shape: readonly number[]): DType<never> {
  const base = DType.from(like).datatype;
  const positive = shape.every((dim) => Number.isInteger(dim) && dim > 0);
  if (!positive || shape.length === 0 || shape.length > MAX_RANK) {
    throw new DTypeError("has no such shape", {
      structure: "array",
      found: `[${shape.join(", ")}]`,
      allowed: `1 to ${MAX_RANK} dimensions of at least 1`,
    });
  }
  const size = wholeSize(
    shape.reduce((product, dim) => product * dim, base.size),
    "array",
  );
  return make({ class: "array", size, dims: [...shape], base });
}

/** Bytes of a tag: their number is kept as a multiple of eight, in eight bits. */
const MAX_TAG = 248;

function opaque(size: number, tag = ""): DType<never> {
  const length = encodeText(tag).length;
  if (length <= MAX_TAG && !tag.includes("\0")) return make({ class: "opaque", size: wholeSize(size, "opaque"), tag });
  throw new DTypeError("has no such tag", { structure: "opaque", found: tag, allowed: `${MAX_TAG} bytes without NUL` });
}

function bitfield(width: "u1" | "u2" | "u4" | "u8", bits: Partial<BitfieldType> = {}): DType<never> {
  const { size } = DType.from(width).datatype;
  return make({ order: "le", bitOffset: 0, precision: size * 8, ...bits, class: "bitfield", size });
}

function complex(like: "f2" | "f4" | "f8" | "f16" = "f8", options: ComplexOptions = {}): DType<never> {
  const base = DType.from(like).datatype as FloatType;
  return make(options.native === true ? { class: "complex", size: base.size * 2, base } : complexCompound(base));
}

function integer(bits: Partial<IntegerType> & { readonly size: number }): DType {
  const type: IntegerType = { ...integerType(wholeSize(bits.size, "integer"), true), ...bits, class: "integer" };
  return make(withinBytes(type));
}

function float(bits: Omit<FloatType, "class" | "order"> & { readonly order?: FloatType["order"] }): DType {
  return make(withinBytes({ order: "le", ...bits, class: "float" }));
}

function withinBytes<T extends IntegerType | FloatType>(type: T): T {
  const { bitOffset, precision, size } = type;
  if (bitOffset >= 0 && precision > 0 && bitOffset + precision <= size * 8) return type;
  throw new DTypeError("has bits outside of its bytes", {
    structure: type.class,
    found: `${precision} bits at ${bitOffset}`,
    allowed: `bits 0 to ${size * 8 - 1}`,
  });
}

const named = (name: string): DType<Float32Array<ArrayBuffer>> => make(FLOAT_FORMATS.get(name)!);

/** Makes datatypes; see {@link DTypeBuilders}. */
export const dtype: DTypeBuilders = /* @__PURE__ */ makeBuilders();

function makeBuilders(): DTypeBuilders {
  return Object.assign((name: string): DType<never> => DType.from(name) as DType<never>, {
    string,
    compound,
    enum: enumeration,
    vlen,
    array,
    opaque,
    bitfield,
    reference: make<Reference[]>({ class: "reference", kind: "object", size: 8 }),
    regionReference: make<RegionReference[]>({ class: "reference", kind: "region", size: 12 }),
    anyReference: make<Reference[]>({ class: "reference", kind: "standard", size: 18 }),
    complex,
    bfloat16: named("bfloat16"),
    float8_e4m3: named("float8_e4m3"),
    float8_e5m2: named("float8_e5m2"),
    integer,
    float,
  });
}
