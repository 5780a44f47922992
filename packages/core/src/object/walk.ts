/**
 * Visits everything below a group, each object once, in the order of h5py's `visititems`: depth first, by the bytes of
 * the names, along hard links.
 *
 * What comes next in that order is fetched ahead, many objects in a round, as far as their groups are known: over a remote storage a
 * tree takes a few rounds a level, not one an object.
 */
import type { AnyObjectInfo, GroupInfo, LinkInfo } from "../contract.ts";
import { all } from "../steps/all.ts";
import type { Steps } from "../steps/steps.ts";
import { joined } from "./locate.ts";
import { type Mode, named } from "./mode.ts";
import type { Node } from "./session.ts";

/** Objects fetched ahead at most. Without waiting times there is little to gain, and a visit may stop early. */
const WINDOW: Record<Mode, number> = { sync: 64, async: 1024 };

/** An object that a hard link leads to; loaded or not yet. */
interface Found {
  readonly name: string;
  readonly address: AnyObjectInfo["address"];
  info?: AnyObjectInfo;
  /** Of a loaded group. */
  children?: Found[];
  /** Why it could not be loaded: thrown when its turn comes. */
  error?: unknown;
}

/** A group whose members are being visited. */
interface Frame<M extends Mode> {
  readonly node: Node<M, GroupInfo>;
  /** Path from where the visit began, with a slash behind it. */
  readonly prefix: string;
  readonly members: readonly Found[];
  next: number;
}

class Walk<M extends Mode> {
  private readonly visited = new Set<number>();
  private readonly stack: Frame<M>[] = [];
  private readonly window: number;
  /** Objects loaded whose turn has not come. */
  private ahead = 0;

  constructor(window: number) {
    this.window = window;
  }

  enter(node: Node<M, GroupInfo>, prefix: string, members: readonly Found[]): void {
    this.visited.add(node.info.address);
    this.stack.push({ node, prefix, members, next: 0 });
  }

  /** The next object and its path; `undefined` after the last. */
  *next(): Steps<{ path: string; node: Node<M> } | undefined> {
    for (let frame = this.stack.at(-1); frame !== undefined; frame = this.stack.at(-1)) {
      const found = frame.members[frame.next];
      if (found === undefined) this.stack.pop();
      else if (this.visited.has(found.address)) this.pass(frame, found);
      else return yield* this.take(frame, found);
    }
    return undefined;
  }

  /** An object that was visited under another name: neither it nor what hangs on it is visited again. */
  private pass(frame: Frame<M>, found: Found): void {
    frame.next++;
    this.ahead -= loaded(found);
  }

  private *take(frame: Frame<M>, found: Found): Steps<{ path: string; node: Node<M> }> {
    const { session } = frame.node;
    if (!isLoaded(found)) {
      const batch = this.coming(Math.max(1, this.window - this.ahead));
      yield* all(batch.map((each) => load(session.reader, each)));
      this.ahead += batch.length;
    }
    this.ahead--;
    frame.next++;
    const path = frame.prefix + found.name;
    const name = joined(frame.node.name, found.name);
    if (found.info === undefined) throw named(found.error, name);
    const node = session.node(found.info, name, frame.node);
    this.visited.add(found.address);
    if (found.children !== undefined) this.enter(node as Node<M, GroupInfo>, `${path}/`, found.children);
    return { path, node };
  }

  /** The first objects, in the order of the visit, that are not loaded. */
  private coming(count: number): Found[] {
    const coming: Found[] = [];
    const collect = (members: readonly Found[], from: number): void => {
      for (let i = from; i < members.length && coming.length < count; i++) {
        const found = members[i];
        if (this.visited.has(found.address)) continue;
        if (!isLoaded(found)) coming.push(found);
        else if (found.children !== undefined) collect(found.children, 0);
      }
    };
    for (let i = this.stack.length - 1; i >= 0; i--) collect(this.stack[i].members, this.stack[i].next);
    return coming;
  }
}

const isLoaded = (found: Found): boolean => found.info !== undefined || found.error !== undefined;

/** How many objects are loaded of it and what is known below it. */
function loaded(found: Found): number {
  return (found.children ?? []).reduce((sum, child) => sum + loaded(child), isLoaded(found) ? 1 : 0);
}

function members(links: readonly LinkInfo[]): Found[] {
  const found: Found[] = [];
  for (const link of links) if (link.type === "hard") found.push({ name: link.name, address: link.address });
  return found;
}

type Reader = Node<Mode>["session"]["reader"];

function* load(reader: Reader, found: Found): Steps<void> {
  try {
    const info = yield* reader.object(found.address);
    if (info.kind === "group") found.children = members(yield* reader.links(found.address, "name"));
    found.info = info;
  } catch (error) {
    found.error = error ?? new Error("unknown");
  }
}

/** Calls `visit` for each object below `root`, until it gives a value. */
export function* walk<M extends Mode, R>(
  root: Node<M, GroupInfo>,
  visit: (path: string, node: Node<M>) => Steps<R | undefined>,
): Steps<R | undefined> {
  const { reader, mode } = root.session;
  const steps = new Walk<M>(WINDOW[mode]);
  steps.enter(root, "", members(yield* reader.links(root.info.address, "name")));
  for (let next = yield* steps.next(); next !== undefined; next = yield* steps.next()) {
    const result = yield* visit(next.path, next.node);
    if (result !== undefined) return result;
  }
  return undefined;
}
