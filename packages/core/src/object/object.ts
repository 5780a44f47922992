/** What groups, datasets and committed datatypes have in common. */
import type { AnyObjectInfo } from "../contract.ts";
import { Reference } from "../data/reference.ts";
import { NotFoundError } from "../errors.ts";
import type { Steps } from "../steps/steps.ts";
import { Attributes } from "./attributes.ts";
import type { H5File } from "./file.ts";
import type { Group } from "./group.ts";
import { joined } from "./locate.ts";
import type { CallOptions, Mode, Outcomes } from "./mode.ts";
import { changeOn, type Node, runOn, type Session } from "./session.ts";
import type { Writer } from "./writer.ts";

let read: <M extends Mode, I extends AnyObjectInfo>(object: H5Object<M, I>) => Node<M, I>;

/** An object of a file. Properties come from its header, which was read when it was opened, and never do I/O. */
export abstract class H5Object<out M extends Mode, out I extends AnyObjectInfo = AnyObjectInfo> {
  /** What it is: `"group"`, `"dataset"`, `"datatype"`. */
  abstract readonly kind: I["kind"];
  protected node: Node<M, I>;
  private attributes: Attributes<M> | undefined;

  static {
    read = (object) => object.node;
  }

  /** Objects are made by `open` and by groups. */
  constructor(node: Node<M, I>) {
    this.node = node;
  }

  /**
   * The path by which it was reached, from the root of its file: `"/raw/images"`. Soft links stand in it as they were
   * followed, as in h5py. `undefined` if it was reached by a reference, which knows no path.
   */
  get name(): string | undefined {
    return this.node.name;
  }

  /** What its header says, in the terms of the file format. */
  get info(): I {
    return this.node.info;
  }

  /** The remark that some program left in its header (H5Oset_comment): `undefined` where there is none. */
  get comment(): string | undefined {
    return this.node.info.comment;
  }

  /** Leaves a remark in its header, in place of the one it has; `""` removes that. LimitError beyond 64 KiB. */
  setComment(comment: string, options?: CallOptions): Outcomes<void>[M] {
    return this.change((writer) => writer.setComment(this.node, comment), "", options);
  }

  /** Its attributes. */
  get attrs(): Attributes<M> {
    return (this.attributes ??= new Attributes(this.node));
  }

  /** The group in which it was found; of the root, the root. NotFoundError if it was reached by a reference. */
  get parent(): Group<M> {
    const { session, parent, name, info } = this.node;
    if (parent !== undefined) return session.classes.group(parent);
    if (name === "/") return session.file;
    throw new NotFoundError("was reached by a reference: its parent is not known", { address: info.address });
  }

  /** The file that it is in: another one than was opened, if an external link led to it. */
  get file(): H5File<M> {
    return this.node.session.file;
  }

  /** A reference to it, for use in its file. */
  get ref(): Reference {
    return new Reference(this.info.address);
  }

  /** As h5py shows it: `<HDF5 dataset "/x": shape (2, 3), type "<f4">`. */
  toString(): string {
    return `<HDF5 ${this.describe()}>`;
  }

  /** Runs steps on behalf of what stands at `path` from here. */
  protected run<T>(steps: Steps<T>, path: string, options: CallOptions | undefined): Outcomes<T>[M] {
    return runOn(this.node, steps, options, this.pathTo(path));
  }

  /** The same with steps that change the file, and read the one of another session. */
  protected change<T>(
    change: (writer: Writer) => Steps<T>,
    path = "",
    options?: CallOptions,
    other?: Session<Mode>,
  ): Outcomes<T>[M] {
    return changeOn(this.node, change, options, this.pathTo(path), other);
  }

  /** Runs steps alone where the file may be changed: they store what waits first. */
  protected runStored<T>(steps: Steps<T>, options: CallOptions | undefined): Outcomes<T>[M] {
    return this.node.session.writer === undefined
      ? this.run(steps, "", options)
      : this.change(() => steps, "", options);
  }

  private pathTo(path: string): string | undefined {
    return path === "" ? this.name : joined(this.name, path);
  }

  protected abstract describe(): string;

  /** Name in quotes, or `(anonymous)`. */
  protected quoted(): string {
    return this.name === undefined ? "(anonymous)" : JSON.stringify(this.name);
  }
}

/** What an object stands on, for other classes. */
export const nodeOf = <M extends Mode, I extends AnyObjectInfo>(object: H5Object<M, I>): Node<M, I> => read(object);

/** What Node's console shows of an object: not its parts. */
Object.defineProperty(H5Object.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value(this: H5Object<Mode>): string {
    return this.toString();
  },
});
