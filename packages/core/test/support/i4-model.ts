/** What a dataset of 32-bit integers should hold, kept element by element. */
export class Model {
  dims: readonly number[];
  values: number[];
  private readonly fill: number;

  constructor(dims: readonly number[], fill = 0) {
    this.dims = dims;
    this.fill = fill;
    this.values = new Array<number>(dims.reduce((all, n) => all * n, 1)).fill(fill);
  }

  /** Another extent: elements keep their coordinates, new ones hold the fill value. */
  resize(dims: readonly number[]): void {
    const values = new Array<number>(dims.reduce((all, n) => all * n, 1)).fill(this.fill);
    for (let i = 0; i < this.values.length; i++) {
      let rest = i;
      let at = 0;
      let stride = 1;
      let within = true;
      for (let d = dims.length - 1; d >= 0; d--) {
        const c = rest % this.dims[d];
        rest = Math.floor(rest / this.dims[d]);
        within &&= c < dims[d];
        at += c * stride;
        stride *= dims[d];
      }
      if (within) values[at] = this.values[i];
    }
    this.dims = dims;
    this.values = values;
  }
}
