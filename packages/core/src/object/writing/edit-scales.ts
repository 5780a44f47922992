/**
 * Dimension scales made and attached, as the HDF5 Dimension Scales specification has it and netCDF-4 reads it: attributes CLASS
 * and NAME of a scale, DIMENSION_LIST and DIMENSION_LABELS of a dataset, and REFERENCE_LIST of a scale that says who uses it.
 */
import type { DatasetInfo } from "../../contract.ts";
import { dtype } from "../../data/dtype/build.ts";
import { DType } from "../../data/dtype/dtype.ts";
import { Reference } from "../../data/reference.ts";
import { Result } from "../../data/result.ts";
import { ExistsError, NotFoundError, UnsupportedError } from "../../errors.ts";
import type { Steps } from "../../steps/steps.ts";
import { attributeOf } from "../attribute-value.ts";
import type { Mode } from "../mode.ts";
import type { Node } from "../session.ts";
import { charsetOf, type Edit } from "./edit.ts";
import { deleteAttribute, setAttribute } from "./edit-attributes.ts";
import { axisOf } from "./write-elements.ts";

type DatasetNode = Node<Mode, DatasetInfo>;

const SCALE = "DIMENSION_SCALE";
const LABELS = "DIMENSION_LABELS";
const LIST = "DIMENSION_LIST";
const USERS = "REFERENCE_LIST";

const encodingOf = (text: string): "ascii" | "utf-8" => (charsetOf(text) === "ascii" ? "ascii" : "utf-8");

/** Text with the NUL that ends it. */
const fixedText = (text: string): DType =>
  dtype.string({
    length: new TextEncoder().encode(text).length + 1,
    encoding: encodingOf(text),
    padding: "nullterm",
  });

/** As libhdf5 has it: 8 bytes for the reference, 4 for the number, and 4 that nothing stands in. */
const userType = (): DType =>
  new DType({
    class: "compound",
    size: 16,
    members: [
      { name: "dataset", offset: 0, type: dtype.reference.datatype },
      { name: "dimension", offset: 8, type: DType.from("u4").datatype },
    ],
  });

/** One use of a scale. */
interface Use {
  readonly dataset: Reference;
  readonly dimension: number;
}

export function* makeScale(edit: Edit, node: DatasetNode, name: string): Steps<void> {
  if ((yield* edit.reader.attribute(node.info.address, LIST)) !== undefined) {
    throw new UnsupportedError("has scales attached, so that it cannot be one itself");
  }
  yield* setAttribute(edit, node, "CLASS", SCALE, { dtype: fixedText(SCALE) });
  yield* setAttribute(edit, node, "NAME", name, { dtype: fixedText(name) });
}

function* isScale(node: DatasetNode): Steps<boolean> {
  return (yield* attributeOf(node, "CLASS")) === SCALE;
}

export function* attachScale(edit: Edit, node: DatasetNode, axis: number, scale: DatasetNode): Steps<void> {
  const along = yield* checkPair(edit, node, axis, scale);
  if (yield* isScale(node)) throw new UnsupportedError("is a scale itself, so that none can be attached to it");
  const lists = yield* scalesOf(node);
  const { address } = scale.info;
  if (lists[along].some((each) => each.address === address)) return;
  if (!(yield* isScale(scale))) yield* setAttribute(edit, scale, "CLASS", SCALE, { dtype: fixedText(SCALE) });
  const uses = yield* usesOf(scale);
  yield* putUses(edit, scale, [...uses, { dataset: new Reference(node.info.address), dimension: along }]);
  lists[along].push(new Reference(address));
  yield* putScales(edit, node, lists);
}

export function* detachScale(edit: Edit, node: DatasetNode, axis: number, scale: DatasetNode): Steps<void> {
  const along = yield* checkPair(edit, node, axis, scale);
  const lists = yield* scalesOf(node);
  const { address } = scale.info;
  const rest = lists[along].filter((each) => each.address !== address);
  if (rest.length === lists[along].length) throw new NotFoundError("is not attached to this dimension");
  lists[along] = rest;
  const here = node.info.address;
  const uses = (yield* usesOf(scale)).filter((use) => use.dataset.address !== here || use.dimension !== along);
  yield* putUses(edit, scale, uses);
  yield* putScales(edit, node, lists);
}

/** Both must be of one file, and the scale must have none of its own. The number of the axis. */
function* checkPair(edit: Edit, node: DatasetNode, axis: number, scale: DatasetNode): Steps<number> {
  scale.check?.();
  if (scale.session !== node.session) {
    throw new UnsupportedError("a scale must be in the same file", { found: scale.session.reader.info.label });
  }
  if (scale.info.address === node.info.address) throw new ExistsError("cannot be its own scale");
  if ((yield* edit.reader.attribute(scale.info.address, LIST)) !== undefined) {
    throw new UnsupportedError("has scales attached, so that it cannot be one itself", { found: scale.name });
  }
  return axisOf(axis, node.info.dataspace.dims);
}

const elements = (value: unknown): unknown => (value instanceof Result ? value.data : undefined);

/** The scales of every axis. */
function* scalesOf(node: DatasetNode): Steps<Reference[][]> {
  const lists = elements(yield* attributeOf(node, LIST));
  return node.info.dataspace.dims.map((_, axis) => {
    const list: unknown = Array.isArray(lists) ? lists[axis] : undefined;
    return Array.isArray(list) ? list.filter((each) => each instanceof Reference && !each.isNull) : [];
  });
}

function* putScales(edit: Edit, node: DatasetNode, lists: readonly Reference[][]): Steps<void> {
  if (lists.every((list) => list.length === 0)) {
    if ((yield* edit.reader.attribute(node.info.address, LIST)) !== undefined) yield* deleteAttribute(edit, node, LIST);
    return;
  }
  yield* setAttribute(edit, node, LIST, lists, { dtype: dtype.vlen(dtype.reference), shape: [lists.length] });
}

/** Who uses a scale. */
function* usesOf(scale: DatasetNode): Steps<Use[]> {
  const columns = elements(yield* attributeOf(scale, USERS)) as
    | { readonly dataset: readonly Reference[]; readonly dimension: ArrayLike<number> }
    | undefined;
  return columns?.dataset.map((dataset, i) => ({ dataset, dimension: columns.dimension[i] })) ?? [];
}

function* putUses(edit: Edit, scale: DatasetNode, uses: readonly Use[]): Steps<void> {
  if (uses.length > 0) return yield* setAttribute(edit, scale, USERS, uses, { dtype: userType() });
  if ((yield* edit.reader.attribute(scale.info.address, USERS)) !== undefined) {
    yield* deleteAttribute(edit, scale, USERS);
  }
}

export function* setLabel(edit: Edit, node: DatasetNode, axis: number, label: string): Steps<void> {
  const { dims } = node.info.dataspace;
  const along = axisOf(axis, dims);
  const old = elements(yield* attributeOf(node, LABELS));
  const labels = dims.map((_, d) => {
    if (d === along) return label;
    const given: unknown = Array.isArray(old) ? old[d] : undefined;
    return typeof given === "string" ? given : "";
  });
  yield* setAttribute(edit, node, LABELS, labels, { dtype: dtype.string({ encoding: encodingOf(labels.join("")) }) });
}
