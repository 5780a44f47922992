/**
 * The engine of h5ts: the HDF5 file format, storages, and the object model over them. Most programs use the package
 * `h5ts`, which puts them together.
 */

// For readers of layouts that are handed in: elements, selections and steps as the engine has them.
export type { Address, Sizes } from "./bytes/address.ts";
// What a file tells of itself, in the terms of the file format.
export type {
  AnyObjectInfo,
  AttributeInfo,
  ChunkInfo,
  DatasetInfo,
  DatatypeInfo,
  ExternalFile,
  FileInfo,
  GroupInfo,
  LinkInfo,
  Located,
  ObjectInfo,
  Reader,
  StoredSelection,
  UnknownInfo,
  VirtualMapping,
} from "./contract.ts";
// Data, datatypes and selections.
export type {
  AnyData,
  ArrayData,
  BigIntArray,
  BoolArray,
  Complex,
  ComplexArray,
  CompoundData,
  Item,
  NumberArray,
  Row,
  TypedArray,
} from "./data/arrays.ts";
export type { ResultLimits } from "./data/codecs/budget.ts";
export {
  isBigint,
  makeNumbers,
  type NumberCodec,
  numberCodec,
  numberReader,
  numberWriter,
} from "./data/codecs/numbers.ts";
export type { ArrayMaker } from "./data/codecs/view.ts";
export { type Column, type Columns, columnOf, columnsOf, type Logical } from "./data/columns.ts";
export { bitsOf } from "./data/dtype/bits.ts";
export { type DTypeBuilders, dtype } from "./data/dtype/build.ts";
export { DType, type Field } from "./data/dtype/dtype.ts";
export type { Data, DTypeLike, DTypeName } from "./data/dtype/like.ts";
export { sameType } from "./data/dtype/same.ts";
export { Empty } from "./data/empty.ts";
export { AttributeReference, Reference, RegionReference } from "./data/reference.ts";
export { Result } from "./data/result.ts";
export type { AxisInput, IndexList, Mask, SelectionInput } from "./data/selection/input.ts";
export { parseSelection } from "./data/selection/parse.ts";
export type { AxesSelection, AxisSelection, RangeAxis, RunsSelection, Selection } from "./data/selection/selection.ts";
export { type Hyperslab, Slice, slice } from "./data/selection/slice.ts";
export { storedSelection } from "./data/selection/stored.ts";
export { storeSelection } from "./data/selection/to-stored.ts";
export type { HeapReferences, Sink } from "./data/sink.ts";
// The editor: from a storage to what changes it.
export type { Durability } from "./editor/commit.ts";
export { createForEditing, type NewFile } from "./editor/create-file.ts";
export type { StructureVersion, VersionBounds } from "./editor/editor-file.ts";
export { type Editing, editing } from "./editor/file-editor.ts";
export { type EditorOptions, openForEditing } from "./editor/open-editor.ts";
export { type Recovered, type RecoverOptions, recoverFile } from "./editor/recover.ts";
// The engine: from a storage to a reader.
export { checkFile } from "./engine/check/check-file.ts";
export type { CheckCounts, CheckOptions, CheckReport, FileExtent, FreeExtent } from "./engine/check/report.ts";
export { type ChunkCacheOptions, DEFAULT_CHUNK_CACHE } from "./engine/chunk-cache.ts";
export { type FileReaderOptions, openReader } from "./engine/file-reader.ts";
export { isHdf5Storage } from "./engine/is-hdf5.ts";
export { DEFAULT_LIMITS, type Limits } from "./engine/limits.ts";
export { finishCommit } from "./engine/pending-commit.ts";
export type { VirtualFile, VirtualReader } from "./engine/virtual-reader.ts";
// Errors.
export {
  ClosedError,
  DTypeError,
  type ErrorDetails,
  type ErrorName,
  ExistsError,
  FilterError,
  FormatError,
  H5Error,
  isH5Error,
  LimitError,
  LockedError,
  NotFoundError,
  PolicyError,
  SelectionError,
  ShapeError,
  StorageError,
  UnsupportedError,
} from "./errors.ts";
export type { Datatype as FileDatatype, DatatypeClass } from "./format/datatype/datatype.ts";
export { keepShapes } from "./kept-shapes.ts";
// The object model.
export type { AttributeValue } from "./object/attribute-value.ts";
export { Attributes } from "./object/attributes.ts";
export type { StoredChunk } from "./object/chunks.ts";
export type { AnyObject } from "./object/classes.ts";
export { Dataset } from "./object/dataset.ts";
export {
  type ArrayOptions,
  type ByteData,
  DatasetView,
  type FieldData,
  type NumberData,
  type ReadIntoOptions,
  type ReadOptions,
} from "./object/dataset-view.ts";
export { Datatype } from "./object/datatype.ts";
export { Dimension } from "./object/dimensions.ts";
export { H5File } from "./object/file.ts";
export { Group } from "./object/group.ts";
export { ExternalLink, HardLink, type Link, SoftLink, UserLink } from "./object/links.ts";
export type { AsyncOnly, CallOptions, Mode, Outcomes, Returned, SyncOnly } from "./object/mode.ts";
export { H5Object } from "./object/object.ts";
export { openModel } from "./object/open-model.ts";
export type { FilterInfo, SzipOptions } from "./object/pipeline.ts";
export type { LibraryVersion, SessionOptions } from "./object/session.ts";
export { UnknownObject } from "./object/unknown-object.ts";
export type { AttributeOptions } from "./object/writing/attribute-options.ts";
export type { Batches } from "./object/writing/batches.ts";
export type { CopyOptions, MembersOptions, StoredOtherwise } from "./object/writing/copy/copy-options.ts";
export type {
  CompressionOptions,
  DatasetOptions,
  FilterSpec,
  RequireOptions,
} from "./object/writing/dataset-options.ts";
export type { Edited } from "./object/writing/edit.ts";
export type { GroupOptions } from "./object/writing/group-options.ts";
export { openEditingModel } from "./object/writing/open-editing-model.ts";
export type { VirtualDatasetOptions, VirtualDescription } from "./object/writing/virtual-options.ts";
export { all } from "./steps/all.ts";
// Steps and storages.
export { closeStorage } from "./steps/close.ts";
export type { LinkKind, LinkPolicy } from "./steps/link-policy.ts";
export { runAsync } from "./steps/run-async.ts";
export { runSync } from "./steps/run-sync.ts";
export type { Steps } from "./steps/steps.ts";
export type {
  AccessCosts,
  AsyncStorage,
  AsyncWritable,
  AsyncWrites,
  Companion,
  Extent,
  Outcome,
  Patch,
  Storage,
  SyncStorage,
  SyncWritable,
  SyncWrites,
  WritableStorage,
} from "./steps/storage.ts";
export { isAsync, isSync, isWritable } from "./steps/storage.ts";
export { BlobStorage } from "./storage/blob.ts";
export { type CountedOptions, type CountedStorage, type Counts, counted } from "./storage/counted.ts";
export { HttpStorage } from "./storage/http/http-storage.ts";
export type { HttpOptions } from "./storage/http/options.ts";
export type { LinkPlaces, LinksOption } from "./storage/links/link-policy.ts";
export { NO_FOLDER } from "./storage/links/no-links.ts";
export type { LinkRequest, LinkResolver } from "./storage/links/resolver-policy.ts";
export type { Locking } from "./storage/locks/locking.ts";
export { MemoryStorage } from "./storage/memory.ts";
export { NodeFileStorage } from "./storage/node-file.ts";
export { openOpfsFile } from "./storage/open-file-handle.ts";
export {
  type OpenedSource,
  type OpenedToWrite,
  openSource,
  openSourceSync,
  openSourceToWrite,
  openSourceToWriteSync,
  type SourceOptions,
} from "./storage/open-source.ts";
export type { FileHandle, Source, SyncSource } from "./storage/open-storage.ts";
export type { WriteMode } from "./storage/open-writable.ts";
export { OpfsStorage, type SyncAccessHandle, type WritableAccessHandle } from "./storage/opfs.ts";
export { type NodeWriteMode, WritableNodeFile } from "./storage/writable-node-file.ts";
export { WritableOpfsFile } from "./storage/writable-opfs-file.ts";
