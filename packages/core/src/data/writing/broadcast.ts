/** Broadcasting by NumPy's rules: axes of one element are repeated. */
import type { Datatype } from "../../format/datatype/datatype.ts";
import type { AnyData, CompoundData } from "../arrays.ts";
import { arrayName, makeNumbers } from "../codecs/numbers.ts";
import { complexParts } from "../dtype/meaning.ts";
import type { Source } from "../source.ts";
import { itemsOf } from "../values.ts";
import { aligned, countOf, type Shape } from "./shapes.ts";

/** Which element of `from` stands at each place of `to`, in row-major order. */
export function broadcastMap(from: Shape, to: Shape): Float64Array {
  const axes = aligned(from, to);
  let map = Float64Array.of(0);
  let step = countOf(axes);
  for (let axis = 0; axis < to.length; axis++) {
    step /= axes[axis] || 1;
    const next = new Float64Array(map.length * to[axis]);
    for (let i = 0, k = 0; i < map.length; i++) {
      for (let j = 0; j < to[axis]; j++) next[k++] = map[i] + (axes[axis] === 1 ? 0 : j * step);
    }
    map = next;
  }
  return map;
}

/** These elements of data, each a value of its own. */
export function pickElements(type: Datatype, data: AnyData, map: Float64Array): AnyData {
  if (type.class === "array") return pickElements(type.base, data, eachOf(map, countOf(type.dims)));
  if (type.class === "compound" && complexParts(type) === undefined) {
    const record: { [name: string]: AnyData } = Object.create(null);
    for (const { name, type: member } of type.members) {
      record[name] = pickElements(member, (data as CompoundData)[name], map);
    }
    return record;
  }
  return pickItems(data, eachOf(map, itemsOf(type)));
}

/** Places of the items of elements that have several. */
function eachOf(map: Float64Array, items: number): Float64Array {
  return items === 1 ? map : Float64Array.from({ length: map.length * items }, itemAt);
  function itemAt(_: unknown, i: number): number {
    return map[Math.floor(i / items)] * items + (i % items);
  }
}

function pickItems(data: AnyData, map: Float64Array): AnyData {
  if (Array.isArray(data)) return Array.from(map, (i) => data[i]) as AnyData;
  const from = data as Float64Array;
  const to = makeNumbers(arrayName(data)!, map.length) as Float64Array<ArrayBuffer>;
  for (let i = 0; i < map.length; i++) to[i] = from[map[i]];
  return to;
}

/** Elements of another source, repeated. Only of elements that hold all their bytes: heap objects have but one owner. */
export class BroadcastSource implements Source {
  readonly elementSize: number;
  private readonly base: Source;
  /** Places one behind the other that have the same element. */
  private readonly repeat: number;
  /** Elements of the base that stand side by side in both. */
  private readonly block: number;
  /** Where each block begins in the base; from the start again after the last. */
  private readonly blocks: Float64Array;

  constructor(base: Source, from: Shape, to: Shape) {
    this.elementSize = base.elementSize;
    this.base = base;
    const axes = aligned(from, to);
    let axis = to.length;
    const run = (belongs: (axis: number) => boolean): number => {
      let count = 1;
      while (axis > 0 && belongs(axis - 1)) count *= to[--axis];
      return count;
    };
    this.repeat = run((k) => axes[k] === 1);
    this.block = run((k) => axes[k] === to[k]);
    const first = Math.min(axes.findIndex((dim) => dim !== 1) >>> 0, axis);
    this.blocks = broadcastMap(axes.slice(first, axis), to.slice(first, axis)).map((i) => i * this.block);
  }

  prepare(): undefined {}

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    const { repeat, block, blocks } = this;
    for (let done = 0; done < count; ) {
      const unit = Math.floor((index + done) / repeat);
      const from = blocks[Math.floor(unit / block) % blocks.length] + (unit % block);
      const to = at + done * stride;
      if (repeat > 1) {
        const same = Math.min(repeat - ((index + done) % repeat), count - done);
        this.repeated(from, same, target, to, stride);
        done += same;
      } else {
        const some = Math.min(block - (unit % block), count - done);
        this.base.take(from, some, target, to, stride);
        done += some;
      }
    }
  }

  private repeated(from: number, count: number, target: Uint8Array, at: number, stride: number): void {
    const size = this.elementSize;
    this.base.take(from, 1, target, at, stride);
    if (stride === size) {
      // Doubling what is there.
      for (let done = 1; done < count; done *= 2) {
        target.copyWithin(at + done * size, at, at + Math.min(done, count - done) * size);
      }
    } else for (let i = 1; i < count; i++) target.copyWithin(at + i * stride, at, at + size);
  }
}
