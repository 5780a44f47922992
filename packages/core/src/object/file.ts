/** Files: the root group, and what concerns the file as a whole. */
import type { FileInfo } from "../contract.ts";
import type { Reference } from "../data/reference.ts";
import { NotFoundError } from "../errors.ts";
import type { Steps } from "../steps/steps.ts";
import type { AnyObject } from "./classes.ts";
import { dereference } from "./dereference.ts";
import { Group } from "./group.ts";
import { type CallOptions, type Mode, type Outcomes, type SyncOnly, syncOnly } from "./mode.ts";
import type { LibraryVersion, Session } from "./session.ts";
import { walk } from "./walk.ts";

/**
 * An open file: its root group, and what concerns the whole. Close it when done: by `close`, `using` (sync) or `await using`.
 *
 * Properties, its own and those of its objects, stay readable after `close`; methods then raise a ClosedError.
 */
export class H5File<out M extends Mode> extends Group<M> {
  /** Files are made by `open` and `openSync`. */
  constructor(session: Session<M>) {
    super(session.root);
  }

  /** Path, URL or other label of where its bytes are. */
  get filename(): string {
    return this.node.session.reader.info.label;
  }

  /** `"r"`: open for reading; `"r+"`: for writing too. */
  get mode(): "r" | "r+" {
    return this.node.session.writer === undefined ? "r" : "r+";
  }

  /** Bytes before the HDF5 content, for the user's own use. */
  get userblockSize(): number {
    return this.node.session.reader.info.userblockSize;
  }

  /** Oldest and newest library version whose structures are written, as in h5py. */
  get libver(): readonly [low: LibraryVersion, high: LibraryVersion] {
    return this.node.session.options.libver;
  }

  /** What superblock and superblock extension say, in the terms of the file format. */
  get superblock(): FileInfo {
    return this.node.session.reader.info;
  }

  /** The object at a path, as in every group; or the one that a reference points at. NotFoundError if the reference is null. */
  override get(path: string, options?: CallOptions): Outcomes<AnyObject<M> | undefined>[M];
  override get(reference: Reference, options?: CallOptions): Outcomes<AnyObject<M>>[M];
  override get(target: string | Reference, options?: CallOptions): Outcomes<AnyObject<M> | undefined>[M] {
    if (typeof target === "string") return super.get(target, options);
    return this.run(this.referenced(target), "", options);
  }

  /**
   * A path to the object that a reference points at; `undefined` where no hard link leads to it. Searches the file, as h5py does
   * for `f[ref].name`.
   */
  pathOf(reference: Reference, options?: CallOptions): Outcomes<string | undefined>[M] {
    return this.run(this.search(reference), "", options);
  }

  /**
   * Commits: all changes until here become part of the file, together, as durable as the option `durability` says. Nothing, in a
   * file open for reading. After a failure the file is as the last commit left it, and must be opened anew.
   */
  flush(options?: CallOptions): Outcomes<void>[M] {
    if (this.node.session.writer === undefined) return this.run(nothing(), "", options);
    return this.change((writer) => writer.commit(), "", options);
  }

  /**
   * Ends the use of the file, once calls under way are done, with a commit of what was changed. Closing twice does no harm. A
   * file that an earlier failure left behind is closed as it is.
   */
  close(): Outcomes<void>[M] {
    return this.node.session.close();
  }

  /** `using f = openSync(...)` */
  get [Symbol.dispose](): SyncOnly<() => void>[M] {
    return syncOnly(this.node.session.mode, () => void this.close());
  }

  /** `await using f = await open(...)` */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  override toString(): string {
    if (this.node.session.closed) return "<Closed HDF5 file>";
    return `<HDF5 file ${JSON.stringify(this.filename)} (mode ${this.mode})>`;
  }

  private *referenced(reference: Reference): Steps<AnyObject<M>> {
    const node = yield* dereference(this.node.session, reference);
    return node.session.classes.object(node);
  }

  private *search(reference: Reference): Steps<string | undefined> {
    const { address } = reference;
    if (address === null) throw new NotFoundError("the reference is null");
    if (address === this.info.address) return "/";
    const found = yield* walk<M, string>(this.node, function* (path, node) {
      return node.info.address === address ? path : undefined;
    });
    return found === undefined ? undefined : `/${found}`;
  }
}

function* nothing(): Steps<void> {}
