/**
 * Datatype message, type 0x0003 (HDF5 File Format Specification, section IV.A.2.d): the type of a dataset's elements. Stands
 * in headers of datasets and committed datatypes, and in attribute messages.
 */
import type { Fields } from "../../bytes/fields.ts";
import { LimitError } from "../../errors.ts";
import type { ClassLayout } from "./class-layout.ts";
import { compoundLayout } from "./compound.ts";
import type { Datatype, DatatypeClass } from "./datatype.ts";
import { arrayLayout, enumLayout, variableLengthLayout } from "./derived.ts";
import { complexLayout, floatLayout } from "./float.ts";
import { bitfieldLayout, integerLayout, timeLayout } from "./numbers.ts";
import { opaqueLayout, referenceLayout, stringLayout } from "./strings.ts";
import { lowestVersion } from "./version.ts";

/** Bounds on one datatype, so that a few bytes cannot ask for a deep or a huge one. */
export interface DatatypeBounds {
  readonly datatypeNesting: number;
  /** Members, nested ones counted. */
  readonly datatypeMembers: number;
}

const DEFAULT_BOUNDS: DatatypeBounds = { datatypeNesting: 32, datatypeMembers: 65_535 };

/** By their numbers in files. */
const CLASSES: readonly DatatypeClass[] = [
  "integer",
  "float",
  "time",
  "string",
  "bitfield",
  "opaque",
  "compound",
  "reference",
  "enum",
  "vlen",
  "array",
  "complex",
];

const LAYOUTS: { readonly [C in DatatypeClass]: ClassLayout<Extract<Datatype, { class: C }>> } = {
  integer: integerLayout,
  float: floatLayout,
  time: timeLayout,
  string: stringLayout,
  bitfield: bitfieldLayout,
  opaque: opaqueLayout,
  compound: compoundLayout,
  reference: referenceLayout,
  enum: enumLayout,
  vlen: variableLengthLayout,
  array: arrayLayout,
  complex: complexLayout,
};

const MAX_VERSION = 5;

/** A type without a version is written in the lowest that can express it. */
export function datatypeMessage(f: Fields, v?: Datatype, bounds: DatatypeBounds = DEFAULT_BOUNDS): Datatype {
  return datatype(f, v, new Budget(bounds));
}

/** What is left of the bounds while one datatype is read. */
class Budget {
  private readonly bounds: DatatypeBounds;
  private depth = 0;
  private members = 0;

  constructor(bounds: DatatypeBounds) {
    this.bounds = bounds;
  }

  enter(members: number): void {
    this.depth++;
    this.members += members;
    if (this.depth > this.bounds.datatypeNesting) exceeded("datatypeNesting", this.depth, this.bounds);
    if (this.members > this.bounds.datatypeMembers) exceeded("datatypeMembers", this.members, this.bounds);
  }

  leave(): void {
    this.depth--;
  }
}

function exceeded(option: keyof DatatypeBounds, found: number, bounds: DatatypeBounds): never {
  throw new LimitError(`exceeds the option limits.${option}`, {
    structure: "Datatype message",
    found,
    allowed: `at most ${bounds[option]}`,
  });
}

function datatype(f: Fields, v: Datatype | undefined, budget: Budget): Datatype {
  const layoutOf = v && (LAYOUTS[v.class] as ClassLayout<Datatype>);
  const head = f.u8(v && ((v.version ?? lowestVersion(v)) << 4) | CLASSES.indexOf(v.class));
  const bits = f.u24(v && layoutOf?.bits(v));
  const size = f.u32(v?.size);
  const version = head >> 4;
  if (version === 0 || version > MAX_VERSION) f.fail("has a version that is not known", version, "1 to 5");
  const name = CLASSES[head & 0x0f] ?? f.fail("has a class that is not known", head & 0x0f, "0 to 11");
  if (size === 0) f.fail("has a size of 0");
  budget.enter(name === "compound" || name === "enum" ? bits & 0xffff : 0);
  const nested = (fields: Fields, inner?: Datatype): Datatype => datatype(fields, inner, budget);
  const type = (LAYOUTS[name] as ClassLayout<Datatype>).properties(f, { version, bits, size }, v, nested);
  budget.leave();
  return type;
}
