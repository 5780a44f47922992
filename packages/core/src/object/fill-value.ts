/** The fill value of a dataset as a value. */
import type { DatasetInfo } from "../contract.ts";
import type { ElementSink } from "../data/codecs/element-sink.ts";
import { makeSink } from "../data/codecs/make-sink.ts";
import { makeResult } from "../data/result.ts";
import type { Steps } from "../steps/steps.ts";
import type { Mode } from "./mode.ts";
import type { Node, Session } from "./session.ts";

/** As an element of a result; `undefined` where it refers to heap objects, which a property cannot read. */
export function fillValueOf(info: DatasetInfo, session: Session<Mode>): unknown {
  const sink = filledSink(info, session);
  return sink.finish() === undefined ? itemOf(info, sink) : undefined;
}

/** The same, with the heap objects. */
export function* readFillValue(node: Node<Mode, DatasetInfo>): Steps<unknown> {
  const { info, session } = node;
  const sink = filledSink(info, session);
  yield* session.reader.complete(sink);
  return itemOf(info, sink);
}

function filledSink(info: DatasetInfo, { reader, options }: Session<Mode>): ElementSink {
  const { sizes } = reader.info;
  const sink = makeSink(info.datatype, 1, { fill: info.fill.value, limits: options.limits, sizes });
  sink.fill(0, 1);
  return sink;
}

function itemOf(info: DatasetInfo, sink: ElementSink): unknown {
  const result = makeResult(sink.result(), [], info.datatype);
  return info.datatype.class === "array" ? result.data : result.item();
}
