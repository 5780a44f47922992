/** Chooses the sink for a datatype: once for each read. */
import { DEFAULT_SIZES, type Sizes } from "../../bytes/address.ts";
import { DTypeError, FormatError, UnsupportedError } from "../../errors.ts";
import type {
  ArrayType,
  CompoundType,
  Datatype,
  ReferenceType,
  VariableLengthType,
} from "../../format/datatype/datatype.ts";
import type { AnyData } from "../arrays.ts";
import { complexParts } from "../dtype/meaning.ts";
import { nameOf } from "../dtype/name.ts";
import { matches } from "../dtype/same.ts";
import type { Reference, RegionReference } from "../reference.ts";
import { Budget, type ResultLimits } from "./budget.ts";
import { BytesSink, OpaqueSink } from "./bytes-sink.ts";
import { ArraySink, ComplexSink } from "./composite-sinks.ts";
import { type Column, CompoundSink, MemberSink } from "./compound-sink.ts";
import { ConvertSink } from "./convert-sink.ts";
import type { ElementSink } from "./element-sink.ts";
import { foreignSink } from "./foreign-array.ts";
import { cannot, EXACT_NUMBER, goalOf, goalReader } from "./goal.ts";
import { ARRAY_TYPES, type Making, numberMemory, valueMemory } from "./making.ts";
import { NumberSink } from "./number-sink.ts";
import { arrayName, isBigint, type NumberCodec, numberCodec } from "./numbers.ts";
import { AnyReferenceSink, ObjectReferenceSink, RegionReferenceSink } from "./reference-sinks.ts";
import { SequenceSink } from "./sequence-sink.ts";
import { StringSink, VariableStringSink } from "./string-sinks.ts";
import { type ElementView, isFlat, memberOf, pick, type ReadAs } from "./view.ts";

export interface SinkOptions {
  readonly view?: ElementView;
  /** Bytes of the fill value, as the file has them. Default: zeros. */
  readonly fill?: Uint8Array;
  readonly limits: ResultLimits;
  /** Widths of addresses in this file. Default 8 bytes. */
  readonly sizes?: Sizes;
  /**
   * Where data goes, instead of new arrays: a typed array (numbers are converted to its kind), an array of strings or
   * values, for compounds an object of these by member.
   */
  readonly into?: unknown;
  /** First element of `into` to be written. Default 0. */
  readonly at?: number;
}

/**
 * A sink for `count` elements of a dataset or attribute. DTypeError if they cannot be seen as the view asks; LimitError
 * before more is allocated than the limits allow.
 */
export function makeSink(type: Datatype, count: number, options: SinkOptions): ElementSink {
  const { view = {}, fill, into, at = 0, sizes = DEFAULT_SIZES } = options;
  const budget = new Budget(options.limits);
  const making: Making = { count, as: view.as, array: view.array, into, at, whole: true, budget, sizes };
  const sink = fieldsSink(type, view.fields, making);
  if (fill !== undefined && fill.length !== type.size) {
    throw new FormatError("has a wrong size", {
      structure: "Fill value",
      found: `${fill.length} bytes`,
      allowed: `${type.size} bytes, as its datatype`,
    });
  }
  if (fill?.some((byte) => byte !== 0)) sink.fillElement = fill;
  return sink;
}

function fieldsSink(type: Datatype, fields: ElementView["fields"], making: Making): ElementSink {
  if (fields === undefined) return sinkOf(type, making);
  if (typeof fields !== "string") return compoundSink(pick(type, fields), making, false);
  const member = memberOf(type, fields);
  return new MemberSink(type.size, member.offset, sinkOf(member.type, { ...making, whole: false }));
}

function sinkOf(type: Datatype, making: Making): ElementSink {
  if (making.as === "bytes" && isFlat(type)) return bytesSink(type, making);
  const codec = numberCodec(type);
  if (codec !== undefined) return numberSink(type, codec, making);
  if (complexParts(type) !== undefined) return complexSink(type, making);
  switch (type.class) {
    case "compound":
      return compoundSink(type, making, true);
    case "array":
      return arraySink(type, making);
    case "vlen":
      return type.kind === "string" ? textSink(type, making) : sequenceSink(type, making);
    default:
      return valueSink(type, making);
  }
}

