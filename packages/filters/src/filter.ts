/**
 * The filter interface: what a chunk filter is, how it is found, and what it is told.
 *
 * A {@link Filter} is an entry of a {@link FilterRegistry}: id, name and how to get its {@link Codec}. The codec does
 * the work on whole chunks of bytes. Ids are those of the HDF Group's registry of filters.
 */

/** Client data: the 32-bit words that a dataset's filter pipeline message keeps for a filter ("cd_values"). */
export type ClientData = readonly number[];

/** What is known of the output of a decode before it starts, in bytes. */
export interface OutputSize {
  /** The exact size, where the pipeline determines it: more or fewer bytes are an error. */
  readonly exact?: number;
  /** Never produce more than this. Equals `exact` where that is known. */
  readonly max: number;
  /**
   * Memory that the output may be put into, of `exact` bytes or more; the output is then a view of its beginning. Saves
   * the making of new memory for each chunk. No part of the input. A decode that works off the calling thread has it until its
   * promise is settled, and writes nothing behind `exact` bytes.
   */
  readonly room?: Uint8Array;
}

/** A failure of a codec: bad input, a checksum that does not match, output of a wrong size. Its output is discarded. */
export class CodecError extends Error {
  /** Name of the class. */
  override readonly name = "CodecError" as const;
  /** The filter's name. */
  readonly filter: string;

  constructor(filter: string, reason: string, options?: ErrorOptions) {
    super(`${filter}: ${reason}`, options);
    this.filter = filter;
  }
}

/**
 * What a user asks of a filter: a level, names and values as hdf5plugin has them (`{ codec: "zstd", level: 5 }`), or a
 * list in h5py's order (`["nn", 8]`). Absent: the defaults.
 */
export type FilterOptions =
  | number
  | string
  | readonly (number | string)[]
  | Readonly<Record<string, unknown>>
  | undefined;

/**
 * What of a datatype matters to filters; the datatypes of `@h5ts/core` are of this shape. Bits are counted from the
 * lowest.
 */
export interface ElementType {
  /** `"integer"`, `"float"`, `"array"`, `"compound"`, ... */
  readonly class: string;
  /** Bytes of an element. */
  readonly size: number;
  /** Order of the bytes of an element: little- or big-endian; absent where it has none. */
  readonly order?: string;
  /** Whether integers have a sign. */
  readonly signed?: boolean;
  /** Lowest significant bit, and number of significant bits; absent: all bits. */
  readonly bitOffset?: number;
  /** Bits that are used. */
  readonly precision?: number;
  /** Of arrays: the type of their elements. */
  readonly base?: ElementType;
  /** Members of compounds, in the order of their bytes; absent for other classes. */
  readonly members?: readonly {
    /** Its name. */
    readonly name: string;
    /** Bytes before it. */
    readonly offset?: number;
    /** Its type. */
    readonly type?: ElementType;
  }[];
}

/** The chunks that a filter is to work on. */
export interface ChunkDescription {
  /** Shape of a chunk, slowest dimension first. */
  readonly dims: readonly number[];
  /** Type of its elements. */
  readonly type: ElementType;
  /** The fill value in the bytes of the type; `null`: there is none. Absent: zeros. */
  readonly fillValue?: Uint8Array | null;
}

/** Decodes and encodes one chunk at a time. Stateless: calls may interleave. */
export interface Codec {
  /** Bytes after encoding `length` bytes, where that does not depend on their values; used to know sizes inside a pipeline. */
  encodedSize?(length: number, clientData: ClientData): number | undefined;
  /** Bytes that encoding `length` bytes makes at most; for codecs that may make more than half as much again. */
  maxEncodedSize?(length: number, clientData: ClientData): number;
  /** Undoes the filter. May return a view of `input` when nothing changes. Throws {@link CodecError} only. */
  decode(input: Uint8Array, clientData: ClientData, size: OutputSize): Uint8Array;
  /** Bytes of output from which {@link decodeAsync} is worth being asked; absent: always. */
  readonly asyncFrom?: number;
  /** The same off the calling thread, where that is worth it for an output of this size; `signal` gives it up. */
  decodeAsync?(input: Uint8Array, clientData: ClientData, size: OutputSize, signal?: AbortSignal): Promise<Uint8Array>;
  /** Applies the filter. `undefined`: it does not help (output not smaller); an optional filter is then skipped and masked. */
  encode?(input: Uint8Array, clientData: ClientData): Uint8Array | undefined;
  /** The same without blocking, where that pays. */
  encodeAsync?(input: Uint8Array, clientData: ClientData, signal?: AbortSignal): Promise<Uint8Array | undefined>;
  /**
   * The client data to store for these options and chunks. A codec without it has nothing to store.
   *
   * @throws CodecError when an option is unknown or out of range, or the filter can not work on such elements
   */
  clientData?(options: FilterOptions, chunk: ChunkDescription): ClientData;
}

/** A filter as a registry knows it: its HDF5 number, its name, and how its codec is had, at once or when it is needed. */
export interface Filter {
  /** Number in the HDF Group's registry of filters; 1 to 6 are built into the reference library. */
  readonly id: number;
  /** Name as in the filter pipeline message and in error messages: `"deflate"`, `"shuffle"`, `"zstd"`. */
  readonly name: string;
  /** Further names that find it in a registry: `"gzip"` for deflate. */
  readonly aliases?: readonly string[];
  /** The codec, when it is linked statically or was loaded before. */
  codec?: Codec;
  /** Loads the codec, once; later calls give the same. */
  load(): Promise<Codec>;
  /** Loads it synchronously where the platform can (Node); `undefined` elsewhere. */
  loadSync?(): Codec | undefined;
}

/** Filters by id and by name; a value, see `createRegistry`, `withFilter` and `emptyRegistry`. Iterates over its entries. */
export interface FilterRegistry extends Iterable<Filter> {
  /** How many filters it has. */
  readonly size: number;
  /** The entry of this id (number) or of this name or alias (string). */
  get(key: number | string): Filter | undefined;
  /** What can be done with a filter here and now; loads nothing, except in Node where that takes no waiting. */
  available(key: number | string): Availability;
  /** The filter of an id in words, for errors: also of those that it does not have, as far as it knows their names. */
  describe(id: number): string;
}

/** What can be done with a filter. */
export interface Availability {
  /** Chunks can be read. */
  readonly decode: boolean;
  /** Chunks can be written. */
  readonly encode: boolean;
  /** Whether synchronous calls can: its codec is there. If not, `loadFilters` loads it. */
  readonly sync: boolean;
}

/** Whether an error is a {@link CodecError}, also one of another copy of this package. */
export function isCodecError(error: unknown): error is CodecError {
  return error instanceof Error && error.name === "CodecError" && "filter" in error;
}
