/** Tables of Arrow's as core's columns: what adapters of other tables exchange. */
import type { Data, DataType, Field, Table, Vector } from "apache-arrow";
import { type Column, type Columns, DType, dtype, type Logical, UnsupportedError } from "h5ts";
import { type Arrow, loadArrow, unpackBits, validityOf } from "./arrow.ts";
import { fromHalf } from "./codecs/half.ts";
import { PERIOD_KEY } from "./columns-to-arrow.ts";
import { valuesOf } from "./values.ts";

/** A table as columns, its metadata as attributes. UnsupportedError of types that columns do not have. */
export async function arrowToColumns(table: Table): Promise<Columns> {
  const arrow = await loadArrow();
  const attrs: Record<string, unknown> = Object.create(null);
  for (const [name, value] of table.schema.metadata) attrs[name] = value;
  const columns = table.schema.fields.map((field, i) => {
    const pieces = table.batches.map((batch) => batch.data.children[i].slice(0, batch.numRows));
    return columnOfPieces(arrow, field, pieces as Data[]);
  });
  return { length: table.numRows, columns, attrs };
}

const UNITS = ["s", "ms", "us", "ns"] as const;

function columnOfPieces(arrow: Arrow, field: Field, pieces: readonly Data[]): Column {
  const { DataType: is } = arrow;
  const { name } = field;
  const type = field.type as DataType;
  const validity = joinedValidity(pieces);
  const common = { name, ...(validity === undefined ? {} : { validity }) };
  const plain = (type_: string, logical?: Logical): Column => ({
    ...common,
    dtype: DType.from(type_),
    data: joined(pieces.map(({ values, length, offset: _ }) => values.subarray(0, length))) as Column["data"],
    ...(logical === undefined ? {} : { logical }),
  });
  if (is.isBool(type))
    return {
      ...common,
      dtype: DType.from("bool"),
      data: joined(
        pieces.map((piece) => unpackBits(piece.values, piece.offset, piece.length)),
      ) as Uint8Array<ArrayBuffer>,
    };
  if (is.isInt(type)) {
    const period = field.metadata.get(PERIOD_KEY);
    return plain(
      `${type.isSigned ? "" : "u"}int${type.bitWidth}`,
      period === undefined ? undefined : { kind: "period", unit: period },
    );
  }
  if (is.isFloat(type)) {
    if (type.precision !== arrow.Precision.HALF)
      return plain(type.precision === arrow.Precision.SINGLE ? "float32" : "float64");
    return {
      ...common,
      dtype: DType.from("float16"),
      data: joined(
        pieces.map(({ values, length }) => fromHalf(values.subarray(0, length))),
      ) as Float32Array<ArrayBuffer>,
    };
  }
  return otherColumn(arrow, field, pieces, common, plain);
}

function otherColumn(
  arrow: Arrow,
  { name, type }: Field,
  pieces: readonly Data[],
  common: Common,
  plain: (type: string, logical?: Logical) => Column,
): Column {
  const { DataType: is } = arrow;
  if (is.isTimestamp(type))
    return plain("int64", {
      kind: "timestamp",
      unit: UNITS[type.unit],
      ...(type.timezone ? { zone: zoneName(type.timezone) } : {}),
    });
  if (is.isDuration(type)) return plain("int64", { kind: "duration", unit: UNITS[type.unit] });
  if (is.isUtf8(type) || is.isLargeUtf8(type) || is.isUtf8View(type))
    return {
      ...common,
      dtype: dtype.string(),
      data: pieces.flatMap((piece) => Array.from(valuesOf(arrow, piece), (text) => (text ?? "") as string)),
    };
  if (is.isDate(type)) return dates(arrow, common, pieces, type.unit === arrow.DateUnit.DAY);
  if (is.isDictionary(type)) return categories(arrow, common, type.isOrdered, pieces);
  if (is.isStruct(type)) return structColumn(arrow, common, type.children, pieces);
  throw new UnsupportedError("is of a type that columns do not have", {
    structure: "Arrow column",
    path: name,
    found: String(type),
  });
}

type Common = Pick<Column, "name" | "validity">;
type Numbers = { readonly length: number; set(from: never, at: number): void; readonly constructor: unknown };