function bytesSink(type: Datatype, making: Making): ElementSink {
  const { size } = type;
  const sized = { ...making, count: making.count * size, at: making.at * size };
  return new BytesSink(size, numberMemory("Uint8Array", sized) as Uint8Array<ArrayBuffer>, making.into === undefined);
}

/** What numbers are read as: as asked, else as the target has them. */
function asOf(codec: NumberCodec, making: Making): Exclude<ReadAs, "bytes"> | undefined {
  const { as, into } = making;
  if (as !== undefined) return as as Exclude<ReadAs, "bytes">;
  const kind = arrayName(into);
  return kind === undefined || kind === "bigint" || kind === codec.array ? undefined : ARRAY_TYPES[kind];
}

function numberSink(type: Datatype, codec: NumberCodec, making: Making): ElementSink {
  const as = asOf(codec, making);
  if (making.array !== undefined && as !== undefined && as !== "number") {
    return foreignSink(codec, as, making.array, making.count, making.budget);
  }
  const goal = as === undefined ? undefined : as === "number" ? numberGoal(codec) : goalOf(type, as);
  const target = numberMemory(goal === undefined ? codec.array : goal.array, making);
  return goal === undefined
    ? new NumberSink(codec, target, making.into === undefined, making.whole)
    : new ConvertSink(type.size, target, goalReader(codec, goal, target));
}

const numberGoal = (codec: NumberCodec): typeof EXACT_NUMBER | undefined =>
  isBigint(codec.array) ? EXACT_NUMBER : undefined;

/** A level further in, with `parts` elements for each. */
function inner(making: Making, parts: number, as: ReadAs | undefined): Making {
  return { ...making, count: making.count * parts, at: making.at * parts, as };
}

function complexSink(type: Datatype, making: Making): ElementSink {
  const parts = complexParts(type)!;
  const { as } = making;
  const to = as === undefined || as === "number" || as === "bytes" ? undefined : complexParts(as)?.base;
  if (typeof as === "object" && to === undefined) throw cannot(type, as);
  const base = sinkOf(parts.base, inner(making, 2, to));
  const adjacent = parts.real === 0 && parts.imag === parts.base.size && type.size === 2 * parts.base.size;
  return adjacent ? new ArraySink(type.size, 2, base) : new ComplexSink(type.size, parts, base);
}

function arraySink(type: ArrayType, making: Making): ElementSink {
  const { as } = making;
  const parts = type.dims.reduce((product, dim) => product * dim, 1);
  let to = as;
  if (typeof as === "object" && as.class === "array") {
    if (as.dims.join() !== type.dims.join()) throw cannot(type, as);
    to = as.base;
  }
  return new ArraySink(type.size, parts, sinkOf(type.base, inner(making, parts, to)));
}

/** `named`: what is asked for may be another compound, whose members are found by name. */
function compoundSink(type: CompoundType, making: Making, named: boolean): ElementSink {
  const { as, into } = making;
  unique(type);
  if (typeof as === "object" && (as.class !== "compound" || complexParts(as) !== undefined)) throw cannot(type, as);
  const members = typeof as === "object" && named ? as.members.map((m) => memberOf(type, m.name)) : type.members;
  const columns = members.map(({ name, offset, type: member }): Column => {
    const column: Making = {
      ...making,
      as: typeof as === "object" ? memberOf(as, name).type : as,
      into: into === undefined ? undefined : columnOf(into, name),
      whole: false,
    };
    return { name, offset, sink: memberSink(member, column) };
  });
  return new CompoundSink(type.size, columns);
}

/** As numbers, members that are none stay as they are. */
function memberSink(type: Datatype, making: Making): ElementSink {
  return sinkOf(type, making.as === "number" && !hasNumbers(type) ? { ...making, as: undefined } : making);
}

