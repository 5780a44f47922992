/** Checks where the raw data of a dataset stands, and what its elements refer to. */
import type { DatasetInfo } from "../../contract.ts";
import { externalDataFilesMessage } from "../../format/messages/external-data-files.ts";
import { MessageType } from "../../format/messages/message-type.ts";
import type { Steps } from "../../steps/steps.ts";
import type { ObjectHeader } from "../object-header.ts";
import { messageSource } from "../shared-message.ts";
import type { Checker } from "./checker.ts";
import { checkChunks } from "./chunks.ts";
import { HeapElements, takeElements } from "./element-references.ts";
import { CheckedLocalHeap } from "./local-heap.ts";
import { rawBytes } from "./raw-bytes.ts";

const RAW_DATA = "Raw data";
/** Bytes of raw data read at once. */
const WINDOW = 4 << 20;

export function* checkDataset(check: Checker, header: ObjectHeader, info: DatasetInfo): Steps<void> {
  const { layout, fill, datatype } = info;
  if (fill.value !== undefined) yield* check.guard(takeElements(check, datatype, fill.value));
  const external = header.find(MessageType.externalDataFiles);
  if (external !== undefined) return yield* checkNames(check, external);
  switch (layout.class) {
    case "compact":
      return yield* takeElements(check, datatype, layout.data);
    case "contiguous":
      return yield* checkContiguous(check, info);
    case "chunked":
      return yield* checkChunks(check, info, layout);
    case "virtual":
      if (layout.heap !== null) check.heaps.add(layout.heap, layout.index, "references", check.path, 0);
  }
}

/** Names of external raw files, in a local heap of the dataset's own. */
function* checkNames(check: Checker, message: ObjectHeader["messages"][number]): Steps<void> {
  const { heap, slots } = externalDataFilesMessage((yield* messageSource(check.file, message)).from);
  const names = yield* CheckedLocalHeap.open(check, heap);
  for (const { nameOffset } of slots) names.take(nameOffset);
  names.finish();
}

function* checkContiguous(check: Checker, { layout, dataspace, datatype, address: at }: DatasetInfo): Steps<void> {
  if (layout.class !== "contiguous" || layout.address === null) return;
  const needed = dataspace.kind === "null" ? 0 : dataspace.dims.reduce((all, n) => all * n, datatype.size);
  const size = layout.size ?? needed;
  check.uses(layout.address, size, RAW_DATA);
  if (size < needed)
    check.fault("has less room for its elements than they need", {
      structure: "Data layout message",
      address: at,
      found: size,
      allowed: String(needed),
    });
  const elements = new HeapElements(check, datatype);
  if (!elements.any) return;
  const step = Math.max(1, Math.floor(WINDOW / datatype.size)) * datatype.size;
  const end = Math.min(size, needed);
  for (let from = 0; from < end; from += step) {
    elements.put(yield* rawBytes(check, layout.address + from, Math.min(step, end - from)));
    yield* elements.follow();
  }
}
