/**
 * Writing of datasets whose raw data stands in other files: the external files, one after the other, are one block of
 * bytes. They are written at once: no commit covers them.
 */
import type { DatasetInfo, ExternalFile } from "../../contract.ts";
import type { Selection } from "../../data/selection/selection.ts";
import type { Source } from "../../data/source.ts";
import { chunkPlan } from "../../engine/dataset/chunk-plan.ts";
import { tilesOf } from "../../engine/dataset/read-contiguous.ts";
import { FormatError, NotFoundError, UnsupportedError } from "../../errors.ts";
import { closeStorage } from "../../steps/close.ts";
import { read, type Steps, write } from "../../steps/steps.ts";
import { isWritable, type WritableStorage } from "../../steps/storage.ts";
import type { EditorFile } from "../editor-file.ts";
import { takeInOrder, takerFor } from "./take-elements.ts";
import { SelectedRuns } from "./write-contiguous.ts";

const KIND = "external raw file";

export function* writeExternal(file: EditorFile, info: DatasetInfo, selection: Selection, source: Source): Steps<void> {
  const files = new RawFiles(file, info);
  try {
    yield* writeTiles(files, info, selection, source);
  } finally {
    yield* files.close();
  }
}

function* writeTiles(files: RawFiles, info: DatasetInfo, selection: Selection, source: Source): Steps<void> {
  const { size } = info.datatype;
  const tiles = tilesOf(info.dataspace.dims, size);
  const plan = chunkPlan(selection, tiles);
  const taker = takerFor(source);
  const numbers = new Float64Array(1);
  while (plan.next(numbers) > 0) {
    const runs = new SelectedRuns();
    plan.visit(0, runs);
    const at = (tiles.firstElement(numbers[0]) + runs.first) * size;
    const bytes = new Uint8Array((runs.end - runs.first) * size);
    if (!runs.gapless) yield* files.read(at, bytes);
    taker.target(bytes, -runs.first * size);
    takeInOrder(plan, 0, taker, selection);
    yield* files.write(at, bytes);
  }
}

/** A part of the block, in one file. */
interface Part {
  readonly storage: WritableStorage;
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** The external files of a dataset as one block of bytes, each opened once it is needed. */
class RawFiles {
  private readonly file: EditorFile;
  private readonly info: DatasetInfo;
  private readonly storages: (WritableStorage | undefined)[];

  constructor(file: EditorFile, info: DatasetInfo) {
    this.file = file;
    this.info = info;
    this.storages = info.external.map(() => undefined);
  }

  *read(at: number, bytes: Uint8Array): Steps<void> {
    for (const part of yield* this.parts(at, bytes)) {
      const [outcome] = yield* read(part.storage, [{ at: part.at, length: part.bytes.length, into: part.bytes }]);
      if (!(outcome instanceof Uint8Array)) throw outcome;
      if (outcome.buffer !== part.bytes.buffer) part.bytes.set(outcome);
      // What lies behind the end of a file is zero.
      part.bytes.fill(0, outcome.length);
    }
  }

  *write(at: number, bytes: Uint8Array): Steps<void> {
    for (const part of yield* this.parts(at, bytes)) yield* write(part.storage, [{ at: part.at, bytes: part.bytes }]);
  }

  private *parts(at: number, bytes: Uint8Array): Steps<Part[]> {
    const { external } = this.info;
    const parts: Part[] = [];
    let start = 0;
    let done = 0;
    for (let i = 0; i < external.length && done < bytes.length; i++) {
      const { size, offset } = external[i];
      const from = at + done - start;
      if (from < size) {
        const length = Math.min(bytes.length - done, size - from);
        const storage = this.storages[i] ?? (yield* this.open(i, external[i]));
        parts.push({ storage, at: offset + from, bytes: bytes.subarray(done, done + length) });
        done += length;
      }
      start += size;
    }
    if (done === bytes.length) return parts;
    throw new FormatError("has less room in its external files than elements", {
      structure: "External raw data",
      address: this.info.address,
      found: `${start} bytes`,
      allowed: `at least ${at + bytes.length}`,
    });
  }

  private *open(i: number, { name }: ExternalFile): Steps<WritableStorage> {
    const { links } = this.file;
    const storage = links.writable === undefined ? yield* links.storage(name, KIND) : yield* links.writable(name, KIND);
    const where = { structure: "External raw data", address: this.info.address, found: name };
    if (storage === undefined) throw new NotFoundError("has a raw data file that is not there", where);
    if (!isWritable(storage)) {
      yield* closeStorage(storage);
      throw new UnsupportedError("has a raw data file that cannot be written", where);
    }
    this.storages[i] = storage;
    return storage;
  }

  *close(): Steps<void> {
    for (const storage of this.storages) if (storage !== undefined) yield* closeStorage(storage);
  }
}
