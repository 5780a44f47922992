/** Datasets of HDF5 files as tensors: the element types of machine learning in HDF5's words. */
import {
  type AttributeValue,
  type Dataset,
  type FileDatatype,
  FormatError,
  LimitError,
  PolicyError,
  type Result,
  slice,
  UnsupportedError,
} from "h5ts";
import { bytesOf, type ElementType, isElementType, swapBytes } from "./dtypes.ts";
import { parseJson } from "./json.ts";
import type { StoredTensor } from "./model-file.ts";
import { boxesOf } from "./pieces.ts";

/** A dataset of an open file. */
export type WeightsDataset = Dataset<"async">;

/** Bytes that a dataset may declare freely; above, they must be stored at {@link MOST_RATIO} or less. */
const FREE_BYTES = 4 * 2 ** 30;
const MOST_RATIO = 1000;

/** Attributes beside a dataset: what HDF5 cannot say of a tensor, or a path not of its name. */
export const ATTRIBUTES = { dtype: "dtype", name: "tensor_name", shape: "tensor_shape" } as const;

/** The tensor of a dataset. UnsupportedError names a dataset whose elements are none of a tensor. */
export async function datasetTensor(
  dataset: WeightsDataset,
  of: Pick<StoredTensor, "name" | "layer" | "group" | "sharedWith" | "sameAs">,
): Promise<StoredTensor> {
  const path = dataset.name ?? of.name;
  await refuseElsewhere(dataset, path);
  const name = of.sameAs === undefined ? await nameAttribute(dataset, path) : undefined;
  const packed = await packedTensor(dataset, path);
  const dtype = packed?.dtype ?? (await elementTypeOf(dataset, path));
  const bytes = Math.ceil(bytesOf(dtype, packed?.shape ?? dataset.shape));
  return {
    ...of,
    ...(name === undefined ? {} : { name }),
    dtype,
    shape: packed?.shape ?? dataset.shape,
    bytes,
    path,
    ...readers(dataset, dtype),
  };
}

/** Elements whole, and in pieces: boxes of the dataset that follow one another, along its chunks where it has some. */
function readers(dataset: WeightsDataset, dtype: ElementType): Pick<StoredTensor, "read" | "pieces"> {
  const { shape } = dataset;
  const bigEndian = isBigEndian(dataset.dtype.datatype);
  const width = dataset.dtype.itemsize;
  const view = dataset.asBytes();
  const fixed = (bytes: Uint8Array): Uint8Array => (bigEndian ? swapBytes(bytes, dtype) : bytes);
  return {
    read: async (signal) => fixed((await view.read(undefined, { signal })).data as Uint8Array),
    async *pieces(most, signal) {
      for (const { start, count } of boxesOf(shape, most / width, dataset.chunks ?? undefined)) {
        const box = start.map((first, d) => slice(first, first + count[d]));
        yield fixed((await view.read(box, { signal })).data as Uint8Array);
      }
    },
  };
}

/** Elements below a byte, which HDF5 has no type for: bytes that attributes tell the meaning of. */
async function packedTensor(
  dataset: WeightsDataset,
  path: string,
): Promise<{ readonly dtype: ElementType; readonly shape: readonly number[] } | undefined> {
  if (dataset.ndim !== 1 || dataset.dtype.name !== "uint8" || !(await dataset.attrs.has(ATTRIBUTES.shape)))
    return undefined;
  const dtype = await textAttribute(dataset, ATTRIBUTES.dtype);
  const value = await dataset.attrs.get(ATTRIBUTES.shape);
  const shape = Array.from((value as Result | undefined)?.data as ArrayLike<number | bigint>, Number);
  if (dtype === undefined || !isElementType(dtype) || Math.ceil(bytesOf(dtype, shape)) !== dataset.size)
    throw new FormatError("has other bytes than its attributes say", { structure: "Dataset", path, found: dtype });
  return { dtype, shape };
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
  const value = await textAttribute(dataset, ATTRIBUTES.dtype);
  return value !== undefined && isElementType(value) ? value : undefined;
}

/** A name that no path can be: as JSON, since texts of HDF5 end at a NUL. */
async function nameAttribute(dataset: WeightsDataset, path: string): Promise<string | undefined> {
  const text = await textAttribute(dataset, ATTRIBUTES.name);
  if (text === undefined) return undefined;
  const name = parseJson(text, `Attribute ${ATTRIBUTES.name}`);
  if (typeof name === "string") return name;
  throw new FormatError("is no name", { structure: `Attribute ${ATTRIBUTES.name}`, path, found: text });
}

async function textAttribute(dataset: WeightsDataset, name: string): Promise<string | undefined> {
  const value: AttributeValue | undefined = await dataset.attrs.get(name);
  return typeof value === "string" ? value : undefined;
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
