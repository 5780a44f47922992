/**
 * Undoes the filters of chunks, and of blocks and objects of fractal heaps: from the last to the first, leaving out those
 * that the filter mask says were skipped.
 */
import { type Codec, type Filter, isCodecError, type OutputSize } from "@h5ts/filters";
import { FilterError, isH5Error, UnsupportedError } from "../../errors.ts";
import type { FilterDescription, FilterPipeline } from "../../format/messages/filter-pipeline.ts";
import { perform, type Steps } from "../../steps/steps.ts";
import type { EngineFile, Filters } from "../file.ts";
import type { FilterRooms } from "./filter-rooms.ts";

/** What is decoded, for errors. */
export interface FilteredBytes {
  /** `"Chunk at [0, 128]"`. */
  readonly structure: string;
  readonly address?: number;
}

/** Bytes before filtering. */
export interface DecodedSize {
  readonly length: number;
  /**
   * The least that will do, asked for only where the bytes are fewer: some writers leave out what lies behind the edge of
   * the extent.
   */
  readonly least?: () => number;
}

/** How far a filter may expand what it is given, where its codec does not say it. */
const SLACK = 1.5;
const SLACK_BYTES = 1 << 16;

/** Codecs at hand for one pipeline. */
export class Pipeline {
  private readonly filters: readonly FilterDescription[];
  private readonly codecs: readonly (Codec | undefined)[];
  private readonly limit: number;
  private readonly registry: Filters;
  /** Bytes before each filter and after the last, for the mask and the size asked for last. */
  private sizes: OutputSize[] = [];
  private sizesMask = -1;
  private sizesLength = -1;

  constructor(file: EngineFile, filters: readonly FilterDescription[], codecs: readonly (Codec | undefined)[]) {
    this.filters = filters;
    this.codecs = codecs;
    this.limit = file.limits.chunkBytes;
    this.registry = file.filters;
  }

  /** Whether a filter can work off this thread, where chunks have so many bytes. */
  asyncFor(bytes: number): boolean {
    return this.codecs.some((codec) => codec?.decodeAsync !== undefined && bytes >= (codec.asyncFrom ?? 0));
  }

  /**
   * The bytes before filtering, of which the size is known. May be a view of `stored`, and of `rooms` where they are given.
   * FilterError of what went wrong.
   */
  decode(
    stored: Uint8Array,
    mask: number,
    size: DecodedSize,
    what: () => FilteredBytes,
    rooms?: FilterRooms,
  ): Uint8Array {
    try {
      return this.undo(stored, mask, size.length, size.length, what, rooms);
    } catch (error) {
      const least = size.least?.();
      if (least === undefined || least === size.length) throw error;
      return this.retry(error, () => this.undo(stored, mask, size.length, least, what));
    }
  }

  /** The same, with the work handed to other threads where filters can do so; the rooms are theirs until it is done. */
  async decodeAsync(
    stored: Uint8Array,
    mask: number,
    size: DecodedSize,
    what: () => FilteredBytes,
    { signal, rooms }: { readonly signal?: AbortSignal; readonly rooms?: FilterRooms } = {},
  ): Promise<Uint8Array> {
    try {
      return await this.undoAsync(stored, mask, size.length, what, signal, rooms);
    } catch (error) {
      if (signal?.aborted) throw error;
      const least = size.least?.();
      if (least === undefined || least === size.length) throw error;
      return this.retry(error, () => this.undo(stored, mask, size.length, least, what));
    }
  }

  /** Undoes the filters again, content with less; where that fails too, the first failure is the one to tell. */
  private retry(first: unknown, again: () => Uint8Array): Uint8Array {
    try {
      return again();
    } catch {
      throw first;
    }
  }

  private undo(
    stored: Uint8Array,
    mask: number,
    length: number,
    least: number,
    what: () => FilteredBytes,
    rooms?: FilterRooms,
  ): Uint8Array {
    let bytes = stored;
    for (let i = this.filters.length - 1; i >= 0; i--) {
      if (isSkipped(mask, i)) continue;
      const codec = this.codecs[i] ?? this.missing(i, what);
      const size = this.outputSize(i, mask, length, bytes, rooms, least);
      try {
        bytes = codec.decode(bytes, this.filters[i].clientData, size);
      } catch (error) {
        throw this.failed(i, what, error);
      }
    }
    if (bytes.length >= least && bytes.length <= length) return bytes;
    throw this.wrongSize(bytes, length, what);
  }

  private async undoAsync(
    stored: Uint8Array,
    mask: number,
    length: number,
    what: () => FilteredBytes,
    signal: AbortSignal | undefined,
    rooms: FilterRooms | undefined,
  ): Promise<Uint8Array> {
    let bytes = stored;
    for (let i = this.filters.length - 1; i >= 0; i--) {
      if (isSkipped(mask, i)) continue;
      const codec = this.codecs[i] ?? this.missing(i, what);
      const { clientData } = this.filters[i];
      const size = this.outputSize(i, mask, length, bytes, rooms);
      try {
        bytes = codec.decodeAsync
          ? await codec.decodeAsync(bytes, clientData, size, signal)
          : codec.decode(bytes, clientData, size);
      } catch (error) {
        if (signal?.aborted) throw error;
        throw this.failed(i, what, error);
      }
    }
    if (bytes.length === length) return bytes;
    throw this.wrongSize(bytes, length, what);
  }

