/** TensorFlow.js: `model.json` with the weights in shards beside it; a group's shards are one sequence of bytes. */
import { FormatError, UnsupportedError } from "h5ts";
import { type ByteSource, joined } from "../byte-source.ts";
import { bytesOf, type ElementType, elementsOf, isElementType } from "../dtypes.ts";
import { isPlainObject } from "../json.ts";
import type { ModelFile, Siblings, StoredTensor } from "../model-file.ts";
import { rangePieces } from "../pieces.ts";
import { widen } from "../small-floats.ts";

const STRUCTURE = "TensorFlow.js weights manifest";

interface Quantization {
  readonly dtype: "uint8" | "uint16" | "float16";
  readonly min: number;
  readonly scale: number;
}

interface Spec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: ElementType;
  readonly group: string | undefined;
  readonly quantization: Quantization | undefined;
}

/** Opens what a parsed `model.json` describes. */
export async function openTfjs(model: Readonly<Record<string, unknown>>, siblings: Siblings): Promise<ModelFile> {
  const sources: ByteSource[] = [];
  const close = async (): Promise<void> => void (await Promise.all(sources.map((source) => source.close())));
  try {
    const tensors: StoredTensor[] = [];
    for (const group of groupsOf(model.weightsManifest)) {
      const shards: ByteSource[] = [];
      for (const path of group.paths) {
        const source = await siblings(path);
        sources.push(source);
        shards.push(source);
      }
      tensors.push(...groupTensors(group.specs, shards));
    }
    return { format: "tfjs", tensors, metadata: metadataOf(model), ...configOf(model), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function metadataOf(model: Readonly<Record<string, unknown>>): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const key of ["format", "generatedBy", "convertedBy"]) {
    if (typeof model[key] === "string") metadata[key] = model[key];
  }
  return metadata;
}

/** The model's description stands in it as it is, or as a member of what the converter writes. */
function configOf({ modelTopology, trainingConfig }: Readonly<Record<string, unknown>>): Partial<ModelFile> {
  if (!isPlainObject(modelTopology)) return {};
  const config = modelTopology.model_config ?? modelTopology;
  const training = trainingConfig ?? modelTopology.training_config;
  return { config, ...(training === undefined || training === null ? {} : { trainingConfig: training }) };
}

function groupsOf(manifest: unknown): { paths: readonly string[]; specs: readonly Spec[] }[] {
  if (!Array.isArray(manifest)) throw new FormatError("is missing", { structure: STRUCTURE });
  return manifest.map((group: unknown) => {
    const { paths, weights } = isPlainObject(group) ? group : {};
    if (!Array.isArray(paths) || !paths.every((path) => typeof path === "string") || !Array.isArray(weights))
      throw new FormatError("has a group without paths or weights", { structure: STRUCTURE });
    return { paths, specs: weights.map(specOf) };
  });
}

function specOf(value: unknown): Spec {
  const { name, shape, dtype, group, quantization } = isPlainObject(value) ? value : {};
  if (typeof name !== "string" || !Array.isArray(shape) || !shape.every((n) => Number.isSafeInteger(n) && n >= 0))
    throw new FormatError("has a weight without name or shape", { structure: STRUCTURE, found: JSON.stringify(value) });
  if (dtype === "string")
    throw new UnsupportedError("weights of text are not read", { structure: STRUCTURE, path: name });
  if (typeof dtype !== "string" || !isElementType(dtype))
    throw new FormatError("has a weight of an unknown type", { structure: STRUCTURE, path: name, found: dtype });
  return {
    name,
    shape,
    dtype,
    group: typeof group === "string" ? group : undefined,
    quantization: quantized(quantization, name),
  };
}

function quantized(value: unknown, path: string): Quantization | undefined {
  if (value === undefined) return undefined;
  const { dtype, min = 0, scale = 1 } = isPlainObject(value) ? value : {};
  if (
    (dtype !== "uint8" && dtype !== "uint16" && dtype !== "float16") ||
    typeof min !== "number" ||
    typeof scale !== "number"
  )
    throw new FormatError("has an unknown quantization", { structure: STRUCTURE, path, found: JSON.stringify(value) });
  return { dtype, min, scale };
}

function groupTensors(specs: readonly Spec[], shards: readonly ByteSource[]): StoredTensor[] {
  let at = 0;
  const tensors = specs.map((spec) => {
    const { name, shape, dtype, group, quantization } = spec;
    const begin = at;
    const length = bytesOf(quantization?.dtype ?? dtype, shape);
    at += length;
    const read = async (signal?: AbortSignal): Promise<Uint8Array> => {
      const bytes = await readAcross(shards, begin, length, signal);
      return quantization === undefined ? bytes : dequantized(bytes, spec, quantization);
    };
    const pieces = rangePieces(length, (from, some, signal) => readAcross(shards, begin + from, some, signal));
    return {
      name,
      dtype,
      shape,
      bytes: bytesOf(dtype, shape),
      ...(group === undefined ? {} : { group }),
      read,
      ...(quantization === undefined ? { pieces } : {}),
    };
  });
  const total = shards.reduce((sum, { size }) => sum + size, 0);
  if (total !== at)
    throw new FormatError("has other weights than its shards hold", {
      structure: STRUCTURE,
      found: total,
      allowed: `${at} bytes`,
    });
  return tensors;
}

/** Bytes of a sequence that shards are parts of. */
async function readAcross(
  shards: readonly ByteSource[],
  at: number,
  length: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let start = 0;
  for (const shard of shards) {
    const from = Math.max(at, start);
    const to = Math.min(at + length, start + shard.size);
    if (from < to) parts.push(await shard.read(from - start, to - from, signal));
    start += shard.size;
  }
  return joined(parts);
}

/** Values as TensorFlow.js has them: computed in double, then rounded to the type. */
function dequantized(
  bytes: Uint8Array,
  { name, dtype, shape }: Spec,
  { dtype: stored, min, scale }: Quantization,
): Uint8Array {
  if (stored === "float16") return new Uint8Array(widen(bytes, "float16").buffer as ArrayBuffer);
  const count = elementsOf(shape);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const value = (i: number): number =>
    (stored === "uint8" ? view.getUint8(i) : view.getUint16(2 * i, true)) * scale + min;
  if (dtype === "float32") return new Uint8Array(Float32Array.from({ length: count }, (_, i) => value(i)).buffer);
  if (dtype === "int32")
    return new Uint8Array(Int32Array.from({ length: count }, (_, i) => Math.round(value(i))).buffer);
  throw new FormatError("quantizes a type that cannot be", { structure: STRUCTURE, path: name, found: dtype });
}
