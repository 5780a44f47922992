/**
 * The engine of h5ts: the HDF5 file format, storages, and the object model over them. Most programs use the package
 * `h5ts`, which puts them together.
 */

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
// Data and datatypes.
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

export { dtype } from "./data/dtype/build.ts";
export { DType, type Field } from "./data/dtype/dtype.ts";
export type { Data, DTypeLike, DTypeName } from "./data/dtype/like.ts";
export { Empty } from "./data/empty.ts";
export { AttributeReference, Reference, RegionReference } from "./data/reference.ts";
export { Result } from "./data/result.ts";
export type { AxisInput, IndexList, Mask, SelectionInput } from "./data/selection/input.ts";
export { type Hyperslab, Slice, slice } from "./data/selection/slice.ts";
// Errors.
export {
  ClosedError,
  DTypeError,
  type ErrorDetails,
  type ErrorName,
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
// The object model.
export { Attributes } from "./object/attributes.ts";
export type { StoredChunk } from "./object/chunks.ts";
export type { AnyObject } from "./object/classes.ts";
export { Dataset } from "./object/dataset.ts";
export { Datatype } from "./object/datatype.ts";
export { H5File } from "./object/file.ts";
export { Group } from "./object/group.ts";
export { ExternalLink, HardLink, type Link, SoftLink, UserLink } from "./object/links.ts";
export type { AsyncOnly, CallOptions, Mode, Outcomes, Returned, SyncOnly } from "./object/mode.ts";
export { H5Object } from "./object/object.ts";
export { openReader } from "./object/open-reader.ts";
export type { FilterInfo, SzipOptions } from "./object/pipeline.ts";
export type { LibraryVersion, SessionOptions } from "./object/session.ts";
export { UnknownObject } from "./object/unknown-object.ts";
