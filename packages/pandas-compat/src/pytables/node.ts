/** Nodes of a PyTables file: groups, arrays, tables and links, as PyTables classes them. */
import { type AnyObject, Dataset, ExternalLink, Group, type H5File, NotFoundError, SoftLink } from "h5ts";
import type { AnyDataset } from "./array-node.ts";
import { type Atom, atomOf, byteorderOf, isComplex } from "./atom.ts";
import { NodeAttributes } from "./attributes.ts";
import { type Filters, filtersOf } from "./filters.ts";

/** The classes of datasets. `UNIMPLEMENTED`: PyTables shows them, and does not read them. */
export type LeafClass = "ARRAY" | "CARRAY" | "EARRAY" | "VLARRAY" | "TABLE" | "UNIMPLEMENTED";

interface Common {
  readonly path: string;
  readonly title: string;
  readonly attrs: NodeAttributes;
}

export interface GroupNode extends Common {
  readonly class: "GROUP";
  readonly group: Group<"async">;
}

/** A dataset. */
export interface LeafNode extends Common {
  readonly class: LeafClass;
  readonly dataset: AnyDataset;
  readonly filters: Filters;
  readonly byteorder: "little" | "big" | "irrelevant";
  readonly chunkshape: readonly number[] | null;
  /** `"numpy"`, or `"python"` of what was a list or a number. */
  readonly flavor: string;
  /** Of arrays: their elements. */
  readonly atom: Atom | undefined;
  /** Of arrays that can grow: along which axis; else -1. */
  readonly extdim: number;
}

/** A link, not followed. */
export interface LinkNode {
  readonly class: "SoftLink" | "ExternalLink";
  readonly path: string;
  readonly target: string;
}

export type PyTablesNode = GroupNode | LeafNode | LinkNode;

/** The node at a path. NotFoundError where nothing is, or what PyTables has no class for. */
export async function openNode(file: H5File<"async">, path: string): Promise<PyTablesNode> {
  const link = await file.getLink(path);
  if (link instanceof SoftLink) return { class: "SoftLink", path, target: link.path };
  if (link instanceof ExternalLink) return { class: "ExternalLink", path, target: `${link.filename}:${link.path}` };
  const object = path === "/" ? file : await file.get(path);
  if (object === undefined) throw new NotFoundError("does not exist", { structure: "PyTables node", path });
  return nodeOf(path, object);
}

/** The node of an object. */
export async function nodeOf(path: string, object: AnyObject<"async">): Promise<PyTablesNode> {
  const attrs = await NodeAttributes.of(object);
  const title = attrs.systemText("TITLE") ?? "";
  if (object instanceof Group) return { class: "GROUP", path, title, attrs, group: object };
  if (!(object instanceof Dataset))
    throw new NotFoundError("is no node of PyTables'", { structure: object.kind, path });
  return leafOf(path, title, attrs, object);
}

function leafOf(path: string, title: string, attrs: NodeAttributes, dataset: AnyDataset): LeafNode {
  const type = dataset.dtype.datatype;
  const pseudo = attrs.systemText("PSEUDOATOM");
  const leaf = leafClass(dataset, attrs);
  const atom =
    leaf === "VLARRAY" && type.class === "vlen"
      ? variableAtom(type.base, pseudo)
      : leaf === "TABLE"
        ? undefined
        : atomOf(type);
  const growing = dataset.maxShape.indexOf(null);
  return {
    class: leaf,
    path,
    title,
    attrs,
    dataset,
    filters: filtersOf(dataset.filters),
    byteorder: type.class === "vlen" && type.base.size === 1 ? "irrelevant" : byteorderOf(type),
    chunkshape: dataset.chunks ?? null,
    flavor: attrs.systemText("FLAVOR") ?? "numpy",
    atom,
    extdim: leaf === "EARRAY" ? growing : -1,
  };
}

function variableAtom(base: Parameters<typeof atomOf>[0], pseudo: string | undefined): Atom | undefined {
  return pseudo === undefined ? atomOf(base) : { kind: pseudo, type: pseudo, shape: [], itemsize: base.size };
}

/** As PyTables infers it: from the class of the datatype, and whether it is in chunks and can grow. */
function leafClass(dataset: AnyDataset, attrs: NodeAttributes): LeafClass {
  const type = dataset.dtype.datatype;
  if (type.class === "vlen") return attrs.systemText("CLASS") === "VLARRAY" ? "VLARRAY" : "UNIMPLEMENTED";
  if (type.class === "compound" && !isComplex(type)) return dataset.ndim === 1 ? "TABLE" : "UNIMPLEMENTED";
  if (atomOf(type) === undefined) return "UNIMPLEMENTED";
  if (dataset.chunks === undefined || dataset.chunks === null) return "ARRAY";
  return dataset.maxShape.some((most) => most === null) ? "EARRAY" : "CARRAY";
}

/** Attributes that PyTables keeps for itself. */
const SYSTEM =
  /^(CLASS|VERSION|TITLE|FLAVOR|EXTDIM|PYTABLES_FORMAT_VERSION|FILTERS|NROWS|PSEUDOATOM|AUTO_INDEX|DIRTY|NODE_TYPE_VERSION|FIELD_\d+_(NAME|FILL|ATTR_.*))$/;

/** Names of the attributes that are the user's. */
export const userAttributes = (attrs: NodeAttributes): string[] => attrs.names.filter((name) => !SYSTEM.test(name));
