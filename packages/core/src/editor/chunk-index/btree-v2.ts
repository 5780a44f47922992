/** Version 2 B-trees of chunks while they are edited: chunks are put in together; many that are taken out make the tree anew. */
import type { Address } from "../../bytes/address.ts";
import { asAddress } from "../../bytes/address.ts";
import { Encoder } from "../../bytes/encoder.ts";
import { type BtreeV2, openBtreeV2, type RecordKind } from "../../engine/btree-v2.ts";
import { type ChunkGrid, chunkCoordinates } from "../../engine/dataset/chunk-grid.ts";
import {
  CHUNK_RECORD,
  type ChunkRecordForm,
  chunkRecord,
  chunkRecordForm,
  FILTERED_CHUNK_RECORD,
} from "../../format/btree-v2/records/chunk.ts";
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import type { ChunkIndexing } from "../../format/messages/data-layout.ts";
import type { Steps } from "../../steps/steps.ts";
import type { RecordOrder } from "../btree-v2/btree-way.ts";
import { createBtreeV2, removeRecord } from "../btree-v2/edited-btree.ts";
import { freeBtreeV2 } from "../btree-v2/free-btree.ts";
import { insertRecords } from "../btree-v2/insert-records.ts";
import { buildTree, freeNodes, type WholeTree, wholeTree } from "../btree-v2/whole-btree.ts";
import type { EditorFile } from "../editor-file.ts";
import type { ChangedPlaces, EditedIndex } from "./edited-index.ts";

type Indexing = Extract<ChunkIndexing, { kind: "btree-v2" }>;

/** A tree is made anew where it has up to this many records for each that is taken out. */
const REBUILD = 4;

export const btreeV2: EditedIndex = {
  *set(file, grid, changed) {
    const { index } = grid.layout;
    const edit = new TreeEdit(file, grid, changed);
    if (index.address !== null) {
      yield* edit.change(index.address);
      return undefined;
    }
    const address = edit.create(index as Indexing);
    yield* edit.change(address);
    return { ...(index as Indexing), address };
  },
  *free(file, grid) {
    const { address } = grid.layout.index;
    if (address === null) return;
    yield* freeBtreeV2(file, address, kindOf(formOf(file, grid)));
  },
};

const formOf = (file: EditorFile, grid: ChunkGrid): ChunkRecordForm =>
  chunkRecordForm(grid.layout, grid.bytes, grid.filtered, file.structures.sizes);

const kindOf = (form: ChunkRecordForm): RecordKind => ({
  type: form.filtered ? FILTERED_CHUNK_RECORD : CHUNK_RECORD,
  bytes: () => form.bytes,
});

/** A chunk to be put in, or taken out where there is no record. */
interface Change {
  readonly coordinates: readonly number[];
  readonly record: Uint8Array | undefined;
}

class TreeEdit {
  private readonly file: EditorFile;
  private readonly form: ChunkRecordForm;
  private readonly kind: RecordKind;
  private readonly changes: readonly Change[];

  constructor(file: EditorFile, grid: ChunkGrid, { count, numbers, places }: ChangedPlaces) {
    this.file = file;
    this.form = formOf(file, grid);
    this.kind = kindOf(this.form);
    this.changes = Array.from({ length: count }, (_, i) => {
      const coordinates = chunkCoordinates(grid, numbers[i]);
      if (places.addresses[i] === ABSENT) return { coordinates, record: undefined };
      const to = new Encoder(file.structures.sizes, this.form.bytes);
      const address = asAddress(places.addresses[i]);
      chunkRecord(to, { address, size: places.sizes[i], mask: places.masks[i], coordinates }, this.form);
      return { coordinates, record: to.finish() };
    });
  }

  create({ nodeSize, splitPercent, mergePercent }: Indexing): Address {
    return createBtreeV2(this.file, { kind: this.kind, nodeSize, splitPercent, mergePercent });
  }

  *change(address: Address): Steps<void> {
    const { file, kind, changes } = this;
    const removed = changes.filter(({ record }) => record === undefined);
    const tree = yield* openBtreeV2(file, address, kind);
    if (removed.length * REBUILD > tree.header.totalRecords) {
      this.rebuild(tree, yield* wholeTree(file, tree));
      return;
    }
    for (const { coordinates } of removed) yield* removeRecord(file, address, kind, this.orderOf(coordinates));
    const added = changes.flatMap(({ coordinates, record }) =>
      record === undefined ? [] : [{ record, order: this.orderOf(coordinates) }],
    );
    if (added.length > 0) yield* insertRecords(file, address, kind, added);
  }

  private orderOf(coordinates: readonly number[]): RecordOrder {
    const { form } = this;
    return {
      compare: (record) => {
        for (let d = 0; d < form.rank; d++) {
          const order = coordinates[d] - coordinate(record, form.coordinates + 8 * d);
          if (order !== 0) return order;
        }
        return 0;
      },
    };
  }

  /** Makes the tree of its records and the changes, both in order. */
  private rebuild(tree: BtreeV2, whole: WholeTree): void {
    const { file, changes } = this;
    const records: Uint8Array[] = [];
    let old = 0;
    const next = (): DataView | undefined => {
      const record = whole.records[old];
      return record && new DataView(record.buffer, record.byteOffset, record.byteLength);
    };
    for (const { coordinates, record } of changes) {
      const { compare } = this.orderOf(coordinates);
      let order = -1;
      for (let view = next(); view !== undefined && (order = compare(view)) > 0; view = next())
        records.push(whole.records[old++]);
      if (order === 0) old++;
      if (record !== undefined) records.push(record);
    }
    while (old < whole.records.length) records.push(whole.records[old++]);
    freeNodes(file, tree, whole);
    buildTree(file, tree, records);
  }
}

/** A coordinate as a record has it, little-endian. */
const coordinate = (view: DataView, at: number): number =>
  view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
