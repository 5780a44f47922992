/** A file in memory, as virtual datasets see files: datasets of bytes, and what was opened and read. */
import {
  type AnyObjectInfo,
  type AxisSelection,
  type DatasetInfo,
  DEFAULT_LIMITS,
  dtype,
  type FileDatatype,
  type FileInfo,
  type Limits,
  type Located,
  type Selection,
  type Sink,
  type Steps,
  type VirtualFile,
  type VirtualMapping,
} from "@h5ts/core";

export const U2: FileDatatype = dtype("u2").datatype;

interface Entry {
  readonly info: DatasetInfo;
  readonly bytes: Uint8Array;
  readonly mappings: readonly VirtualMapping[];
}

type Address = DatasetInfo["address"];

export interface FakeOptions {
  readonly type?: FileDatatype;
  readonly fill?: Uint8Array;
  readonly maxDims?: readonly number[];
}

/** Coordinates of the elements that one axis selects, in their order. */
function axisElements(axis: AxisSelection): number[] {
  if (axis.kind === "list") return [...axis.indices];
  const { start, count, stride, block } = axis;
  return Array.from({ length: count * block }, (_, i) => start + Math.floor(i / block) * stride + (i % block));
}

/** Row-major numbers of the elements that are selected, in their order. */
export function selectedElements(selection: Selection, dims: readonly number[]): number[] {
  if (selection.kind === "runs") {
    return [...selection.starts].flatMap((start, i) =>
      Array.from({ length: selection.lengths[i] }, (_, k) => start + k),
    );
  }
  let numbers = [0];
  selection.axes.forEach((axis, d) => {
    const along = axisElements(axis);
    numbers = numbers.flatMap((number) => along.map((i) => number * dims[d] + i));
  });
  return numbers;
}

// biome-ignore lint/suspicious/noExplicitAny: stands for the parts of a reader that views do not use
type Unused = any;

export class FakeFile implements Partial<VirtualFile> {
  readonly info: FileInfo;
  readonly limits: Limits;
  readonly changing: boolean = false;
  /** Names of files asked for, in their order. */
  readonly opened: string[] = [];
  /** Addresses of datasets read. */
  readonly read$: number[] = [];
  /** Files by name; what is thrown, for those that may not be opened. */
  readonly files: Map<string, FakeFile | Error> = new Map();
  private readonly entries: Entry[] = [];
  private readonly names = new Map<string, number>();

  constructor(label = "fake", limits: Partial<Limits> = {}) {
    this.info = { label, root: 0, endOfFile: 0, sizes: { offsets: 8, lengths: 8 } } as unknown as FileInfo;
    this.limits = { ...DEFAULT_LIMITS, ...limits };
  }

  get file(): VirtualFile {
    return this as Unused;
  }

  add(name: string, dims: readonly number[], bytes: Uint8Array, options: FakeOptions = {}): DatasetInfo {
    return this.put(name, dims, bytes, [], options);
  }

  view(
    name: string,
    dims: readonly number[],
    mappings: readonly VirtualMapping[],
    options: FakeOptions = {},
  ): DatasetInfo {
    return this.put(name, dims, new Uint8Array(0), mappings, options);
  }

  /** Another extent of a dataset; of one that is no view, other bytes. */
  grow(name: string, dims: readonly number[], bytes: Uint8Array = new Uint8Array(0)): void {
    const i = this.names.get(name)!;
    const { info, mappings } = this.entries[i];
    this.entries[i] = { info: { ...info, dataspace: { ...info.dataspace, dims } }, bytes, mappings };
  }

  private put(
    name: string,
    dims: readonly number[],
    bytes: Uint8Array,
    mappings: readonly VirtualMapping[],
    { type = U2, fill, maxDims = dims }: FakeOptions,
  ): DatasetInfo {
    const address = this.entries.length as Address;
    const info = {
      address,
      kind: "dataset",
      datatype: type,
      dataspace: { kind: dims.length === 0 ? "scalar" : "simple", dims, maxDims },
      layout: { class: mappings.length > 0 || bytes.length === 0 ? "virtual" : "contiguous", heap: null, index: 0 },
      fill: { defined: fill === undefined ? "default" : "set", value: fill },
    } as unknown as DatasetInfo;
    this.entries.push({ info, bytes, mappings });
    this.names.set(name, address);
    return info;
  }

  *stored(address: Address): Steps<AnyObjectInfo> {
    return this.entries[address].info;
  }

  *source(name: string): Steps<VirtualFile | undefined> {
    this.opened.push(name);
    const found = this.files.get(name);
    if (found instanceof Error) throw found;
    return found?.file;
  }

  *resolve(_from: Address, path: string): Steps<Located | undefined> {
    const address = this.names.get(path);
    return address === undefined ? undefined : { reader: this.file, address: address as Address };
  }

  *virtualMappings({ address }: DatasetInfo): Steps<readonly VirtualMapping[]> {
    return this.entries[address].mappings;
  }

  *read({ address }: DatasetInfo, selection: Selection, sink: Sink): Steps<void> {
    this.read$.push(address);
    const { info, bytes } = this.entries[address];
    const { size } = info.datatype;
    const elements = selectedElements(selection, info.dataspace.dims);
    // As chunks come: out of order, some elements at a time.
    for (let from = Math.floor(elements.length / 3) * 3; from >= 0; from -= 3) {
      for (let i = from; i < Math.min(from + 3, elements.length); i++) {
        if (sink.direct !== undefined && i % 2 === 0)
          sink.direct.set(bytes.subarray(elements[i] * size, (elements[i] + 1) * size), i * size);
        else sink.put(bytes, elements[i] * size, size, i, 1);
      }
    }
  }

  *refresh(): Steps<void> {}

  *complete(sink: Sink): Steps<void> {
    sink.finish();
  }
}

/** Takes numbers of 16 bits; each element once, or it says so. */
export class NumbersSink implements Sink {
  readonly elementSize = 2;
  readonly direct: Uint8Array | undefined;
  readonly values: (number | "fill" | "twice" | undefined)[];

  constructor(count: number) {
    this.values = new Array(count).fill(undefined);
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    for (let i = 0; i < count; i++, at += stride) this.one(index + i, source[at] | (source[at + 1] << 8));
  }

  fill(index: number, count: number): void {
    for (let i = 0; i < count; i++) this.one(index + i, "fill");
  }

  finish(): undefined {}

  private one(index: number, value: number | "fill"): void {
    this.values[index] = this.values[index] === undefined ? value : "twice";
  }
}

/** Little-endian bytes of numbers of 16 bits. */
export function u2(values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value & 255, value >> 8]));
}
