/** Datasets made by the editor in a file of libhdf5's, linked so that libhdf5 finds them. */
import { defaultFilters } from "@h5ts/filters";
import type { Address } from "../../src/bytes/address.ts";
import type { DatasetInfo, NewDataset } from "../../src/contract.ts";
import type { Selection } from "../../src/data/selection/selection.ts";
import type { Source } from "../../src/data/source.ts";
import { createForEditing, type NewFile } from "../../src/editor/create-file.ts";
import { createDataset } from "../../src/editor/dataset/create-dataset.ts";
import { currentDataset } from "../../src/editor/dataset/current-dataset.ts";
import { resizeDataset } from "../../src/editor/dataset/resize-dataset.ts";
import { writeDataset } from "../../src/editor/dataset/write-dataset.ts";
import type { EditedReader } from "../../src/editor/edited-reader.ts";
import type { EditorFile, StructureVersion } from "../../src/editor/editor-file.ts";
import { editing, type FileEditor } from "../../src/editor/file-editor.ts";
import { addLink } from "../../src/editor/links/edit-links.ts";
import { type EditorOptions, openForEditing } from "../../src/editor/open-editor.ts";
import { readDataset } from "../../src/engine/dataset/read-dataset.ts";
import { link } from "../../src/engine/group/links.ts";
import type { IntegerType } from "../../src/format/datatype/datatype.ts";
import { runSync } from "../../src/steps/run-sync.ts";
import { MemoryStorage } from "../../src/storage/memory.ts";
import { ByteSink, everything } from "./byte-sink.ts";
import { editingOptions, h5wasmFile } from "./editing.ts";

const EMPTY = { earliest: h5wasmFile("earliest", () => {}), latest: h5wasmFile("latest", () => {}) };

/** A little-endian integer of `size` bytes. */
export function integer(size: number, signed = true): IntegerType {
  return { class: "integer", size, order: "le", signed, bitOffset: 0, precision: 8 * size };
}

/** What most datasets of tests are: `i4`, contiguous, default fill value. */
export function newDataset(dims: readonly number[], options: Partial<NewDataset> = {}): NewDataset {
  const { layout = { class: "contiguous" } } = options;
  return {
    attributeOrder: { tracked: false, indexed: false },
    trackTimes: false,
    datatype: integer(4),
    dataspace: { kind: dims.length === 0 ? "scalar" : "simple", dims, maxDims: dims },
    layout,
    pipeline: { filters: [] },
    fill: {
      defined: "default",
      allocTime: layout.class === "chunked" ? "incremental" : layout.class === "compact" ? "early" : "late",
      writeTime: "ifset",
    },
    external: [],
    ...options,
  };
}

/** A source of elements that stand in bytes. */
export function sourceOf(bytes: Uint8Array, elementSize: number, direct = true): Source {
  return {
    elementSize,
    ...(direct ? { direct: bytes } : {}),
    prepare: () => undefined,
    take(index, count, target, at, stride) {
      for (let i = 0; i < count; i++)
        target.set(bytes.subarray((index + i) * elementSize, (index + i + 1) * elementSize), at + i * stride);
    },
  };
}

/** A file that is being edited. */
export class EditedFile {
  readonly storage: MemoryStorage;
  readonly file: EditorFile;
  readonly editor: FileEditor;
  readonly reader: EditedReader;

  constructor(storage: MemoryStorage, options: Partial<EditorOptions> = {}, made?: NewFile) {
    this.storage = storage;
    const all = editingOptions({ filters: defaultFilters, ...options });
    const opened = made === undefined ? openForEditing(storage, all) : createForEditing(storage, { ...all, ...made });
    const { editor, reader } = editing(runSync(opened), all);
    this.file = editor.file;
    this.editor = editor;
    this.reader = reader;
  }

  /** A new file, of our own making. */
  static made(low: StructureVersion, made: NewFile = {}, options: Partial<EditorOptions> = {}): EditedFile {
    const storage = new MemoryStorage(new Uint8Array(0));
    return new EditedFile(storage, { bounds: { low, high: "v200" }, ...options }, made);
  }

  /** A new file whose structures may be as new as `low` says. */
  static create(low: StructureVersion, options: Partial<EditorOptions> = {}): EditedFile {
    const bytes = low === "earliest" ? EMPTY.earliest : EMPTY.latest;
    return new EditedFile(new MemoryStorage(bytes.slice()), { bounds: { low, high: "v200" }, ...options });
  }

  /** The same file, opened again. */
  reopened(options: Partial<EditorOptions> = {}): EditedFile {
    return new EditedFile(this.storage, { bounds: this.file.bounds, ...options });
  }

  create(name: string, options: NewDataset): Address {
    const address = runSync(createDataset(this.file, options));
    this.link(name, address);
    return address;
  }

  /** A link from the root group. */
  link(name: string, address: Address): void {
    runSync(addLink(this.file, this.file.info.root, { type: "hard", name, charset: "ascii", address }));
  }

  /** Where a dataset stands that the root group links to. */
  addressOf(name: string): Address {
    const found = runSync(link(this.file, this.file.info.root, name));
    if (found?.type !== "hard") throw new Error(`no object ${name}`);
    return found.address;
  }

  info(address: Address): DatasetInfo {
    return runSync(currentDataset(this.file, address));
  }

  /** Writes what a source gives. */
  put(address: Address, selection: Selection, source: Source): void {
    runSync(writeDataset(this.file, this.info(address), selection, source));
  }

  write(address: Address, selection: Selection, bytes: Uint8Array, direct = true): void {
    const info = this.info(address);
    runSync(writeDataset(this.file, info, selection, sourceOf(bytes, info.datatype.size, direct)));
  }

  resize(address: Address, dims: readonly number[]): void {
    runSync(resizeDataset(this.file, this.info(address), dims));
  }

  /** Bytes of the file that are not free, after the commit. */
  get used(): number {
    const { allocator } = this.file;
    const free = Object.values(allocator.freeSpace()).flat();
    return allocator.end - free.reduce((sum, { size }) => sum + size, 0);
  }

  /** All elements as the engine reads them now. */
  read(address: Address): Uint8Array {
    const info = this.info(address);
    const sink = ByteSink.of(info, everything(info.dataspace.dims));
    runSync(readDataset(this.file, info, everything(info.dataspace.dims), sink));
    return sink.bytes;
  }

  commit(): Uint8Array {
    runSync(this.editor.commit());
    return this.storage.toUint8Array();
  }
}
