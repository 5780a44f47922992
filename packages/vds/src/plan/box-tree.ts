/**
 * Which of many boxes meet another one: a packed R-tree (sort-tile-recursive), made once and never changed. A box is the
 * lowest and, exclusive, the highest coordinates along each axis; the latter may be infinite.
 */

/** Boxes or nodes of one node. */
const FAN = 16;

export class BoxTree {
  private readonly rank: number;
  /** Lows and highs of each box, `2 * rank` numbers; level by level, the given boxes first, in the order of `numbers`. */
  private readonly bounds: Float64Array;
  /** Number of each given box in the order of the tree. */
  private readonly numbers: Uint32Array;
  /** Where in `bounds`, counted in boxes, each level begins; behind them, where the last one ends. */
  private readonly levels: number[];

  /** `count` boxes of `2 * rank` numbers each, lows before highs. */
  constructor(boxes: Float64Array, rank: number, count: number) {
    this.rank = rank;
    this.numbers = Uint32Array.from({ length: count }, (_, i) => i);
    if (count > FAN) tile(this.numbers, boxes, rank, 0, 0, count);
    this.levels = [0];
    let total = count;
    for (let n = count; ; n = Math.ceil(n / FAN)) {
      this.levels.push(total);
      if (n <= FAN) break;
      total += Math.ceil(n / FAN);
    }
    this.bounds = new Float64Array(total * 2 * rank);
    const size = 2 * rank;
    for (let i = 0; i < count; i++) {
      const from = this.numbers[i] * size;
      this.bounds.set(boxes.subarray(from, from + size), i * size);
    }
    for (let level = 1; level < this.levels.length - 1; level++) this.join(level);
  }

  /** The boxes of a level hold those of the level below. */
  private join(level: number): void {
    const { bounds, rank, levels } = this;
    const below = levels[level - 1];
    const count = levels[level] - below;
    for (let i = 0; i < levels[level + 1] - levels[level]; i++) {
      const to = (levels[level] + i) * 2 * rank;
      bounds.fill(Infinity, to, to + rank);
      bounds.fill(-Infinity, to + rank, to + 2 * rank);
      for (let j = i * FAN; j < Math.min(count, (i + 1) * FAN); j++) {
        const from = (below + j) * 2 * rank;
        for (let d = 0; d < rank; d++) {
          if (bounds[from + d] < bounds[to + d]) bounds[to + d] = bounds[from + d];
          if (bounds[from + rank + d] > bounds[to + rank + d]) bounds[to + rank + d] = bounds[from + rank + d];
        }
      }
    }
  }

  /** Adds the numbers of the boxes that meet a box to `found`, in no order. */
  find(low: ArrayLike<number>, high: ArrayLike<number>, found: number[]): void {
    const top = this.levels.length - 2;
    this.search(top, 0, this.levels[top + 1] - this.levels[top], low, high, found);
  }

  private search(
    level: number,
    first: number,
    end: number,
    low: ArrayLike<number>,
    high: ArrayLike<number>,
    found: number[],
  ): void {
    const start = this.levels[level];
    for (let i = first; i < end; i++) {
      if (!this.meets(start + i, low, high)) continue;
      if (level === 0) found.push(this.numbers[i]);
      else {
        const count = start - this.levels[level - 1];
        this.search(level - 1, i * FAN, Math.min(count, (i + 1) * FAN), low, high, found);
      }
    }
  }

  private meets(box: number, low: ArrayLike<number>, high: ArrayLike<number>): boolean {
    const { bounds, rank } = this;
    const at = box * 2 * rank;
    for (let d = 0; d < rank; d++) {
      if (!(bounds[at + d] < high[d] && bounds[at + rank + d] > low[d])) return false;
    }
    return true;
  }
}

/** Sorts `order[from, to)` into tiles: by one axis into slabs, and these by the next. Axes along which nothing differs are left out. */
function tile(order: Uint32Array, boxes: Float64Array, rank: number, axis: number, from: number, to: number): void {
  const size = 2 * rank;
  const low = (i: number, d: number): number => boxes[i * size + d];
  let d = axis;
  const differs = (): boolean => {
    for (let i = from + 1; i < to; i++) if (low(order[i], d) !== low(order[from], d)) return true;
    return false;
  };
  while (d < rank && !differs()) d++;
  if (d >= rank || to - from <= FAN) return;
  order.subarray(from, to).sort((a, b) => low(a, d) - low(b, d) || a - b);
  if (d === rank - 1) return;
  const leaves = Math.ceil((to - from) / FAN);
  const slabs = Math.ceil(Math.sqrt(leaves));
  const step = Math.ceil((to - from) / slabs / FAN) * FAN;
  for (let at = from; at < to; at += step) tile(order, boxes, rank, d + 1, at, Math.min(to, at + step));
}
