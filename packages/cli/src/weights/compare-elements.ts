/** Elements of two tensors of one shape, compared as numbers or by their bytes. */
import { ELEMENT_TYPES, Tensor, type TensorInfo, type Weights } from "@h5ts/weights";

export interface Tolerance {
  readonly absolute: number;
  /** Of the second. */
  readonly relative: number;
}

export interface Compared {
  readonly count: number;
  readonly largest: number;
}

type Side = readonly [weights: Weights, tensor: TensorInfo];

/** Elements at a time. */
const COUNT = 1 << 20;

/** Numbers are alike that are no farther apart than the tolerance says, and any two NaN; of none at all, bytes that are the same. */
export async function compareElements(a: Side, b: Side, tolerance: Tolerance): Promise<Compared> {
  const [first, second] = [portions(a), portions(b)];
  let count = 0;
  let largest = 0;
  for (;;) {
    const [one, other] = [await first.next(), await second.next()];
    if (one.done === true || other.done === true) return { count, largest };
    const found = comparePortions(one.value, other.value, tolerance);
    count += found.count;
    largest = Math.max(largest, found.largest);
  }
}

/** A tensor in runs of as many elements, however its file gives them. */
async function* portions([weights, tensor]: Side): AsyncGenerator<Tensor, void> {
  const { dtype, bytes } = tensor;
  const size = Math.max(1, (COUNT * ELEMENT_TYPES[dtype].bits) / 8);
  let held = new Uint8Array(0);
  let given = 0;
  for await (const piece of weights.pieces(tensor)) {
    const joined = new Uint8Array(held.length + piece.length);
    joined.set(held);
    joined.set(piece, held.length);
    held = joined;
    while (held.length >= size || (given + held.length === bytes && held.length > 0)) {
      const part = held.subarray(0, size);
      given += part.length;
      held = held.subarray(part.length);
      yield new Tensor(tensor.name, dtype, [part.length], part);
    }
  }
}

function comparePortions(a: Tensor, b: Tensor, { absolute, relative }: Tolerance): Compared {
  if (a.dtype === b.dtype && sameBytes(a.data, b.data)) return { count: 0, largest: 0 };
  if (ELEMENT_TYPES[a.dtype].bits < 8 || ELEMENT_TYPES[b.dtype].bits < 8) return { count: 1, largest: Number.NaN };
  const [x, y] = [a.array(), b.array()];
  let count = 0;
  let largest = 0;
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const [one, other] = [x[i], y[i]];
    if (one === other || (Number.isNaN(one) && Number.isNaN(other))) continue;
    const apart = distance(one, other);
    if (apart <= absolute + relative * Math.abs(Number(other))) continue;
    count++;
    largest = apart > largest || Number.isNaN(apart) ? apart : largest;
  }
  return { count, largest };
}

/** Integers of 64 bits may differ where numbers do not. */
function distance(one: number | bigint, other: number | bigint): number {
  if (typeof one === "bigint" && typeof other === "bigint") return Math.abs(Number(one - other));
  return Math.abs(Number(one) - Number(other));
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
