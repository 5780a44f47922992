/**
 * Datatypes as plain values (HDF5 File Format Specification, section IV.A.2.d "The Datatype Message").
 *
 * Pointed at by datatype messages of datasets and committed datatypes, by attribute messages, and by each other.
 */

/** Order of an element's bytes; `"vax"`: 16-bit words in reverse order. */
export type ByteOrder = "le" | "be" | "vax";

interface Common {
  /** Bytes of an element in the file. */
  readonly size: number;
  /** Version of the encoding found, 1 to 5; written back as it was. Absent: the lowest that can express the type. */
  readonly version?: number;
}

/** Class 0, "Fixed-Point Numbers". */
export interface IntegerType extends Common {
  readonly class: "integer";
  readonly order: "le" | "be";
  readonly signed: boolean;
  /** Lowest significant bit. */
  readonly bitOffset: number;
  /** Number of significant bits. */
  readonly precision: number;
  /** What the bits outside stand filled with, by whoever wrote it. */
  readonly lowPad?: 0 | 1;
  readonly highPad?: 0 | 1;
}

/** Class 1, "Floating-Point Numbers". Positions are bit numbers from the lowest, sizes are in bits. */
export interface FloatType extends Common {
  readonly class: "float";
  readonly order: ByteOrder;
  readonly bitOffset: number;
  readonly precision: number;
  readonly signPosition: number;
  readonly exponentPosition: number;
  readonly exponentSize: number;
  readonly exponentBias: number;
  readonly mantissaPosition: number;
  readonly mantissaSize: number;
  /** `"none"`: the top mantissa bit is stored as it is; `"msbset"`: it is always set; `"implied"`: set and not stored. */
  readonly normalization: "none" | "msbset" | "implied";
  readonly lowPad?: 0 | 1;
  readonly highPad?: 0 | 1;
  readonly internalPad?: 0 | 1;
}

/** Class 2, "Time". */
export interface TimeType extends Common {
  readonly class: "time";
  readonly order: "le" | "be";
  readonly precision: number;
}

export type StringPadding = "nullterm" | "nullpad" | "spacepad";
export type Charset = "ascii" | "utf8";

/** By their numbers in files. */
export const STRING_PADDINGS: readonly StringPadding[] = ["nullterm", "nullpad", "spacepad"];
export const CHARSETS: readonly Charset[] = ["ascii", "utf8"];

/** Class 3, "Strings": of fixed size. */
export interface StringType extends Common {
  readonly class: "string";
  readonly padding: StringPadding;
  readonly charset: Charset;
}

/** Class 4, "Bit Field". */
export interface BitfieldType extends Common {
  readonly class: "bitfield";
  readonly order: "le" | "be";
  readonly bitOffset: number;
  readonly precision: number;
  readonly lowPad?: 0 | 1;
  readonly highPad?: 0 | 1;
}

/** Class 5, "Opaque". */
export interface OpaqueType extends Common {
  readonly class: "opaque";
  readonly tag: string;
}

export interface CompoundMember {
  readonly name: string;
  /** Bytes from the start of the element. */
  readonly offset: number;
  readonly type: Datatype;
}

/** Class 6, "Compound". */
export interface CompoundType extends Common {
  readonly class: "compound";
  readonly members: readonly CompoundMember[];
}

/**
 * Class 7, "Reference". `"object"` and `"region"` are the old forms (an address; a global heap id); `"standard"` is the
 * reference of HDF5 1.12, which holds either of them or an attribute reference.
 */
export interface ReferenceType extends Common {
  readonly class: "reference";
  readonly kind: "object" | "region" | "standard";
}

export interface EnumMember {
  readonly name: string;
  /** The value, in the bytes of the base type. */
  readonly value: Uint8Array;
}

/** Class 8, "Enumeration". */
export interface EnumType extends Common {
  readonly class: "enum";
  /** Nearly always an integer. */
  readonly base: Datatype;
  readonly members: readonly EnumMember[];
}

/** Class 9, "Variable-Length": sequences and strings; an element in the file is a length and a global heap id. */
export interface VariableLengthType extends Common {
  readonly class: "vlen";
  readonly kind: "sequence" | "string";
  /** Of strings. */
  readonly padding: StringPadding;
  readonly charset: Charset;
  readonly base: Datatype;
}

/** Class 10, "Array". */
export interface ArrayType extends Common {
  readonly class: "array";
  readonly dims: readonly number[];
  readonly base: Datatype;
}

/** Class 11, "Complex" (HDF5 2.0): a real and an imaginary part, in this order. */
export interface ComplexType extends Common {
  readonly class: "complex";
  readonly base: FloatType;
}

export type Datatype =
  | IntegerType
  | FloatType
  | TimeType
  | StringType
  | BitfieldType
  | OpaqueType
  | CompoundType
  | ReferenceType
  | EnumType
  | VariableLengthType
  | ArrayType
  | ComplexType;

/** The classes by name, as `dtype.class` gives them. */
export type DatatypeClass = Datatype["class"];
