/** What changes a file on behalf of its objects: handed to the sessions of files that are open for writing. */
import type { AnyObjectInfo, DatasetInfo, DatatypeInfo, GroupInfo } from "../contract.ts";
import type { ElementView } from "../data/codecs/view.ts";
import type { DTypeLike } from "../data/dtype/like.ts";
import type { SelectionInput } from "../data/selection/input.ts";
import type { Steps } from "../steps/steps.ts";
import type { Link } from "./links.ts";
import type { CallOptions, Mode, Outcomes } from "./mode.ts";
import type { Node, Session } from "./session.ts";
import type { AttributeOptions } from "./writing/attribute-options.ts";
import type { Batches } from "./writing/batches.ts";
import type { CopyOptions, MembersOptions } from "./writing/copy/copy-options.ts";
import type { DatasetOptions, RequireOptions } from "./writing/dataset-options.ts";
import type { GroupOptions } from "./writing/group-options.ts";
import type { DatasetRequest } from "./writing/virtual-options.ts";

type GroupNode<M extends Mode> = Node<M, GroupInfo>;
type DatasetNode<M extends Mode = Mode> = Node<M, DatasetInfo>;

/** Paths are from the group `at`, or from the root if they begin with `/`. */
export interface Writer {
  node<M extends Mode, I extends AnyObjectInfo>(
    session: Session<M>,
    info: I,
    name: string | undefined,
    parent: Node<M, GroupInfo> | undefined,
  ): Node<M, I>;
  /** Makes all changes part of the file. A failure leaves that as it was, and is told to all later calls. */
  commit(): Steps<void>;
  /** The last commit, unless one has failed: objects that no link leads to are given up first. */
  finish(): Steps<void>;

  createGroup<M extends Mode>(at: GroupNode<M>, path: string | null, options?: GroupOptions): Steps<GroupNode<M>>;
  requireGroup<M extends Mode>(at: GroupNode<M>, path: string, options?: GroupOptions): Steps<GroupNode<M>>;
  createDataset<M extends Mode>(at: GroupNode<M>, path: string | null, options: DatasetRequest): Steps<DatasetNode<M>>;
  requireDataset<M extends Mode>(at: GroupNode<M>, path: string, options: RequireOptions): Steps<DatasetNode<M>>;
  createDatasetLike<M extends Mode>(
    at: GroupNode<M>,
    path: string | null,
    other: DatasetNode,
    options?: DatasetOptions,
  ): Steps<DatasetNode<M>>;
  commitDatatype<M extends Mode>(
    at: GroupNode<M>,
    path: string | null,
    dtype: DTypeLike,
    options?: GroupOptions,
  ): Steps<Node<M, DatatypeInfo>>;

  createHardLink(at: GroupNode<Mode>, path: string, object: Node<Mode>): Steps<void>;
  createLink(at: GroupNode<Mode>, path: string, link: Link): Steps<void>;
  delete(at: GroupNode<Mode>, path: string): Steps<void>;
  move(at: GroupNode<Mode>, from: string, to: string): Steps<void>;
  /** `path`: of the copy; absent: the last part of the source's own name. */
  copy(
    at: GroupNode<Mode>,
    path: string | undefined,
    source: Node<Mode> | { readonly from: GroupNode<Mode>; readonly path: string },
    options?: CopyOptions,
  ): Steps<void>;
  /** All that a group holds, and its attributes. */
  copyMembers(at: GroupNode<Mode>, from: GroupNode<Mode>, options: MembersOptions): Steps<void>;

  write(dataset: DatasetNode, view: ElementView, value: unknown, selection: SelectionInput | undefined): Steps<void>;
  append(dataset: DatasetNode, value: unknown, axis: number): Steps<number>;
  appendAll<M extends Mode>(
    dataset: DatasetNode<M>,
    batches: Batches[M],
    axis: number,
    options: CallOptions | undefined,
  ): Outcomes<number>[M];
  resize(dataset: DatasetNode, size: readonly number[] | number, axis: number | undefined): Steps<void>;
  writeChunk(dataset: DatasetNode, offset: readonly number[], stored: Uint8Array, filterMask: number): Steps<void>;

  setAttribute(node: Node<Mode>, name: string, value: unknown, options?: AttributeOptions): Steps<void>;
  modifyAttribute(node: Node<Mode>, name: string, value: unknown): Steps<void>;
  deleteAttribute(node: Node<Mode>, name: string): Steps<void>;

  setComment(node: Node<Mode>, comment: string): Steps<void>;

  makeScale(dataset: DatasetNode, name: string): Steps<void>;
  attachScale(dataset: DatasetNode, axis: number, scale: DatasetNode): Steps<void>;
  detachScale(dataset: DatasetNode, axis: number, scale: DatasetNode): Steps<void>;
  setLabel(dataset: DatasetNode, axis: number, label: string): Steps<void>;
}
