/** Views that are sources of views: the way down to the one that is read. */
import { type DatasetInfo, FormatError, LimitError, type VirtualFile } from "@h5ts/core";

interface Link {
  readonly label: string;
  readonly end: number;
  readonly address: number;
}

export class Chain {
  private readonly links: readonly Link[];

  constructor(links: readonly Link[] = []) {
    this.links = links;
  }

  /** How many views are around the one that is read. */
  get depth(): number {
    return this.links.length;
  }

  /** One view further in. FormatError where that is on the way already; LimitError where there are too many. */
  into({ info, limits }: VirtualFile, { address }: DatasetInfo): Chain {
    const link = { label: info.label, end: info.endOfFile, address };
    const around = this.links.some(
      (one) => one.label === link.label && one.address === address && one.end === link.end,
    );
    const structure = "Virtual dataset";
    if (around) throw new FormatError("is a source of itself", { structure, address, found: info.label });
    if (this.links.length >= limits.virtualNesting)
      throw new LimitError("exceeds the option limits.virtualNesting", {
        structure,
        address,
        found: this.links.length + 1,
        allowed: `at most ${limits.virtualNesting}`,
      });
    return new Chain([...this.links, link]);
  }
}
