/** How paths and links lead from one object to the next. */
import type { GroupInfo, LinkInfo, Located } from "../contract.ts";
import { UnsupportedError } from "../errors.ts";
import type { Steps } from "../steps/steps.ts";
import type { Mode } from "./mode.ts";
import { isGroupNode, type Node } from "./session.ts";

/** The components of a path that name something: as in HDF5, `.` and repeated slashes do not. */
export function components(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}

/** The path of what `path` means in the object `name`. */
export function joined(name: string | undefined, path: string): string | undefined {
  if (path.startsWith("/")) return path;
  if (name === undefined) return undefined;
  return name === "/" ? `/${path}` : `${name}/${path}`;
}

/** The object at a path, from a node or from the root of its file; `undefined` where nothing is. */
export function* locate<M extends Mode>(from: Node<M>, path: string): Steps<Node<M> | undefined> {
  if (path === "") return undefined;
  let node: Node<M> | undefined = path.startsWith("/") ? from.session.root : from;
  for (const name of components(path)) {
    if (!isGroupNode(node)) return undefined;
    const link: LinkInfo | undefined = yield* node.session.reader.link(node.info.address, name);
    node = link && (yield* follow(node, link));
    if (node === undefined) return undefined;
  }
  return node;
}

/** The group at all but the last component of a path, and that component. */
export function* locateParent<M extends Mode>(
  from: Node<M>,
  path: string,
): Steps<{ readonly group: Node<M, GroupInfo>; readonly name: string } | undefined> {
  const names = components(path);
  const name = names.pop();
  if (name === undefined) return undefined;
  const group = yield* locate(from, `${path.startsWith("/") ? "/" : "./"}${names.join("/")}`);
  return group !== undefined && isGroupNode(group) ? { group, name } : undefined;
}

/** Where a link leads to; `undefined` where that is nowhere. */
export function* follow<M extends Mode>(group: Node<M, GroupInfo>, link: LinkInfo): Steps<Node<M> | undefined> {
  const { session } = group;
  let address: Located["address"];
  if (link.type === "hard") address = link.address;
  else {
    if (link.type === "user") throw new UnsupportedError("cannot follow a user-defined link", { found: link.code });
    const located = yield* session.reader.follow(group.info.address, link);
    if (located === undefined) return undefined;
    if (located.reader !== session.reader) return yield* elsewhere(group, link, located);
    address = located.address;
  }
  const info = yield* session.reader.object(address);
  return session.node(info, joined(group.name, link.name), group);
}

/** An object of another file, under its name there: its path is walked once more, so that its parents are known. */
function* elsewhere<M extends Mode>(
  group: Node<M, GroupInfo>,
  link: LinkInfo & { readonly type: "soft" | "external" },
  located: Located,
): Steps<Node<M> | undefined> {
  if (link.type === "soft") return yield* locate(group, link.target);
  const { session } = group;
  const root = yield* session.reader.follow(group.info.address, { ...link, target: "/" });
  const other = yield* session.of((root ?? located).reader);
  return yield* locate(other.root, link.target.startsWith("/") ? link.target : `/${link.target}`);
}
