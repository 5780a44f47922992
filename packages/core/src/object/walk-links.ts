/** Visits every link below a group, not followed but for hard links to groups, in the order of h5py's `visititems_links`. */
import type { GroupInfo, LinkInfo } from "../contract.ts";
import type { Steps } from "../steps/steps.ts";
import { type Link, linkOf } from "./links.ts";
import type { Mode } from "./mode.ts";
import type { Node } from "./session.ts";

/** A group whose links are being visited. */
interface Frame {
  /** Path from where the visit began, with a slash behind it. */
  readonly prefix: string;
  readonly links: readonly LinkInfo[];
  next: number;
}

/** Calls `visit` for each link below `root`, depth first, by the bytes of the names, until it gives a value. */
export function* walkLinks<R>(
  root: Node<Mode, GroupInfo>,
  visit: (path: string, link: Link) => Steps<R | undefined>,
): Steps<R | undefined> {
  const { reader } = root.session;
  const entered = new Set<number>([root.info.address]);
  const stack: Frame[] = [{ prefix: "", links: yield* reader.links(root.info.address, "name"), next: 0 }];
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const link = frame.links[frame.next++];
    if (link === undefined) {
      stack.pop();
      continue;
    }
    const path = frame.prefix + link.name;
    const result = yield* visit(path, linkOf(link));
    if (result !== undefined) return result;
    if (link.type !== "hard" || entered.has(link.address)) continue;
    const { kind, address } = yield* reader.object(link.address);
    entered.add(address);
    if (kind === "group") stack.push({ prefix: `${path}/`, links: yield* reader.links(address, "name"), next: 0 });
  }
  return undefined;
}
