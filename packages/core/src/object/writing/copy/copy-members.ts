/** Copies of all that a group holds: what a file is written anew by. */
import type { GroupInfo } from "../../../contract.ts";
import type { Steps } from "../../../steps/steps.ts";
import type { Mode } from "../../mode.ts";
import type { Node } from "../../session.ts";
import { type Edit, renew } from "../edit.ts";
import { Copier } from "./copier.ts";
import type { MembersOptions } from "./copy-options.ts";

type GroupNode = Node<Mode, GroupInfo>;

/**
 * First all objects with their attributes, so that structures stand together; then their elements. References lead to
 * the copies of what they led to.
 */
export function* copyMembers(edit: Edit, at: GroupNode, from: GroupNode, options: MembersOptions): Steps<void> {
  from.check?.();
  const { stored, progress } = options;
  const copier = new Copier(edit, at.session, { expandRefs: true, ...(stored && { stored }) }, true);
  const into = at.info.address;
  yield* copier.members(from, into);
  const { later = [] } = copier;
  // Elements may refer to objects that no link leads to: those are copied then, and have elements of their own.
  for (let i = 0; i < later.length; i++) {
    progress?.(i, later.length, later[i].path);
    yield* later[i].move();
  }
  yield* copier.linkReferenced();
  yield* copier.finish();
  yield* renew(edit, into, at.session.root.info.address);
}
