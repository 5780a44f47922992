/** Reads virtual datasets, from sources in any file that may be opened. */
import type { DatasetInfo, Selection, Sink, Steps, VirtualFile, VirtualReader } from "@h5ts/core";
import { describeView } from "./describe-view.ts";
import type { VirtualOptions } from "./options.ts";
import { ReadView } from "./read-view.ts";
import { Chain } from "./source/chain.ts";
import { Views } from "./views.ts";

/** What `open` is handed so that virtual datasets can be read. */
export function virtualReader(options: VirtualOptions = {}): VirtualReader {
  return new Composer(options);
}

class Composer implements VirtualReader {
  private readonly views: Views;

  constructor(options: VirtualOptions) {
    this.views = new Views(options);
  }

  describe(file: VirtualFile, dataset: DatasetInfo): Steps<DatasetInfo> {
    return describeView(this.views, file, dataset, new Chain());
  }

  read(file: VirtualFile, dataset: DatasetInfo, selection: Selection, sink: Sink): Steps<void> {
    return new ReadView(this.views, file, dataset, new Chain()).whole(selection, sink);
  }

  /** Other views of the file may have the same sources. */
  *refresh(file: VirtualFile): Steps<void> {
    const known = this.views.sources(file);
    const sources = [...known.values()];
    known.clear();
    for (const source of sources) if (source.file !== file) yield* source.file.refresh(source.address);
  }
}
