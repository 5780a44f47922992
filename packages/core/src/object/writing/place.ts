/** Where new links go: the group and the name that a path means. */
import type { GroupInfo } from "../../contract.ts";
import { ClosedError, ExistsError, NotFoundError } from "../../errors.ts";
import type { Steps } from "../../steps/steps.ts";
import { components, follow, joined } from "../locate.ts";
import { type Mode, named } from "../mode.ts";
import { isGroupNode, type Node } from "../session.ts";
import { type Address, charsetOf, type Edit, renew, undo } from "./edit.ts";

type GroupNode<M extends Mode> = Node<M, GroupInfo>;

const NO_ORDER = { tracked: false, indexed: false } as const;
const PLAIN_GROUP = { linkOrder: NO_ORDER, attributeOrder: NO_ORDER, trackTimes: false } as const;

/** A name in a group. */
export interface Place<M extends Mode> {
  readonly group: GroupNode<M>;
  readonly name: string;
}

/**
 * Hands the place of a new link to `use`. Groups on the way that are not there are made; if `use` fails, they are gone again.
 * ExistsError where the name is taken.
 */
export function* atNewPlace<M extends Mode, T>(
  edit: Edit,
  from: GroupNode<M>,
  path: string,
  use: (place: Place<M>) => Steps<T>,
): Steps<T> {
  const names = components(path);
  const name = names.pop();
  if (name === undefined) throw new ExistsError("names a group that exists, not a new object", { found: path });
  const way = new Way(edit, path.startsWith("/") ? from.session.root : from);
  try {
    for (const each of names) yield* way.enter(each);
    const { group } = way;
    if ((yield* edit.reader.link(group.info.address, name)) !== undefined) {
      throw named(new ExistsError("the name already exists"), joined(group.name, name));
    }
    return yield* use({ group, name });
  } catch (error) {
    if (way.made !== undefined) yield* undo(removeLink(edit, way.made));
    throw error;
  }
}

/** A walk down a path, on which groups are made. */
class Way<M extends Mode> {
  group: GroupNode<M>;
  /** The first group that was made. */
  made: Place<M> | undefined;
  private readonly edit: Edit;

  constructor(edit: Edit, from: GroupNode<M>) {
    this.edit = edit;
    this.group = from;
  }

  *enter(name: string): Steps<void> {
    const { edit, group } = this;
    const link = yield* edit.reader.link(group.info.address, name);
    if (link === undefined) {
      const place = { group, name };
      this.group = (yield* makeLinked(edit, place, edit.editor.createGroup(PLAIN_GROUP))) as GroupNode<M>;
      this.made ??= place;
      return;
    }
    const next = yield* follow(group, link);
    if (next === undefined || !isGroupNode(next)) {
      const found = next?.info.kind ?? "nothing";
      throw named(new NotFoundError("is no group", { found }), joined(group.name, name));
    }
    this.group = inFile(group, next);
  }
}

/** The same group, which must be of the same file. */
function inFile<M extends Mode>(from: GroupNode<M>, group: GroupNode<M>): GroupNode<M> {
  if (group.session === from.session) return group;
  throw new ClosedError("was opened read-only: external links lead to files that are read", {
    structure: "File",
    found: group.session.reader.info.label,
  });
}

/** The place of a link that exists, or should. NotFoundError where its group is not there. */
export function* existingPlace<M extends Mode>(from: GroupNode<M>, path: string): Steps<Place<M>> {
  const names = components(path);
  const name = names.pop();
  if (name === undefined) throw new NotFoundError("names no link", { found: path });
  let group = path.startsWith("/") ? from.session.root : from;
  for (const each of names) {
    const link = yield* group.session.reader.link(group.info.address, each);
    const next: Node<M> | undefined = link && (yield* follow(group, link));
    if (next === undefined || !isGroupNode(next)) throw new NotFoundError("does not exist");
    group = next;
  }
  return { group: inFile(from, group), name };
}

/** Makes an object and the first link to it. If `fill` fails, or the link, it is gone again. */
export function* makeLinked<M extends Mode>(
  edit: Edit,
  { group, name }: Place<M>,
  make: Steps<Address>,
  fill?: (address: Address) => Steps<void>,
): Steps<Node<M>> {
  const { editor, reader } = edit;
  const address = yield* make;
  try {
    if (fill !== undefined) yield* fill(address);
    yield* editor.link(group.info.address, { type: "hard", address, name, charset: charsetOf(name) });
  } catch (error) {
    yield* undo(editor.discard(address));
    throw error;
  }
  yield* renew(edit, group.info.address);
  return group.session.node(yield* reader.object(address), joined(group.name, name), group);
}

/** Makes an object that no link leads to: it lasts as long as the file is open, unless it gets one. */
export function* makeAnonymous<M extends Mode>(
  edit: Edit,
  from: GroupNode<M>,
  make: Steps<Address>,
  fill?: (address: Address) => Steps<void>,
): Steps<Node<M>> {
  const { editor, reader, anonymous } = edit;
  const address = yield* make;
  try {
    if (fill !== undefined) yield* fill(address);
  } catch (error) {
    yield* undo(editor.discard(address));
    throw error;
  }
  anonymous.add(address);
  return from.session.node(yield* reader.object(address), undefined, undefined);
}

/** Removes a link that is there, and what goes with it. */
export function* removeLink(edit: Edit, { group, name }: Place<Mode>): Steps<void> {
  const { editor, known, reader } = edit;
  const path = joined(group.name, name);
  const address = group.info.address;
  const link = yield* reader.link(address, name);
  const gone = yield* editor.unlink(address, name);
  known.forget(gone);
  if (link?.type === "hard" && gone.length === 0) known.renamed(path, undefined);
  yield* renew(edit, address);
  if (link?.type === "hard" && gone.length === 0) yield* renew(edit, link.address);
}