function hasNumbers(type: Datatype): boolean {
  if (numberCodec(type) !== undefined || complexParts(type) !== undefined) return true;
  if (type.class === "compound") return type.members.some((member) => hasNumbers(member.type));
  return (type.class === "array" || (type.class === "vlen" && type.kind === "sequence")) && hasNumbers(type.base);
}

function unique(type: CompoundType): void {
  const names = new Set(type.members.map((member) => member.name));
  if (names.size === type.members.length) return;
  throw new FormatError("has two members of one name", { structure: "Compound datatype" });
}

function columnOf(into: unknown, name: string): unknown {
  const column = Object.getOwnPropertyDescriptor(Object(into), name)?.value;
  if (column === undefined) throw new DTypeError("lacks a member", { structure: "target", found: name });
  return column;
}

/** Elements that refer to objects by their address hold it, beside `others` bytes; there may be unused bytes behind. */
function checkSize(type: Datatype, others: number, { sizes }: Making): void {
  const needed = others + sizes.offsets;
  if (type.size >= needed) return;
  throw new FormatError("has a wrong size", {
    structure: nameOf(type),
    found: `${type.size} bytes`,
    allowed: `at least ${needed}, with an address of ${sizes.offsets}`,
  });
}

function sequenceSink(type: VariableLengthType, making: Making): ElementSink {
  const { as, count, budget, at, sizes } = making;
  checkSize(type, 8, making);
  let to = as;
  if (typeof as === "object") {
    if (as.class !== "vlen" || as.kind !== "sequence") throw cannot(type, as);
    to = as.base;
  }
  const makeBase = (total: number): ElementSink =>
    memberSink(type.base, { ...making, count: total, as: to, into: undefined, at: 0, whole: false });
  return new SequenceSink(type.size, sizes, type.base.size, makeBase, count, valueMemory<AnyData>(making), at, budget);
}

function textSink(type: VariableLengthType, making: Making): ElementSink {
  const { as, count, at, budget, sizes } = making;
  checkSize(type, 8, making);
  if (as === "bytes") {
    const makeBase = (total: number): ElementSink => {
      budget.take(total, 1);
      return new BytesSink(1, new Uint8Array(total), true);
    };
    return new SequenceSink(type.size, sizes, 1, makeBase, count, valueMemory<AnyData>(making), at, budget);
  }
  if (as !== undefined && (as === "number" || !matches(type, as))) throw cannot(type, as);
  return new VariableStringSink(type.size, sizes, count, valueMemory<string>(making), at, budget);
}

function valueSink(type: Datatype, making: Making): ElementSink {
  const { as, count, at, budget } = making;
  if (as !== undefined && as !== "bytes" && (as === "number" || !matches(type, as))) throw cannot(type, as);
  switch (type.class) {
    case "string":
      if (type.size > LONGEST_TEXT) throw tooLong(type.size);
      budget.take(count, type.size);
      return new StringSink(type, count, valueMemory<string>(making), at);
    case "opaque":
      budget.take(count, type.size);
      return new OpaqueSink(type.size, count, valueMemory<Uint8Array<ArrayBuffer>>(making), at);
    case "reference":
      return referenceSink(type, making);
    default:
      throw new FormatError("has a base of a class that cannot be one", { structure: nameOf(type), found: type.class });
  }
}

/** Code units that a string of JavaScript can have in all engines. */
const LONGEST_TEXT = 2 ** 29 - 25;

function tooLong(found: number): UnsupportedError {
  return new UnsupportedError("is longer than text can be; asBytes() reads it", {
    structure: "string datatype",
    found: `${found} bytes`,
    allowed: `up to ${LONGEST_TEXT}`,
  });
}

function referenceSink(type: ReferenceType, making: Making): ElementSink {
  const { count, at, sizes } = making;
  checkSize(type, { object: 0, region: 4, standard: 10 }[type.kind], making);
  switch (type.kind) {
    case "object":
      return new ObjectReferenceSink(type.size, sizes, count, valueMemory<Reference>(making), at);
    case "region":
      return new RegionReferenceSink(type.size, sizes, count, valueMemory<RegionReference>(making), at);
    case "standard":
      return new AnyReferenceSink(type.size, sizes, count, valueMemory<Reference>(making), at);
  }
}
