/** Stored chunks in flat arrays that grow: of a whole index there may be a million. */
export class ChunkList {
  count = 0;
  numbers: Float64Array = new Float64Array(64);
  addresses: Float64Array = new Float64Array(64);
  sizes: Float64Array = new Float64Array(64);
  masks: Uint32Array = new Uint32Array(64);

  add(number: number, address: number, size: number, mask: number): void {
    if (this.count === this.numbers.length) this.grow();
    const i = this.count++;
    this.numbers[i] = number;
    this.addresses[i] = address;
    this.sizes[i] = size;
    this.masks[i] = mask;
  }

  private grow(): void {
    const room = this.numbers.length * 2;
    const wider = (from: Float64Array): Float64Array => {
      const into = new Float64Array(room);
      into.set(from);
      return into;
    };
    this.numbers = wider(this.numbers);
    this.addresses = wider(this.addresses);
    this.sizes = wider(this.sizes);
    const masks = new Uint32Array(room);
    masks.set(this.masks);
    this.masks = masks;
  }

  /** Positions in the order of the chunks' numbers. */
  order(): Uint32Array {
    const order = Uint32Array.from({ length: this.count }, (_, i) => i);
    let sorted = true;
    for (let i = 1; i < this.count && sorted; i++) sorted = this.numbers[i - 1] <= this.numbers[i];
    return sorted ? order : order.sort((a, b) => this.numbers[a] - this.numbers[b]);
  }
}
