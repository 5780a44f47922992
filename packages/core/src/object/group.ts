/** Groups: objects that hold links to others. */
import type { DatasetInfo, DatatypeInfo, GroupInfo } from "../contract.ts";
import type { AnyData } from "../data/arrays.ts";
import type { Data, DTypeLike } from "../data/dtype/like.ts";
import type { GivenArray, WrittenData } from "../data/writing/written-data.ts";
import type { Steps } from "../steps/steps.ts";
import type { Dataset } from "./dataset.ts";
import type { Datatype } from "./datatype.ts";
import { GroupMembers } from "./group-members.ts";
import { ExternalLink, SoftLink, UserLink } from "./links.ts";
import { joined } from "./locate.ts";
import type { CallOptions, Mode, Outcomes } from "./mode.ts";
import { type H5Object, nodeOf } from "./object.ts";
import { changeOn, type Node } from "./session.ts";
import type { Writer } from "./writer.ts";
import type { CopyOptions, MembersOptions } from "./writing/copy/copy-options.ts";
import type { DatasetOptions, RequireOptions } from "./writing/dataset-options.ts";
import type { GroupOptions } from "./writing/group-options.ts";
import type { VirtualDatasetOptions, VirtualDescription } from "./writing/virtual-options.ts";

/** Options that give a datatype. */
type Typed<O, N extends DTypeLike> = O & { readonly dtype: N };
/** Options that give data, which says its datatype. */
type Filled<O, D extends GivenArray> = O & { readonly data: D; readonly dtype?: undefined };

/**
 * A group. Paths are relative to it, or to the root if they begin with `/`; soft and external links on the way are followed
 * as the option `links` allows.
 *
 * What changes the file is a ClosedError where that is open for reading; it either is done whole, or fails without effect. A
 * `signal` stops it until it has begun.
 */
export class Group<out M extends Mode> extends GroupMembers<M> {
  /** Tells groups from other objects. */
  override readonly kind: "group" = "group";

  /**
   * Makes a group, and those on the way to it. With `null` no link leads to it: unless one is made, it lasts as long as the file
   * is open. ExistsError where the name is taken.
   */
  createGroup(path: string | null, options?: GroupOptions): Outcomes<Group<M>>[M] {
    return this.make((writer) => writer.createGroup(this.node, path, options), path, options) as Outcomes<Group<M>>[M];
  }

  /** The group at a path; makes it where nothing is. ExistsError where an object of another kind is. */
  requireGroup(path: string, options?: GroupOptions): Outcomes<Group<M>>[M] {
    return this.make((writer) => writer.requireGroup(this.node, path, options), path, options) as Outcomes<Group<M>>[M];
  }

  /**
   * Makes a dataset, and the groups on the way to it: h5py's `create_dataset`.
   *
   * ```ts
   * f.createDataset("raw/images", { data: pixels, shape: [1000, 256, 256] });
   * f.createDataset("features", { shape: [0, 512], maxShape: [null, 512], dtype: "f4", compression: "gzip" });
   * ```
   *
   * With `null` no link leads to it: unless one is made, it lasts as long as the file is open. ExistsError where the name is taken;
   * ShapeError, DTypeError, FilterError where options do not agree with one another.
   */
  createDataset<const N extends DTypeLike>(
    path: string | null,
    options: Typed<DatasetOptions, N>,
  ): Outcomes<Dataset<M, Data<N>>>[M];
  createDataset<D extends GivenArray>(
    path: string | null,
    options: Filled<DatasetOptions, D>,
  ): Outcomes<Dataset<M, WrittenData<D>>>[M];
  createDataset(path: string | null, options: DatasetOptions): Outcomes<Dataset<M>>[M];
  createDataset(path: string | null, options: DatasetOptions): Outcomes<Dataset<M, never>>[M] {
    return this.make((writer) => writer.createDataset(this.node, path, options), path, options);
  }

  /**
   * The dataset at a path; makes it where nothing is. One that is there must have the shape asked for (or the `maxShape`, where
   * that is given), and a datatype to which the one asked for can be cast safely, or the same where `exact` is given:
   * ShapeError and DTypeError if not, ExistsError for an object of another kind.
   */
  requireDataset<const N extends DTypeLike>(
    path: string,
    options: Typed<RequireOptions, N> & { readonly exact: true },
  ): Outcomes<Dataset<M, Data<N>>>[M];
  requireDataset(path: string, options: RequireOptions): Outcomes<Dataset<M>>[M];
  requireDataset(path: string, options: RequireOptions): Outcomes<Dataset<M, never>>[M] {
    return this.make((writer) => writer.requireDataset(this.node, path, options), path, options);
  }

  /**
   * Makes a dataset as another is, of this or another file: of its shape, datatype, chunks, filters and fill value, but for
   * what `options` say. Neither elements nor attributes are copied.
   */
  createDatasetLike<T = AnyData>(
    path: string | null,
    other: Dataset<Mode, T>,
    options?: DatasetOptions,
  ): Outcomes<Dataset<M, T>>[M] {
    return this.make(
      (writer) => writer.createDatasetLike(this.node, path, nodeOf<Mode, DatasetInfo>(other), options),
      path,
      options,
    );
  }

