/** Blocks of fractal heaps that were read, checked and unfiltered, by recent use within a budget of bytes. */
import type { Address } from "../../bytes/address.ts";

const BUDGET = 4 << 20;

export class BlockCache {
  private readonly blocks = new Map<Address, Uint8Array>();
  private bytes = 0;

  get(address: Address): Uint8Array | undefined {
    const block = this.blocks.get(address);
    if (block !== undefined && this.blocks.size > 1) {
      this.blocks.delete(address);
      this.blocks.set(address, block);
    }
    return block;
  }

  set(address: Address, block: Uint8Array): void {
    this.delete(address);
    this.blocks.set(address, block);
    this.bytes += block.length;
    for (const [oldest] of this.blocks) {
      if (this.bytes <= BUDGET || oldest === address) break;
      this.delete(oldest);
    }
  }

  delete(address: Address): void {
    const block = this.blocks.get(address);
    if (block === undefined) return;
    this.bytes -= block.length;
    this.blocks.delete(address);
  }

  clear(): void {
    this.blocks.clear();
    this.bytes = 0;
  }
}
