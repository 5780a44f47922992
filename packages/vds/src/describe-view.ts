/** The extent of views without end, which follows from their sources: as libhdf5 works it out. */
import { all, type DatasetInfo, isH5Error, type Steps, type VirtualFile } from "@h5ts/core";
import type { BlocksPlan, UnlimitedPlan } from "./plan/mapping-plan.ts";
import type { View } from "./plan/view.ts";
import type { Chain } from "./source/chain.ts";
import { type OpenSource, openSource, type SourceName, sourceKey } from "./source/open-source.ts";
import { nameOfBlock } from "./source/source-name.ts";
import type { Views } from "./views.ts";
import { withinLimit } from "./within-limit.ts";

/** The dataset with its extent as it is now. Where a source may not be opened, or is no HDF5 file, it stays as stored. */
export function* describeView(views: Views, file: VirtualFile, info: DatasetInfo, chain: Chain): Steps<DatasetInfo> {
  const view = yield* views.of(file, info);
  if (view.unlimited.length === 0) return info;
  const inner = chain.into(file, info);
  const ends = yield* all(view.unlimited.map((i) => new Ends(views, view, file, info, inner).of(i)));
  const { dims, maxDims } = info.dataspace;
  const found = dims.map((dim, d) => {
    const along = ends.filter((end) => end.axis === d);
    if (along.length === 0 || along.some(({ end }) => end === undefined)) return dim;
    const all = along.map(({ end }) => end as number);
    const end = views.lastAvailable ? Math.max(...all) : Math.min(...all);
    return Math.min(Math.max(end, view.least[d]), maxDims[d]);
  });
  return found.every((dim, d) => dim === dims[d]) ? info : { ...info, dataspace: { ...info.dataspace, dims: found } };
}

interface End {
  readonly axis: number;
  /** `undefined`: it cannot be told. */
  readonly end: number | undefined;
}

/** How far mappings without end reach. */
class Ends {
  private readonly views: Views;
  private readonly view: View;
  private readonly file: VirtualFile;
  private readonly info: DatasetInfo;
  private readonly chain: Chain;

  constructor(views: Views, view: View, file: VirtualFile, info: DatasetInfo, chain: Chain) {
    this.views = views;
    this.view = view;
    this.file = file;
    this.info = info;
    this.chain = chain;
  }

  *of(mapping: number): Steps<End> {
    let axis = -1;
    try {
      const plan = this.view.plan(mapping) as UnlimitedPlan | BlocksPlan;
      axis = plan.mapped.axis;
      return { axis, end: yield* plan.kind === "unlimited" ? this.unlimited(plan) : this.blocks(plan) };
    } catch (error) {
      // Reading says it; what else there is to the dataset can be had.
      if (isH5Error(error, "PolicyError", "FormatError", "UnsupportedError", "NotFoundError"))
        return { axis, end: undefined };
      throw error;
    }
  }

  private *unlimited({ file, dataset, mapped, source }: UnlimitedPlan): Steps<number> {
    const found = yield* this.open({ file, dataset });
    if (found === undefined) return 0;
    const { info: stored } = found;
    const info =
      stored.layout.class === "virtual" ? yield* describeView(this.views, found.file, stored, this.chain) : stored;
    const slices = source.slicesWithin(info.dataspace.dims[source.axis] ?? 0);
    return mapped.extentOf(slices, !this.views.lastAvailable);
  }

  private *open(name: SourceName): Steps<OpenSource | undefined> {
    const { sources } = this.view;
    return sources.get(sourceKey(name)) ?? (yield* openSource(sources, this.file, name));
  }

  /** Blocks are looked for until as many are missing in a row as may be. */
  private *blocks(plan: BlocksPlan): Steps<number> {
    const { mapped } = plan;
    const { gap, lastAvailable } = this.views;
    const most = this.info.dataspace.maxDims[mapped.axis];
    let count = 0;
    for (let n = 0; n <= gap + count && startOf(plan, n) < most; n++) {
      withinLimit(this.file.limits, "virtualMappings", n, "Blocks of a virtual dataset");
      const source = yield* this.open({ file: nameOfBlock(plan.file, n), dataset: nameOfBlock(plan.dataset, n) });
      if (source !== undefined) count = n + 1;
    }
    if (count === 0) return 0;
    return lastAvailable ? endOfBlock(plan, count - 1) : startOf(plan, count);
  }
}

const startOf = ({ mapped }: BlocksPlan, n: number): number => mapped.blockAt(n).axes[mapped.axis].start;

function endOfBlock({ mapped }: BlocksPlan, n: number): number {
  const { start, length } = mapped.blockAt(n).axes[mapped.axis];
  return start + length;
}
