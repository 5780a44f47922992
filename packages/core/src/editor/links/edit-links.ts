/** Changing of links, and of what they count. */
import type { Address } from "../../bytes/address.ts";
import { encodeText } from "../../bytes/text.ts";
import type { LinkInfo, NewLink } from "../../contract.ts";
import { UnsupportedError } from "../../errors.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";
import { linkToChange, putLink, takeLink } from "../group/group-links.ts";
import { EditedHeader } from "../object-header/edited-header.ts";
import { addReference, dropReference } from "../object-header/references.ts";

/** Adds a link; one more reference to the object if it is hard. */
export function* addLink(file: EditorFile, group: Address, link: NewLink): Steps<void> {
  checkLink(link);
  if (link.type === "hard") (yield* EditedHeader.load(file, link.address)).release();
  yield* putLink(file, group, link);
  // The header is loaded anew: an object may be linked to from itself.
  if (link.type === "hard") yield* addReference(file, link.address);
}

/** Removes a link; one reference less to the object if it is hard. NotFoundError where there is none. */
export function* removeLinkOf(file: EditorFile, group: Address, name: string): Steps<void> {
  const found = yield* linkToChange(file, group, name);
  if (found.type === "hard") (yield* EditedHeader.load(file, found.address)).release();
  yield* takeLink(file, group, name);
  if (found.type === "hard") yield* dropReference(file, found.address);
}

/** Moves a link under another name or to another group; what it leads to is not touched. */
export function* moveLink(file: EditorFile, from: Address, name: string, to: Address, newName: string): Steps<void> {
  const moved = renamed(yield* linkToChange(file, from, name), newName);
  checkLink(moved);
  yield* putLink(file, to, moved);
  yield* takeLink(file, from, name);
}

/** The order of creation is that of the group where the link goes. */
function renamed(link: LinkInfo, name: string): NewLink {
  const { creationOrder: _, ...rest } = link;
  return { ...rest, name };
}

/** Bytes that the length field of a link's value can say. */
const LARGEST_VALUE = 0xffff;
/** Codes of links that programs define themselves. */
const FIRST_USER_CODE = 65;
const LAST_USER_CODE = 255;

/** UnsupportedError for what no group can hold. */
function checkLink(link: NewLink): void {
  const { name } = link;
  if (name === "" || name === "." || name.includes("/") || name.includes("\0"))
    refuse("cannot have that name", name, 'at least one character, no "/", no NUL, and not "."');
  const size = valueBytes(link);
  if (size > LARGEST_VALUE) refuse("has too long a value", `${size} bytes`, `at most ${LARGEST_VALUE}`);
  if (link.type === "soft" && size === 0) refuse("is soft and has no target", size, "at least 1 byte");
  if (link.type === "user" && !(link.code >= FIRST_USER_CODE && link.code <= LAST_USER_CODE))
    refuse("has no code of a user-defined link", link.code, `${FIRST_USER_CODE} to ${LAST_USER_CODE}`);
}

function valueBytes(link: NewLink): number {
  switch (link.type) {
    case "hard":
      return 0;
    case "soft":
      return encodeText(link.target).length;
    case "external":
      return 3 + encodeText(link.file).length + encodeText(link.target).length;
    case "user":
      return link.data.length;
  }
}

function refuse(reason: string, found: unknown, allowed: string): never {
  throw new UnsupportedError(reason, { structure: "Link message", found, allowed });
}
