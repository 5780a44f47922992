/** Names of datatypes: NumPy's long ones where NumPy has one, and a notation for all. */
import type { Datatype, FloatType } from "../../format/datatype/datatype.ts";
import { complexParts, isBool, momentOf } from "./meaning.ts";
import { formatName } from "./standard.ts";

const REFERENCES = { object: "reference", region: "regionReference", standard: "anyReference" } as const;

/** The long name; see `DType.name`. */
export function nameOf(type: Datatype): string {
  switch (type.class) {
    case "integer":
      return `${type.signed ? "int" : "uint"}${type.size * 8}`;
    case "bitfield":
    case "time":
      return `uint${type.size * 8}`;
    case "float":
      return formatName(type) ?? `float${type.size * 8}`;
    case "enum":
      return isBool(type) ? "bool" : nameOf(type.base);
    case "string":
      return `S${type.size}`;
    case "vlen":
      return type.kind === "string" ? "string" : "vlen";
    case "reference":
      return REFERENCES[type.kind];
    case "opaque": {
      const moment = momentOf(type);
      return moment === undefined ? "opaque" : moment.kind + (moment.unit === "generic" ? "" : `[${moment.unit}]`);
    }
    case "array":
      return "array";
    case "compound":
    case "complex": {
      const parts = complexParts(type);
      return parts === undefined ? "compound" : complexName(parts.base);
    }
  }
}

function complexName(base: FloatType): string {
  const format = formatName(base);
  return format === undefined || /^float\d+$/.test(format) ? `complex${base.size * 16}` : `complex_${format}`;
}

/** The order's sign in NumPy's notation; `|` where it does not matter. */
export function orderOf(type: Datatype): "<" | ">" | "|" | "vax" {
  switch (type.class) {
    case "integer":
    case "bitfield":
    case "time":
    case "float":
      if (type.size === 1) return "|";
      return type.order === "le" ? "<" : type.order === "be" ? ">" : "vax";
    case "enum":
    case "array":
      return orderOf(type.base);
    case "opaque": {
      const moment = momentOf(type);
      return moment === undefined ? "|" : moment.order === "be" ? ">" : "<";
    }
    case "compound":
    case "complex": {
      const parts = complexParts(type);
      return parts === undefined ? "|" : orderOf(parts.base);
    }
    default:
      return "|";
  }
}

/** Longest list of members that the notation spells out. */
const SPELT = 64;

const word = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));

function list(parts: readonly string[], total: number): string {
  return parts.length === total ? parts.join(", ") : `${parts.join(", ")}, ... (${total} in all)`;
}

/**
 * NumPy's code for types that have one (`<f4`, `|u1`, `S20`), and a notation after it for the others.
 * `values` gives the values of an enumeration's members.
 */
export function notation(type: Datatype, values: (type: Datatype) => Iterable<number | bigint>): string {
  switch (type.class) {
    case "array":
      return `array(${notation(type.base, values)}, [${type.dims.join(", ")}])`;
    case "vlen":
      return type.kind === "string" ? `string(${type.charset})` : `vlen(${notation(type.base, values)})`;
    case "enum": {
      if (isBool(type)) return "bool";
      const numbers = [...values(type)];
      const members = type.members.slice(0, SPELT).map((m, i) => `${word(m.name)}: ${numbers[i]}`);
      return `enum({ ${list(members, type.members.length)} }, ${notation(type.base, values)})`;
    }
    case "compound": {
      if (complexParts(type) !== undefined) return coded(type);
      const members = type.members.slice(0, SPELT).map((m) => `${word(m.name)}: ${notation(m.type, values)}`);
      return `compound({ ${list(members, type.members.length)} })`;
    }
    case "opaque":
      if (momentOf(type) !== undefined) return coded(type);
      return type.tag === "" ? `V${type.size}` : `opaque(${type.size}, ${JSON.stringify(type.tag)})`;
    case "bitfield":
    case "time":
      return `${type.class}(${orderOf(type)}u${type.size})`;
    default:
      return coded(type);
  }
}

/** Letters of NumPy's codes by the long name's word. */
const CODES: Readonly<Record<string, string>> = { int: "i", uint: "u", float: "f", complex: "c" };

function coded(type: Datatype): string {
  const name = nameOf(type);
  const order = orderOf(type);
  const numeric = /^(u?int|float|complex)(\d+)$/.exec(name);
  if (numeric !== null) return `${order === "vax" ? "vax " : order}${CODES[numeric[1]]}${Number(numeric[2]) / 8}`;
  if (momentOf(type) !== undefined) {
    return order + name.replace("datetime64", "M8").replace("timedelta64", "m8");
  }
  return order === ">" ? `>${name}` : name;
}
