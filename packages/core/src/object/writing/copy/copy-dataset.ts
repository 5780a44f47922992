/** Copies of datasets: their elements go in parts of a few megabytes, stored chunks as they are. */
import type { ChunkInfo, DatasetInfo, NewDataset, NewLayout } from "../../../contract.ts";
import { makeSink } from "../../../data/codecs/make-sink.ts";
import { sizedType } from "../../../data/dtype/sized.ts";
import { BytesSink, BytesSource } from "../../../data/raw-elements.ts";
import { makeResult } from "../../../data/result.ts";
import type { Selection } from "../../../data/selection/selection.ts";
import type { Source } from "../../../data/source.ts";
import { sourceFor } from "../../../data/writing/write-value.ts";
import { all } from "../../../steps/all.ts";
import type { Steps } from "../../../steps/steps.ts";
import { readFillValue } from "../../fill-value.ts";
import type { Mode } from "../../mode.ts";
import type { Session } from "../../session.ts";
import type { Address } from "../edit.ts";
import { newObject } from "./as-object.ts";
import type { Copier } from "./copier.ts";
import { copyAttributes } from "./copy-attributes.ts";
import { isPlainCopy } from "./elements.ts";
import { exactType } from "./exact-type.ts";
import { movedReferences } from "./moved-references.ts";
import { chunkParts, parts } from "./parts.ts";
import { storedAlike, storedOtherwise } from "./stored-otherwise.ts";

/** Bytes of stored chunks that are read at once; and how many chunks. */
const BATCH_BYTES = 8 << 20;
const BATCH = 64;

/** Elements that are to be copied. */
export interface MoveElements {
  readonly path: string;
  move(): Steps<void>;
}

export function* copyDataset(copier: Copier, from: Session<Mode>, info: DatasetInfo, path: string): Steps<Address> {
  const { editor } = copier.edit;
  const committed = info.committed === undefined ? undefined : yield* copier.committed(from, info.committed);
  const stored = copier.options.stored?.(path, info);
  const asked = yield* newDataset(copier, from, info, committed);
  const copy = yield* editor.createDataset(
    stored === undefined ? asked : yield* storedOtherwise(copier, info, asked, stored),
  );
  copier.used(committed);
  copier.made(from, info, copy);
  if (yield* hasElements(from, info)) {
    const move = (): Steps<void> => moveAll(copier, from, info, copy);
    if (copier.later === undefined) yield* move();
    else copier.later.push({ path, move });
  }
  yield* copyAttributes(copier, from, info, copy);
  return copy;
}

function* moveAll(copier: Copier, from: Session<Mode>, info: DatasetInfo, copy: Address): Steps<void> {
  const target = (yield* copier.edit.reader.object(copy)) as DatasetInfo;
  if (canMoveChunks(copier, from, info) && storedAlike(info, target)) yield* moveChunks(copier, from, info, target);
  else yield* moveElements(copier, from, info, target);
}

function* newDataset(
  copier: Copier,
  from: Session<Mode>,
  info: DatasetInfo,
  committed: Address | undefined,
): Steps<NewDataset> {
  const { sizes } = copier.edit.reader.info;
  const datatype = sizedType(info.datatype, sizes);
  const { pipeline, external, dataspace } = info;
  return {
    ...newObject(info),
    datatype,
    ...(committed === undefined ? {} : { committed }),
    dataspace: { ...dataspace, version: undefined },
    layout: yield* layoutOf(from, info),
    pipeline: { filters: pipeline.filters },
    ...(yield* fillOf(copier, from, info, datatype)),
    external,
  };
}

function* layoutOf(from: Session<Mode>, info: DatasetInfo): Steps<NewLayout> {
  const { layout } = info;
  switch (layout.class) {
    case "chunked":
      return { class: "chunked", chunk: layout.chunk };
    case "virtual":
      return { class: "virtual", mappings: yield* from.reader.virtualMappings(info) };
    default:
      return { class: layout.class };
  }
}

