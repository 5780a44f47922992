/** Lists of runs that grow: three numbers a run. */

export class Runs {
  /** Elements of the result. */
  results: Float64Array = new Float64Array(16);
  /** What they are: numbers within a mapping, or elements of a source. */
  starts: Float64Array = new Float64Array(16);
  lengths: Float64Array = new Float64Array(16);
  size = 0;
  /** Elements in all. */
  count = 0;

  /** Adds a run; one that goes on where the last one ends becomes one with it. */
  add(result: number, start: number, length: number): void {
    const last = this.size - 1;
    this.count += length;
    if (last >= 0) {
      const before = this.lengths[last];
      if (this.starts[last] + before === start && this.results[last] + before === result) {
        this.lengths[last] = before + length;
        return;
      }
    }
    if (this.size === this.results.length) this.grow();
    this.results[this.size] = result;
    this.starts[this.size] = start;
    this.lengths[this.size++] = length;
  }

  private grow(): void {
    const twice = (list: Float64Array): Float64Array => {
      const grown = new Float64Array(list.length * 2);
      grown.set(list);
      return grown;
    };
    this.results = twice(this.results);
    this.starts = twice(this.starts);
    this.lengths = twice(this.lengths);
  }
}
