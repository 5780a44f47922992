/**
 * The interface between the object model and the engine, and the plain values that cross it.
 * `object/` knows a file only through {@link Reader}. The engine implements it over the bytes of a file; other
 * implementations may stand beside it.
 */
import type { Address, Sizes } from "./bytes/address.ts";
import type { Selection } from "./data/selection/selection.ts";
import type { Sink } from "./data/sink.ts";
import type { Source } from "./data/source.ts";
import type { Charset, Datatype } from "./format/datatype/datatype.ts";
import type { DataLayout } from "./format/messages/data-layout.ts";
import type { Dataspace } from "./format/messages/dataspace.ts";
import type { FillValue } from "./format/messages/fill-value.ts";
import type { FilterPipeline } from "./format/messages/filter-pipeline.ts";
import type { StoredSelection } from "./format/selection/dataspace-selection.ts";
import type { Steps } from "./steps/steps.ts";

export type { StoredSelection } from "./format/selection/dataspace-selection.ts";

/** An object in a file; which may be another file than the one it was looked up from. */
export interface Located {
  readonly reader: Reader;
  readonly address: Address;
}

/** What the superblock and its extension say of the file. */
export interface FileInfo {
  /** Path, URL or other label of the storage. */
  readonly label: string;
  /** Version of the superblock. */
  readonly superblockVersion: 0 | 1 | 2 | 3;
  /** Bytes before the superblock. */
  readonly userblockSize: number;
  /** Bytes of addresses and of lengths. */
  readonly sizes: Sizes;
  /** Address of the root group's header. */
  readonly root: Address;
  /** End-of-file address as stored, relative to the base address. */
  readonly endOfFile: number;
  /** File consistency flags: bit 0, open for writing; bit 2, open for SWMR writing. */
  readonly consistencyFlags: number;
  /** How space is taken, where the file says. */
  readonly fileSpace?: {
    /** How space is taken. */
    readonly strategy: "fsm-aggregate" | "page" | "aggregate" | "none";
    /** Whether free space is kept track of between sessions. */
    readonly persist: boolean;
    /** Bytes of the smallest free section that is kept track of. */
    readonly threshold: number;
    /** Bytes of a page. */
    readonly pageSize: number;
  };
  /** Name of the driver in the driver information block or message, such as `"NCSAfami"`. */
  readonly driver?: string;
}

/** Whether the order of creation is kept, and whether an index by it exists. */
export interface CreationOrder {
  readonly tracked: boolean;
  readonly indexed: boolean;
}

/** Seconds since the epoch, as the object header keeps them. */
export interface ObjectTimes {
  readonly accessed?: number;
  readonly modified?: number;
  readonly changed?: number;
  readonly born?: number;
}

/** What the header of every object says. */
export interface ObjectInfo {
  /** Byte of the file at which its object header begins: the same for all links to the object. */
  readonly address: Address;
  /** Group, dataset, committed datatype, or none of these. */
  readonly kind: "group" | "dataset" | "datatype" | "unknown";
  /** Version of its header. */
  readonly headerVersion: 1 | 2;
  /** Hard links that lead to the object; where none is left, its space is free. */
  readonly referenceCount: number;
  /** When it was read, changed and made, where its header says. */
  readonly times?: ObjectTimes;
  /** A remark that some program left. */
  readonly comment?: string;
  /** Whether the order in which attributes are made is kept, and indexed. */
  readonly attributeOrder: CreationOrder;
  /** How its attributes are stored. */
  readonly attributeStorage: "none" | "compact" | "dense";
}

export interface GroupInfo extends ObjectInfo {
  /** A group. */
  readonly kind: "group";
  /** Where its links stand: in a symbol table (old groups), in the header (compact), or in a heap with an index (dense). */
  readonly storage: "symbol-table" | "compact" | "dense";
  /** Whether the order in which links are made is kept, and indexed. */
  readonly linkOrder: CreationOrder;
}

/** A block of raw data in another file. */
export interface ExternalFile {
  /** Its name, as it stands in the file. */
  readonly name: string;
  /** Byte at which the block begins in that file. */
  readonly offset: number;
  /** Bytes; `Infinity` if unlimited. */
  readonly size: number;
}

export interface DatasetInfo extends ObjectInfo {
  /** A dataset. */
  readonly kind: "dataset";
  /** Type of its elements, in the terms of the file format. */
  readonly datatype: Datatype;
  /** Address of the committed datatype, where the dataset uses one. */
  readonly committed?: Address;
  /** Scalar, null, or the extents of its axes and how far they may grow. */
  readonly dataspace: Dataspace;
  /** How its elements are stored. */
  readonly layout: DataLayout;
  /** Filters in the order in which they are applied when chunks are written; empty: none. */
  readonly pipeline: FilterPipeline;
  /** What elements are that were never written. */
  readonly fill: FillValue;
  /** Files that hold its elements. */
  readonly external: readonly ExternalFile[];
}

