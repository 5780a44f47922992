/** What the parts of a check share: the file, what was found so far, and which object is being looked at. */
import type { Address, Sizes } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { FormatError, type H5Error, isH5Error } from "../../errors.ts";
import type { Structure } from "../../format/structure.ts";
import type { Steps } from "../../steps/steps.ts";
import type { MetadataFile } from "../metadata-file.ts";
import { HeapUses } from "./heap-uses.ts";
import { ReferenceCounts } from "./reference-counts.ts";
import { type CheckCounts, type CheckOptions, MOST_FAULTS } from "./report.ts";
import { SharedUses } from "./shared-uses.ts";
import { SpaceMap } from "./space-map.ts";

/** Where something is wrong, and what. */
export interface FaultDetails {
  readonly structure: string;
  readonly address?: number;
  readonly found?: unknown;
  readonly allowed?: string;
}

export class Checker {
  readonly file: MetadataFile;
  readonly options: CheckOptions;
  readonly faults: FormatError[] = [];
  readonly unchecked: H5Error[] = [];
  readonly notes: string[] = [];
  readonly space: SpaceMap = new SpaceMap();
  readonly references: ReferenceCounts = new ReferenceCounts();
  readonly heaps: HeapUses = new HeapUses();
  readonly shared: SharedUses = new SharedUses();
  readonly counts: CheckCounts = {
    groups: 0,
    datasets: 0,
    datatypes: 0,
    unknown: 0,
    links: 0,
    attributes: 0,
    chunks: 0,
    heapObjects: 0,
  };
  /** Of the object being looked at; empty: what belongs to the file itself. */
  path = "";

  constructor(file: MetadataFile, options: CheckOptions) {
    this.file = file;
    this.options = options;
  }

  get sizes(): Sizes {
    return this.file.structures.sizes;
  }

  fault(reason: string, { structure, address, found, allowed }: FaultDetails): void {
    this.keep(new FormatError(reason, { structure, address, found, allowed }));
  }

  /** A stretch of the file is in use. */
  uses(address: number, length: number, structure: string): void {
    this.space.add(address, length, structure, this.path);
  }

  /** The structure at an address; takes `room` bytes there, or as many as it has. */
  *structure<T, C>(structure: Structure<T, C>, address: Address, context: C, room?: number): Steps<T> {
    const value = yield* this.file.structures.get(structure, address, context);
    this.uses(address, room ?? (yield* this.lengthOf(structure, address, context)), structure.title);
    return value;
  }

  private *lengthOf<T, C>(structure: Structure<T, C>, address: Address, context: C): Steps<number> {
    const { pages } = this.file;
    for (let length = structure.guess(context); ; ) {
      const window = pages.peek(address, length) ?? (yield* pages.read(address, length));
      const { block, base, offset, view } = window;
      const from = new Decoder(block, this.sizes, structure.title, base, offset, offset + window.length, view);
      const extent = structure.extent(from, context);
      if (extent <= window.length || window.length < length) return extent;
      length = extent;
    }
  }

  /** Runs a part of the check; what it fails of is kept, and the rest of the check goes on. */
  *guard<T>(part: Steps<T>): Steps<T | undefined> {
    try {
      return yield* part;
    } catch (error) {
      this.failed(error);
      return undefined;
    }
  }

  /** Keeps an error of h5ts as what it says of the file; throws others, and failures of the storage. */
  failed(error: unknown): void {
    if (isH5Error(error, "FormatError")) this.keep(error);
    else if (isH5Error(error, "UnsupportedError", "FilterError", "LimitError")) this.unchecked.push(this.placed(error));
    else throw error;
  }

  private keep(error: FormatError): void {
    if (this.faults.length < MOST_FAULTS) this.faults.push(this.placed(error));
  }

  private placed<E extends H5Error>(error: E): E {
    return this.path === "" ? error : error.at(this.path);
  }
}
