/** Tensors as new datasets of an HDF5 file: their bytes as they are, in the datatype that says most of them. */
import { type Dataset, type DTypeLike, dtype, type H5File, slice } from "h5ts";
import { ELEMENT_TYPES, type ElementType } from "../dtypes.ts";
import { ATTRIBUTES } from "../hdf5-tensor.ts";
import type { StoredTensor } from "../model-file.ts";
import { boxesOf, PIECE, PieceReader, piecesOf } from "../pieces.ts";
import type { Place } from "./hdf5-places.ts";
import type { SaveProgress, StorageOptions } from "./settings.ts";

/** How bfloat16 is stored: as a floating-point type, which says itself what it is, or as Keras does. */
export type Flavor = "state-dict" | "keras";

type AnyDataset = Dataset<"async", unknown>;

/** Datasets of a file that is being made. */
export class TensorWriter {
  private readonly file: H5File<"async">;
  private readonly flavor: Flavor;
  private readonly options: StorageOptions;
  private readonly progress: SaveProgress;
  /** Where tensors stand that others may share. */
  private readonly made = new Map<string, Place>();
  private readonly waiting: {
    readonly dataset: AnyDataset;
    readonly tensor: StoredTensor;
    readonly shape: readonly number[];
  }[] = [];

  constructor(file: H5File<"async">, flavor: Flavor, options: StorageOptions, progress: SaveProgress) {
    this.file = file;
    this.flavor = flavor;
    this.options = options;
    this.progress = progress;
  }

  /**
   * Makes the dataset of a tensor at its place; one whose elements another has already becomes a link to that. Elements come later: what
   * describes the datasets stands together at the beginning, where it is read at once.
   */
  async make(tensor: StoredTensor, place: Place): Promise<void> {
    const same = tensor.sameAs === undefined ? undefined : this.made.get(tensor.sameAs);
    if (same !== undefined && place.isNatural && same.isNatural) {
      await this.file.createHardLink(place.path, await this.file.dataset(same.path));
      return;
    }
    if (!this.made.has(tensor.name)) this.made.set(tensor.name, place);
    const { type, name } = storedAs(tensor.dtype, this.flavor);
    const shape = isPacked(tensor.dtype) ? [tensor.bytes] : tensor.shape;
    const dataset = await this.file.createDataset(place.path, { ...this.storage(shape), shape, dtype: type });
    if (name !== undefined) await dataset.attrs.set(ATTRIBUTES.dtype, name);
    if (isPacked(tensor.dtype)) await dataset.attrs.set(ATTRIBUTES.shape, BigInt64Array.from(tensor.shape, BigInt));
    if (!place.isNatural) await dataset.attrs.set(ATTRIBUTES.name, JSON.stringify(tensor.name));
    this.waiting.push({ dataset, tensor, shape });
  }

  /** Writes the elements of all datasets that were made. */
  async finish(): Promise<void> {
    for (const { dataset, tensor, shape } of this.waiting) await this.fill(dataset, tensor, shape);
    this.waiting.length = 0;
  }

  /** Chunks and filters are for what has elements along axes. */
  private storage(shape: readonly number[]): StorageOptions {
    const { chunks, ...filters } = this.options;
    if (shape.length === 0 || shape.includes(0)) return {};
    if (!Array.isArray(chunks)) return { chunks, ...filters };
    // A shape of chunks is for tensors of so many axes, and is cut to those that are smaller.
    const fits = chunks.length === shape.length;
    return { ...(fits ? { chunks: chunks.map((n, d) => Math.min(n, shape[d])) } : {}), ...filters };
  }

  private async fill(dataset: AnyDataset, tensor: StoredTensor, shape: readonly number[]): Promise<void> {
    const width = dataset.dtype.itemsize;
    const view = dataset.asBytes();
    const reader = new PieceReader(piecesOf(tensor, PIECE));
    try {
      for (const { start, count } of boxesOf(shape, PIECE / width, dataset.chunks)) {
        const length = count.reduce((product, n) => product * n, width);
        const box = start.map((first, d) => slice(first, first + count[d]));
        await view.write(await this.progress.take(reader, length, tensor), box);
        this.progress.add(length, tensor.name);
      }
      await this.progress.checkEnd(reader, tensor);
    } finally {
      await reader.close();
    }
  }
}

const isPacked = (type: ElementType): boolean => ELEMENT_TYPES[type].bits < 8;

const float8 = (exponentSize: number, exponentBias: number): DTypeLike =>
  dtype.float({
    size: 1,
    bitOffset: 0,
    precision: 8,
    signPosition: 7,
    exponentPosition: 7 - exponentSize,
    exponentSize,
    exponentBias,
    mantissaPosition: 0,
    mantissaSize: 7 - exponentSize,
    normalization: "implied",
  });

/** The datatype, and the name beside it where that does not say all. */
function storedAs(type: ElementType, flavor: Flavor): { readonly type: DTypeLike; readonly name?: string } {
  switch (type) {
    case "bfloat16":
      // Keras knows its own opaque elements by this attribute.
      return { type: flavor === "keras" ? dtype.opaque(2) : dtype("bfloat16"), name: type };
    case "float8_e4m3fn":
      return { type: float8(4, 7), name: type };
    case "float8_e4m3fnuz":
      return { type: float8(4, 8), name: type };
    case "float8_e5m2":
      return { type: float8(5, 15), name: type };
    case "float8_e5m2fnuz":
      return { type: float8(5, 16), name: type };
    case "float8_e8m0fnu":
    case "float6_e2m3":
    case "float6_e3m2":
    case "float4_e2m1":
    case "int4":
    case "uint4":
      return { type: dtype("uint8"), name: type };
    default:
      return { type: dtype(type) };
  }
}