export interface DatatypeInfo extends ObjectInfo {
  /** A datatype. */
  readonly kind: "datatype";
  /** The datatype, in the terms of the file format. */
  readonly datatype: Datatype;
}

/** An object that this version of the format does not know. */
export interface UnknownInfo extends ObjectInfo {
  /** None of those that are known. */
  readonly kind: "unknown";
}

export type AnyObjectInfo = GroupInfo | DatasetInfo | DatatypeInfo | UnknownInfo;

export type LinkTarget =
  | { readonly type: "hard"; readonly address: Address }
  | { readonly type: "soft"; readonly target: string }
  | { readonly type: "external"; readonly file: string; readonly target: string; readonly flags: number }
  | { readonly type: "user"; readonly code: number; readonly data: Uint8Array };

export type LinkInfo = LinkTarget & {
  readonly name: string;
  readonly charset: Charset;
  /** Where the group tracks it. */
  readonly creationOrder?: number;
};

export interface AttributeInfo {
  /** What the attribute is called; unique on its object. */
  readonly name: string;
  /** Encoding of its name. */
  readonly charset: Charset;
  /** Type of its value. */
  readonly datatype: Datatype;
  /** Address of the committed datatype, where the attribute uses one. */
  readonly committed?: Address;
  /** Extent of its value. */
  readonly dataspace: Dataspace;
  /** All elements, in the file's own encoding. */
  readonly data: Uint8Array;
  /** When it was made among the attributes of its object, where that is kept. */
  readonly creationOrder?: number;
}

/** One chunk that is stored: where in the dataset, where in the file, and through which filters. */
export interface ChunkInfo {
  /** Coordinates of its first element. */
  readonly offset: readonly number[];
  /** Address of the stored bytes, relative to the base address. */
  readonly address: Address;
  /** Bytes that the chunk takes in the file, behind its filters. */
  readonly size: number;
  /** Bit i set: filter i of the pipeline was skipped. */
  readonly filterMask: number;
}

/** One mapping of a virtual dataset. Selections are as the file has them, over the source's and the dataset's extents. */
export interface VirtualMapping {
  /** File name as stored; `"."` is the same file. */
  readonly file: string;
  /** Path of the source in its file. */
  readonly dataset: string;
  /** The elements of the source. */
  readonly source: StoredSelection;
  /** The elements of the view. */
  readonly destination: StoredSelection;
}

/** Reading of one file. Methods that may need bytes return steps; those of one file may be joined by `all`. */
export interface Reader {
  readonly info: FileInfo;

  /** What the header at an address says. FormatError where no object header stands there. */
  object(address: Address): Steps<AnyObjectInfo>;

  /** The link of that name; `undefined` where the group has none. */
  link(group: Address, name: string): Steps<LinkInfo | undefined>;
  /** All links: by name bytes, or in creation order where that is asked for and tracked. */
  links(group: Address, order: "name" | "creation"): Steps<LinkInfo[]>;
  linkCount(group: Address): Steps<number>;
  /**
   * Follows a path from an object (from the root, if it begins with `/`), through links of all kinds as the file's policy
   * allows. `undefined` where a component is absent or a link dangles; LimitError after too many soft links.
   */
  resolve(from: Address, path: string): Steps<Located | undefined>;
  /** Follows one link of a group. */
  follow(group: Address, link: LinkInfo): Steps<Located | undefined>;

  attribute(object: Address, name: string): Steps<AttributeInfo | undefined>;
  /** All attributes: by name bytes, or in creation order where that is asked for and tracked. */
  attributes(object: Address, order: "name" | "creation"): Steps<AttributeInfo[]>;
  attributeCount(object: Address): Steps<number>;

  /** Reads the selected elements of a dataset into a sink, and the heap objects that they refer to. */
  read(dataset: DatasetInfo, selection: Selection, sink: Sink): Steps<void>;
  /**
   * Bytes of the selected elements, where they stand side by side in memory that stays as it is: without a copy. `undefined`
   * where they do not.
   */
  shared(dataset: DatasetInfo, selection: Selection): Uint8Array | undefined;
  /** Fetches heap objects until the sink needs no more: for elements put by hand, such as those of attributes. */
  complete(sink: Sink): Steps<void>;

  /** All stored chunks, in the order of their offsets. */
  chunks(dataset: DatasetInfo): Steps<ChunkInfo[]>;
  /** The chunk whose first element has these coordinates; `undefined` where it is not stored. */
  chunk(dataset: DatasetInfo, offset: readonly number[]): Steps<ChunkInfo | undefined>;
  /** Stored bytes of a chunk, still filtered. */
  storedChunk(dataset: DatasetInfo, chunk: ChunkInfo): Steps<Uint8Array>;
  /** Bytes that the raw data takes in the file (external files and virtual sources not counted). */
  storageSize(dataset: DatasetInfo): Steps<number>;
  virtualMappings(dataset: DatasetInfo): Steps<readonly VirtualMapping[]>;

