/** The views that are known, for as long as their mappings are in hand. */
import type { DatasetInfo, Steps, VirtualFile, VirtualMapping } from "@h5ts/core";
import type { VirtualOptions } from "./options.ts";
import { View } from "./plan/view.ts";

export class Views {
  readonly lastAvailable: boolean;
  readonly gap: number;
  private readonly known = new WeakMap<readonly VirtualMapping[], View>();

  constructor({ virtualView = "last-available", virtualPrintfGap = 0 }: VirtualOptions) {
    this.lastAvailable = virtualView === "last-available";
    this.gap = this.lastAvailable ? virtualPrintfGap : 0;
  }

  *of(file: VirtualFile, dataset: DatasetInfo): Steps<View> {
    const mappings = yield* file.virtualMappings(dataset);
    let view = this.known.get(mappings);
    if (view === undefined) {
      view = new View(mappings, dataset.dataspace.dims.length);
      this.known.set(mappings, view);
    }
    return view;
  }
}
