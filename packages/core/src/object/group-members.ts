/** What groups hold: links to other objects, found by path, listed and visited. */
import type { GroupInfo, LinkInfo } from "../contract.ts";
import { DType } from "../data/dtype/dtype.ts";
import type { Data, DTypeLike } from "../data/dtype/like.ts";
import { DTypeError, isH5Error, NotFoundError } from "../errors.ts";
import { all } from "../steps/all.ts";
import type { Steps } from "../steps/steps.ts";
import type { AnyObject } from "./classes.ts";
import type { Dataset } from "./dataset.ts";
import type { Group } from "./group.ts";
import { type Link, linkOf } from "./links.ts";
import { components, follow, joined, locate, locateParent } from "./locate.ts";
import {
  type AsyncOnly,
  asyncIterator,
  type CallOptions,
  type Mode,
  named,
  type Outcomes,
  type Returned,
  type SyncOnly,
  syncIterator,
} from "./mode.ts";
import { H5Object } from "./object.ts";
import type { Node } from "./session.ts";
import { walk } from "./walk.ts";
import { walkLinks } from "./walk-links.ts";

/** The reading half of a group. */
export abstract class GroupMembers<out M extends Mode> extends H5Object<M, GroupInfo> {
  /** Tells groups from other objects. */
  override readonly kind: "group" = "group";

  /** The object at a path; `undefined` where nothing is, or a link leads nowhere. PolicyError for a link not allowed. */
  get(path: string, options?: CallOptions): Outcomes<AnyObject<M> | undefined>[M] {
    return this.run(this.find(path), path, options);
  }

  /** The group at a path. NotFoundError where nothing is, or an object of another kind. */
  group(path: string, options?: CallOptions): Outcomes<Group<M>>[M] {
    return this.run(this.need(path, "group"), path, options);
  }

  /**
   * The dataset at a path. NotFoundError where nothing is, or an object of another kind.
   *
   * With a dtype, results have its data type; DTypeError where class or width of the dataset differ. The order of bytes
   * may be any.
   */
  dataset(path: string, dtype?: undefined, options?: CallOptions): Outcomes<Dataset<M>>[M];
  dataset<const N extends DTypeLike>(path: string, dtype: N, options?: CallOptions): Outcomes<Dataset<M, Data<N>>>[M];
  dataset(path: string, dtype?: DTypeLike, options?: CallOptions): Outcomes<Dataset<M>>[M] {
    return this.run(this.needData(path, dtype), path, options);
  }

  /** Whether there is a link at a path, even one that leads nowhere (as in h5py). */
  has(path: string, options?: CallOptions): Outcomes<boolean>[M] {
    return this.run(this.test(path), path, options);
  }

  /** Names of all links: in the order of creation where the group tracks it, else by their bytes. */
  keys(options?: CallOptions): Outcomes<string[]>[M] {
    return this.run(this.names(), "", options);
  }

  /**
   * The objects of all links, in the order of {@link keys}; `undefined` for links that lead nowhere, user-defined ones, and those
   * that the option `links` does not allow to follow.
   */
  values(options?: CallOptions): Outcomes<(AnyObject<M> | undefined)[]>[M] {
    return this.run(this.objects(), "", options);
  }

  /** Name and object of all links, as {@link keys} and {@link values}. */
  entries(options?: CallOptions): Outcomes<[string, AnyObject<M> | undefined][]>[M] {
    return this.run(this.objectEntries(), "", options);
  }

  /** How many links it has: h5py's `len`. */
  count(options?: CallOptions): Outcomes<number>[M] {
    return this.run(this.node.session.reader.linkCount(this.info.address), "", options);
  }

  /** The link at a path, not followed; `undefined` where there is none. */
  getLink(path: string, options?: CallOptions): Outcomes<Link | undefined>[M] {
    return this.run(this.findLink(path), path, options);
  }

  /** Name and link of all links, not followed, in the order of {@link keys}. */
  links(options?: CallOptions): Outcomes<[string, Link][]>[M] {
    return this.run(this.linkEntries(), "", options);
  }

  /**
   * Calls `visitor` with the path, from here, of every object below: each once, depth first, by the bytes of the names,
   * along hard links only. Ends at the first value that is not `undefined`, and returns it.
   */
  visit<R = never>(
    visitor: (path: string) => Returned<R | undefined | void>[M],
    options?: CallOptions,
  ): Outcomes<R | undefined>[M] {
    return this.run(
      this.walked<R>((path) => visitor(path)),
      "",
      options,
    );
  }

