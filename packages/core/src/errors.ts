/**
 * Every error that h5ts throws, one class for each party at fault.
 *
 * All carry what is known of the place: the structure by its name in the HDF5 File Format Specification, its
 * address in the file, the path of the object concerned, the value found and the values allowed.
 *
 * ```ts
 * try { f.dataset("raw/images"); } catch (e) { if (isH5Error(e, "NotFoundError")) console.log(e.path); else throw e; }
 * ```
 */

/** Where and what: the typed fields of an {@link H5Error}. All are optional; those known are set. */
export interface ErrorDetails {
  /** The structure concerned, by the specification's title: `"B-link tree node (version 1)"`. */
  readonly structure?: string;
  /** Address in the file, relative to its base address, in bytes. */
  readonly address?: number;
  /** Path of the object concerned. */
  readonly path?: string;
  /** The value that was found or given, where an error is about one. */
  readonly found?: unknown;
  /** The values allowed, in words. */
  readonly allowed?: string;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

const BRAND = Symbol.for("h5ts.error");

/** Base of all errors of h5ts; never thrown itself. */
export abstract class H5Error extends Error {
  /** Name of the class. */
  abstract override readonly name: ErrorName;
  /** Stable identifier for programs, as in Node's own errors: `"ERR_H5_FORMAT"`. */
  abstract readonly code: `ERR_H5_${string}`;
  /** See {@link ErrorDetails}; so are the next. */
  readonly structure: string | undefined;
  /** Address in the file, in bytes. */
  readonly address: number | undefined;
  /** Set by the object layer when the engine, which works by address, did not know it. */
  path: string | undefined;
  /** The value that was found or given, where an error is about one. */
  readonly found: unknown;
  /** The values allowed, in words. */
  readonly allowed: string | undefined;
  /** What went wrong, without the place: the first part of the message. */
  readonly reason: string;

  constructor(reason: string, details: ErrorDetails = {}) {
    super(reason, details.cause === undefined ? undefined : { cause: details.cause });
    Object.defineProperty(this, BRAND, { value: true });
    this.reason = reason;
    this.structure = details.structure;
    this.address = details.address;
    this.path = details.path;
    this.found = details.found;
    this.allowed = details.allowed;
    this.message = describe(this);
  }

  /** Names the object concerned, where that is not known yet; the message then says it too. */
  at(path: string): this {
    if (this.path === undefined) {
      this.path = path;
      this.message = describe(this);
    }
    return this;
  }
}

/** Longest text that a message quotes of a value found in a file. */
const QUOTE_LIMIT = 200;

function quote(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > QUOTE_LIMIT ? `${text.slice(0, QUOTE_LIMIT)}...` : text;
}

function describe(error: H5Error): string {
  const place: string[] = [];
  if (error.structure !== undefined) place.push(error.structure);
  if (error.address !== undefined) place.push(`at 0x${error.address.toString(16)}`);
  if (error.path !== undefined) place.push(`${place.length > 0 ? "of " : ""}${quote(error.path)}`);
  const values: string[] = [];
  if (error.found !== undefined) values.push(`found ${quote(error.found)}`);
  if (error.allowed !== undefined) values.push(`allowed: ${error.allowed}`);
  const tail = values.length > 0 ? ` (${values.join("; ")})` : "";
  return `${place.length > 0 ? `${place.join(" ")}: ` : ""}${error.reason}${tail}`;
}

/** The file is not HDF5, is cut short or contradicts itself. Trying again does not help. */
export class FormatError extends H5Error {
  override readonly name = "FormatError" as const;
  override readonly code = "ERR_H5_FORMAT" as const;
}

/** The file is valid, but uses what this build does not have; the message names it. */
export class UnsupportedError extends H5Error {
  override readonly name = "UnsupportedError" as const;
  override readonly code = "ERR_H5_UNSUPPORTED" as const;
}

/** A path, link target, attribute or file that was asked for does not exist, or is of another kind. */
export class NotFoundError extends H5Error {
  override readonly name = "NotFoundError" as const;
  override readonly code = "ERR_H5_NOT_FOUND" as const;
}

/** A name that is to be given is taken, or a file that is to be made is there already. Nothing was changed. */
export class ExistsError extends H5Error {
  override readonly name = "ExistsError" as const;
  override readonly code = "ERR_H5_EXISTS" as const;
}

/** A selection that does not fit the dataset: rank, bounds, step, mask length. */
export class SelectionError extends H5Error {
  override readonly name = "SelectionError" as const;
  override readonly code = "ERR_H5_SELECTION" as const;
}

/** A data type that was named wrongly, does not match the dataset's, or cannot hold the values. */
export class DTypeError extends H5Error {
  override readonly name = "DTypeError" as const;
  override readonly code = "ERR_H5_DTYPE" as const;
}

/** Shapes that do not agree: data and dataset, data and target, chunk and extent. */
export class ShapeError extends H5Error {
  override readonly name = "ShapeError" as const;
  override readonly code = "ERR_H5_SHAPE" as const;
}

/** A chunk filter that is missing or failed; names the filter, its id, the dataset and the chunk. */
export class FilterError extends H5Error {
  override readonly name = "FilterError" as const;
  override readonly code = "ERR_H5_FILTER" as const;
}

/** The storage failed: the disk, the network, a closed handle. Trying again may help. */
export class StorageError extends H5Error {
  override readonly name = "StorageError" as const;
  override readonly code = "ERR_H5_STORAGE" as const;
}

/** A bound of the option `limits` was exceeded; the message names the option. */
export class LimitError extends H5Error {
  override readonly name = "LimitError" as const;
  override readonly code = "ERR_H5_LIMIT" as const;
}

/** A link, raw file or source outside what the option `links` allows. Nothing was opened. */
export class PolicyError extends H5Error {
  override readonly name = "PolicyError" as const;
  override readonly code = "ERR_H5_POLICY" as const;
}

/** Another writer, here or in another process, holds the file. Trying again later may help. */
export class LockedError extends H5Error {
  override readonly name = "LockedError" as const;
  override readonly code = "ERR_H5_LOCKED" as const;
}

/** The file was closed, or was opened read-only and is asked to write. */
export class ClosedError extends H5Error {
  override readonly name = "ClosedError" as const;
  override readonly code = "ERR_H5_CLOSED" as const;
}

interface ErrorClasses {
  FormatError: FormatError;
  UnsupportedError: UnsupportedError;
  NotFoundError: NotFoundError;
  ExistsError: ExistsError;
  SelectionError: SelectionError;
  DTypeError: DTypeError;
  ShapeError: ShapeError;
  FilterError: FilterError;
  StorageError: StorageError;
  LimitError: LimitError;
  PolicyError: PolicyError;
  LockedError: LockedError;
  ClosedError: ClosedError;
}

/** The literal names of the error classes. */
export type ErrorName = keyof ErrorClasses;

/**
 * Whether `error` is one of h5ts's, of one of `names` if any are given. Tests a brand instead of `instanceof`, so that
 * it holds across two installed copies of the package.
 */
export function isH5Error<N extends ErrorName = ErrorName>(error: unknown, ...names: N[]): error is ErrorClasses[N] {
  if (typeof error !== "object" || error === null || !(BRAND in error)) return false;
  return names.length === 0 || names.includes((error as { name?: unknown }).name as N);
}
