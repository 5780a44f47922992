/** The writer of one file: each of its methods is a function of a file of its own. */
import type { AnyObjectInfo, DatasetInfo, DatatypeInfo, Editor, GroupInfo, Reader } from "../../contract.ts";
import type { ElementView } from "../../data/codecs/view.ts";
import type { DTypeLike } from "../../data/dtype/like.ts";
import type { SelectionInput } from "../../data/selection/input.ts";
import { isH5Error } from "../../errors.ts";
import type { Steps } from "../../steps/steps.ts";
import type { Link } from "../links.ts";
import type { CallOptions, Mode, Outcomes } from "../mode.ts";
import type { Node, Session } from "../session.ts";
import type { Writer } from "../writer.ts";
import { appendBatches } from "./append-batches.ts";
import type { AttributeOptions } from "./attribute-options.ts";
import type { Batches } from "./batches.ts";
import { copyMembers } from "./copy/copy-members.ts";
import { type CopySource, copyObject } from "./copy/copy-object.ts";
import type { CopyOptions, MembersOptions } from "./copy/copy-options.ts";
import { createDatasetLike } from "./create-like.ts";
import { commitDatatype, createDataset, createGroup } from "./create-objects.ts";
import type { DatasetOptions, RequireOptions } from "./dataset-options.ts";
import { type Address, type Edit, type Edited, renew, undo } from "./edit.ts";
import { deleteAttribute, modifyAttribute, setAttribute } from "./edit-attributes.ts";
import { createHardLink, createLink, deleteLink, moveLink } from "./edit-links.ts";
import { attachScale, detachScale, makeScale, setLabel } from "./edit-scales.ts";
import type { EditingActivity } from "./editing-activity.ts";
import type { FilterEntries } from "./filter-entries.ts";
import type { GroupOptions } from "./group-options.ts";
import { KnownObjects } from "./known-objects.ts";
import { requireDataset, requireGroup } from "./require-objects.ts";
import { append, resize, writeChunk, writeElements } from "./write-elements.ts";

type GroupNode<M extends Mode = Mode> = Node<M, GroupInfo>;
type DatasetNode<M extends Mode = Mode> = Node<M, DatasetInfo>;

export class FileWriter implements Writer, Edit {
  readonly editor: Editor;
  readonly reader: Reader;
  readonly filters: FilterEntries;
  readonly known: KnownObjects = new KnownObjects();
  readonly anonymous: Set<Address> = new Set();

  private readonly activity: EditingActivity;

  /** `filters`: those by which new chunks may be encoded. */
  constructor({ reader, editor }: Edited, filters: FilterEntries, activity: EditingActivity) {
    this.reader = reader;
    this.editor = editor;
    this.filters = filters;
    this.activity = activity;
  }

  node<M extends Mode, I extends AnyObjectInfo>(
    session: Session<M>,
    info: I,
    name: string | undefined,
    parent: GroupNode<M> | undefined,
  ): Node<M, I> {
    return this.known.node(session, info, name, parent);
  }

  *commit(): Steps<void> {
    try {
      yield* this.editor.commit();
    } catch (error) {
      // A filter that fails can be dealt with; all else leaves memory and file apart.
      if (!isH5Error(error, "FilterError")) this.activity.fail(error);
      throw error;
    }
  }

  *finish(): Steps<void> {
    if (this.activity.failed) return;
    for (const address of this.anonymous) yield* undo(this.editor.discard(address));
    this.anonymous.clear();
    yield* this.commit();
  }

  createGroup<M extends Mode>(at: GroupNode<M>, path: string | null, options?: GroupOptions): Steps<GroupNode<M>> {
    return createGroup(this, at, path, options);
  }

  requireGroup<M extends Mode>(at: GroupNode<M>, path: string, options?: GroupOptions): Steps<GroupNode<M>> {
    return requireGroup(this, at, path, options);
  }

