/** The fill value of a dataset as a value. */
import type { DatasetInfo } from "../contract.ts";
import { makeSink } from "../data/codecs/make-sink.ts";
import { makeResult } from "../data/result.ts";
import type { Mode } from "./mode.ts";
import type { Session } from "./session.ts";

/** As an element of a result; `undefined` where it refers to heap objects, which a property cannot read. */
export function fillValueOf(info: DatasetInfo, { reader, options }: Session<Mode>): unknown {
  const { sizes } = reader.info;
  const sink = makeSink(info.datatype, 1, { fill: info.fill.value, limits: options.limits, sizes });
  sink.fill(0, 1);
  if (sink.finish() !== undefined) return undefined;
  const result = makeResult(sink.result(), [], info.datatype);
  return info.datatype.class === "array" ? result.data : result.item();
}