/** Pieces of one kind of array, behind one another. */
function joined(pieces: readonly Numbers[]): Numbers {
  if (pieces.length === 1) return pieces[0];
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const Maker = (pieces[0]?.constructor ?? Uint8Array) as new (length: number) => Numbers;
  const out = new Maker(length);
  let at = 0;
  for (const piece of pieces) {
    out.set(piece as never, at);
    at += piece.length;
  }
  return out;
}

function joinedValidity(pieces: readonly Data[]): Uint8Array | undefined {
  const valid = pieces.map(validityOf);
  if (valid.every((one) => one === undefined)) return undefined;
  return joined(
    pieces.map(({ length }, i) => valid[i] ?? new Uint8Array(length).fill(1)) as unknown as Numbers[],
  ) as unknown as Uint8Array;
}

/** Arrow writes offsets alone. */
const zoneName = (zone: string): string => (/^[+-]\d\d:?\d\d$/.test(zone) ? `UTC${zone}` : zone);

function dates(arrow: Arrow, common: Common, pieces: readonly Data[], days: boolean): Column {
  const counts = pieces.flatMap((piece) => Array.from(valuesOf(arrow, piece), (one) => BigInt((one ?? 0) as number)));
  const logical: Logical = days ? { kind: "date", unit: "D" } : { kind: "timestamp", unit: "ms" };
  return { ...common, dtype: DType.from("int64"), data: BigInt64Array.from(counts), logical };
}

/** Batches may have categories of their own: these become one list. */
function categories(arrow: Arrow, common: Common, ordered: boolean, pieces: readonly Data[]): Column {
  const vectors = [...new Set(pieces.map(({ dictionary }) => dictionary as Vector))];
  const type = vectors[0]?.type as DataType | undefined;
  const field = new arrow.Field("categories", type ?? new arrow.Utf8(), true);
  const single = vectors.length === 1;
  const known = new Map<unknown, number>();
  const moved = new Map(
    vectors.map((vector) => {
      const words = vector.data.flatMap((piece) => Array.from(valuesOf(arrow, piece as Data)));
      for (const word of words) if (!known.has(word)) known.set(word, known.size);
      return [vector, words.map((word) => known.get(word) ?? 0)];
    }),
  );
  const codes = pieces.map(({ values, length, dictionary }) => {
    const places = single ? undefined : moved.get(dictionary as Vector);
    const own = values.subarray(0, length) as Int32Array;
    return places === undefined ? own : Int32Array.from(own, (code) => places[code] ?? 0);
  });
  const data = joined(codes as unknown as Numbers[]) as unknown as Int32Array<ArrayBuffer>;
  const words = single
    ? columnOfPieces(arrow, field, vectors[0].data as Data[])
    : columnOfPieces(arrow, field, [
        arrow.vectorFromArray([...known.keys()] as string[], field.type as never).data[0] as Data,
      ]);
  return {
    ...common,
    dtype: DType.from(nameOf(data)),
    data,
    dictionary: words,
    logical: { kind: "categorical", ordered },
  };
}

const nameOf = (data: object): string =>
  data.constructor.name
    .replace(/Array$/, "")
    .replace(/^Big/, "")
    .toLowerCase();

/** Of `r` and `i`, two floats of one width, complex numbers. */
function structColumn(arrow: Arrow, common: Common, fields: readonly Field[], pieces: readonly Data[]): Column {
  const children = fields.map((field, i) =>
    columnOfPieces(
      arrow,
      field,
      pieces.map((piece) => piece.children[i] as Data),
    ),
  );
  const [real, imag] = children;
  const isComplex =
    fields.map(({ name }) => name).join() === "r,i" &&
    real.dtype.name === imag.dtype.name &&
    /^float(32|64)$/.test(real.dtype.name);
  if (!isComplex)
    return {
      ...common,
      dtype: dtype.compound(children.map((child) => [child.name, child.dtype] as const)),
      data: Object.fromEntries(children.map(({ name, data }) => [name, data])) as Column["data"],
      children,
    };
  const [reals, imags] = [real.data as Float64Array, imag.data as Float64Array];
  const pairs = new (real.dtype.name === "float32" ? Float32Array : Float64Array)(2 * reals.length);
  for (let i = 0; i < reals.length; i++) {
    pairs[2 * i] = reals[i];
    pairs[2 * i + 1] = imags[i];
  }
  return { ...common, dtype: DType.from(real.dtype.name === "float32" ? "complex64" : "complex128"), data: pairs };
}
