/**
 * safetensors: a header of JSON behind its length, then the tensors without gaps
 * (https://github.com/huggingface/safetensors, "Format").
 */
import { FormatError, LimitError } from "h5ts";
import type { ByteSource } from "../byte-source.ts";
import { bytesOf, type ElementType } from "../dtypes.ts";
import { isPlainObject, parseJson } from "../json.ts";
import type { ModelFile, Siblings, StoredTensor } from "../model-file.ts";
import { rangePieces } from "../pieces.ts";

const STRUCTURE = "safetensors header";
/** Bytes before the header. */
const PREFIX = 8;
/** The reference implementation's limit for the header, in bytes. */
const MOST_HEADER = 100_000_000;

/** Codes of element types, by rising alignment as the reference ranks them. */
export const CODES: Readonly<Record<string, ElementType>> = {
  BOOL: "bool",
  F4: "float4_e2m1",
  F6_E2M3: "float6_e2m3",
  F6_E3M2: "float6_e3m2",
  U8: "uint8",
  I8: "int8",
  F8_E5M2: "float8_e5m2",
  F8_E4M3: "float8_e4m3fn",
  F8_E8M0: "float8_e8m0fnu",
  F8_E4M3FNUZ: "float8_e4m3fnuz",
  F8_E5M2FNUZ: "float8_e5m2fnuz",
  I16: "int16",
  U16: "uint16",
  F16: "float16",
  BF16: "bfloat16",
  I32: "int32",
  U32: "uint32",
  F32: "float32",
  C64: "complex64",
  F64: "float64",
  I64: "int64",
  U64: "uint64",
};

interface Entry {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  /** Relative to the end of the header. */
  readonly begin: number;
  readonly end: number;
}

/** Opens a file of its own; tensors are in the order of their bytes. */
export async function openSafetensors(source: ByteSource, signal?: AbortSignal): Promise<ModelFile> {
  const { entries, metadata, start } = await readHeader(source, signal);
  const tensors = entries.map((entry) => stored(source, entry, start));
  return { format: "safetensors", ...withAliases(tensors, metadata), close: () => source.close() };
}

/** By a convention of Hugging Face's, further names of a tensor stand in the metadata, each with the name that has the elements. */
function withAliases(
  tensors: readonly StoredTensor[],
  metadata: Readonly<Record<string, string>>,
): Pick<ModelFile, "tensors" | "metadata"> {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const isAlias = ([name, kept]: [string, string]): boolean =>
    name !== "format" && !byName.has(name) && byName.has(kept);
  const entries = Object.entries(metadata);
  const aliases = entries.filter(isAlias).map(([name, kept]): StoredTensor => {
    return { ...(byName.get(kept) as StoredTensor), name, sharedWith: kept, sameAs: kept };
  });
  return {
    tensors: [...tensors, ...aliases],
    metadata: Object.fromEntries(entries.filter((entry) => !isAlias(entry))),
  };
}

function stored(source: ByteSource, { name, dtype, shape, begin, end }: Entry, start: number): StoredTensor {
  const range = (at: number, length: number, signal?: AbortSignal): Promise<Uint8Array> =>
    source.read(start + begin + at, length, signal);
  const bytes = end - begin;
  return {
    name,
    dtype,
    shape,
    bytes,
    read: (signal) => range(0, bytes, signal),
    pieces: rangePieces(bytes, range),
  };
}

interface Header {
  readonly entries: readonly Entry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Position of the first tensor. */
  readonly start: number;
}

async function readHeader(source: ByteSource, signal?: AbortSignal): Promise<Header> {
  const fail = (reason: string, found?: unknown, allowed?: string): never => {
    throw new FormatError(reason, { structure: STRUCTURE, path: source.label, found, allowed });
  };
  if (source.size < PREFIX) fail("is shorter than its length field", source.size, `at least ${PREFIX} bytes`);
  const prefix = await source.read(0, PREFIX, signal);
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset, PREFIX).getBigUint64(0, true));
  if (length > MOST_HEADER)
    throw new LimitError("has a header that is too long", {
      structure: STRUCTURE,
      path: source.label,
      found: length,
      allowed: `at most ${MOST_HEADER} bytes`,
    });
  const start = PREFIX + length;
  if (start > source.size) fail("runs past the end of the file", length, `at most ${source.size - PREFIX} bytes`);
  const header = parseJson(await source.read(PREFIX, length, signal), STRUCTURE, { unique: true });
  if (!isPlainObject(header)) return fail("is no JSON object");
  const entries: Entry[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name !== "__metadata__") entries.push(entryOf(name, value, fail));
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkLayout(entries, source.size - start, fail);
  return { entries, metadata: metadataOf(header.__metadata__, fail), start };
}

type Fail = (reason: string, found?: unknown, allowed?: string) => never;

function metadataOf(value: unknown, fail: Fail): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (!isPlainObject(value) || !Object.values(value).every((one) => typeof one === "string"))
    return fail("has metadata that are no map of texts");
  return value as Record<string, string>;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function entryOf(name: string, value: unknown, fail: Fail): Entry {
  if (!isPlainObject(value)) return fail(`says nothing of the tensor ${JSON.stringify(name)}`);
  const { dtype: code, shape, data_offsets: offsets } = value;
  const dtype = typeof code === "string" && Object.hasOwn(CODES, code) ? CODES[code] : undefined;
  if (dtype === undefined)
    return fail(`has an unknown type of elements for ${JSON.stringify(name)}`, code, Object.keys(CODES).join(", "));
  if (!Array.isArray(shape) || !shape.every(isCount)) return fail(`has no shape for ${JSON.stringify(name)}`, shape);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount) || offsets[1] < offsets[0])
    return fail(`has no offsets for ${JSON.stringify(name)}`, offsets);
  const [begin, end] = offsets as [number, number];
  const bytes = bytesOf(dtype, shape);
  if (bytes !== end - begin)
    return fail(`has as many bytes for ${JSON.stringify(name)} as its shape does not`, end - begin, String(bytes));
  return { name, dtype, shape, begin, end };
}

/** Tensors follow one another from the first byte to the last. */
function checkLayout(entries: readonly Entry[], bytes: number, fail: Fail): void {
  let at = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== at) fail(`has a gap or an overlap before ${JSON.stringify(name)}`, begin, String(at));
    at = end;
  }
  if (at !== bytes) fail("does not describe all bytes of the file", at, String(bytes));
}

/** Opens the shards that an index names; tensors shard by shard, in the order of their bytes. */
export async function openSafetensorsIndex(
  weightMap: Readonly<Record<string, unknown>>,
  siblings: Siblings,
  signal?: AbortSignal,
): Promise<ModelFile> {
  const names = [...new Set(Object.values(weightMap))];
  const shards: ModelFile[] = [];
  const close = async (): Promise<void> => void (await Promise.all(shards.map((shard) => shard.close())));
  try {
    for (const name of names) shards.push(await openSafetensors(await siblings(String(name)), signal));
    const tensors = shards.flatMap((shard, i) =>
      shard.tensors.filter((one) => weightMap[one.sameAs ?? one.name] === names[i]),
    );
    const found = new Set(tensors.map(({ name }) => name));
    for (const name of Object.keys(weightMap)) {
      if (!found.has(name))
        throw new FormatError("names a tensor that its shard does not have", { structure: "Index", found: name });
    }
    return { format: "safetensors", metadata: shards[0]?.metadata ?? {}, tensors, close };
  } catch (error) {
    await close();
    throw error;
  }
}
