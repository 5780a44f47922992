/** Which messages in the heaps of shared messages are referred to, and how often. */

export interface SharedUse {
  /** Type of the message. */
  readonly type: number;
  /** Id in the heap of its index, in hexadecimal. */
  readonly id: string;
  count: number;
}

export class SharedUses {
  private readonly uses = new Map<string, SharedUse>();
  private readonly met = new Set<string>();
  private readonly own = new Map<string, number[]>();

  add(type: number, heapId: Uint8Array): void {
    const id = hex(heapId);
    const key = `${type} ${id}`;
    const use = this.uses.get(key);
    if (use === undefined) this.uses.set(key, { type, id, count: 1 });
    else use.count++;
  }

  /** A message that may be shared, and stands in its header. */
  addOwn(type: number, data: Uint8Array): void {
    const text = hex(data);
    let own = this.own.get(text);
    if (own === undefined) {
      own = [];
      this.own.set(text, own);
    }
    own.push(type);
  }

  /**
   * Headers that have a message of these bytes, and of a type whose bit is in `types`, for themselves. Headers of version 1
   * fill it up to a multiple of 8 bytes.
   */
  ownCount(types: number, data: Uint8Array): number {
    const text = hex(data);
    const filled = text.padEnd(Math.ceil(data.length / 8) * 16, "0");
    const own = [...(this.own.get(text) ?? []), ...((text !== filled && this.own.get(filled)) || [])];
    return own.filter((type) => (types & (1 << type)) !== 0).length;
  }

  /** Whether a message is met for the first time by whoever asks so: what it refers to itself counts once. */
  first(type: number, heapId: Uint8Array): boolean {
    const key = `${type} ${hex(heapId)}`;
    if (this.met.has(key)) return false;
    this.met.add(key);
    return true;
  }

  /** By id, of the messages whose type has its bit in `types`. */
  ofTypes(types: number): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { type, id, count } of this.uses.values())
      if ((types & (1 << type)) !== 0) counts.set(id, (counts.get(id) ?? 0) + count);
    return counts;
  }

  get any(): boolean {
    return this.uses.size > 0;
  }
}

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
