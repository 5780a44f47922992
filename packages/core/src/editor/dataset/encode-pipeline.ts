/**
 * Applies the filters of chunks, from the first to the last. An optional filter that fails, or that does not help, is left
 * out for the chunk, which its filter mask then says.
 */
import { type Codec, isCodecError } from "@h5ts/filters";
import { openPipeline } from "../../engine/dataset/pipeline.ts";
import { FilterError, UnsupportedError } from "../../errors.ts";
import type { FilterDescription, FilterPipeline } from "../../format/messages/filter-pipeline.ts";
import { perform, type Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";

/** A chunk as it is stored. */
export interface EncodedChunk {
  readonly stored: Uint8Array;
  /** Bit i: filter i was left out. */
  readonly mask: number;
}

/** What is encoded, for errors. */
export type Describe = (i: number) => { readonly structure: string; readonly address?: number };

const OPTIONAL = 1;
/** Decoded bytes from which on other threads are worth being asked. */
const WORTH_ASYNC = 1 << 15;

export class EncodePipeline {
  private readonly filters: readonly FilterDescription[];
  private readonly codecs: readonly (Codec | undefined)[];

  private constructor(filters: readonly FilterDescription[], codecs: readonly (Codec | undefined)[]) {
    this.filters = filters;
    this.codecs = codecs;
  }

  /** With the codecs loaded. */
  static *open(file: EditorFile, pipeline: FilterPipeline, address: number): Steps<EncodePipeline> {
    yield* openPipeline(file, pipeline, { structure: "Filter pipeline", address });
    const codecs = pipeline.filters.map(({ id }) => file.filters.get(id)?.codec);
    return new EncodePipeline(pipeline.filters, codecs);
  }

  /** Encodes chunks, side by side where filters can work off this thread. */
  *encodeAll(chunks: readonly Uint8Array[], describe: Describe): Steps<EncodedChunk[]> {
    const inTurn = (): EncodedChunk[] => {
      const encoded: EncodedChunk[] = [];
      // Chunks of the fill value are often the same bytes.
      chunks.forEach((bytes, i) => {
        encoded.push(i > 0 && bytes === chunks[i - 1] ? encoded[i - 1] : this.encode(bytes, () => describe(i)));
      });
      return encoded;
    };
    const total = chunks.reduce((sum, { length }) => sum + length, 0);
    if (total < WORTH_ASYNC || !this.codecs.some((codec) => codec?.encodeAsync !== undefined)) return inTurn();
    return yield* perform(inTurn, (signal) =>
      Promise.all(chunks.map((bytes, i) => this.encodeAsync(bytes, () => describe(i), signal))),
    );
  }

  private encode(bytes: Uint8Array, what: () => ReturnType<Describe>): EncodedChunk {
    let stored = bytes;
    let mask = 0;
    for (let i = 0; i < this.filters.length; i++) {
      const codec = this.encoder(i, what);
      const next = codec && this.attempt(i, what, () => codec.encode?.(stored, this.filters[i].clientData));
      if (next === undefined) mask |= 2 ** i;
      else stored = next;
    }
    return { stored, mask: mask >>> 0 };
  }

  private async encodeAsync(
    bytes: Uint8Array,
    what: () => ReturnType<Describe>,
    signal: AbortSignal | undefined,
  ): Promise<EncodedChunk> {
    let stored = bytes;
    let mask = 0;
    for (let i = 0; i < this.filters.length; i++) {
      const codec = this.encoder(i, what);
      const { clientData } = this.filters[i];
      let next: Uint8Array | undefined;
      if (codec?.encodeAsync !== undefined) {
        const encoding = codec.encodeAsync(stored, clientData, signal);
        try {
          const given = await encoding;
          next = this.attempt(i, what, () => given);
        } catch (error) {
          if (signal?.aborted) throw error;
          next = this.failed(i, what, error);
        }
      } else next = codec && this.attempt(i, what, () => codec.encode?.(stored, clientData));
      if (next === undefined) mask |= 2 ** i;
      else stored = next;
    }
    return { stored, mask: mask >>> 0 };
  }

  /** The codec of a filter; `undefined` where an optional one is not there. */
  private encoder(i: number, what: () => ReturnType<Describe>): Codec | undefined {
    const codec = this.codecs[i];
    if (codec?.encode !== undefined) return codec;
    if (codec === undefined && this.isOptional(i)) return undefined;
    throw new UnsupportedError(
      `needs the filter ${this.label(i)}, which ${codec ? "can only be undone here" : "it was opened without"}`,
      {
        ...what(),
        found: this.filters[i].id,
        allowed: "filters that the file was opened with",
      },
    );
  }

  /** The outcome of an encoder; `undefined` where an optional filter is to be left out. */
  private attempt(
    i: number,
    what: () => ReturnType<Describe>,
    encode: () => Uint8Array | undefined,
  ): Uint8Array | undefined {
    try {
      const bytes = encode();
      if (bytes !== undefined || this.isOptional(i)) return bytes;
    } catch (error) {
      return this.failed(i, what, error);
    }
    throw new FilterError(`cannot be made smaller by the filter ${this.label(i)}, which must not be left out`, what());
  }

  private failed(i: number, what: () => ReturnType<Describe>, cause: unknown): undefined {
    if (isCodecError(cause) && this.isOptional(i)) return undefined;
    if (cause instanceof FilterError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FilterError(`cannot be encoded by the filter ${this.label(i)}: ${why}`, { ...what(), cause });
  }

  private isOptional(i: number): boolean {
    return (this.filters[i].flags & OPTIONAL) !== 0;
  }

  private label(i: number): string {
    const { id, name } = this.filters[i];
    return name === "" ? `${id}` : `${id} (${name})`;
  }
}
