/** Lets in what fits: so many tasks, or so many bytes, at once. Those who must wait come in in their order. */
export class Gate {
  private readonly limit: number;
  private inside = 0;
  private readonly waiting: { readonly weight: number; readonly enter: () => void }[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Nothing, where there is room; else a promise of it. What alone exceeds the limit enters when nothing else is in. */
  take(weight: number): Promise<void> | undefined {
    if (this.waiting.length === 0 && this.fits(weight)) {
      this.inside += weight;
      return undefined;
    }
    return new Promise((enter) => {
      this.waiting.push({ weight, enter });
    });
  }

  /** Leaves again: the same weight, once for each that entered. */
  give(weight: number): void {
    this.inside -= weight;
    while (this.waiting.length > 0 && this.fits(this.waiting[0].weight)) {
      const next = this.waiting.shift();
      this.inside += next?.weight ?? 0;
      next?.enter();
    }
  }

  private fits(weight: number): boolean {
    return this.inside === 0 || this.inside + weight <= this.limit;
  }
}
