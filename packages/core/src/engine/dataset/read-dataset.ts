/** Reading of the selected elements of a dataset, whatever its layout. */
import type { DatasetInfo } from "../../contract.ts";
import type { Selection } from "../../data/selection/selection.ts";
import type { Sink } from "../../data/sink.ts";
import { FormatError, UnsupportedError } from "../../errors.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EngineFile } from "../file.ts";
import { type Limits, withinLimit } from "../limits.ts";
import { completeSink } from "./complete-sink.ts";
import { readCached } from "./read-cached.ts";
import { readChunked } from "./read-chunked.ts";
import { readCompact, readContiguous } from "./read-contiguous.ts";
import { readExternal } from "./read-external.ts";

/**
 * Reads elements into a sink, then the heap objects that they refer to. LimitError before anything is read, where the
 * selection has more bytes than the option `limits.resultBytes`.
 */
export function* readDataset(file: EngineFile, info: DatasetInfo, selection: Selection, sink: Sink): Steps<void> {
  if (readCached(file, info, selection, sink) === undefined) {
    checkSelection(file.limits, info, selection, sink);
    // An empty virtual dataset is refused as others are.
    if (selection.count > 0 || info.layout.class === "virtual") yield* readElements(file, info, selection, sink);
  }
  yield* completeSink(file, sink);
}

/** LimitError if the selection has too many bytes; FormatError if its elements are not what the sink takes. */
export function checkSelection(limits: Limits, info: DatasetInfo, selection: Selection, sink: Sink): void {
  withinLimit(limits, "resultBytes", selection.count * sink.elementSize, "Selection");
  if (sink.elementSize !== info.datatype.size)
    throw new FormatError("has elements of another size than are asked for", {
      structure: "Datatype",
      address: info.address,
      found: info.datatype.size,
      allowed: String(sink.elementSize),
    });
}

function readElements(file: EngineFile, info: DatasetInfo, selection: Selection, sink: Sink): Steps<void> {
  const { layout } = info;
  if (info.external.length > 0 && layout.class === "contiguous") return readExternal(file, info, selection, sink);
  switch (layout.class) {
    case "chunked":
      return readChunked(file, info, layout, selection, sink);
    case "contiguous":
      return readContiguous(file, info, layout, selection, sink);
    case "compact":
      return compactSteps(info, layout, selection, sink);
    case "virtual":
      throw new UnsupportedError("is a virtual dataset, whose reader was not handed in", { address: info.address });
  }
}

function* compactSteps(
  info: DatasetInfo,
  layout: Extract<DatasetInfo["layout"], { class: "compact" }>,
  selection: Selection,
  sink: Sink,
): Steps<void> {
  readCompact(info, layout, selection, sink);
}
