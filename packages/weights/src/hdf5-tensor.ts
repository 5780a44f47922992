/** Datasets of HDF5 files as tensors: the element types of machine learning in HDF5's words. */
import { type AttributeValue, type Dataset, type FileDatatype, LimitError, PolicyError, UnsupportedError } from "h5ts";
import { bytesOf, type ElementType, isElementType, swapBytes } from "./dtypes.ts";
import type { StoredTensor } from "./model-file.ts";

/** A dataset of an open file. */
export type WeightsDataset = Dataset<"async">;

/** Bytes that a dataset may declare freely; above, they must be stored at {@link MOST_RATIO} or less. */
const FREE_BYTES = 4 * 2 ** 30;
const MOST_RATIO = 1000;

/** The tensor of a dataset. UnsupportedError names a dataset whose elements are none of a tensor. */
export async function datasetTensor(
  dataset: WeightsDataset,
  of: Pick<StoredTensor, "name" | "layer" | "group" | "sharedWith">,
): Promise<StoredTensor> {
  const { shape } = dataset;
  const path = dataset.name ?? of.name;
  await refuseElsewhere(dataset, path);
  const dtype = await elementTypeOf(dataset, path);
  const read = async (signal?: AbortSignal): Promise<Uint8Array> => {
    const { data } = await dataset.asBytes().read(undefined, { signal });
    const bytes = data as Uint8Array;
    return isBigEndian(dataset.dtype.datatype) ? swapBytes(bytes, dtype) : bytes;
  };
  return { ...of, dtype, shape, bytes: bytesOf(dtype, shape), path, read };
}

/** As Keras does: what stands in other files, or is far larger than what is stored, is no weight. */
async function refuseElsewhere(dataset: WeightsDataset, path: string): Promise<void> {
  if (dataset.isVirtual || dataset.external.length > 0)
    throw new PolicyError("weights in other files are not read", { structure: "Dataset", path });
  if (dataset.nbytes <= FREE_BYTES) return;
  const stored = await dataset.storageSize();
  if (dataset.nbytes > MOST_RATIO * stored)
    throw new LimitError("declares far more than it stores", {
      structure: "Dataset",
      path,
      found: dataset.nbytes,
      allowed: `at most ${MOST_RATIO} times ${stored} bytes`,
    });
}

async function elementTypeOf(dataset: WeightsDataset, path: string): Promise<ElementType> {
  const type = dataset.dtype.datatype;
  const plain = typeByBits(type) ?? complexName(dataset.dtype.name);
  const named = type.size <= 2 ? await dtypeAttribute(dataset) : undefined;
  if (named !== undefined && bytesOf(named, [1]) === type.size) return named;
  // Early files of Keras 3 do not say what their opaque elements are; these are the only ones that it wrote.
  const found = plain ?? (type.class === "opaque" && type.size === 2 ? "bfloat16" : undefined);
  if (found !== undefined) return found;
  throw new UnsupportedError("has elements that no tensor has", {
    structure: "Dataset",
    path,
    found: String(dataset.dtype),
  });
}

async function dtypeAttribute(dataset: WeightsDataset): Promise<ElementType | undefined> {
  const value: AttributeValue | undefined = await dataset.attrs.get("dtype");
  return typeof value === "string" && isElementType(value) ? value : undefined;
}

const complexName = (name: string): ElementType | undefined =>
  name === "complex64" || name === "complex128" ? name : undefined;

function typeByBits(type: FileDatatype): ElementType | undefined {
  if (type.class === "enum") return type.size === 1 && isBool(type) ? "bool" : undefined;
  if (type.class === "integer") {
    const name = `${type.signed ? "" : "u"}int${8 * type.size}`;
    return type.precision === 8 * type.size && isElementType(name) ? name : undefined;
  }
  if (type.class !== "float" || type.order === "vax") return undefined;
  return FLOATS.get(`${type.size} ${type.exponentSize} ${type.mantissaSize} ${type.exponentBias}`);
}

/** By bytes, bits of exponent and mantissa, and bias. */
const FLOATS: ReadonlyMap<string, ElementType> = new Map([
  ["2 5 10 15", "float16"],
  ["2 8 7 127", "bfloat16"],
  ["4 8 23 127", "float32"],
  ["8 11 52 1023", "float64"],
  ["1 4 3 7", "float8_e4m3fn"],
  ["1 5 2 15", "float8_e5m2"],
  ["1 4 3 8", "float8_e4m3fnuz"],
  ["1 5 2 16", "float8_e5m2fnuz"],
]);

/** The enumeration that h5py makes of NumPy's bool. */
const isBool = ({ members }: Extract<FileDatatype, { class: "enum" }>): boolean =>
  members.length === 2 && members[0].name === "FALSE" && members[1].name === "TRUE";

function isBigEndian(type: FileDatatype): boolean {
  if (type.class === "integer" || type.class === "float") return type.order === "be";
  if (type.class === "enum" || type.class === "complex") return isBigEndian(type.base);
  return type.class === "compound" && isBigEndian(type.members[0].type);
}
