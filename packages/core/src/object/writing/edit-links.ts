/** New links, and the removal and moving of links. */
import type { GroupInfo, LinkTarget } from "../../contract.ts";
import { ExistsError, NotFoundError, UnsupportedError } from "../../errors.ts";
import type { Steps } from "../../steps/steps.ts";
import type { Link } from "../links.ts";
import { components, joined } from "../locate.ts";
import { type Mode, named } from "../mode.ts";
import type { Node } from "../session.ts";
import { charsetOf, type Edit, renew } from "./edit.ts";
import { atNewPlace, existingPlace, type Place, removeLink } from "./place.ts";

type GroupNode = Node<Mode, GroupInfo>;

/** A further link to an object of the same file. */
export function* createHardLink(edit: Edit, at: GroupNode, path: string, object: Node<Mode>): Steps<void> {
  object.check?.();
  if (object.session !== at.session) {
    throw new UnsupportedError("hard links cannot lead into another file: see createExternalLink", {
      found: object.session.reader.info.label,
    });
  }
  const { address } = object.info;
  yield* atNewPlace(edit, at, path, function* ({ group, name }) {
    yield* edit.editor.link(group.info.address, { type: "hard", address, name, charset: charsetOf(name) });
    yield* renew(edit, group.info.address, address);
  });
  edit.anonymous.delete(address);
}

export function* createLink(edit: Edit, at: GroupNode, path: string, link: Link): Steps<void> {
  const target = targetOf(link);
  yield* atNewPlace(edit, at, path, function* ({ group, name }) {
    yield* edit.editor.link(group.info.address, { ...target, name, charset: charsetOf(name) });
    yield* renew(edit, group.info.address);
  });
}

type Target = Exclude<LinkTarget, { readonly type: "hard" }>;

function targetOf(link: Link): Target {
  if (link.type === "soft") return { type: "soft", target: nonEmpty(link.path, "path") };
  if (link.type === "external") {
    const file = nonEmpty(link.filename, "file name");
    return { type: "external", file, target: nonEmpty(link.path, "path"), flags: 0 };
  }
  if (link.type === "user") return { type: "user", code: link.code, data: link.data.slice() };
  throw new UnsupportedError("cannot make a link of this class", { found: link.type });
}

function nonEmpty(text: string, what: string): string {
  if (text !== "" && !text.includes("\0")) return text;
  throw new NotFoundError(`the ${what} of a link must not be empty or have a NUL in it`, { found: text });
}

/** Removes a link; with the last hard one its object goes, and what hangs on that alone. */
export function* deleteLink(edit: Edit, at: GroupNode, path: string): Steps<void> {
  const place = yield* existingPlace(at, path);
  yield* need(edit, place);
  yield* removeLink(edit, place);
}

function* need({ reader }: Edit, { group, name }: Place<Mode>): Steps<void> {
  if ((yield* reader.link(group.info.address, name)) !== undefined) return;
  throw new NotFoundError("does not exist");
}

export function* moveLink(edit: Edit, at: GroupNode, from: string, to: string): Steps<void> {
  const source = yield* existingPlace(at, from);
  const link = yield* edit.reader.link(source.group.info.address, source.name);
  if (link === undefined) throw new NotFoundError("does not exist");
  if (yield* isSame(at, source, to)) return;
  yield* atNewPlace(edit, at, to, function* ({ group, name }) {
    if (link.type === "hard") refuseInside(group, link.address);
    const [old, now] = [source.group.info.address, group.info.address];
    const path = joined(source.group.name, source.name);
    yield* edit.editor.moveLink(old, source.name, now, name);
    edit.known.renamed(path, joined(group.name, name), group);
    yield* renew(edit, old, now);
  });
}

/** Whether a path means that very place. */
function* isSame(at: GroupNode, { group, name }: Place<Mode>, path: string): Steps<boolean> {
  if (components(path).at(-1) !== name) return false;
  try {
    return (yield* existingPlace(at, path)).group.info.address === group.info.address;
  } catch {
    return false;
  }
}

/** A group that is moved below itself could be reached no more. */
function refuseInside(group: GroupNode, address: number): void {
  for (let each: GroupNode | undefined = group; each !== undefined; each = each.parent) {
    if (each.info.address !== address) continue;
    throw named(new ExistsError("cannot be moved into itself"), joined(group.name, ""));
  }
}
