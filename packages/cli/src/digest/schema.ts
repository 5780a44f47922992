/** What `h5ts digest` writes: everything in a file, its values as checksums, in a form that other readers can write too. */

export interface ErrorJson {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly structure?: string;
  readonly address?: number;
  readonly path?: string;
}

export interface FileDigest {
  readonly format: "h5truth/1";
  readonly file: string;
  readonly readable: boolean;
  /** Why the file could not be opened. */
  readonly error?: ErrorJson;
  readonly bytes?: number;
  readonly filesha256?: string;
  readonly superblock?: SuperblockJson;
  /** Names of other files that this one refers to. */
  readonly companions?: readonly string[];
  readonly objects: readonly ObjectDigest[];
}

export interface SuperblockJson {
  readonly version: number;
  readonly userblock: number;
  readonly sizeof_addr: number;
  readonly sizeof_size: number;
}

/** Checksum of the canonical encoding of all elements; or why there is none. */
export interface ValueDigest {
  sha256?: string;
  nbytes?: number;
  /** The bytes themselves, where they are few. */
  hex?: string;
  skip?: "too_large";
  error?: ErrorJson;
}

export interface ObjectDigest extends ValueDigest {
  readonly path: string;
  readonly kind: "group" | "dataset" | "datatype" | "unknown";
  readonly addr: number;
  attrs?: AttributeDigest[];
  links?: LinkJson[];
  dtype?: DatatypeJson;
  committed?: string;
  shape?: readonly number[] | null;
  maxshape?: readonly (number | null)[];
  layout?: string;
  chunks?: readonly number[];
  filters?: readonly { readonly id: number; readonly flags: number; readonly cd: readonly number[] }[];
  fill?: FillJson;
  external?: readonly { readonly name: string; readonly offset: number; readonly size: number | null }[];
  virtual?: readonly { readonly file: string; readonly dataset: string }[];
}

export interface AttributeDigest extends ValueDigest {
  readonly name: string;
  readonly shape?: readonly number[] | null;
  readonly dtype?: DatatypeJson;
  committed?: string;
}

export interface FillJson {
  readonly defined: "user" | "default" | "undefined";
  readonly hex?: string;
  readonly error?: ErrorJson;
}

export interface LinkJson {
  readonly name: string;
  readonly type: "hard" | "soft" | "external" | "user";
  target?: string;
  readonly file?: string;
  readonly code?: number;
  /** Why the object that it leads to could not be opened. */
  error?: ErrorJson;
}

export interface DatatypeJson {
  readonly class: string;
  readonly [key: string]: unknown;
}
