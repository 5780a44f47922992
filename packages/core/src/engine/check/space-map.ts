/** All extents of a file that are in use: none may overlap another, or leave the file. */
import type { FileExtent, FreeExtent } from "./report.ts";

/** Flat arrays: a file has millions of chunks. */
export class SpaceMap {
  count = 0;
  /** Of all extents. */
  bytes = 0;
  private addresses: Float64Array = new Float64Array(256);
  private lengths: Float64Array = new Float64Array(256);
  private names: Uint32Array = new Uint32Array(256);
  private readonly labels: { readonly structure: string; readonly path: string }[] = [];
  private readonly labelOf = new Map<string, number>();
  private path = "";

  add(address: number, length: number, structure: string, path: string): void {
    if (length === 0) return;
    if (this.count === this.addresses.length) this.grow();
    const i = this.count++;
    this.bytes += length;
    this.addresses[i] = address;
    this.lengths[i] = length;
    this.names[i] = this.label(structure, path);
  }

  /** Extents of one object come one after the other. */
  private label(structure: string, path: string): number {
    if (path !== this.path) this.labelOf.clear();
    this.path = path;
    let label = this.labelOf.get(structure);
    if (label === undefined) {
      label = this.labels.push({ structure, path }) - 1;
      this.labelOf.set(structure, label);
    }
    return label;
  }

  private grow(): void {
    const room = this.count * 2;
    const wider = <A extends Float64Array | Uint32Array>(into: A, from: A): A => {
      into.set(from);
      return into;
    };
    this.addresses = wider(new Float64Array(room), this.addresses);
    this.lengths = wider(new Float64Array(room), this.lengths);
    this.names = wider(new Uint32Array(room), this.names);
  }

  /** All, by ascending address. */
  extents(): FileExtent[] {
    const { addresses, lengths } = this;
    const order = Uint32Array.from({ length: this.count }, (_, i) => i);
    order.sort((a, b) => addresses[a] - addresses[b] || lengths[a] - lengths[b]);
    return Array.from(order, (i) => ({
      address: addresses[i],
      length: lengths[i],
      ...this.labels[this.names[i]],
    }));
  }
}

/** Calls `overlap` for each extent that begins before another one, which begins no later, ends. Both sorted by address. */
export function findOverlaps<E extends FreeExtent>(
  extents: readonly E[],
  overlap: (earlier: E, later: E) => void,
): void {
  let reaching: E | undefined;
  for (const extent of extents) {
    if (reaching !== undefined && extent.address < reaching.address + reaching.length) overlap(reaching, extent);
    if (reaching === undefined || extent.address + extent.length > reaching.address + reaching.length)
      reaching = extent;
  }
}

/** What lies below `end` and in none of the extents, which are sorted by address. */
export function gaps(extents: readonly FreeExtent[], end: number): FreeExtent[] {
  const found: FreeExtent[] = [];
  let reached = 0;
  for (const { address, length } of extents) {
    if (address > reached && reached < end) found.push({ address: reached, length: Math.min(address, end) - reached });
    reached = Math.max(reached, address + length);
  }
  if (reached < end) found.push({ address: reached, length: end - reached });
  return found;
}

/** Two lists, each sorted by address, as one. */
export function merged<E extends FreeExtent>(a: readonly E[], b: readonly E[]): E[] {
  return [...a, ...b].sort((x, y) => x.address - y.address);
}
