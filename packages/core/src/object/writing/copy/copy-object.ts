/** Copies of objects, within a file and between files, as H5Ocopy makes them. */
import type { GroupInfo } from "../../../contract.ts";
import { NotFoundError } from "../../../errors.ts";
import type { Steps } from "../../../steps/steps.ts";
import { components, locate } from "../../locate.ts";
import type { Mode } from "../../mode.ts";
import type { Node } from "../../session.ts";
import { charsetOf, type Edit, renew } from "../edit.ts";
import { atNewPlace } from "../place.ts";
import { Copier } from "./copier.ts";
import type { CopyOptions } from "./copy-options.ts";

type GroupNode = Node<Mode, GroupInfo>;

/** An object, or a path from a group. */
export type CopySource = Node<Mode> | { readonly from: GroupNode; readonly path: string };

/** `path`: of the copy; absent: the last part of the source's own name. */
export function* copyObject(
  edit: Edit,
  at: GroupNode,
  path: string | undefined,
  source: CopySource,
  options: CopyOptions = {},
): Steps<void> {
  const node = "path" in source ? yield* locate(source.from, source.path) : source;
  if (node === undefined) throw new NotFoundError("the source does not exist");
  node.check?.();
  const name = path ?? options.name ?? ownName(node);
  yield* atNewPlace(edit, at, name, function* (place) {
    const copier = new Copier(edit, at.session, options);
    const address = yield* copier.whole(node);
    const { group } = place;
    yield* copier.linked(address, () =>
      edit.editor.link(group.info.address, {
        type: "hard",
        address,
        name: place.name,
        charset: charsetOf(place.name),
      }),
    );
    yield* copier.linkReferenced();
    yield* copier.finish();
    yield* renew(edit, group.info.address, at.session.root.info.address);
  });
}

function ownName({ name }: Node<Mode>): string {
  const last = components(name ?? "").at(-1);
  if (last !== undefined) return last;
  throw new NotFoundError("the source has no name of its own: give the copy one", { found: name });
}
