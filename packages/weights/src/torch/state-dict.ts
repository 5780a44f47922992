/** Tensors of a checkpoint by name: of a state dict, or of dicts and lists nested in one. */
import { LimitError } from "h5ts";
import { bytesOf } from "../dtypes.ts";
import type { StoredTensor } from "../model-file.ts";
import { rangePieces } from "../pieces.ts";
import { TorchTensor } from "./rebuild.ts";
import { PickleDict } from "./unpickle.ts";

/** Nesting of dicts and lists at most. */
const MOST_DEPTH = 100;

/** What was found in a checkpoint. */
export interface FoundTensors {
  readonly tensors: readonly { readonly name: string; readonly tensor: TorchTensor }[];
  /** Numbers and texts beside the tensors, by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** All tensors, in the order of the checkpoint; names are the keys on the way, with dots between. */
export function findTensors(value: unknown): FoundTensors {
  const tensors: { name: string; tensor: TorchTensor }[] = [];
  const metadata: Record<string, string> = {};
  walk(value, [], { tensors, metadata, within: new Set() });
  return { tensors, metadata };
}

interface Found {
  readonly tensors: { name: string; tensor: TorchTensor }[];
  readonly metadata: Record<string, string>;
  /** Containers that are being walked: one may hold itself. */
  readonly within: Set<unknown>;
}

function walk(value: unknown, path: readonly string[], found: Found): void {
  if (value instanceof TorchTensor) found.tensors.push({ name: path.join("."), tensor: value });
  else if (
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "bigint" ||
    typeof value === "boolean"
  ) {
    Object.defineProperty(found.metadata, path.join("."), {
      value: String(value),
      enumerable: true,
      configurable: true,
    });
  } else if (value instanceof PickleDict || Array.isArray(value)) {
    if (found.within.has(value)) return;
    if (path.length >= MOST_DEPTH)
      throw new LimitError("is nested too deeply", {
        structure: "PyTorch checkpoint",
        allowed: `${MOST_DEPTH} levels`,
      });
    found.within.add(value);
    for (const [key, one] of value.entries()) walk(one, [...path, String(key)], found);
    found.within.delete(value);
  }
}

/** Tensors as they are listed; `read` gets one's elements. Those that share a storage say so. */
export function storedTensors(
  { tensors }: FoundTensors,
  read: (tensor: TorchTensor, signal?: AbortSignal) => Promise<Uint8Array>,
  readRange?: (tensor: TorchTensor, at: number, length: number, signal?: AbortSignal) => Promise<Uint8Array>,
): StoredTensor[] {
  const first = new Map<string, string>();
  const same = new Map<string, string>();
  return tensors.map(({ name, tensor }) => {
    const { dtype, shape } = tensor;
    const bytes = bytesOf(dtype, shape);
    const shared = earlier(first, tensor.storage.key, name);
    const sameAs = earlier(same, placeOf(tensor), name);
    const ranged = readRange !== undefined && tensor.isContiguous;
    return {
      name,
      dtype,
      shape,
      bytes,
      ...(shared === undefined ? {} : { sharedWith: shared }),
      ...(sameAs === undefined ? {} : { sameAs }),
      read: (signal) => read(tensor, signal),
      ...(ranged ? { pieces: rangePieces(bytes, (at, length, signal) => readRange(tensor, at, length, signal)) } : {}),
    };
  });
}

/** Who had the key first; whoever asks first has it from then on. */
function earlier(by: Map<string, string>, key: string, name: string): string | undefined {
  const found = by.get(key);
  if (found === undefined) by.set(key, name);
  return found;
}

const placeOf = ({ storage, dtype, offset, shape, stride }: TorchTensor): string =>
  JSON.stringify([storage.key, storage.offset, dtype, offset, shape, stride]);
