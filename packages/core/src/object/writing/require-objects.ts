/** Objects that are made unless they are there already. */
import type { DatasetInfo, GroupInfo } from "../../contract.ts";
import { DType } from "../../data/dtype/dtype.ts";
import { valueToWrite } from "../../data/writing/write-value.ts";
import { DTypeError, ExistsError, ShapeError } from "../../errors.ts";
import type { Steps } from "../../steps/steps.ts";
import { components, locate, locateParent } from "../locate.ts";
import type { Mode } from "../mode.ts";
import { isGroupNode, type Node } from "../session.ts";
import { canCast } from "./can-cast.ts";
import { createDataset, createGroup } from "./create-objects.ts";
import type { RequireOptions } from "./dataset-options.ts";
import type { Edit } from "./edit.ts";
import type { GroupOptions } from "./group-options.ts";
import { growing, shapeOf } from "./new-shape.ts";
import { askedType } from "./new-type.ts";

type GroupNode<M extends Mode> = Node<M, GroupInfo>;

/** What stands at a path; `undefined` where there is no link. ExistsError for one that leads nowhere. */
function* present<M extends Mode>(at: GroupNode<M>, path: string): Steps<Node<M> | undefined> {
  const node = yield* locate(at, path);
  if (node !== undefined || path === "") return node;
  const place = yield* locateParent(at, path);
  if (place === undefined) return undefined;
  const { group, name } = place;
  const link = yield* group.session.reader.link(group.info.address, name);
  if (link === undefined) return undefined;
  throw new ExistsError("is a link that leads nowhere", { found: link.type });
}

export function* requireGroup<M extends Mode>(
  edit: Edit,
  at: GroupNode<M>,
  path: string,
  options?: GroupOptions,
): Steps<GroupNode<M>> {
  if (components(path).length === 0 && path !== "") return path.startsWith("/") ? at.session.root : at;
  const node = yield* present(at, path);
  if (node === undefined) return yield* createGroup(edit, at, path, options);
  if (isGroupNode(node)) return node;
  throw new ExistsError("is an object of another kind", { found: node.info.kind, allowed: "group" });
}

export function* requireDataset<M extends Mode>(
  edit: Edit,
  at: GroupNode<M>,
  path: string,
  options: RequireOptions,
): Steps<Node<M, DatasetInfo>> {
  const node = yield* present(at, path);
  if (node === undefined) return yield* createDataset(edit, at, path, options);
  const { info } = node;
  if (info.kind !== "dataset") {
    throw new ExistsError("is an object of another kind", { found: info.kind, allowed: "dataset" });
  }
  const value = options.data === undefined ? undefined : valueToWrite(options.data);
  sameShape(info, options, value?.dims);
  const wanted = options.dtype === undefined ? value?.datatype : askedType(options.dtype, node.session).datatype;
  if (wanted !== undefined) suits(info.datatype, wanted, options.exact === true);
  return node as Node<M, DatasetInfo>;
}

/** The shape must be that of the dataset, or, where it is to grow, what it may grow to. */
function sameShape(
  { dataspace }: DatasetInfo,
  { shape, maxShape }: RequireOptions,
  ofValue: readonly number[] | null | undefined,
): void {
  const given = shape === undefined ? ofValue : shape === null ? null : shapeOf(shape);
  if (given === undefined) return;
  const { dims } = dataspace;
  const now = dataspace.kind === "null" ? "null" : `[${dims.join(", ")}]`;
  const asked = given === null ? "null" : `[${given.join(", ")}]`;
  if (now === asked) return;
  if (maxShape === undefined) throw new ShapeError("exists with another shape", { found: now, allowed: asked });
  const most = growing({ kind: "simple", dims: dims.map(() => 0), maxDims: dims }, maxShape).maxDims;
  if (most.join() === dataspace.maxDims.join()) return;
  throw new ShapeError("exists with another maxShape", {
    found: `[${dataspace.maxDims.join(", ")}]`,
    allowed: `[${most.join(", ")}]`,
  });
}

function suits(stored: DatasetInfo["datatype"], wanted: DatasetInfo["datatype"], exact: boolean): void {
  const [there, asked] = [new DType(stored), new DType(wanted)];
  if (exact ? there.equals(asked) : canCast(wanted, stored)) return;
  throw new DTypeError(exact ? "exists with another datatype" : "exists with a datatype that cannot safely hold it", {
    found: String(there),
    allowed: String(asked),
  });
}
