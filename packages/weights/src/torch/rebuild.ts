/** Tensors as checkpoints describe them: a storage, where in it they begin, and their strides. */
import { FormatError, LimitError, UnsupportedError } from "h5ts";
import { ELEMENT_TYPES, type ElementType, elementsOf } from "../dtypes.ts";
import type { PickleGlobal } from "./pickle-globals.ts";
import { PickleDict, type PickleHost, PickleTuple } from "./unpickle.ts";

const STRUCTURE = "PyTorch checkpoint";

/** The storage that a persistent id names. */
export class TorchStorage {
  readonly key: string;
  /** `undefined` of storages without a type, which count bytes. */
  readonly dtype: ElementType | undefined;
  /** Elements of the type, or bytes. */
  readonly count: number;
  /** Of views of storages, as old checkpoints have them: where it begins in the whole, in elements. */
  readonly offset: number;

  constructor(key: string, dtype: ElementType | undefined, count: number, offset = 0) {
    this.key = key;
    this.dtype = dtype;
    this.count = count;
    this.offset = offset;
  }

  get bytes(): number {
    return (this.count * (this.dtype === undefined ? 8 : ELEMENT_TYPES[this.dtype].bits)) / 8;
  }
}

/** A tensor within a storage; offset and strides count elements. */
export class TorchTensor {
  readonly storage: TorchStorage;
  readonly dtype: ElementType;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly stride: readonly number[];

  constructor(
    storage: TorchStorage,
    dtype: ElementType,
    offset: number,
    shape: readonly number[],
    stride: readonly number[],
  ) {
    this.storage = storage;
    this.dtype = dtype;
    this.offset = offset;
    this.shape = shape;
    this.stride = stride;
  }

  /** Bytes of an element. */
  get width(): number {
    return ELEMENT_TYPES[this.dtype].bits / 8;
  }

  /** Whether its elements stand side by side in C order. */
  get isContiguous(): boolean {
    let step = 1;
    for (let d = this.shape.length - 1; d >= 0; d--) {
      if (this.shape[d] !== 1 && this.stride[d] !== step) return false;
      step *= this.shape[d];
    }
    return true;
  }
}

/** Meaning of a checkpoint's pickle. */
export class TorchHost implements PickleHost {
  /** Storages by their keys, in the order in which they were met. */
  readonly storages: Map<string, TorchStorage> = new Map();

  persistent(id: unknown): TorchStorage {
    if (!(id instanceof PickleTuple)) return fail("has a persistent id that is no tuple");
    const [kind, type, key, , count, view] = id;
    if (kind === "module")
      throw new UnsupportedError("holds a whole module: save its state_dict", { structure: STRUCTURE });
    if (kind !== "storage" || !isGlobal(type) || type.kind !== "storage")
      return fail("has a persistent id that is no storage");
    if (typeof key !== "string" || !isCount(count)) return fail("has a storage without key or size");
    const storage =
      view === undefined || view === null ? new TorchStorage(key, type.dtype, count) : viewOf(view, type, count);
    const known = this.storages.get(storage.key);
    if (known === undefined || known.bytes < storage.bytes) this.storages.set(storage.key, storage);
    return storage;
  }

  call(name: string, args: readonly unknown[]): unknown {
    if (name.startsWith("torch._utils._rebuild_tensor")) return rebuildTensor(name, args);
    if (name.startsWith("torch._utils._rebuild_parameter")) return args[0];
    if (name === "torch._tensor._rebuild_from_type_v2") return this.fromType(args);
    if (name === "_codecs.encode") return Uint8Array.from(String(args[0]), (letter) => letter.charCodeAt(0));
    if (name === "builtins.set") return new Set(Array.isArray(args[0]) ? args[0] : []);
    if (name === "collections.Counter") return args[0] instanceof PickleDict ? args[0] : new PickleDict();
    if (name === "builtins.complex") return { re: args[0], im: args[1] };
    return args[0] ?? null;
  }

  /** A tensor with a type and a state around it, which say nothing of its elements. */
  private fromType([called, , args]: readonly unknown[]): unknown {
    if (!isGlobal(called) || called.kind !== "function" || !(args instanceof PickleTuple))
      return fail("rebuilds a tensor of nothing");
    return this.call(called.name, args);
  }
}

const isGlobal = (value: unknown): value is PickleGlobal =>
  typeof value === "object" && value !== null && "kind" in value;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isShape = (value: unknown): value is number[] => Array.isArray(value) && value.every(isCount);

function fail(reason: string, found?: unknown): never {
  throw new FormatError(reason, { structure: STRUCTURE, found });
}

function viewOf(view: unknown, { dtype }: PickleGlobal, count: number): TorchStorage {
  if (!(view instanceof PickleTuple)) return fail("has a view of a storage that is no tuple");
  const [key, offset, size] = view;
  if (typeof key !== "string" || !isCount(offset) || !isCount(size) || size > count)
    return fail("has a view outside of its storage");
  return new TorchStorage(key, dtype, size, offset);
}

function rebuildTensor(name: string, args: readonly unknown[]): TorchTensor {
  const [storage, offset, shape, stride] = args;
  if (!(storage instanceof TorchStorage)) return fail("has a tensor without a storage");
  if (!isCount(offset) || !isShape(shape) || !isShape(stride) || shape.length !== stride.length)
    return fail("has a tensor whose place in its storage makes no sense");
  const named = name.endsWith("_v3") ? args[6] : undefined;
  const dtype = isGlobal(named) && named.kind === "dtype" ? named.dtype : storage.dtype;
  if (dtype === undefined) return fail("has a tensor without a type of elements");
  const tensor = new TorchTensor(storage, dtype, offset, shape, stride);
  checkWithin(tensor);
  return tensor;
}

/** Elements of a tensor at most, over those of its storage: strides of 0 repeat them. */
const MOST_REPEATED = 2 ** 28;

function checkWithin({ storage, dtype, offset, shape, stride }: TorchTensor): void {
  const elements = elementsOf(shape);
  if (elements === 0) return;
  const last = shape.reduce((sum, n, d) => sum + (n - 1) * stride[d], offset);
  const width = ELEMENT_TYPES[dtype].bits / 8;
  if (!((last + 1) * width <= storage.bytes)) fail("has a tensor outside of its storage", `element ${last}`);
  if (elements > storage.bytes / width && elements > MOST_REPEATED)
    throw new LimitError("has a tensor that repeats its storage too often", { structure: STRUCTURE, found: elements });
}

/** Elements of a tensor, of which the whole storage is given, in C order. */
export function gather({ dtype, offset, shape, stride }: TorchTensor, storage: Uint8Array): Uint8Array {
  const width = ELEMENT_TYPES[dtype].bits / 8;
  const output = new Uint8Array(elementsOf(shape) * width);
  const index = shape.map(() => 0);
  let from = offset;
  for (let to = 0; to < output.length; to += width) {
    for (let k = 0; k < width; k++) output[to + k] = storage[from * width + k];
    for (let d = shape.length - 1; d >= 0; d--) {
      from += stride[d];
      if (++index[d] < shape[d]) break;
      from -= stride[d] * shape[d];
      index[d] = 0;
    }
  }
  return output;
}