  /** What undoing filter `i` must give; with `least` bytes of `length` in the end, nothing is known exactly. */
  private outputSize(
    i: number,
    mask: number,
    length: number,
    input: Uint8Array,
    rooms?: FilterRooms,
    least: number = length,
  ): OutputSize {
    if (this.sizesMask !== mask || this.sizesLength !== length) this.measure(mask, length);
    const size = this.sizes[i];
    const { exact, max } = size;
    if (least !== length) return { max };
    if (rooms === undefined || exact === undefined) return size;
    const { target } = rooms;
    const isLast = target?.length === exact && i === firstInUse(mask);
    return { exact, max, room: isLast ? target : rooms.beside(input, exact) };
  }

  /** Follows the size through the filters: as far as each gives a size that does not depend on the values, then at most. */
  private measure(mask: number, length: number): void {
    let size: OutputSize = { exact: length, max: length };
    this.sizes = this.filters.map((_, i) => {
      const before = size;
      if (!isSkipped(mask, i)) size = this.encodedSize(i, before);
      return before;
    });
    this.sizesMask = mask;
    this.sizesLength = length;
  }

  private encodedSize(i: number, before: OutputSize): OutputSize {
    const codec = this.codecs[i];
    const { clientData } = this.filters[i];
    const exact = this.told(() => before.exact && codec?.encodedSize?.(before.exact, clientData));
    if (exact !== undefined) return { exact, max: exact };
    const most = this.told(() => codec?.maxEncodedSize?.(before.max, clientData));
    return { max: Math.min(this.limit, most ?? Math.floor(before.max * SLACK) + SLACK_BYTES) };
  }

  /** `undefined` also where the client data makes no sense: decoding then says so, with the chunk. */
  private told(size: () => number | undefined): number | undefined {
    try {
      return size();
    } catch (error) {
      if (isCodecError(error)) return undefined;
      throw error;
    }
  }

  private wrongSize(bytes: Uint8Array, length: number, what: () => FilteredBytes): FilterError {
    return new FilterError("has a wrong size behind its filters", {
      ...what(),
      found: `${bytes.length} bytes`,
      allowed: String(length),
    });
  }

  private missing(i: number, what: () => FilteredBytes): never {
    const { id, name } = this.filters[i];
    const known = this.registry.describe?.(id) ?? `filter ${id}`;
    throw new UnsupportedError(`needs ${known}, ${WHY_NOT}`, {
      ...what(),
      found: label(id, name),
      allowed: "filters that the file was opened with",
    });
  }

  private failed(i: number, what: () => FilteredBytes, cause: unknown): Error {
    if (isH5Error(cause)) return cause;
    const { id, name } = this.filters[i];
    const why = cause instanceof Error ? cause.message : String(cause);
    return new FilterError(`cannot be decoded by the filter ${label(id, name)}: ${why}`, { ...what(), cause });
  }
}

/** What to do about a filter that there is none of. */
const WHY_NOT = "which it was opened without: withFilter supplies one";

const label = (id: number, name: string): string => (name === "" ? `${id}` : `${id} (${name})`);

/** The first filter that was not skipped, which is the last to be undone. */
const firstInUse = (mask: number): number => 31 - Math.clz32(~mask & (mask + 1));

/** Masks have 32 bits; there are no more filters. */
const isSkipped = (mask: number, filter: number): boolean => ((mask >>> filter) & 1) === 1;

/**
 * The pipeline with its codecs loaded. Filters that the registry does not have are an error only when a chunk needs
 * them. In sync mode a codec that cannot be loaded at once is a FilterError that says what to do.
 */
export function* openPipeline(file: EngineFile, pipeline: FilterPipeline, what: FilteredBytes): Steps<Pipeline> {
  const codecs: (Codec | undefined)[] = [];
  for (const { id } of pipeline.filters) {
    const filter = file.filters.get(id);
    codecs.push(filter && (filter.codec ?? (yield* load(filter, what))));
  }
  return new Pipeline(file, pipeline.filters, codecs);
}

/** The pipeline, where all its codecs are there already. */
export function peekPipeline(file: EngineFile, pipeline: FilterPipeline): Pipeline | undefined {
  const codecs: (Codec | undefined)[] = [];
  for (const { id } of pipeline.filters) {
    const filter = file.filters.get(id);
    if (filter !== undefined && filter.codec === undefined) return undefined;
    codecs.push(filter?.codec);
  }
  return new Pipeline(file, pipeline.filters, codecs);
}

function* load(filter: Filter, what: FilteredBytes): Steps<Codec> {
  const { id, name } = filter;
  try {
    return yield* perform<Codec>(
      () => filter.codec ?? filter.loadSync?.() ?? notLoaded(filter, what),
      () => filter.load(),
    );
  } catch (cause) {
    if (isH5Error(cause)) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FilterError(`needs the filter ${label(id, name)}, which cannot be loaded: ${why}`, { ...what, cause });
  }
}

function notLoaded({ id, name }: Filter, what: FilteredBytes): never {
  throw new FilterError(
    `needs the filter ${label(id, name)}, which is not loaded: await loadFilters(["${name}"]) before synchronous reads`,
    what,
  );
}
