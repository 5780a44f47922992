/** Who refers to an object header: hard links, and messages that stand in it and are shared (committed datatypes). */
import type { Address } from "../../bytes/address.ts";

export interface References {
  links: number;
  /** Datasets and attributes of the committed datatype. */
  uses: number;
}

export class ReferenceCounts {
  private readonly counts = new Map<Address, References>();

  link(object: Address): void {
    this.of(object).links++;
  }

  use(object: Address): void {
    this.of(object).uses++;
  }

  of(object: Address): References {
    let found = this.counts.get(object);
    if (found === undefined) {
      found = { links: 0, uses: 0 };
      this.counts.set(object, found);
    }
    return found;
  }

  entries(): IterableIterator<[Address, References]> {
    return this.counts.entries();
  }
}
