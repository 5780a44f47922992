/** Writes safetensors: byte for byte what the reference implementation writes of the same tensors; and models in shards, with their index. */
import { FormatError, type Source, UnsupportedError } from "h5ts";
import type { ElementType } from "../dtypes.ts";
import { CODES } from "../formats/safetensors.ts";
import type { StoredTensor } from "../model-file.ts";
import { PIECE, PieceReader, piecesOf } from "../pieces.ts";
import { sibling } from "../siblings.ts";
import { OutputFile, textBytes } from "./output-file.ts";
import type { ModelToSave, SaveProgress, SaveWeightsOptions } from "./settings.ts";

const STRUCTURE = "safetensors header";
/** The header ends at a multiple of this, so that the elements are aligned. */
const ALIGNMENT = 8;
const MOST_HEADER = 100_000_000;

/** Codes by type, and the rank by which tensors are ordered: the widest come first, so that all are aligned. */
const BY_TYPE: ReadonlyMap<ElementType, { readonly code: string; readonly rank: number }> = new Map(
  Object.entries(CODES).map(([code, type], rank) => [type, { code, rank }]),
);

/** UnsupportedError names a tensor that the format has no type for. */
export function checkSafetensors({ tensors }: ModelToSave): void {
  for (const { name, dtype } of tensors) {
    if (!BY_TYPE.has(dtype))
      throw new UnsupportedError("has elements that safetensors cannot hold", {
        structure: "Tensor",
        path: name,
        found: dtype,
        allowed: [...BY_TYPE.keys()].join(", "),
      });
    if (name === "__metadata__")
      throw new UnsupportedError("has a name that safetensors keeps for itself", { structure: "Tensor", path: name });
  }
}

/** Names of further files: shards, where a model is larger than one may be. */
export async function saveSafetensors(
  target: Source,
  model: ModelToSave,
  options: SaveWeightsOptions,
  progress: SaveProgress,
): Promise<string[]> {
  const { stored, aliases } = withoutAliases(model.tensors);
  const shards = shardsOf(stored, options.shardBytes ?? Number.POSITIVE_INFINITY);
  const metadata = { format: "pt", ...model.metadata };
  if (shards.length === 1) {
    await saveShard(target, { tensors: stored, metadata: withEntries(metadata, aliases) }, progress);
    return [];
  }
  const names = shards.map((_, i) => shardName(target, i, shards.length));
  for (const [i, tensors] of shards.entries()) {
    const own = new Set(tensors.map(({ name }) => name));
    const shared = aliases.filter(([, kept]) => own.has(kept));
    const place = await sibling(target, names[i], options.files);
    await saveShard(place, { tensors, metadata: withEntries(metadata, shared) }, progress);
  }
  await OutputFile.with(target, (file) => file.write(textBytes(indexOf(shards, names))));
  return names;
}

/** Text by name, where a name is but a name: `__proto__` too. */
const withEntries = (
  metadata: Readonly<Record<string, string>>,
  entries: readonly (readonly [string, string])[],
): Record<string, string> => Object.fromEntries([...Object.entries(metadata), ...entries]);

/** The format has no two names for one tensor: the others stand in the metadata, each with the name that was kept. */
function withoutAliases(tensors: readonly StoredTensor[]): {
  readonly stored: StoredTensor[];
  readonly aliases: [alias: string, kept: string][];
} {
  const stored = tensors.filter(({ sameAs }) => sameAs === undefined);
  const aliases = tensors.flatMap(({ name, sameAs }): [string, string][] =>
    sameAs === undefined ? [] : [[name, sameAs]],
  );
  return { stored, aliases };
}

/** Tensors in the model's order, as many to a shard as fit; a larger one has its own. */
function shardsOf(tensors: readonly StoredTensor[], most: number): StoredTensor[][] {
  const shards: StoredTensor[][] = [[]];
  let room = most;
  for (const tensor of tensors) {
    if (tensor.bytes > room && shards[shards.length - 1].length > 0) {
      shards.push([]);
      room = most;
    }
    shards[shards.length - 1].push(tensor);
    room -= tensor.bytes;
  }
  return shards;
}

