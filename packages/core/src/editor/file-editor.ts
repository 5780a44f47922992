/** The editor's implementation of `Editor`: what changes a file, and the reader that sees every change at once. */
import type { Address } from "../bytes/address.ts";
import type {
  DatasetInfo,
  Editor,
  NewAttribute,
  NewDataset,
  NewGroup,
  NewLink,
  NewObject,
  ObjectTimes,
} from "../contract.ts";
import type { Selection } from "../data/selection/selection.ts";
import type { Source } from "../data/source.ts";
import type { Datatype } from "../format/datatype/datatype.ts";
import type { Steps } from "../steps/steps.ts";
import { deleteAttribute, modifyAttribute, setAttribute } from "./attributes/edit-attributes.ts";
import { createDataset } from "./dataset/create-dataset.ts";
import { resizeDataset } from "./dataset/resize-dataset.ts";
import { writeStoredChunk } from "./dataset/store-chunk.ts";
import { writeDataset } from "./dataset/write-dataset.ts";
import { EditedReader } from "./edited-reader.ts";
import type { EditorFile } from "./editor-file.ts";
import { createGroup } from "./group/create-group.ts";
import { deleteLost, discardObject } from "./links/delete-objects.ts";
import { addLink, moveLink, removeLinkOf } from "./links/edit-links.ts";
import { createDatatype } from "./object-header/create-datatype.ts";
import { setComment } from "./object-header/edit-comment.ts";
import { setTimes } from "./object-header/touch.ts";
import type { EditorOptions, OpenedForEditing } from "./open-editor.ts";
import { wholeChange } from "./whole-change.ts";

/** A file open for changes: what reads it, and what changes it. */
export interface Editing {
  readonly reader: EditedReader;
  readonly editor: FileEditor;
}

/** The two faces of a file that was opened or created to be edited, with the same options. */
export function editing(opened: OpenedForEditing, options: EditorOptions): Editing {
  return { reader: new EditedReader(opened.file, options), editor: new FileEditor(opened) };
}

export class FileEditor implements Editor {
  readonly file: EditorFile;
  private readonly commitAll: () => Steps<void>;

  constructor({ file, commit }: OpenedForEditing) {
    this.file = file;
    this.commitAll = commit;
  }

  *createGroup(options: NewGroup): Steps<Address> {
    this.file.raw.check();
    return createGroup(this.file, options);
  }

  createDataset(options: NewDataset, elements?: Uint8Array): Steps<Address> {
    return createDataset(this.file, options, elements);
  }

  *createDatatype(datatype: Datatype, options: NewObject): Steps<Address> {
    this.file.raw.check();
    return createDatatype(this.file, datatype, options);
  }

  *discard(object: Address): Steps<void> {
    yield* this.deleting(discardObject(this.file, object));
  }

  link(group: Address, link: NewLink): Steps<void> {
    return wholeChange(this.file, addLink(this.file, group, link));
  }

  unlink(group: Address, name: string): Steps<readonly Address[]> {
    return this.deleting(removeLinkOf(this.file, group, name));
  }

  moveLink(from: Address, name: string, to: Address, newName: string): Steps<void> {
    return wholeChange(this.file, moveLink(this.file, from, name, to, newName));
  }

  *setAttribute(object: Address, attribute: NewAttribute): Steps<void> {
    yield* this.deleting(setAttribute(this.file, object, attribute), true);
  }

  modifyAttribute(object: Address, name: string, source: Source): Steps<void> {
    return wholeChange(this.file, modifyAttribute(this.file, object, name, source), true);
  }

  *deleteAttribute(object: Address, name: string): Steps<void> {
    yield* this.deleting(deleteAttribute(this.file, object, name), true);
  }

  /** A change that may take the last reference from objects; those that are gone then. */
  private deleting(change: Steps<void>, undone = false): Steps<readonly Address[]> {
    return wholeChange(this.file, withDeletion(this.file, change), undone);
  }

  setComment(object: Address, comment: string): Steps<void> {
    return wholeChange(this.file, setComment(this.file, object, comment));
  }

  setTimes(object: Address, times: ObjectTimes): Steps<void> {
    return wholeChange(this.file, setTimes(this.file, object, times));
  }

  *write(dataset: DatasetInfo, selection: Selection, source: Source): Steps<void> {
    if (this.file.raw.crowded) yield* this.file.raw.relieve();
    yield* writeDataset(this.file, dataset, selection, source);
  }

  writeStoredChunk(
    dataset: DatasetInfo,
    offset: readonly number[],
    filterMask: number,
    stored: Uint8Array,
  ): Steps<void> {
    return writeStoredChunk(this.file, dataset, offset, filterMask, stored);
  }

  resize(dataset: DatasetInfo, dims: readonly number[]): Steps<void> {
    return resizeDataset(this.file, dataset, dims);
  }

  *commit(): Steps<void> {
    this.file.raw.check();
    yield* this.commitAll();
  }
}

function* withDeletion(file: EditorFile, change: Steps<void>): Steps<readonly Address[]> {
  yield* change;
  return file.unreferenced.lost.size === 0 ? [] : yield* deleteLost(file);
}
