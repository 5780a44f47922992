/** Chooses the source for data of a datatype, in the form in which it is read: the way back of `makeSink`. */
import { DEFAULT_SIZES, type Sizes } from "../../bytes/address.ts";
import { DTypeError } from "../../errors.ts";
import type { CompoundType, Datatype, ReferenceType, VariableLengthType } from "../../format/datatype/datatype.ts";
import type { AnyData, TypedArray } from "../arrays.ts";
import { complexParts } from "../dtype/meaning.ts";
import { nameOf } from "../dtype/name.ts";
import type { Reference, RegionReference } from "../reference.ts";
import type { Source } from "../source.ts";
import { concatenate, lengthOf } from "../values.ts";
import { CompoundSource, type SourceColumn } from "./compound-source.ts";
import { ArraySource, ComplexSource, NumberSource, OpaqueSource, StringSource } from "./flat-sources.ts";
import { arrayName, type NumberCodec, numberCodec } from "./numbers.ts";
import { AnyReferenceSource, ObjectReferenceSource, RegionReferenceSource } from "./reference-sources.ts";
import { SequenceSource, VariableStringSource } from "./variable-sources.ts";

/**
 * A source of elements. `data` is as reading gives it: typed arrays of the datatype's own kind, `string[]`, columns by
 * member; DTypeError where it is anything else, and where a value cannot be held. `sizes`: widths of addresses in the file.
 * `writing/` takes values of any form.
 */
export function makeSource(type: Datatype, data: AnyData, sizes: Sizes = DEFAULT_SIZES): Source {
  const codec = numberCodec(type);
  if (codec !== undefined) return new NumberSource(codec, numbersOf(codec, data));
  const complex = complexParts(type);
  if (complex !== undefined) {
    const base = makeSource(complex.base, data, sizes);
    const adjacent = complex.real === 0 && complex.imag === base.elementSize && type.size === 2 * base.elementSize;
    return adjacent ? new ArraySource(type.size, 2, base) : new ComplexSource(type.size, complex, base);
  }
  switch (type.class) {
    case "compound":
      return new CompoundSource(type.size, columnsOf(type, data, sizes));
    case "array": {
      const parts = type.dims.reduce((product, dim) => product * dim, 1);
      return new ArraySource(type.size, parts, makeSource(type.base, data, sizes));
    }
    case "string":
      return new StringSource(type, listOf(type, data));
    case "opaque":
      return new OpaqueSource(type.size, listOf(type, data));
    case "vlen":
      return type.kind === "string"
        ? new VariableStringSource(type.size, sizes, type.charset, listOf(type, data))
        : sequenceSource(type, listOf(type, data), sizes);
    case "reference":
      return referenceSource(type, data, sizes);
    default:
      throw wrong(type, data);
  }
}

function wrong(type: Datatype, data: unknown): DTypeError {
  return new DTypeError("cannot be written from this data", {
    structure: nameOf(type),
    found: Object.prototype.toString.call(data).slice(8, -1),
  });
}

function numbersOf(codec: NumberCodec, data: AnyData): TypedArray | bigint[] {
  if (!fits(codec, data)) throw wrong(codec.type, data);
  return data as TypedArray | bigint[];
}

/** Floats that no array holds as they are may come in either array of floats: 64 bits, so that nothing is rounded twice. */
function fits(codec: NumberCodec, data: AnyData): boolean {
  if (codec.array === "bigint") return Array.isArray(data);
  const name = arrayName(data);
  const rounded = codec.bits === undefined && codec.type.class === "float";
  return name === codec.array || (rounded && (name === "Float32Array" || name === "Float64Array"));
}

function listOf<T>(type: Datatype, data: AnyData): readonly T[] {
  if (!Array.isArray(data)) throw wrong(type, data);
  return data as T[];
}

/**
 * A source of some members of compounds: `type` has them at the offsets, and has the size, of the whole. See
 * `Source.partial`.
 */
export function makePartialSource(type: CompoundType, data: AnyData, sizes: Sizes = DEFAULT_SIZES): Source {
  return new CompoundSource(type.size, columnsOf(type, data, sizes), type);
}

function columnsOf(type: CompoundType, data: AnyData, sizes: Sizes): SourceColumn[] {
  return type.members.map(({ name, offset, type: member }) => {
    const column: AnyData | undefined = Object.getOwnPropertyDescriptor(Object(data), name)?.value;
    if (column === undefined) throw new DTypeError("lacks a member", { structure: "compound data", found: name });
    return { offset, source: makeSource(member, column, sizes) };
  });
}

function sequenceSource(type: VariableLengthType, data: readonly AnyData[], sizes: Sizes): Source {
  const starts = new Float64Array(data.length + 1);
  data.forEach((sequence, i) => {
    starts[i + 1] = starts[i] + lengthOf(type.base, sequence);
  });
  const base = makeSource(type.base, concatenate(type.base, data), sizes);
  return new SequenceSource(type.size, sizes, base, starts);
}

function referenceSource(type: ReferenceType, data: AnyData, sizes: Sizes): Source {
  switch (type.kind) {
    case "object":
      return new ObjectReferenceSource(type.size, sizes, listOf<Reference>(type, data));
    case "region":
      return new RegionReferenceSource(type.size, sizes, listOf<RegionReference>(type, data));
    case "standard":
      return new AnyReferenceSource(type.size, sizes, listOf<Reference>(type, data));
  }
}