  createDataset<M extends Mode>(at: GroupNode<M>, path: string | null, options: DatasetOptions): Steps<DatasetNode<M>> {
    return createDataset(this, at, path, options);
  }

  requireDataset<M extends Mode>(at: GroupNode<M>, path: string, options: RequireOptions): Steps<DatasetNode<M>> {
    return requireDataset(this, at, path, options);
  }

  createDatasetLike<M extends Mode>(
    at: GroupNode<M>,
    path: string | null,
    other: DatasetNode,
    options?: DatasetOptions,
  ): Steps<DatasetNode<M>> {
    return createDatasetLike(this, at, path, other, options);
  }

  commitDatatype<M extends Mode>(
    at: GroupNode<M>,
    path: string | null,
    dtype: DTypeLike,
    options?: GroupOptions,
  ): Steps<Node<M, DatatypeInfo>> {
    return commitDatatype(this, at, path, dtype, options);
  }

  createHardLink(at: GroupNode, path: string, object: Node<Mode>): Steps<void> {
    return createHardLink(this, at, path, object);
  }

  createLink(at: GroupNode, path: string, link: Link): Steps<void> {
    return createLink(this, at, path, link);
  }

  delete(at: GroupNode, path: string): Steps<void> {
    return deleteLink(this, at, path);
  }

  move(at: GroupNode, from: string, to: string): Steps<void> {
    return moveLink(this, at, from, to);
  }

  copy(at: GroupNode, path: string | undefined, source: CopySource, options?: CopyOptions): Steps<void> {
    return copyObject(this, at, path, source, options);
  }

  copyMembers(at: GroupNode, from: GroupNode, options: MembersOptions): Steps<void> {
    return copyMembers(this, at, from, options);
  }

  write(dataset: DatasetNode, view: ElementView, value: unknown, selection: SelectionInput | undefined): Steps<void> {
    return writeElements(this, dataset, view, value, selection);
  }

  append(dataset: DatasetNode, value: unknown, axis: number): Steps<number> {
    return append(this, dataset, value, axis);
  }

  appendAll<M extends Mode>(
    dataset: DatasetNode<M>,
    batches: Batches[M],
    axis: number,
    options: CallOptions | undefined,
  ): Outcomes<number>[M] {
    return appendBatches(dataset, batches, axis, options);
  }

  resize(dataset: DatasetNode, size: readonly number[] | number, axis: number | undefined): Steps<void> {
    return resize(this, dataset, size, axis);
  }

  writeChunk(dataset: DatasetNode, offset: readonly number[], stored: Uint8Array, filterMask: number): Steps<void> {
    return writeChunk(this, dataset, offset, stored, filterMask);
  }

  setAttribute(node: Node<Mode>, name: string, value: unknown, options?: AttributeOptions): Steps<void> {
    return setAttribute(this, node, name, value, options);
  }

  modifyAttribute(node: Node<Mode>, name: string, value: unknown): Steps<void> {
    return modifyAttribute(this, node, name, value);
  }

  deleteAttribute(node: Node<Mode>, name: string): Steps<void> {
    return deleteAttribute(this, node, name);
  }

  *setComment({ info: { address } }: Node<Mode>, comment: string): Steps<void> {
    yield* this.editor.setComment(address, comment);
    yield* renew(this, address);
  }

  makeScale(dataset: DatasetNode, name: string): Steps<void> {
    return makeScale(this, dataset, name);
  }

  attachScale(dataset: DatasetNode, axis: number, scale: DatasetNode): Steps<void> {
    return attachScale(this, dataset, axis, scale);
  }

  detachScale(dataset: DatasetNode, axis: number, scale: DatasetNode): Steps<void> {
    return detachScale(this, dataset, axis, scale);
  }

  setLabel(dataset: DatasetNode, axis: number, label: string): Steps<void> {
    return setLabel(this, dataset, axis, label);
  }
}
