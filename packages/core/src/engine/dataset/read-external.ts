/**
 * Reading of datasets whose raw data stands in other files: the external files, one after the other, are one block of
 * bytes. They are found and opened as the file's policy of links allows.
 */
import type { DatasetInfo, ExternalFile } from "../../contract.ts";
import type { Selection } from "../../data/selection/selection.ts";
import type { Sink } from "../../data/sink.ts";
import { FormatError, NotFoundError } from "../../errors.ts";
import { closeStorage } from "../../steps/close.ts";
import { read, type Steps } from "../../steps/steps.ts";
import type { Storage } from "../../steps/storage.ts";
import type { EngineFile } from "../file.ts";
import { chunkPlan } from "./chunk-plan.ts";
import { copierFor } from "./copy-elements.ts";
import { type Tiles, tilesOf } from "./read-contiguous.ts";

const STRUCTURE = "External raw data";

export function* readExternal(file: EngineFile, info: DatasetInfo, selection: Selection, sink: Sink): Steps<void> {
  const files = new RawFiles(file, info);
  try {
    yield* readTiles(files, tilesOf(info.dataspace.dims, sink.elementSize), selection, sink);
  } finally {
    yield* files.close();
  }
}

function* readTiles(files: RawFiles, tiles: Tiles, selection: Selection, sink: Sink): Steps<void> {
  const plan = chunkPlan(selection, tiles);
  const size = sink.elementSize;
  const copier = copierFor(sink);
  const numbers = new Float64Array(1);
  let bytes = new Uint8Array(0);
  while (!plan.done) {
    if (plan.next(numbers) === 0) continue;
    const { first, end } = needed(plan, size);
    if (bytes.length < end - first) bytes = new Uint8Array(end - first);
    yield* files.read(tiles.firstElement(numbers[0]) * size + first, bytes.subarray(0, end - first));
    copier.source(bytes, -first);
    plan.visit(0, copier);
  }
}

/** The bytes of the current tile from the first wanted element to the last. */
function needed(plan: ReturnType<typeof chunkPlan>, size: number): { first: number; end: number } {
  let first = Infinity;
  let end = 0;
  plan.visit(0, {
    nest: (at, _index, { depth, counts, from }) => {
      let last = at;
      for (let d = 0; d < depth; d++) last += (counts[d] - 1) * from[d];
      first = Math.min(first, at);
      end = Math.max(end, last + 1);
    },
  });
  return { first: first * size, end: end * size };
}

/** The external files of a dataset as one block of bytes, each opened once it is needed. */
class RawFiles {
  private readonly file: EngineFile;
  private readonly info: DatasetInfo;
  private readonly storages: (Storage | undefined)[];

  constructor(file: EngineFile, info: DatasetInfo) {
    this.file = file;
    this.info = info;
    this.storages = info.external.map(() => undefined);
  }

  /** Fills `bytes` with what stands from byte `at` on; what lies behind the end of a file is zero, as the reference library reads it. */
  *read(at: number, bytes: Uint8Array): Steps<void> {
    const { external } = this.info;
    let start = 0;
    let done = 0;
    for (let i = 0; i < external.length && done < bytes.length; i++) {
      const end = start + external[i].size;
      const from = at + done - start;
      if (from < external[i].size) {
        const length = Math.min(bytes.length - done, end - (at + done));
        yield* this.readFrom(i, from, bytes.subarray(done, done + length));
        done += length;
      }
      start = end;
    }
    if (done < bytes.length) this.tooShort(at + bytes.length, start);
  }

  private *readFrom(i: number, from: number, into: Uint8Array): Steps<void> {
    const external = this.info.external[i];
    const storage = this.storages[i] ?? (yield* this.open(i, external));
    const at = external.offset + from;
    if (at + into.length > Number.MAX_SAFE_INTEGER) this.tooShort(at, Number.MAX_SAFE_INTEGER);
    const [outcome] = yield* read(storage, [{ at, length: into.length, into }]);
    if (!(outcome instanceof Uint8Array)) throw outcome;
    if (outcome.buffer !== into.buffer) into.set(outcome);
    into.fill(0, outcome.length);
  }

  private *open(i: number, { name }: ExternalFile): Steps<Storage> {
    const storage = yield* this.file.links.storage(name, "external raw file");
    if (storage === undefined)
      throw new NotFoundError("has a raw data file that is not there", {
        structure: STRUCTURE,
        address: this.info.address,
        found: name,
      });
    this.storages[i] = storage;
    return storage;
  }

  private tooShort(needed: number, found: number): never {
    throw new FormatError("has less room in its external files than elements", {
      structure: STRUCTURE,
      address: this.info.address,
      found: `${found} bytes`,
      allowed: `at least ${needed}`,
    });
  }

  *close(): Steps<void> {
    for (const storage of this.storages) {
      if (storage !== undefined) yield* closeStorage(storage);
    }
  }
}
