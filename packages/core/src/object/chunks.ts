/** Chunks of a dataset by the coordinates of their elements. */
import type { ChunkInfo, DatasetInfo } from "../contract.ts";
import { NotFoundError, SelectionError } from "../errors.ts";
import type { Steps } from "../steps/steps.ts";
import type { Mode } from "./mode.ts";
import type { Node } from "./session.ts";

/** A chunk as it is stored: its bytes still filtered. */
export interface StoredChunk {
  /** Its bytes as they are stored. */
  readonly data: Uint8Array;
  /** Bit i set: filter i of the pipeline was skipped. */
  readonly filterMask: number;
}

type DatasetNode = Node<Mode, DatasetInfo>;

/** Shape of the chunks; NotFoundError where there are none. */
export function chunkShape(info: DatasetInfo): readonly number[] {
  if (info.layout.class === "chunked") return info.layout.chunk;
  throw new NotFoundError("has no chunks", { found: info.layout.class, allowed: "a chunked dataset" });
}

export function* listChunks(node: DatasetNode): Steps<ChunkInfo[]> {
  const { info, session } = node;
  chunkShape(info);
  return yield* session.reader.chunks(info);
}

/** The chunk that holds an element; `undefined` where it is not stored. */
export function* findChunk(node: DatasetNode, element: readonly number[]): Steps<ChunkInfo | undefined> {
  const { info, session } = node;
  return yield* session.reader.chunk(info, chunkOf(info, element));
}

/** The coordinates, which must be those of the first element of a chunk. */
export function firstOfChunk(info: DatasetInfo, first: readonly number[]): readonly number[] {
  const offset = chunkOf(info, first);
  if (offset.every((position, d) => position === first[d])) return offset;
  throw new SelectionError("is not the first element of a chunk", {
    found: show(first),
    allowed: `as ${show(offset)}`,
  });
}

/** Stored bytes of the chunk that begins with an element. */
export function* takeChunk(node: DatasetNode, first: readonly number[]): Steps<StoredChunk> {
  const { info, session } = node;
  const offset = firstOfChunk(info, first);
  const chunk = yield* session.reader.chunk(info, offset);
  if (chunk === undefined) throw new NotFoundError("the chunk is not stored", { found: show(offset) });
  return { data: yield* session.reader.storedChunk(info, chunk), filterMask: chunk.filterMask };
}

const show = (coordinates: readonly number[]): string => `[${coordinates.join(", ")}]`;

/** Coordinates of the first element of the chunk that holds an element. */
function chunkOf(info: DatasetInfo, element: readonly number[]): number[] {
  const chunk = chunkShape(info);
  const { dims } = info.dataspace;
  const inside =
    element.length === dims.length && element.every((x, d) => Number.isInteger(x) && x >= 0 && x < dims[d]);
  if (!inside) {
    const allowed = `coordinates in an extent of ${show(dims)}`;
    throw new SelectionError("no element has these coordinates", { found: show(element), allowed });
  }
  return element.map((x, d) => x - (x % chunk[d]));
}
