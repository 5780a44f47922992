/** What PyTables calls the elements of datasets: atoms. */
import type { FileDatatype } from "h5ts";

/** An element's type: `kind` is the family, `type` has the width. */
export interface Atom {
  /** `"int"`, `"uint"`, `"float"`, `"complex"`, `"bool"`, `"string"`, `"time"`, `"enum"`; `"object"`, `"vlstring"`, `"vlunicode"` of VLArrays. */
  readonly kind: string;
  readonly type: string;
  /** Axes within an element. */
  readonly shape: readonly number[];
  /** Bytes of an element without these axes. */
  readonly itemsize: number;
  /** Values by name. */
  readonly enum?: ReadonlyMap<string, bigint>;
}

/** The atom of a datatype; `undefined` of those that PyTables has none for. */
export function atomOf(type: FileDatatype): Atom | undefined {
  if (type.class === "array") {
    const base = atomOf(type.base);
    return base && { ...base, shape: [...type.dims, ...base.shape] };
  }
  const named = (kind: string, bits: number | string = "", more: Partial<Atom> = {}): Atom => ({
    kind,
    type: `${kind}${bits}`,
    shape: [],
    itemsize: type.size,
    ...more,
  });
  switch (type.class) {
    case "integer":
      return named(type.signed ? "int" : "uint", 8 * type.size);
    case "float":
      return named("float", 8 * type.size);
    case "bitfield":
      return type.size === 1 ? named("bool") : named("uint", 8 * type.size);
    case "string":
      return named("string");
    case "time":
      return named("time", 8 * type.size);
    case "enum":
      return named("enum", "", { enum: membersOf(type) });
    case "complex":
      return named("complex", 8 * type.size);
    case "compound":
      return isComplex(type) ? named("complex", 8 * type.size) : undefined;
    default:
      return undefined;
  }
}

/** Whether a compound is a complex number, by the names of its members. */
export function isComplex(type: FileDatatype): boolean {
  if (type.class !== "compound") return false;
  const names = type.members.map(({ name }) => name).join();
  return (names === "r,i" || names === "real,imag") && type.members.every((member) => member.type.class === "float");
}

function membersOf({ base, members }: FileDatatype & { class: "enum" }): Map<string, bigint> {
  const signed = base.class === "integer" && base.signed;
  const little = !("order" in base) || base.order === "le";
  return new Map(
    members.map(({ name, value }) => {
      let bits = 0n;
      for (const byte of little ? value.toReversed() : value) bits = (bits << 8n) | BigInt(byte);
      return [name, signed ? BigInt.asIntN(8 * value.length, bits) : bits];
    }),
  );
}

/** Order of the bytes, in PyTables' words. */
export function byteorderOf(type: FileDatatype): "little" | "big" | "irrelevant" {
  if (type.class === "enum") return "order" in type.base && type.base.order === "be" ? "big" : "little";
  if (type.class === "array" || type.class === "vlen" || type.class === "complex") return byteorderOf(type.base);
  if (type.class === "compound")
    return (
      type.members.map((member) => byteorderOf(member.type)).find((order) => order !== "irrelevant") ?? "irrelevant"
    );
  if (type.size === 1 || !("order" in type) || type.class === "bitfield") return "irrelevant";
  return type.order === "be" ? "big" : "little";
}
