/** Opening files of weights: what they are is told by their content. */
import { FormatError, type H5File, open, type Source, UnsupportedError } from "h5ts";
import { type ByteSource, openBytes, storageOf } from "./byte-source.ts";
import { openStateDict } from "./formats/hdf5-state-dict.ts";
import { isKerasArchive, openKerasArchive } from "./formats/keras-archive.ts";
import { openKerasLegacy } from "./formats/keras-legacy.ts";
import { openKerasShards } from "./formats/keras-shards.ts";
import { openKerasStore } from "./formats/keras-store.ts";
import { openOnnx } from "./formats/onnx.ts";
import { openSafetensors, openSafetensorsIndex } from "./formats/safetensors.ts";
import { openTfjs } from "./formats/tfjs.ts";
import { isPlainObject, parseJson } from "./json.ts";
import type { ModelFile, Siblings } from "./model-file.ts";
import { type SiblingFiles, siblingsOf } from "./siblings.ts";
import { openTorchLegacy } from "./torch/legacy.ts";
import { checkpointFolder, openTorchZip } from "./torch/zip.ts";
import { Weights } from "./weights.ts";
import { ZipArchive } from "./zip-archive.ts";

/** How weights are opened. */
export interface OpenWeightsOptions {
  /** Shards by their names, where the source is no path or URL beside which they stand. */
  readonly files?: SiblingFiles;
  /** Stops the opening at its next access to the storage. */
  readonly signal?: AbortSignal;
}

/** Bytes by which formats are told apart. */
const HEAD = 16;
/** An index in JSON at most, in bytes. */
const MOST_JSON = 256 << 20;
const HDF5 = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const ZIP = [0x50, 0x4b, 0x03, 0x04];
/** The magic number of PyTorch's old checkpoints, pickled. */
const TORCH_LEGACY = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];
const LFS = "version https://git";

/**
 * Opens a file of weights: a path, URL, bytes, `Blob` or storage. Formats are those of {@link WeightsFormat}; of models in several files the
 * index is given. No tensor is read yet.
 *
 * @throws FormatError where the file is damaged or of no known format, UnsupportedError where it uses what is not read
 */
export async function openWeights(source: Source, options: OpenWeightsOptions = {}): Promise<Weights> {
  const { signal } = options;
  const bytes = await openBytes(source, signal);
  try {
    return new Weights(await recognize(bytes, siblingsOf(source, options.files, signal), signal));
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

async function recognize(source: ByteSource, siblings: Siblings, signal?: AbortSignal): Promise<ModelFile> {
  const head = await source.read(0, Math.min(HEAD, source.size), signal);
  const close = (): Promise<void> => source.close();
  if (await isHdf5(source, head, signal)) return openHdf5(source, signal);
  if (startsWith(head, ZIP)) return openArchive(await ZipArchive.open(source), close, signal);
  if (startsWith(head, TORCH_LEGACY)) return openTorchLegacy(source, signal);
  if (isText(head, "{")) return openJson(source, siblings, signal);
  if (isText(head, LFS.slice(0, HEAD)))
    throw new FormatError("is a pointer of Git LFS, not the file itself: git lfs pull", {
      structure: "Weights",
      path: source.label,
    });
  // An ONNX model begins with the version of its intermediate representation, field 1.
  if (
    head[0] === 0x08 &&
    head.length > 2 &&
    head[1] < 0x20 &&
    (head[2] === 0x12 || head[2] === 0x42 || head[2] === 0x3a)
  )
    return openOnnx(source, siblings, signal);
  return openSafetensors(source, signal);
}

const startsWith = (head: Uint8Array, bytes: readonly number[]): boolean => bytes.every((byte, i) => head[i] === byte);

const isText = (head: Uint8Array, text: string): boolean =>
  new TextDecoder("latin1").decode(head).trimStart().startsWith(text);

/** The signature stands at the beginning, or behind a user block. */
async function isHdf5(source: ByteSource, head: Uint8Array, signal?: AbortSignal): Promise<boolean> {
  if (startsWith(head, HDF5)) return true;
  if (head[8] === 0x7b || startsWith(head, ZIP)) return false;
  for (let at = 512; at + 8 <= source.size && at <= 1 << 20; at *= 2) {
    if (startsWith(await source.read(at, 8, signal), HDF5)) return true;
  }
  return false;
}

async function openArchive(archive: ZipArchive, close: () => Promise<void>, signal?: AbortSignal): Promise<ModelFile> {
  if (isKerasArchive(archive)) return openKerasArchive(archive, close, signal);
  const folder = checkpointFolder(archive);
  if (folder !== undefined) return openTorchZip(archive, folder, close, signal);
  throw new FormatError("is neither a Keras model nor a PyTorch checkpoint", {
    structure: "ZIP archive",
    found: archive.names.slice(0, 10).join(", "),
  });
}

async function openHdf5(source: ByteSource, signal?: AbortSignal): Promise<ModelFile> {
  const file = await open(storageOf(source), "r", { links: "none", signal });
  const close = (): Promise<void> => file.close();
  try {
    if (await isKerasLegacy(file)) return await openKerasLegacy(file, close);
    if (await isKerasStore(file)) return await openKerasStore(file, close);
    return await openStateDict(file, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function isKerasLegacy(file: H5File<"async">): Promise<boolean> {
  for (const name of ["model_config", "layer_names", "layer_names0"]) if (await file.attrs.has(name)) return true;
  return (await file.get("model_weights"))?.kind === "group";
}

async function isKerasStore(file: H5File<"async">): Promise<boolean> {
  for (const name of ["layers", "vars", "_layer_checkpoint_dependencies"])
    if ((await file.get(name))?.kind === "group") return true;
  for (const [name, object] of await file.entries())
    if (object?.kind === "group" && (await file.get(`${name}/vars`))?.kind === "group") return true;
  return false;
}

/** An index of shards, or TensorFlow.js's `model.json`. */
async function openJson(source: ByteSource, siblings: Siblings, signal?: AbortSignal): Promise<ModelFile> {
  if (source.size > MOST_JSON)
    throw new FormatError("is too long for an index", {
      structure: "JSON",
      found: source.size,
      allowed: `${MOST_JSON} bytes`,
    });
  const index = parseJson(await source.read(0, source.size, signal), "Index");
  await source.close();
  if (isPlainObject(index) && Array.isArray(index.weightsManifest)) return openTfjs(index, siblings);
  if (!isPlainObject(index) || !isPlainObject(index.weight_map))
    throw new FormatError("names no weights", { structure: "Index", path: source.label });
  const first = Object.values(index.weight_map).flat()[0];
  if (typeof first === "string" && first.endsWith(".h5")) return openKerasShards(index.weight_map, siblings, signal);
  if (typeof first === "string") return openSafetensorsIndex(index.weight_map, siblings, signal);
  throw new UnsupportedError("names weights in a way that is not known", { structure: "Index", found: String(first) });
}
