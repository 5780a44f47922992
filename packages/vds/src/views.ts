/** The views that are known, for as long as their mappings are in hand. */
import type { DatasetInfo, Steps, VirtualFile, VirtualMapping } from "@h5ts/core";
import type { VirtualOptions } from "./options.ts";
import { View } from "./plan/view.ts";
import type { OpenSource } from "./source/open-source.ts";

export class Views {
  readonly lastAvailable: boolean;
  readonly gap: number;
  private readonly known = new WeakMap<readonly VirtualMapping[], View>();

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
    const mappings = yield* file.virtualMappings(dataset);
    let view = this.known.get(mappings);
    if (view === undefined) {
      view = new View(mappings, dataset.dataspace.dims.length, this.sources(file));
      this.known.set(mappings, view);
    }
    return view;
  }
}
