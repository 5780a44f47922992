/** Attributes as PyTables gives them: text, numbers, arrays; and what Python alone knows, out of pickles. */
import { textOf } from "@h5ts/pickle";
import { type AttributeInfo, type FileDatatype, type H5Object, isH5Error, UnsupportedError } from "h5ts";
import { withoutNuls } from "../python/numpy.ts";
import { fromPickle } from "../python/unpickle.ts";
import { numpyArray } from "../python/values.ts";
import { bytesAt, elementsOf } from "./raw-column.ts";

/** An open object. */
export type AnyNode = H5Object<"async">;

/** Attributes of one object, read once; each is decoded when it is asked for. */
export class NodeAttributes {
  private readonly infos: ReadonlyMap<string, AttributeInfo>;
  private readonly texts: ReadonlyMap<string, string>;

  private constructor(infos: ReadonlyMap<string, AttributeInfo>, texts: ReadonlyMap<string, string>) {
    this.infos = infos;
    this.texts = texts;
  }

  /** Those of an object. */
  static async of(object: AnyNode): Promise<NodeAttributes> {
    const infos = new Map((await object.attrs.infos()).map((info) => [info.name, info]));
    const texts = new Map<string, string>();
    for (const { name, datatype } of infos.values())
      if (datatype.class === "vlen" && datatype.kind === "string") {
        const value = await object.attrs.get(name);
        if (typeof value === "string") texts.set(name, value);
      }
    return new NodeAttributes(infos, texts);
  }

  /** Names of all. */
  get names(): string[] {
    return [...this.infos.keys()];
  }

  /** Whether there is one of that name. */
  has(name: string): boolean {
    return this.infos.has(name);
  }

  /**
   * A value in Python's terms; `undefined` where there is none of that name. UnsupportedError of pickles that name what is not
   * allowed, LimitError of those that are too large.
   */
  get(name: string): unknown {
    const info = this.infos.get(name);
    if (info === undefined) return undefined;
    const text = this.texts.get(name);
    if (text === undefined) return attributeOf(info);
    return info.datatype.class === "vlen" && info.datatype.charset === "ascii" ? new TextEncoder().encode(text) : text;
  }

  /** A text; `undefined` where there is none. */
  text(name: string): string | undefined {
    const value = this.get(name);
    return typeof value === "string" ? value : undefined;
  }

  /** System attributes are text in whatever character set. */
  systemText(name: string): string | undefined {
    const value = this.get(name);
    return value instanceof Uint8Array
      ? new TextDecoder("latin1").decode(value)
      : typeof value === "string"
        ? value
        : undefined;
  }

  /** The value of one that is a number. */
  number(name: string): number | undefined {
    const value = this.get(name);
    return typeof value === "number" || typeof value === "bigint" ? Number(value) : undefined;
  }
}

function attributeOf({ datatype, dataspace, data }: AttributeInfo): unknown {
  if (dataspace.kind === "null")
    return datatype.class !== "string" ? null : datatype.charset === "utf8" ? "" : new Uint8Array(0);
  const scalar = dataspace.dims.length === 0;
  if (scalar && datatype.class === "string")
    return datatype.charset === "utf8" ? textOf(untilNul(data, datatype)) : unpickled(withoutNuls(data).slice());
  // As PyTables, which has no scalars of enumerations.
  if (scalar && datatype.class === "enum") return null;
  const count = dataspace.dims.reduce((product, dim) => product * dim, 1);
  const { dtype, dims, values } = valuesOf(datatype, data, count);
  if (scalar && dims.length === 0) return values[0];
  return numpyArray(dtype, [...dataspace.dims, ...dims], values);
}

const untilNul = (data: Uint8Array, type: FileDatatype & { class: "string" }): Uint8Array => {
  if (type.padding !== "nullterm") return withoutNuls(data);
  const end = data.indexOf(0);
  return end < 0 ? data : data.subarray(0, end);
};

/** What Python wrote as a pickle; other bytes as they are. */
function unpickled(bytes: Uint8Array): unknown {
  if (bytes.at(-1) !== 0x2e || (bytes[0] === 0x30 && bytes.length <= 2)) return bytes;
  try {
    return fromPickle(bytes);
  } catch (error) {
    if (isH5Error(error, "FormatError")) return bytes;
    throw error;
  }
}

interface DecodedValues {
  readonly dtype: string;
  /** Axes that an array datatype adds. */
  readonly dims: readonly number[];
  readonly values: readonly unknown[];
}

/** Elements as values of Python's. */
export function valuesOf(type: FileDatatype, bytes: Uint8Array, count: number): DecodedValues {
  if (type.class === "array") {
    const inner = type.dims.reduce((product, dim) => product * dim, 1);
    const { dtype, values } = valuesOf(type.base, bytes, count * inner);
    return { dtype, dims: type.dims, values };
  }
  if (type.class === "compound" && !isComplex(type))
    return { dtype: "record", dims: [], values: records(type, bytes, count) };
  const column = { type, bytes, offset: 0, stride: type.size, count };
  const elements = elementsOf(column);
  const values = Array.from({ length: count }, (_, i) => valueAt(elements, i));
  return { dtype: dtypeName(elements.type, type.size), dims: [], values };
}

const isComplex = (type: FileDatatype & { class: "compound" }): boolean => {
  const names = type.members.map(({ name }) => name).join();
  return (names === "r,i" || names === "real,imag") && type.members.every((member) => member.type.class === "float");
};

function records(type: FileDatatype & { class: "compound" }, bytes: Uint8Array, count: number): unknown[] {
  return Array.from({ length: count }, (_, i) => ({
    kind: "record",
    fields: new Map(
      type.members.map(({ name, offset, type: member }) => {
        const at = i * type.size + offset;
        const { dims, dtype, values } = valuesOf(member, bytes.subarray(at, at + member.size), 1);
        return [name, dims.length === 0 ? values[0] : numpyArray(dtype, dims, values)];
      }),
    ),
  }));
}

/** An element as a value of Python's. */
export function valueAt(elements: ReturnType<typeof elementsOf>, i: number): unknown {
  switch (elements.type) {
    case "bool":
      return elements.data[i] !== 0;
    case "string":
      return bytesAt(elements.data, i).slice();
    case "complex64":
    case "complex128":
      return { kind: "complex", real: elements.data[2 * i], imag: elements.data[2 * i + 1] };
    case "float16":
    case "float32":
    case "float64":
    case "time64":
      return elements.data[i];
    default:
      return BigInt(elements.data[i]);
  }
}

/** NumPy's `dtype.str` of PyTables' type. */
function dtypeName(type: string, size: number): string {
  if (type === "string") return `|S${size}`;
  if (type === "bool") return "|b1";
  const [, kind, bits] = /^([a-z]+)(\d+)$/.exec(type)!;
  const bytes = Number(bits) / 8;
  return `${bytes === 1 ? "|" : "<"}${kind === "time" ? (bits === "32" ? "i" : "f") : kind[0]}${bytes}`;
}

/** UnsupportedError with the object's path, where an attribute must be what it is not. */
export function wrongAttribute(object: AnyNode, name: string, found: unknown): never {
  throw new UnsupportedError(`attribute ${JSON.stringify(name)} is not as pandas writes it`, {
    structure: "pandas object",
    path: object.name,
    found: found === undefined ? "nothing" : String(found).slice(0, 80),
  });
}