  /** Forgets what is cached of an object, its raw data included, so that it is read anew: of files that grow while open. */
  refresh(object: Address): Steps<void>;

  /** Lets go of the storage and of other files that were opened on the way. */
  close(): Steps<void>;
}

/** What every new object is asked for. */
export interface NewObject {
  readonly attributeOrder: CreationOrder;
  /** Keep the time of the last change in the header (option `trackTimes`). */
  readonly trackTimes: boolean;
}

export interface NewGroup extends NewObject {
  readonly linkOrder: CreationOrder;
}

/** A layout by choice of the caller; the structures behind it follow from the file's library version. */
export type NewLayout =
  | { readonly class: "compact" }
  | { readonly class: "contiguous" }
  | { readonly class: "chunked"; readonly chunk: readonly number[] }
  | { readonly class: "virtual"; readonly mappings: readonly VirtualMapping[] };

export interface NewDataset extends NewObject {
  readonly datatype: Datatype;
  /** Address of the committed datatype to refer to; `datatype` is then its. */
  readonly committed?: Address;
  readonly dataspace: Dataspace;
  readonly layout: NewLayout;
  readonly pipeline: FilterPipeline;
  readonly fill: FillValue;
  /** The element that `fill` is to have as its value, where it needs heap objects: data of variable length. */
  readonly fillSource?: Source;
  readonly external: readonly ExternalFile[];
}

/** A new link; one with a name that exists is an error of the caller, who looks first. */
export type NewLink = LinkTarget & { readonly name: string; readonly charset: Charset };

export interface NewAttribute {
  readonly name: string;
  readonly charset: Charset;
  readonly datatype: Datatype;
  readonly committed?: Address;
  readonly dataspace: Dataspace;
  readonly source: Source;
}

/**
 * Changing of one file, beside its {@link Reader}, which sees every change at once. Changes run one at a time: whoever
 * calls keeps them in order. Each first gathers what it needs, and may fail then without effect; then it changes what is in
 * memory without asking for anything. Only `commit` makes them part of the file.
 */
export interface Editor {
  /** New objects have no link: link them before the commit, or their space is lost. */
  createGroup(options: NewGroup): Steps<Address>;
  /** `elements`: all, in the file's encoding; for contiguous and compact layouts without external files. */
  createDataset(options: NewDataset, elements?: Uint8Array): Steps<Address>;
  createDatatype(datatype: Datatype, options: NewObject): Steps<Address>;
  /** Frees an object that no link leads to yet, with all its storage: what it was made for has failed. */
  discard(object: Address): Steps<void>;

  /** Adds a link; one more reference to the object if it is hard. */
  link(group: Address, link: NewLink): Steps<void>;
  /**
   * Removes a link; the object too, with all its storage, if no other hard link leads to it. The objects that are gone with
   * it: none where the link led to one that stays, or was none of the hard ones.
   */
  unlink(group: Address, name: string): Steps<readonly Address[]>;
  /** Moves a link, whatever its kind, between groups of the file or within one. */
  moveLink(from: Address, name: string, to: Address, newName: string): Steps<void>;

  /** Makes an attribute, or replaces the one of that name, keeping its place in the order of creation. */
  setAttribute(object: Address, attribute: NewAttribute): Steps<void>;
  /** Overwrites the elements of an attribute that stays of its type and shape. */
  modifyAttribute(object: Address, name: string, source: Source): Steps<void>;
  deleteAttribute(object: Address, name: string): Steps<void>;

  /** Leaves a remark in the header of an object, in place of the one it has; `""` removes that. */
  setComment(object: Address, comment: string): Steps<void>;
  /** Sets the times in the header of an object, as far as that has places for them. */
  setTimes(object: Address, times: ObjectTimes): Steps<void>;

  /** Writes the selected elements of a dataset; heap objects that the old ones referred to are freed. */
  write(dataset: DatasetInfo, selection: Selection, source: Source): Steps<void>;
  /** Stores a chunk as it is: `stored` has been through the filters that `filterMask` does not name. */
  writeStoredChunk(
    dataset: DatasetInfo,
    offset: readonly number[],
    filterMask: number,
    stored: Uint8Array,
  ): Steps<void>;
  /** Another extent within the maximum; chunks outside it are freed, and what comes back reads as the fill value. */
  resize(dataset: DatasetInfo, dims: readonly number[]): Steps<void>;

  /** Makes all changes since the last commit part of the file, as durable as the file was opened to be. */
  commit(): Steps<void>;
}
