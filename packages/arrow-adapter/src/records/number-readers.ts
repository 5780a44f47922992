/** Numbers out of records as they stand in the file: each loop moves words of one width, which keeps all bits. */
import { DType, type TypedArray } from "h5ts";
import { numbersFor } from "../elements.ts";
import { unsetNumbers } from "./memory.ts";

/** Bytes of records that are read at once. */
export interface RecordBlock {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
}

/** Takes one member out of records. */
export interface MemberReader {
  /** Of `count` records, each `stride` bytes behind the one before, the first member at `at`; to row `row` and those behind it. */
  put(block: RecordBlock, at: number, stride: number, row: number, count: number): void;
}

/** A member that is read into a typed array. */
export interface NumberReader extends MemberReader {
  readonly values: TypedArray;
}

/** A reader of `rows` numbers of the datatype; `undefined` where their bytes are not those of a typed array. */
export function numberReader(dtype: DType, rows: number): NumberReader | undefined {
  const order = orderOf(dtype);
  if (order === undefined) return undefined;
  const like = dtype.name === "float16" ? HALVES : numbersFor(dtype.datatype);
  if (like?.BYTES_PER_ELEMENT !== dtype.itemsize) return undefined;
  const values = unsetNumbers(like, rows);
  return { values, put: moverOf(values, order !== ">") };
}

/** Floats of 16 bits are their bits, as in Arrow. */
const HALVES = new Uint16Array(0);

const CODE = /^([<>|])([iufMm][1248](?:\[\d*\w+\])?)$/;

/** Byte order of integers, floats and times that fill their bytes; of enumerations that of their values. */
function orderOf(dtype: DType): string | undefined {
  if (dtype.name === "bool") return "|";
  if (dtype.class === "enum") return orderOf(dtype.base!);
  if (dtype.class !== "integer" && dtype.class !== "float" && dtype.unit === undefined) return undefined;
  const code = CODE.exec(String(dtype));
  return code !== null && DType.from(code[0]).equals(dtype) ? code[1] : undefined;
}

type Mover = MemberReader["put"];

function moverOf({ buffer, byteOffset, byteLength, BYTES_PER_ELEMENT }: TypedArray, little: boolean): Mover {
  switch (BYTES_PER_ELEMENT) {
    case 1:
      return bytesMover(new Uint8Array(buffer, byteOffset, byteLength));
    case 2:
      return halvesMover(new Uint16Array(buffer, byteOffset, byteLength / 2), little);
    case 4:
      return wordsMover(new Int32Array(buffer, byteOffset, byteLength / 4), little);
    default:
      return doublesMover(new Int32Array(buffer, byteOffset, byteLength / 4), little);
  }
}

const bytesMover =
  (target: Uint8Array): Mover =>
  ({ bytes }, at, stride, row, count) => {
    for (let i = row; i < row + count; i++, at += stride) target[i] = bytes[at];
  };

const halvesMover =
  (target: Uint16Array, little: boolean): Mover =>
  ({ view }, at, stride, row, count) => {
    for (let i = row; i < row + count; i++, at += stride) target[i] = view.getUint16(at, little);
  };

const wordsMover =
  (target: Int32Array, little: boolean): Mover =>
  ({ view }, at, stride, row, count) => {
    for (let i = row; i < row + count; i++, at += stride) target[i] = view.getInt32(at, little);
  };

/** The low half first, as in memory; machines that have it last have no JavaScript. */
const doublesMover =
  (target: Int32Array, little: boolean): Mover =>
  ({ view }, at, stride, row, count) => {
    const [low, high] = little ? [0, 4] : [4, 0];
    for (let i = row * 2; i < (row + count) * 2; i += 2, at += stride) {
      target[i] = view.getInt32(at + low, little);
      target[i + 1] = view.getInt32(at + high, little);
    }
  };