  /** As {@link visit}, with the object as well. */
  visitItems<R = never>(
    visitor: (path: string, object: AnyObject<M>) => Returned<R | undefined | void>[M],
    options?: CallOptions,
  ): Outcomes<R | undefined>[M] {
    return this.run(
      this.walked<R>((path, node) => visitor(path, this.made(node))),
      "",
      options,
    );
  }

  /**
   * Calls `visitor` with the path, from here, and the link itself, of every link below: also soft and external ones, which are not
   * followed. Groups are entered once, along hard links. Ends at the first value that is not `undefined`, and returns it.
   */
  visitLinks<R = never>(
    visitor: (path: string, link: Link) => Returned<R | undefined | void>[M],
    options?: CallOptions,
  ): Outcomes<R | undefined>[M] {
    const { session } = this.node;
    const visit = (path: string, link: Link): Steps<R | undefined> =>
      session.call(() => visitor(path, link) as Returned<R | undefined>[M]);
    return this.run(walkLinks<R>(this.node, visit), "", options);
  }

  /** Iterates over {@link keys}, in sync mode. */
  get [Symbol.iterator](): SyncOnly<() => IterableIterator<string>>[M] {
    return syncIterator(this.node.session.mode, () => this.keys());
  }

  /** Iterates over {@link keys}, in async mode. */
  get [Symbol.asyncIterator](): AsyncOnly<() => AsyncIterableIterator<string>>[M] {
    return asyncIterator(this.node.session.mode, () => this.keys());
  }

  protected override describe(): string {
    return `group ${this.quoted()}`;
  }

  protected made(node: Node<M>): AnyObject<M> {
    return node.session.classes.object(node);
  }

  private *find(path: string): Steps<AnyObject<M> | undefined> {
    const node = yield* locate(this.node, path);
    return node && this.made(node);
  }

  private *need<K extends AnyObject["kind"]>(path: string, kind: K): Steps<Extract<AnyObject<M>, { kind: K }>> {
    const node = yield* locate(this.node, path);
    if (node === undefined) throw new NotFoundError("does not exist");
    if (node.info.kind !== kind) throw new NotFoundError(`is no ${kind}`, { found: node.info.kind });
    return this.made(node) as Extract<AnyObject<M>, { kind: K }>;
  }

  private *needData(path: string, dtype: DTypeLike | undefined): Steps<Dataset<M>> {
    const dataset = yield* this.need(path, "dataset");
    if (dtype !== undefined) requireType(dataset.dtype, dtype);
    return dataset;
  }

  private *test(path: string): Steps<boolean> {
    if (path !== "" && components(path).length === 0) return true;
    return (yield* this.findLink(path)) !== undefined;
  }

  private *findLink(path: string): Steps<Link | undefined> {
    const found = yield* locateParent(this.node, path);
    if (found === undefined) return undefined;
    const { group, name } = found;
    const info = yield* group.session.reader.link(group.info.address, name);
    return info && linkOf(info);
  }

  protected linkInfos(): Steps<LinkInfo[]> {
    const { info, session } = this.node;
    return session.reader.links(info.address, info.linkOrder.tracked ? "creation" : "name");
  }

  private *names(): Steps<string[]> {
    return (yield* this.linkInfos()).map((link) => link.name);
  }

  private *linkEntries(): Steps<[string, Link][]> {
    return (yield* this.linkInfos()).map((link) => [link.name, linkOf(link)]);
  }

  private *objects(): Steps<(AnyObject<M> | undefined)[]> {
    return (yield* this.objectEntries()).map(([, object]) => object);
  }

  private *objectEntries(): Steps<[string, AnyObject<M> | undefined][]> {
    const links = yield* this.linkInfos();
    const nodes = yield* all(links.map((link) => followed(this.node, link)));
    return nodes.map((node, i) => [links[i].name, node && this.made(node)]);
  }

  private walked<R>(visitor: (path: string, node: Node<M>) => Returned<R | undefined | void>[M]): Steps<R | undefined> {
    const { session } = this.node;
    return walk(this.node, (path, node) => session.call(() => visitor(path, node) as Returned<R | undefined>[M]));
  }
}

function* followed<M extends Mode>(group: Node<M, GroupInfo>, link: LinkInfo): Steps<Node<M> | undefined> {
  if (link.type === "user") return undefined;
  try {
    return yield* follow(group, link);
  } catch (error) {
    if (isH5Error(error, "PolicyError")) return undefined;
    throw named(error, joined(group.name, link.name));
  }
}

/** DTypeError unless data of this type is read as data of `asked` is. */
function requireType(stored: DType, asked: DTypeLike): void {
  const wanted = DType.from(asked);
  if (stored.matches(wanted)) return;
  throw new DTypeError("is of another datatype", {
    found: stored.toString(),
    allowed: `${wanted} in any order of bytes`,
  });
}