/** `model-00001-of-00002.safetensors`, of an index `model.safetensors.index.json`. */
function shardName(target: Source, i: number, count: number): string {
  const number = (n: number): string => String(n).padStart(5, "0");
  const name =
    typeof target === "string" || target instanceof URL ? (String(target).split(/[/\\]/).at(-1) as string) : "model";
  const stem = name.replace(/(\.safetensors)?(\.index)?\.json$|\.safetensors$/, "");
  return `${stem}-${number(i + 1)}-of-${number(count)}.safetensors`;
}

function indexOf(shards: readonly (readonly StoredTensor[])[], names: readonly string[]): string {
  const total = shards.flat().reduce((sum, { bytes }) => sum + bytes, 0);
  const entries = shards.flatMap((tensors, i) => tensors.map(({ name }) => [name, names[i]] as const));
  const index = { metadata: { total_size: total }, weight_map: Object.fromEntries(entries) };
  return `${JSON.stringify(index, undefined, 2)}\n`;
}

interface Shard {
  readonly tensors: readonly StoredTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

async function saveShard(target: Source, { tensors, metadata }: Shard, progress: SaveProgress): Promise<void> {
  const ordered = tensors.map((tensor) => ({ tensor, key: textBytes(tensor.name) })).sort(byRankAndName);
  const list = ordered.map(({ tensor }) => tensor);
  const header = headerOf(list, metadata);
  await OutputFile.with(target, async (file) => {
    const prefix = new Uint8Array(8);
    new DataView(prefix.buffer).setBigUint64(0, BigInt(header.length), true);
    await file.write(prefix);
    await file.write(header);
    for (const tensor of list) await writeElements(file, tensor, progress);
  });
}

interface Ordered {
  readonly tensor: StoredTensor;
  readonly key: Uint8Array;
}

/** Names by their bytes, as Rust compares them. */
function byRankAndName(one: Ordered, other: Ordered): number {
  const rank = (type: ElementType): number => (BY_TYPE.get(type) as { rank: number }).rank;
  const ranks = rank(other.tensor.dtype) - rank(one.tensor.dtype);
  if (ranks !== 0) return ranks;
  for (let i = 0; i < Math.min(one.key.length, other.key.length); i++) {
    if (one.key[i] !== other.key[i]) return one.key[i] - other.key[i];
  }
  return one.key.length - other.key.length;
}

function headerOf(tensors: readonly StoredTensor[], metadata: Readonly<Record<string, string>>): Uint8Array {
  let at = 0;
  const entries = tensors.map(({ name, dtype, shape, bytes }) => {
    const begin = at;
    at += bytes;
    const { code } = BY_TYPE.get(dtype) as { code: string };
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype: code, shape, data_offsets: [begin, at] })}`;
  });
  if (Object.keys(metadata).length > 0) entries.unshift(`"__metadata__":${JSON.stringify(metadata)}`);
  const text = textBytes(`{${entries.join(",")}}`);
  const header = new Uint8Array(Math.ceil(text.length / ALIGNMENT) * ALIGNMENT).fill(0x20);
  header.set(text);
  if (header.length <= MOST_HEADER) return header;
  throw new FormatError("would be longer than readers take", {
    structure: STRUCTURE,
    found: header.length,
    allowed: `${MOST_HEADER} bytes: see shardBytes`,
  });
}

/** The elements of a tensor, behind all that was written. */
export async function writeElements(file: OutputFile, tensor: StoredTensor, progress: SaveProgress): Promise<void> {
  const reader = new PieceReader(piecesOf(tensor, PIECE));
  try {
    for (let at = 0; at < tensor.bytes; at += PIECE) {
      const bytes = await progress.take(reader, Math.min(PIECE, tensor.bytes - at), tensor);
      await file.write(bytes);
      progress.add(bytes.length, tensor.name);
    }
    await progress.checkEnd(reader, tensor);
  } finally {
    await reader.close();
  }
}
