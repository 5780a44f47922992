/** Checkpoints before PyTorch 1.6: five pickles, then the storages one after the other. */
import { FormatError } from "h5ts";
import type { ByteSource } from "../byte-source.ts";
import { ELEMENT_TYPES, swapBytes } from "../dtypes.ts";
import type { ModelFile } from "../model-file.ts";
import { gather, TorchHost, type TorchTensor } from "./rebuild.ts";
import { findTensors, storedTensors } from "./state-dict.ts";
import { PickleDict, unpickle } from "./unpickle.ts";

const STRUCTURE = "PyTorch checkpoint (legacy)";
const PROTOCOL = 1001;
/** Bytes that are read first, and at most: the pickles before the storages. */
const FIRST = 1 << 20;
const MOST = 256 << 20;

/** Where a storage's elements stand. */
interface Place {
  readonly at: number;
  readonly bytes: number;
}

export async function openTorchLegacy(source: ByteSource, signal?: AbortSignal): Promise<ModelFile> {
  const { value, keys, littleEndian, end, host } = await readPickles(source, signal);
  const places = await placesOf(source, keys, host, end, signal);
  const found = findTensors(value);
  const read = async (tensor: TorchTensor, signal?: AbortSignal): Promise<Uint8Array> => {
    const { at, bytes } = places.get(tensor.storage.key) ?? fail("lacks a storage", tensor.storage.key);
    const width = ELEMENT_TYPES[tensor.dtype].bits / 8;
    const start = tensor.storage.offset * width;
    if (start + tensor.storage.bytes > bytes) fail("has a storage that is too short", bytes);
    const whole = await source.read(at + start, tensor.storage.bytes, signal);
    const elements = gather(tensor, whole);
    return littleEndian ? elements : swapBytes(elements, tensor.dtype);
  };
  return {
    format: "torch-legacy",
    tensors: storedTensors(found, read),
    metadata: found.metadata,
    close: () => source.close(),
  };
}

function fail(reason: string, found?: unknown): never {
  throw new FormatError(reason, { structure: STRUCTURE, found });
}

interface Pickles {
  readonly value: unknown;
  readonly keys: readonly string[];
  readonly littleEndian: boolean;
  readonly end: number;
  readonly host: TorchHost;
}

/** The pickles stand before the storages; how long they are shows in reading them. */
async function readPickles(source: ByteSource, signal?: AbortSignal): Promise<Pickles> {
  for (let length = FIRST; ; length *= 8) {
    const bytes = await source.read(0, Math.min(length, source.size), signal);
    try {
      return parsePickles(bytes);
    } catch (error) {
      if (bytes.length === source.size || length >= MOST || !(error instanceof FormatError)) throw error;
    }
  }
}

function parsePickles(bytes: Uint8Array): Pickles {
  const host = new TorchHost();
  let at = 0;
  const next = (): unknown => {
    const { value, end } = unpickle(bytes, host, at);
    at = end;
    return value;
  };
  next();
  const protocol = next();
  if (protocol !== PROTOCOL) fail("is of another protocol", protocol);
  const system = next();
  const littleEndian = !(system instanceof PickleDict) || system.get("little_endian") !== false;
  const value = next();
  const keys = next();
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === "string")) return fail("has no list of storages");
  return { value, keys, littleEndian, end: at, host };
}

async function placesOf(
  source: ByteSource,
  keys: readonly string[],
  { storages }: TorchHost,
  end: number,
  signal?: AbortSignal,
): Promise<Map<string, Place>> {
  const places = new Map<string, Place>();
  let at = end;
  for (const key of keys) {
    const prefix = await source.read(at, 8, signal);
    const count = Number(new DataView(prefix.buffer, prefix.byteOffset, 8).getBigInt64(0, true));
    const storage = storages.get(key);
    const width = storage?.dtype === undefined ? 1 : ELEMENT_TYPES[storage.dtype].bits / 8;
    const bytes = count * width;
    if (!(count >= 0 && at + 8 + bytes <= source.size)) fail("has a storage that runs past the end of the file", count);
    places.set(key, { at: at + 8, bytes });
    at += 8 + bytes;
  }
  return places;
}
