/** Object headers that were edited last, as they were left: most are edited several times, one time after the other. */
import type { Address } from "../../bytes/address.ts";

const MOST = 64;

export class EditedHeaders {
  private readonly kept = new Map<Address, unknown>();

  /** Hands it out, to one who edits it: if that comes to nothing, it is put together anew. */
  take(address: Address): unknown {
    const header = this.kept.get(address);
    if (header !== undefined) this.kept.delete(address);
    return header;
  }

  keep(address: Address, header: unknown): void {
    if (this.kept.size >= MOST) for (const oldest of this.kept.keys()) if (this.kept.delete(oldest)) break;
    this.kept.set(address, header);
  }
}
