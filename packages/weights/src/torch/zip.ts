/** Checkpoints since PyTorch 1.6: an archive with a pickle and a member for each storage. */
import { FormatError, UnsupportedError } from "h5ts";
import type { ByteSource } from "../byte-source.ts";
import { bytesOf, swapBytes } from "../dtypes.ts";
import type { ModelFile } from "../model-file.ts";
import type { ZipArchive } from "../zip-archive.ts";
import { gather, TorchHost, type TorchTensor } from "./rebuild.ts";
import { findTensors, storedTensors } from "./state-dict.ts";
import { unpickle } from "./unpickle.ts";

const STRUCTURE = "PyTorch checkpoint";
const PICKLE = "data.pkl";

/** The folder of a checkpoint in an archive; `undefined` where it is none. */
export const checkpointFolder = (archive: ZipArchive): string | undefined =>
  archive.names.find((name) => /^[^/]+\/data\.pkl$/.test(name))?.slice(0, -PICKLE.length);

export async function openTorchZip(
  archive: ZipArchive,
  folder: string,
  close: () => Promise<void>,
  signal?: AbortSignal,
): Promise<ModelFile> {
  if (archive.has(`${folder}constants.pkl`) || archive.names.some((name) => name.startsWith(`${folder}code/`)))
    throw new UnsupportedError("is a TorchScript program: save a state_dict", { structure: STRUCTURE });
  const host = new TorchHost();
  const { value } = unpickle(await archive.bytes(`${folder}${PICKLE}`, signal), host);
  const order = archive.has(`${folder}byteorder`) ? await archive.bytes(`${folder}byteorder`, signal) : undefined;
  const bigEndian = order !== undefined && new TextDecoder().decode(order).trim() === "big";
  const found = findTensors(value);
  for (const { key } of host.storages.values()) {
    if (!archive.has(`${folder}data/${key}`))
      throw new FormatError("lacks a storage", { structure: STRUCTURE, found: key });
  }
  const read = async (tensor: TorchTensor, signal?: AbortSignal): Promise<Uint8Array> => {
    const elements = await elementsOf(archive, folder, tensor, signal);
    return bigEndian ? swapBytes(elements.slice(), tensor.dtype) : elements;
  };
  const readRange = async (
    tensor: TorchTensor,
    at: number,
    length: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array> =>
    (await memberOf(archive, folder, tensor, signal)).read(tensor.offset * tensor.width + at, length, signal);
  const tensors = storedTensors(found, read, bigEndian ? undefined : readRange);
  return { format: "torch-zip", tensors, metadata: found.metadata, close };
}

/** The storage of a tensor. */
async function memberOf(
  archive: ZipArchive,
  folder: string,
  { storage }: TorchTensor,
  signal?: AbortSignal,
): Promise<ByteSource> {
  const member = await archive.member(`${folder}data/${storage.key}`, signal);
  if (member.size < storage.bytes)
    throw new FormatError("has a storage that is too short", {
      structure: STRUCTURE,
      path: member.label,
      found: member.size,
      allowed: `at least ${storage.bytes}`,
    });
  return member;
}

/** Only the bytes of a tensor that stands in one piece; of others the whole storage is read. */
async function elementsOf(
  archive: ZipArchive,
  folder: string,
  tensor: TorchTensor,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { storage, shape } = tensor;
  const member = await memberOf(archive, folder, tensor, signal);
  if (!tensor.isContiguous) return gather(tensor, await member.read(0, storage.bytes, signal));
  const bytes = bytesOf(tensor.dtype, shape);
  return bytes === 0 ? new Uint8Array(0) : member.read(tensor.offset * tensor.width, bytes, signal);
}
