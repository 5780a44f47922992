/** New groups, datasets and committed datatypes. */
import type { DatasetInfo, DatatypeInfo, GroupInfo, NewDataset, NewObject } from "../../contract.ts";
import { DType } from "../../data/dtype/dtype.ts";
import type { DTypeLike } from "../../data/dtype/like.ts";
import { sizedType } from "../../data/dtype/sized.ts";
import { wholeSelection } from "../../data/selection/make.ts";
import type { Source } from "../../data/source.ts";
import type { Steps } from "../../steps/steps.ts";
import type { Mode } from "../mode.ts";
import type { Node } from "../session.ts";
import type { Address, Edit } from "./edit.ts";
import type { GroupOptions } from "./group-options.ts";
import { datasetToMake } from "./new-dataset.ts";
import { atNewPlace, makeAnonymous, makeLinked } from "./place.ts";
import type { DatasetRequest } from "./virtual-options.ts";

type GroupNode<M extends Mode> = Node<M, GroupInfo>;

/** Makes an object at a path; at `null` one that no link leads to. */
function* made<M extends Mode>(
  edit: Edit,
  at: GroupNode<M>,
  path: string | null,
  make: () => Steps<Address>,
  fill?: (address: Address) => Steps<void>,
): Steps<Node<M>> {
  if (path === null) return yield* makeAnonymous(edit, at, make(), fill);
  return yield* atNewPlace(edit, at, path, (place) => makeLinked(edit, place, make(), fill));
}

function newObject({ trackOrder = false, trackTimes = false }: GroupOptions): NewObject {
  return { attributeOrder: { tracked: trackOrder, indexed: trackOrder }, trackTimes };
}

export function* createGroup<M extends Mode>(
  edit: Edit,
  at: GroupNode<M>,
  path: string | null,
  options: GroupOptions = {},
): Steps<GroupNode<M>> {
  const common = newObject(options);
  const make = (): Steps<Address> => edit.editor.createGroup({ ...common, linkOrder: common.attributeOrder });
  return (yield* made(edit, at, path, make)) as GroupNode<M>;
}

export function* createDataset<M extends Mode>(
  edit: Edit,
  at: GroupNode<M>,
  path: string | null,
  options: DatasetRequest,
): Steps<Node<M, DatasetInfo>> {
  const { asked, source } = yield* datasetToMake(edit, at.session, options);
  const elements = elementsAtOnce(asked, source);
  const make = (): Steps<Address> => edit.editor.createDataset(asked, elements);
  const later = elements === undefined ? source : undefined;
  const fill = later && ((address: Address): Steps<void> => fillNew(edit, address, later));
  return (yield* made(edit, at, path, make, fill)) as Node<M, DatasetInfo>;
}

/** The elements, where the dataset can be made with them. */
function elementsAtOnce(
  { layout, external, dataspace }: NewDataset,
  source: Source | undefined,
): Uint8Array | undefined {
  if (source?.direct === undefined || external.length > 0 || dataspace.kind === "null") return undefined;
  if (layout.class !== "contiguous" && layout.class !== "compact") return undefined;
  const count = dataspace.dims.reduce((product, dim) => product * dim, 1);
  return source.direct.length === count * source.elementSize ? source.direct : undefined;
}

/** Writes all elements of a dataset that was just made. */
function* fillNew({ reader, editor }: Edit, address: Address, source: Source): Steps<void> {
  const info = (yield* reader.object(address)) as DatasetInfo;
  if (info.dataspace.kind === "null") return;
  const all = wholeSelection(info.dataspace.dims);
  if (all.count > 0) yield* editor.write(info, all, source);
}

export function* commitDatatype<M extends Mode>(
  edit: Edit,
  at: GroupNode<M>,
  path: string | null,
  dtype: DTypeLike,
  options: GroupOptions = {},
): Steps<Node<M, DatatypeInfo>> {
  const datatype = sizedType(DType.from(dtype).datatype, edit.reader.info.sizes);
  const make = (): Steps<Address> => edit.editor.createDatatype(datatype, newObject(options));
  return (yield* made(edit, at, path, make)) as Node<M, DatatypeInfo>;
}