function* fillOf(
  copier: Copier,
  from: Session<Mode>,
  info: DatasetInfo,
  datatype: DatasetInfo["datatype"],
): Steps<Pick<NewDataset, "fill" | "fillSource">> {
  const fill = { ...info.fill, version: undefined };
  if (fill.defined !== "user" || isPlainCopy(copier, from, info.datatype)) return { fill };
  const exact = { ...info, datatype: exactType(info.datatype) };
  const value = yield* readFillValue(from.node(exact, undefined, undefined));
  const { sizes } = copier.edit.reader.info;
  return { fill: { ...fill, value: undefined }, fillSource: sourceFor(value, exactType(datatype), [], { sizes }) };
}

/** Files outside keep their elements, and so do the sources of virtual datasets. */
function* hasElements(from: Session<Mode>, info: DatasetInfo): Steps<boolean> {
  const { dataspace, layout, external } = info;
  if (dataspace.kind === "null" || layout.class === "virtual" || external.length > 0) return false;
  return layout.class === "compact" || (yield* from.reader.storageSize(info)) > 0;
}

function canMoveChunks(copier: Copier, from: Session<Mode>, { layout, datatype }: DatasetInfo): boolean {
  return layout.class === "chunked" && !layout.edgeUnfiltered && isPlainCopy(copier, from, datatype);
}

function* moveChunks(copier: Copier, from: Session<Mode>, info: DatasetInfo, to: DatasetInfo): Steps<void> {
  const { editor } = copier.edit;
  const chunks = yield* from.reader.chunks(info);
  for (const batch of batches(chunks)) {
    const stored = yield* all(batch.map((chunk) => from.reader.storedChunk(info, chunk)));
    for (let i = 0; i < batch.length; i++) {
      yield* editor.writeStoredChunk(to, batch[i].offset, batch[i].filterMask, stored[i]);
    }
  }
}

function* batches(chunks: readonly ChunkInfo[]): IterableIterator<readonly ChunkInfo[]> {
  for (let from = 0, to = 0; from < chunks.length; from = to) {
    let bytes = 0;
    while (to < chunks.length && to - from < BATCH && (to === from || bytes + chunks[to].size <= BATCH_BYTES)) {
      bytes += chunks[to++].size;
    }
    yield chunks.slice(from, to);
  }
}

function* moveElements(copier: Copier, from: Session<Mode>, info: DatasetInfo, to: DatasetInfo): Steps<void> {
  const { editor } = copier.edit;
  const plain = isPlainCopy(copier, from, info.datatype);
  const each = info.layout.class === "chunked" ? chunkParts(info, yield* from.reader.chunks(info)) : parts(info);
  for (const part of each) {
    const source = plain ? yield* bytesOf(from, info, part) : yield* valuesOf(copier, from, info, to, part);
    yield* editor.write(to, part, source);
  }
}

function* bytesOf({ reader }: Session<Mode>, info: DatasetInfo, part: Selection): Steps<Source> {
  const { size } = info.datatype;
  const sink = new BytesSink(part.count, size, info.fill.value);
  yield* reader.read(info, part, sink);
  return new BytesSource(sink.direct, size);
}

/** Elements that refer to heap objects, or to other objects. */
function* valuesOf(
  copier: Copier,
  from: Session<Mode>,
  info: DatasetInfo,
  to: DatasetInfo,
  part: Selection,
): Steps<Source> {
  const { reader, options } = from;
  const { fill } = info;
  const datatype = exactType(info.datatype);
  const sink = makeSink(datatype, part.count, { fill: fill.value, limits: options.limits, sizes: reader.info.sizes });
  yield* reader.read(info, part, sink);
  const value = yield* movedReferences(copier, from, makeResult(sink.result(), part.shape, datatype));
  return sourceFor(value, exactType(to.datatype), part.shape, { sizes: copier.edit.reader.info.sizes });
}
