/** Values of attributes: from the bytes in their messages to what `attrs.get` gives. */
import type { Sizes } from "../bytes/address.ts";
import { FormatError } from "../errors.ts";
import type { Datatype } from "../format/datatype/datatype.ts";
import type { Dataspace } from "../format/messages/dataspace.ts";
import type { ResultLimits } from "./codecs/budget.ts";
import { makeSink } from "./codecs/make-sink.ts";
import { DType } from "./dtype/dtype.ts";
import { Empty } from "./empty.ts";
import { makeResult, type Result } from "./result.ts";
import { scalarNumber } from "./scalar-number.ts";
import type { Sink } from "./sink.ts";
import { relax, scalarValue } from "./values.ts";

/** What an attribute message says, and holds. */
export interface AttributeBytes {
  readonly datatype: Datatype;
  readonly dataspace: Dataspace;
  /** All elements, in the file's own encoding. */
  readonly data: Uint8Array;
}

/** An attribute under way: {@link value} may be asked once the heap objects that `sink` wants are there (`Reader.complete`). */
export interface AttributeElements {
  readonly sink: Sink;
  /** A scalar's value (bigint only where it is no safe integer), a {@link Result} else; `Empty` of a null dataspace. */
  value(): unknown;
  /** The result in any case, as a dataset of that shape and type would give it; `Empty` of a null dataspace. */
  result(): Result;
}

/** Elements in a dataspace. */
export function elementCount(dataspace: Dataspace): number {
  if (dataspace.kind === "null") return 0;
  return dataspace.dims.reduce((product, dim) => product * dim, 1);
}

/** Puts an attribute's bytes into a sink. `sizes`: widths of addresses in its file, default 8 bytes. FormatError where they are fewer than shape and datatype say. */
export function attributeElements(attribute: AttributeBytes, limits: ResultLimits, sizes?: Sizes): AttributeElements {
  const { datatype, dataspace, data } = attribute;
  const count = elementCount(dataspace);
  if (data.length < count * datatype.size) {
    throw new FormatError("holds fewer bytes than its dataspace and datatype say", {
      structure: "Attribute message",
      found: `${data.length} bytes`,
      allowed: `${count * datatype.size} bytes`,
    });
  }
  const number = dataspace.kind === "scalar" ? scalarNumber(datatype, data) : undefined;
  return number === undefined ? general(attribute, count, limits, sizes) : ofNumber(number, attribute, limits);
}

/** Wants no heap objects. */
const SATISFIED: Sink = {
  elementSize: 0,
  put: () => undefined,
  fill: () => undefined,
  finish: () => undefined,
};

function ofNumber(number: number | bigint, attribute: AttributeBytes, limits: ResultLimits): AttributeElements {
  return {
    sink: SATISFIED,
    value: () => relax(number),
    result: () => general(attribute, 1, limits).result(),
  };
}

/** By the sink of the datatype. */
function general(
  { datatype, dataspace, data }: AttributeBytes,
  count: number,
  limits: ResultLimits,
  sizes?: Sizes,
): AttributeElements {
  const sink = makeSink(datatype, count, { limits, sizes });
  if (count > 0) sink.put(data, 0, datatype.size, 0, count);
  const result = (): Result =>
    dataspace.kind === "null"
      ? new Empty(sink.result(), new DType(datatype))
      : makeResult(sink.result(), dataspace.dims, datatype);
  const value = (): unknown => {
    const whole = result();
    const single = dataspace.kind === "scalar" && datatype.class !== "array";
    return single && !(whole instanceof Empty) ? scalarValue(datatype, whole.data) : whole;
  };
  return { sink, value, result };
}
