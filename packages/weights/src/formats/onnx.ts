/** ONNX: initialisers of a model's graph, by the wire format of protocol buffers (onnx.proto3, TensorProto). */
import { FormatError, UnsupportedError } from "h5ts";
import { type ByteSource, joined } from "../byte-source.ts";
import { bytesOf, type ElementType } from "../dtypes.ts";
import type { ModelFile, Siblings, StoredTensor } from "../model-file.ts";

const STRUCTURE = "ONNX model";
/** Field numbers. */
const MODEL_GRAPH = 7;
const GRAPH_INITIALIZER = 5;
const TENSOR = {
  dims: 1,
  type: 2,
  floats: 4,
  ints: 5,
  longs: 7,
  name: 8,
  raw: 9,
  doubles: 10,
  unsigned: 11,
  external: 13,
  location: 14,
};

/** Types by their numbers in TensorProto.DataType. */
const TYPES: Readonly<Record<number, ElementType>> = {
  1: "float32",
  2: "uint8",
  3: "int8",
  4: "uint16",
  5: "int16",
  6: "int32",
  7: "int64",
  9: "bool",
  10: "float16",
  11: "float64",
  12: "uint32",
  13: "uint64",
  14: "complex64",
  15: "complex128",
  16: "bfloat16",
  17: "float8_e4m3fn",
  18: "float8_e4m3fnuz",
  19: "float8_e5m2",
  20: "float8_e5m2fnuz",
  21: "uint4",
  22: "int4",
  23: "float4_e2m1",
  24: "float8_e8m0fnu",
};

/** Models in memory at most, in bytes: protocol buffers have no index. */
const MOST = 2 ** 31;

export async function openOnnx(source: ByteSource, siblings: Siblings, signal?: AbortSignal): Promise<ModelFile> {
  if (source.size > MOST)
    throw new UnsupportedError("is larger than a protocol buffer can be", { structure: STRUCTURE, found: source.size });
  const bytes = await source.read(0, source.size, signal);
  const tensors: StoredTensor[] = [];
  for (const graph of fieldsOf(bytes)) {
    if (graph.number !== MODEL_GRAPH || graph.bytes === undefined) continue;
    for (const field of fieldsOf(graph.bytes)) {
      if (field.number === GRAPH_INITIALIZER && field.bytes !== undefined)
        tensors.push(tensorOf(field.bytes, siblings));
    }
  }
  return { format: "onnx", tensors, metadata: {}, close: () => source.close() };
}

interface Field {
  readonly number: number;
  /** Of fields of bytes. */
  readonly bytes?: Uint8Array;
  /** Of numbers, in the order of their bytes. */
  readonly value?: bigint;
}

function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= bytes.length) break;
      const byte = bytes[at++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    return fail("has a number that does not end");
  };
  const take = (length: number): Uint8Array => {
    if (!(at + length <= bytes.length)) return fail("runs past the end of the file", length);
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    const wire = tag & 7;
    if (wire === 0) yield { number, value: varint() };
    else if (wire === 2) yield { number, bytes: take(Number(varint())) };
    else if (wire === 1) yield { number, bytes: take(8) };
    else if (wire === 5) yield { number, bytes: take(4) };
    else fail("has a field of an unknown kind", wire);
  }
}

function fail(reason: string, found?: unknown): never {
  throw new FormatError(reason, { structure: STRUCTURE, found });
}

/** Numbers of a repeated field: packed, or one by one. */
function numbers(fields: readonly Field[], number: number): bigint[] {
  const found: bigint[] = [];
  for (const field of fields) {
    if (field.number !== number) continue;
    if (field.value !== undefined) found.push(field.value);
    else if (field.bytes !== undefined) for (const value of varints(field.bytes)) found.push(value);
  }
  return found;
}

function* varints(bytes: Uint8Array): Generator<bigint> {
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    yield BigInt.asUintN(64, value);
    value = 0n;
    shift = 0n;
  }
}

function tensorOf(message: Uint8Array, siblings: Siblings): StoredTensor {
  const fields = [...fieldsOf(message)];
  const text = (number: number): string =>
    new TextDecoder().decode(fields.find((field) => field.number === number)?.bytes);
  const name = text(TENSOR.name);
  const shape = numbers(fields, TENSOR.dims).map(Number);
  const code = Number(numbers(fields, TENSOR.type)[0] ?? 0n);
  const dtype = Object.hasOwn(TYPES, code) ? TYPES[code] : undefined;
  if (dtype === undefined)
    throw new UnsupportedError("has an initializer of a type that is no number", {
      structure: STRUCTURE,
      path: name,
      found: code,
    });
  const bytes = Math.ceil(bytesOf(dtype, shape));
  const read = async (signal?: AbortSignal): Promise<Uint8Array> => {
    const external = numbers(fields, TENSOR.location)[0] === 1n;
    const elements = external ? await readExternal(fields, bytes, siblings, signal) : elementsIn(fields, dtype);
    return elements.length === bytes
      ? elements
      : fail(`has as many bytes of ${JSON.stringify(name)} as its shape does not`, elements.length);
  };
  return { name, dtype, shape, bytes, read };
}

/** Elements in the message: raw, or in the field that holds their type. */
function elementsIn(fields: readonly Field[], dtype: ElementType): Uint8Array {
  const raw = fields.find(({ number }) => number === TENSOR.raw)?.bytes;
  if (raw !== undefined) return raw;
  const fixed =
    dtype === "float32" || dtype === "complex64"
      ? TENSOR.floats
      : dtype === "float64" || dtype === "complex128"
        ? TENSOR.doubles
        : undefined;
  if (fixed !== undefined)
    return joined(
      fields.filter(({ number, bytes }) => number === fixed && bytes !== undefined).map(({ bytes }) => bytes!),
    );
  const field =
    dtype === "int64" ? TENSOR.longs : dtype === "uint64" || dtype === "uint32" ? TENSOR.unsigned : TENSOR.ints;
  const width = bytesOf(dtype, [1]);
  const values = numbers(fields, field);
  // Two elements of four bits come in one number.
  const output = new Uint8Array(Math.ceil(values.length * Math.max(1, width)));
  const step = Math.max(1, width);
  values.forEach((value, i) => {
    for (let k = 0; k < step; k++) output[i * step + k] = Number((value >> BigInt(8 * k)) & 0xffn);
  });
  return output;
}

async function readExternal(
  fields: readonly Field[],
  bytes: number,
  siblings: Siblings,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const entries = new Map(
    fields
      .filter(({ number }) => number === TENSOR.external)
      .map(({ bytes: entry = new Uint8Array(0) }) => {
        const [key, value] = [1, 2].map((number) =>
          new TextDecoder().decode([...fieldsOf(entry)].find((one) => one.number === number)?.bytes),
        );
        return [key, value] as const;
      }),
  );
  const file = await siblings(entries.get("location") ?? "");
  try {
    return await file.read(Number(entries.get("offset") ?? 0), Number(entries.get("length") ?? bytes), signal);
  } finally {
    await file.close();
  }
}