  /**
   * Makes a dataset whose elements are those of others: h5py's `create_virtual_dataset`. Sources need not be there.
   *
   * ```ts
   * const layout = new VirtualLayout({ shape: [4, 100], dtype: "f4" });
   * for (let i = 0; i < 4; i++) layout.set([i], new VirtualSource(`part${i}.h5`, "data", { shape: [100] }));
   * f.createVirtualDataset("all", layout, { fillValue: Number.NaN });
   * ```
   *
   * ExistsError where the name is taken; UnsupportedError where the option `libver` rules out what 1.10 brought.
   */
  createVirtualDataset<const N extends DTypeLike>(
    path: string | null,
    layout: VirtualDescription<N>,
    options?: VirtualDatasetOptions,
  ): Outcomes<Dataset<M, Data<N>>>[M] {
    const { shape, dtype, maxShape } = layout;
    const asked = { ...options, shape, dtype, maxShape, mappings: layout.mappings(this.file.filename) };
    return this.make((writer) => writer.createDataset(this.node, path, asked), path, options);
  }

  /** Makes a datatype an object of the file, for datasets and attributes to share. ExistsError where the name is taken. */
  commitDatatype(path: string | null, dtype: DTypeLike, options?: GroupOptions): Outcomes<Datatype<M>>[M] {
    return this.make((writer) => writer.commitDatatype(this.node, path, dtype, options), path, options);
  }

  /** Makes another link to an object of the same file. ExistsError where the name is taken. */
  createHardLink(path: string, object: H5Object<Mode>, options?: CallOptions): Outcomes<void>[M] {
    return this.change((writer) => writer.createHardLink(this.node, path, nodeOf(object)), path, options);
  }

  /** Makes a link to whatever stands at `target`, from the root or from the group of the link; or will. */
  createSoftLink(path: string, target: string, options?: CallOptions): Outcomes<void>[M] {
    return this.change((writer) => writer.createLink(this.node, path, new SoftLink(target)), path, options);
  }

  /** Makes a link to a path in another file, whose name is taken from the folder of this one. */
  createExternalLink(path: string, filename: string, target: string, options?: CallOptions): Outcomes<void>[M] {
    return this.change(
      (writer) => writer.createLink(this.node, path, new ExternalLink(filename, target)),
      path,
      options,
    );
  }

  /**
   * Makes a link of a class that programs define themselves (H5Lcreate_ud): `code` from 65 to 255, and what that makes of `data`.
   * It is shown by {@link getLink}, and never followed.
   */
  createUserLink(path: string, code: number, data: Uint8Array, options?: CallOptions): Outcomes<void>[M] {
    return this.change((writer) => writer.createLink(this.node, path, new UserLink(code, data)), path, options);
  }

  /**
   * Removes a link: h5py's `del`. An object goes with the last hard link to it, and gives its space back; so does what hangs on it
   * alone. NotFoundError where there is no link.
   */
  delete(path: string, options?: CallOptions): Outcomes<void>[M] {
    return this.change((writer) => writer.delete(this.node, path), path, options);
  }

  /** Removes all links: {@link delete} for each. */
  clear(options?: CallOptions): Outcomes<void>[M] {
    return this.change(this.deleteAll.bind(this), "", options);
  }

  /** Moves a link, of whatever kind: renames its object. Groups on the way are made. ExistsError where the name is taken. */
  move(source: string, destination: string, options?: CallOptions): Outcomes<void>[M] {
    return this.change((writer) => writer.move(this.node, source, destination), source, options);
  }

  /**
   * Copies an object, with all below it if it is a group. The source is a path from here, or an object of any open file; the
   * destination a path from here, or a group, of this or another file, in which the copy gets the name of the option `name`, or
   * the source's own. ExistsError where the name is taken.
   */
  copy(source: string | H5Object<M>, destination: string | Group<M>, options?: CopyOptions): Outcomes<void>[M] {
    const at = typeof destination === "string" ? this.node : nodeOf<M, GroupInfo>(destination);
    const path = typeof destination === "string" ? destination : undefined;
    const from = typeof source === "string" ? { from: this.node, path: source } : nodeOf(source);
    const other = "from" in from ? this.node.session : from.session;
    return changeOn(at, (writer) => writer.copy(at, path, from, options), options, joined(at.name, path ?? ""), other);
  }

  /**
   * Copies all that another group holds, of this or another file, and its attributes: first all objects, so that structures stand
   * together, then their elements. References lead to the copies. Datasets can be stored otherwise on the way: this is how a file is
   * written anew. ExistsError where a name is taken.
   */
  copyMembers(source: Group<M>, options: MembersOptions = {}): Outcomes<void>[M] {
    const from: Node<M, GroupInfo> = nodeOf<M, GroupInfo>(source);
    return changeOn(
      this.node,
      (writer) => writer.copyMembers(this.node, from, options),
      options,
      this.name,
      from.session,
    );
  }

  private *deleteAll(writer: Writer): Steps<void> {
    for (const { name } of yield* this.linkInfos()) yield* writer.delete(this.node, name);
  }

  private make<O>(
    change: (writer: Writer) => Steps<Node<M, GroupInfo | DatasetInfo | DatatypeInfo>>,
    path: string | null,
    options: CallOptions | undefined,
  ): Outcomes<O>[M] {
    const made = function* (this: Group<M>, writer: Writer): Steps<O> {
      return this.made(yield* change(writer)) as O;
    };
    return this.change(made.bind(this), path ?? "", options);
  }
}
