/** Extent, chunks and layout of a new dataset, by h5py's rules. */
import type { ExternalFile, NewDataset, NewLayout } from "../../contract.ts";
import { ShapeError } from "../../errors.ts";
import type { DatasetOptions } from "./dataset-options.ts";
import { guessChunk, guessedSize } from "./guess-chunk.ts";
import { wantsFilters } from "./new-pipeline.ts";
import type { DatasetRequest } from "./virtual-options.ts";

type Dataspace = NewDataset["dataspace"];

const inWords = (shape: readonly (number | null)[]): string => `[${shape.join(", ")}]`;

/** A shape that may be written as a number. ShapeError unless it is of whole numbers from 0 on. */
export function shapeOf(shape: readonly number[] | number, what = "shape"): number[] {
  const dims = typeof shape === "number" ? [shape] : [...shape];
  if (dims.every((dim) => Number.isSafeInteger(dim) && dim >= 0)) return dims;
  throw new ShapeError(`the ${what} must be of whole numbers from 0 on`, { found: inWords(dims) });
}

export function dataspaceOf(dims: readonly number[] | null): Dataspace {
  if (dims === null) return { kind: "null", dims: [], maxDims: [] };
  return dims.length === 0 ? { kind: "scalar", dims, maxDims: dims } : { kind: "simple", dims, maxDims: dims };
}

/** The dataspace with what it may grow to. */
export function growing(space: Dataspace, maxShape: DatasetOptions["maxShape"]): Dataspace {
  const { dims, kind } = space;
  if (maxShape === undefined) return space;
  const given = maxShape === true ? dims.map(() => null) : typeof maxShape === "number" ? [maxShape] : maxShape;
  if (kind !== "simple") {
    if (given.length === 0) return space;
    throw new ShapeError(`${kind === "null" ? "empty" : "scalar"} datasets cannot be extended`);
  }
  sameRank(given, dims, "maxShape");
  const maxDims = given.map((dim) => dim ?? Number.POSITIVE_INFINITY);
  if (maxDims.every((dim, axis) => dim >= dims[axis])) return { kind, dims, maxDims };
  throw new ShapeError("maxShape is less than the shape", { found: inWords(given), allowed: inWords(dims) });
}

function sameRank(given: readonly unknown[], dims: readonly number[], what: string): void {
  if (given.length === dims.length) return;
  throw new ShapeError(`${what} must have as many axes as the shape`, {
    found: given.length,
    allowed: `${dims.length}`,
  });
}

export function externalFiles(external: DatasetOptions["external"]): ExternalFile[] {
  if (external === undefined) return [];
  if (typeof external === "string") return [{ name: external, offset: 0, size: Number.POSITIVE_INFINITY }];
  return external.map((each) => {
    if ("name" in each) return each;
    const [name, offset, size] = each;
    return { name, offset, size };
  });
}

/** The layout that the options ask for, or need. */
export function layoutFor(options: DatasetRequest, space: Dataspace, type: NewDataset["datatype"]): NewLayout {
  if (options.mappings !== undefined) return { class: "virtual", mappings: options.mappings };
  const itemsize = guessedSize(type);
  const chunk = chunkFor(options, space, itemsize);
  const { layout = chunk === undefined ? "contiguous" : "chunked" } = options;
  if (layout === "chunked") return { class: "chunked", chunk: chunk ?? guessChunk(chunkable(space), itemsize) };
  if (chunk === undefined) return { class: layout };
  throw new ShapeError("chunked layout is needed for the options given", { found: layout });
}

/** The chunk, where there must be one. */
function chunkFor(options: DatasetOptions, space: Dataspace, itemsize: number): readonly number[] | undefined {
  const { chunks, maxShape, external } = options;
  const needed = wantsFilters(options) || (maxShape !== undefined && external === undefined);
  if (space.kind !== "simple") {
    const none = chunks === undefined || chunks === false || (typeof chunks === "object" && chunks.length === 0);
    if (none && !wantsFilters(options)) return undefined;
    const kind = space.kind === "null" ? "empty" : "scalar";
    throw new ShapeError(`${kind} datasets don't support chunk and filter options`);
  }
  if (chunks === false && needed)
    throw new ShapeError("chunked layout is needed for the options given", { found: false });
  if (chunks === true || (chunks === undefined && needed)) return guessChunk(chunkable(space), itemsize);
  if (chunks === undefined || chunks === false) return undefined;
  const chunk = shapeOf(chunks, "chunk shape");
  sameRank(chunk, space.dims, "chunks");
  fits(chunk, space, maxShape === undefined);
  return chunk;
}

/** Axes to be divided. */
function chunkable({ kind, dims }: Dataspace): readonly number[] {
  if (kind === "simple") return dims;
  throw new ShapeError("chunks need a dataset with axes", { found: kind });
}

function fits(chunk: readonly number[], { dims, maxDims }: Dataspace, fixed: boolean): void {
  const most = fixed ? dims : maxDims;
  if (chunk.every((size, axis) => size <= most[axis])) return;
  throw new ShapeError("chunks must not be greater than the dataset in any dimension", {
    found: inWords(chunk),
    allowed: `at most ${inWords(most)}`,
  });
}
