/** What `h5ts digest` writes: everything in a file, its values as checksums, in a form that other readers can write too. */

export interface ErrorJson {
  /** Class of the error. */
  readonly name: string;
  /** Identifier for programs. */
  readonly code?: string;
  /** What is wrong, in a sentence for people; programs go by `code`. */
  readonly message: string;
  /** The structure concerned. */
  readonly structure?: string;
  /** Where in the file. */
  readonly address?: number;
  /** The object concerned. */
  readonly path?: string;
}

/** Everything in a file. */
export interface FileDigest {
  /** What this is. */
  readonly format: "h5truth/1";
  /** The file as the command line named it. */
  readonly file: string;
  /** Whether it could be opened. */
  readonly readable: boolean;
  /** Why the file could not be opened. */
  readonly error?: ErrorJson;
  /** Bytes of the file. */
  readonly bytes?: number;
  /** Checksum of its bytes. */
  readonly filesha256?: string;
  /** What its superblock says. */
  readonly superblock?: SuperblockJson;
  /** Names of other files that this one refers to. */
  readonly companions?: readonly string[];
  /** All objects, each once. */
  readonly objects: readonly ObjectDigest[];
}

/** What a superblock says. */
export interface SuperblockJson {
  /** Its version. */
  readonly version: number;
  /** Bytes before the HDF5 content. */
  readonly userblock: number;
  /** Bytes of addresses. */
  readonly sizeof_addr: number;
  /** Bytes of lengths. */
  readonly sizeof_size: number;
}

/** Checksum of the canonical encoding of all elements; or why there is none. */
export interface ValueDigest {
  /** Checksum of the value. */
  sha256?: string;
  /** Bytes of the value. */
  nbytes?: number;
  /** The bytes themselves, where they are few. */
  hex?: string;
  /** Why it was not read. */
  skip?: "too_large";
  /** Why it could not be read. */
  error?: ErrorJson;
}

export interface ObjectDigest extends ValueDigest {
  /** A path by which the object is reached. */
  readonly path: string;
  /** Group, dataset, datatype, or `unknown`. */
  readonly kind: "group" | "dataset" | "datatype" | "unknown";
  /** Address of its header. */
  readonly addr: number;
  /** Its attributes. */
  attrs?: AttributeDigest[];
  /** Links of a group: its members by name. */
  links?: LinkJson[];
  /** Its datatype. */
  dtype?: DatatypeJson;
  /** The committed datatype that it refers to. */
  committed?: string;
  /** Elements along each axis. */
  shape?: readonly number[] | null;
  /** The most that each axis may grow to. */
  maxshape?: readonly (number | null)[];
  /** How its elements are stored. */
  layout?: string;
  /** Shape of its chunks. */
  chunks?: readonly number[];
  /** Its filters. */
  filters?: readonly {
    /** Its number. */
    readonly id: number;
    /** 1: a chunk may be stored without it. */
    readonly flags: number;
    /** What it was told. */
    readonly cd: readonly number[];
  }[];
  /** What elements are that were never written. */
  fill?: FillJson;
  /** Files that hold its elements. */
  external?: readonly {
    /** Name of the file. */
    readonly name: string;
    /** Where the elements begin. */
    readonly offset: number;
    /** Bytes of them; `null`: to the end. */
    readonly size: number | null;
  }[];
  /** Where its elements come from. */
  virtual?: readonly {
    /** File of a source. */
    readonly file: string;
    /** Path of a source. */
    readonly dataset: string;
  }[];
}

export interface AttributeDigest extends ValueDigest {
  /** What the attribute is called. */
  readonly name: string;
  /** Elements along each axis. */
  readonly shape?: readonly number[] | null;
  /** Its datatype. */
  readonly dtype?: DatatypeJson;
  /** The committed datatype that it refers to. */
  committed?: string;
}

/** A fill value. */
export interface FillJson {
  /** Whether there is one. */
  readonly defined: "user" | "default" | "undefined";
  /** Bytes of the fill value as they are stored, in hexadecimal digits. */
  readonly hex?: string;
  /** Why it could not be read. */
  readonly error?: ErrorJson;
}

/** A link. */
export interface LinkJson {
  /** What the attribute is called. */
  readonly name: string;
  /** Its kind. */
  readonly type: "hard" | "soft" | "external" | "user";
  /** Where it leads. */
  target?: string;
  /** The other file. */
  readonly file?: string;
  /** Class of a user-defined link. */
  readonly code?: number;
  /** Why the object that it leads to could not be opened. */
  error?: ErrorJson;
}

/** A datatype, in the terms of the file format. */
export interface DatatypeJson {
  /** Its class. */
  readonly class: string;
  readonly [key: string]: unknown;
}
