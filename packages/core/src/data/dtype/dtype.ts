/** Datatypes as users meet them: h5py's and NumPy's words over the format's own values. */
import type { Datatype, DatatypeClass } from "../../format/datatype/datatype.ts";
import type { AnyData } from "../arrays.ts";
import { complexParts, momentOf } from "./meaning.ts";
import { memberValue } from "./members.ts";
import { nameOf, notation, orderOf } from "./name.ts";
import { parseName } from "./parse.ts";
import { matches, sameType } from "./same.ts";

/** A member of a compound: its datatype and where its bytes stand in an element. */
export interface Field {
  /** Datatype of the member. */
  readonly dtype: DType;
  /** Bytes from the start of the element. */
  readonly offset: number;
}

/**
 * A datatype. Immutable. `T` is the type of the data that is read with it: `DType<Float32Array<ArrayBuffer>>`.
 *
 * ```ts
 * d.dtype.name;                        // "float32"
 * d.dtype.fields?.get("x")?.dtype;     // of a compound's member
 * d.dtype.members?.get("RED");         // of an enumeration
 * ```
 */
export class DType<out T = AnyData> {
  /** Never there: carries `T` for the compiler. */
  declare readonly "~data"?: T;
  /** The datatype as the file has it. */
  readonly datatype: Datatype;

  constructor(datatype: Datatype) {
    this.datatype = datatype;
  }

  /** The datatype of that name, or the one given. DTypeError where the name is none. */
  static from(like: string | DType): DType {
    return typeof like === "string" ? new DType(parseName(like)) : like;
  }

  /**
   * NumPy's long name: `"float32"`, `"int64"`, `"bool"`, `"complex128"`, `"datetime64[ns]"`. `"S20"` is text of 20 bytes,
   * `"string"` of variable length; else `"compound"`, `"vlen"`, `"array"`, `"opaque"`, `"reference"`, `"regionReference"`,
   * `"anyReference"`. Enumerations, times and bit fields have the name of the integers that they are read as.
   */
  get name(): string {
    return nameOf(this.datatype);
  }

  /** HDF5's class. */
  get class(): DatatypeClass {
    return this.datatype.class;
  }

  /** Bytes of an element in the file. */
  get itemsize(): number {
    return this.datatype.size;
  }

  /** `"<"` little-endian, `">"` big-endian, `"|"` not applicable (one byte, text, compounds), `"vax"`. Data in memory is native. */
  get byteOrder(): "<" | ">" | "|" | "vax" {
    return orderOf(this.datatype);
  }

  /** Values of an enumeration by name, in the file's order: numbers up to 32 bits, else bigint. Else `undefined`. */
  get members(): ReadonlyMap<string, number | bigint> | undefined {
    const type = this.datatype;
    if (type.class !== "enum") return undefined;
    return new Map(type.members.map((member) => [member.name, memberValue(type.base, member.value)]));
  }

  /** Members of a compound by name, in the file's order. Else `undefined`: so it is for complex numbers. */
  get fields(): ReadonlyMap<string, Field> | undefined {
    const type = this.datatype;
    if (type.class !== "compound" || complexParts(type) !== undefined) return undefined;
    return new Map(type.members.map((m) => [m.name, { dtype: new DType(m.type), offset: m.offset }]));
  }

  /** Dimensions of an array datatype; else empty. */
  get shape(): readonly number[] {
    return this.datatype.class === "array" ? this.datatype.dims : [];
  }

  /** Of arrays and variable-length sequences their elements' type, of enumerations that of the values, of complex numbers that of the parts. */
  get base(): DType | undefined {
    const type = this.datatype;
    if (type.class === "array" || type.class === "enum") return new DType(type.base);
    if (type.class === "vlen") return type.kind === "sequence" ? new DType(type.base) : undefined;
    const parts = complexParts(type);
    return parts === undefined ? undefined : new DType(parts.base);
  }

  /** Encoding of text; else `undefined`. */
  get encoding(): "ascii" | "utf-8" | undefined {
    const type = this.datatype;
    if (type.class !== "string" && !(type.class === "vlen" && type.kind === "string")) return undefined;
    return type.charset === "utf8" ? "utf-8" : "ascii";
  }

  /** Bytes of text of fixed length; else `undefined`. */
  get length(): number | undefined {
    return this.datatype.class === "string" ? this.datatype.size : undefined;
  }

  /** Tag of an opaque datatype; else `undefined`. */
  get tag(): string | undefined {
    return this.datatype.class === "opaque" ? this.datatype.tag : undefined;
  }

  /** Unit of dates and durations (`"ns"`, `"D"`); else `undefined`. */
  get unit(): string | undefined {
    return momentOf(this.datatype)?.unit;
  }

  /** Whether elements are the same, in the same bytes. */
  equals(other: string | DType): boolean {
    return sameType(this.datatype, DType.from(other).datatype);
  }

  /** Whether data of this type is read as data of `asked` is: same class and width, in any byte order. */
  matches(asked: string | DType): boolean {
    return matches(this.datatype, DType.from(asked).datatype);
  }

  /** NumPy's code where there is one (`"<f4"`), else a notation: `"compound({ x: <f8, label: S20 })"`. */
  toString(): string {
    return notation(this.datatype, (type) => new DType(type).members?.values() ?? []);
  }

  /** As {@link toString}. */
  toJSON(): string {
    return this.toString();
  }
}

/** What Node's console shows of a datatype: its notation. */
Object.defineProperty(DType.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value(this: DType): string {
    return `dtype ${this}`;
  },
});
