/** The views that are known, for as long as their headers are in hand. */
import type { DatasetInfo, Steps, VirtualFile } from "@h5ts/core";
import type { VirtualOptions } from "./options.ts";
import { View } from "./plan/view.ts";
import type { OpenSource } from "./source/open-source.ts";

export class Views {
  readonly lastAvailable: boolean;
  readonly gap: number;
  /** By the layout that the header gives, which is another object whenever the header was read anew. */
  private readonly known = new WeakMap<DatasetInfo["layout"], View>();

  private readonly found = new WeakMap<VirtualFile, Map<string, OpenSource>>();

  constructor({ virtualView = "last-available", virtualPrintfGap = 0 }: VirtualOptions) {
    this.lastAvailable = virtualView === "last-available";
    this.gap = this.lastAvailable ? virtualPrintfGap : 0;
  }

  /** The sources that were found for views of a file. */
  sources(file: VirtualFile): Map<string, OpenSource> {
    let found = this.found.get(file);
    if (found === undefined) {
      found = new Map();
      this.found.set(file, found);
    }
    return found;
  }

  *of(file: VirtualFile, dataset: DatasetInfo): Steps<View> {
    const { layout, dataspace } = dataset;
    let view = this.known.get(layout);
    if (view === undefined) {
      view = new View(yield* file.virtualMappings(dataset), dataspace.dims.length, this.sources(file));
      this.known.set(layout, view);
    }
    return view;
  }
}
