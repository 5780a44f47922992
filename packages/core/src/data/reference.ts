/**
 * Values of reference datatypes (HDF5 File Format Specification, section IV.A.2.d, class 7): pointers to objects, to
 * regions of datasets and to attributes. They say where; `file.get(ref)` goes there.
 */
import type { Address } from "../bytes/address.ts";
import type { StoredSelection } from "../format/selection/dataspace-selection.ts";

/** Points at an object of a file by its address: `file.get(reference)` gives the object, `dataset.ref` makes one. */
export class Reference {
  /** What it points at. */
  readonly kind: "object" | "region" | "attribute" = "object";
  /** Address of the object's header; `null`: the reference was never set. */
  readonly address: Address | null;
  /** Name of the file that holds the object, where that is another one (references of HDF5 1.12). */
  readonly file: string | undefined;

  constructor(address: number | null, file?: string) {
    this.address = address as Address | null;
    this.file = file;
  }

  /** Whether it points nowhere: h5py's false reference. */
  get isNull(): boolean {
    return this.address === null;
  }

  /** Whether both point at the same object of the same file. */
  equals(other: Reference): boolean {
    return this.kind === other.kind && this.address === other.address && this.file === other.file;
  }
}

/** Points at selected elements of a dataset. */
export class RegionReference extends Reference {
  /** Elements of a dataset. */
  override readonly kind = "region" as const;
  /** What is selected, over the extent of the dataset. */
  readonly selection: StoredSelection;

  constructor(address: number | null, selection: StoredSelection, file?: string) {
    super(address, file);
    this.selection = selection;
  }
}

/** Points at an attribute of an object. */
export class AttributeReference extends Reference {
  /** An attribute. */
  override readonly kind = "attribute" as const;
  /** Name of the attribute. */
  readonly attribute: string;

  constructor(address: number | null, attribute: string, file?: string) {
    super(address, file);
    this.attribute = attribute;
  }
}
