/** Tensors as callers give them, made alike. */
import { FormatError } from "h5ts";
import { bytesOf, ELEMENT_TYPES, type ElementType } from "../dtypes.ts";
import type { StoredTensor } from "../model-file.ts";
import type { TensorArray, TensorInfo } from "../tensor.ts";
import { ARRAYS } from "../tensor.ts";
import { wrongLength } from "./settings.ts";

/** The elements of a tensor: little-endian, in C order, packed; in one piece or in several, of any length. */
export type TensorBytes = Uint8Array | AsyncIterable<Uint8Array>;

/** A tensor to be saved: a `Tensor`, or what has its properties. */
export interface TensorToSave extends Pick<TensorInfo, "name" | "shape" | "layer" | "group"> {
  /** Default: as the array is; of a `Uint8Array` it is needed, unless that is what it is. */
  readonly dtype?: ElementType;
  /**
   * Its elements: bytes, or an array of the type's own numbers; or a function that is asked for the bytes when they are written, so that
   * one tensor is in memory at a time.
   */
  readonly data: TensorArray | (() => TensorBytes | Promise<TensorBytes>);
  /** Name of an earlier tensor of the same type and shape that has the very same elements: they are stored once where that can be. */
  readonly sharedWith?: string;
}

/** Checks tensors and lists them. FormatError where one makes no sense, or two have one name. */
export function listed(tensors: Iterable<TensorToSave>): StoredTensor[] {
  const list: StoredTensor[] = [];
  const byName = new Map<string, StoredTensor>();
  for (const tensor of tensors) {
    const stored = storedOf(tensor, byName);
    checkShape(stored);
    if (byName.has(stored.name))
      throw new FormatError("stands twice among the tensors", { structure: "Tensor", path: stored.name });
    byName.set(stored.name, stored);
    list.push(stored);
  }
  return list;
}

function storedOf(tensor: TensorToSave, earlier: ReadonlyMap<string, StoredTensor>): StoredTensor {
  const { name, shape, layer, group, sharedWith, data } = tensor;
  const dtype = tensor.dtype ?? typeOf(data);
  if (dtype === undefined || !Object.hasOwn(ELEMENT_TYPES, dtype))
    throw new FormatError("has no type of elements that is known", { structure: "Tensor", path: name, found: dtype });
  const same = sharedWith === undefined ? undefined : earlier.get(sharedWith);
  const isSame = same !== undefined && same.dtype === dtype && String(same.shape) === String(shape);
  const bytes = Math.ceil(bytesOf(dtype, shape));
  const read = async (): Promise<Uint8Array> => whole(await given(data, dtype, name), bytes);
  return {
    name,
    dtype,
    shape,
    bytes,
    ...(layer === undefined ? {} : { layer }),
    ...(group === undefined ? {} : { group }),
    ...(isSame ? { sharedWith, sameAs: sharedWith } : {}),
    read,
    async *pieces() {
      const all = await given(data, dtype, name);
      if (all instanceof Uint8Array) yield all;
      else yield* all;
    },
  };
}

function typeOf(data: TensorToSave["data"]): ElementType | undefined {
  if (typeof data === "function") return undefined;
  const found = Object.entries(ARRAYS).find(([name, array]) => name !== "bool" && data.constructor === array);
  return found?.[0] as ElementType | undefined;
}

/** Bytes of what was given. FormatError of an array of other numbers than the type's. */
async function given(data: TensorToSave["data"], dtype: ElementType, name: string): Promise<TensorBytes> {
  if (typeof data === "function") return data();
  if (data instanceof Uint8Array) return data;
  const array = ARRAYS[dtype];
  if (array === undefined || !(data instanceof array))
    throw new FormatError("is given as numbers of another type", {
      structure: "Tensor",
      path: name,
      found: data.constructor.name,
      allowed: `bytes${array === undefined ? "" : `, or a ${array.name}`}`,
    });
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

async function whole(data: TensorBytes, bytes: number): Promise<Uint8Array> {
  if (data instanceof Uint8Array) return data;
  const output = new Uint8Array(bytes);
  let at = 0;
  for await (const piece of data) {
    if (at + piece.length > bytes) return new Uint8Array(at + piece.length);
    output.set(piece, at);
    at += piece.length;
  }
  return output.subarray(0, at);
}

const isCount = (n: number): boolean => Number.isSafeInteger(n) && n >= 0;

function checkShape(tensor: StoredTensor): void {
  const { name, dtype, shape } = tensor;
  if (!shape.every(isCount) || !Number.isSafeInteger(tensor.bytes))
    throw new FormatError("has no shape that could be", {
      structure: "Tensor",
      path: name,
      found: `[${shape.join(", ")}]`,
    });
  if (!Number.isInteger(bytesOf(dtype, shape))) throw wrongLength(tensor, `${bytesOf(dtype, shape)} bytes`);
}
