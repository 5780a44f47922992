/** Writing of the selected elements of a dataset, whatever its layout. */
import type { DatasetInfo } from "../../contract.ts";
import type { Selection } from "../../data/selection/selection.ts";
import type { Source } from "../../data/source.ts";
import { FormatError, UnsupportedError } from "../../errors.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { currentDataset } from "./current-dataset.ts";
import { writeChunked } from "./write-chunked.ts";
import { writeCompact, writeContiguous } from "./write-contiguous.ts";

/** Takes the elements from the source. An element that is selected more than once keeps the last of its values. */
export function* writeDataset(file: EditorFile, asked: DatasetInfo, selection: Selection, source: Source): Steps<void> {
  const info = yield* currentDataset(file, asked.address);
  check(info, source);
  if (selection.count === 0) return;
  yield* writeElements(file, info, selection, source);
}

function check(info: DatasetInfo, source: Source): void {
  if (source.elementSize === info.datatype.size) return;
  throw new FormatError("has elements of another size than are given", {
    structure: "Datatype",
    address: info.address,
    found: info.datatype.size,
    allowed: String(source.elementSize),
  });
}

function writeElements(file: EditorFile, info: DatasetInfo, selection: Selection, source: Source): Steps<void> {
  const { layout } = info;
  switch (layout.class) {
    case "contiguous":
      return writeContiguous(file, info, layout, selection, source);
    case "compact":
      return writeCompact(file, info, layout, selection, source);
    case "chunked":
      return writeChunked(file, info, layout, selection, source);
    case "virtual":
      throw new UnsupportedError("cannot be written", {
        structure: "Data layout",
        address: info.address,
        found: layout.class,
      });
  }
}
