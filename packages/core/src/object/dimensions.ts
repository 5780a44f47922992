/**
 * Dimensions and their scales (HDF5 Dimension Scales, as h5py's `dims` and netCDF-4 use them): labels and coordinates of
 * a dataset's axes, kept in its attributes DIMENSION_LABELS and DIMENSION_LIST.
 */
import type { DatasetInfo } from "../contract.ts";
import { Reference } from "../data/reference.ts";
import { Result } from "../data/result.ts";
import { all } from "../steps/all.ts";
import type { Steps } from "../steps/steps.ts";
import { type AttributeValue, attributeOf } from "./attribute-value.ts";
import type { Dataset } from "./dataset.ts";
import { dereference } from "./dereference.ts";
import { follow } from "./locate.ts";
import type { CallOptions, Mode, Outcomes } from "./mode.ts";
import { nodeOf } from "./object.ts";
import { changeOn, type Node, runOn } from "./session.ts";
import type { Writer } from "./writer.ts";

/** One dimension of a dataset. */
export class Dimension<out M extends Mode> {
  /** Its number, from 0. */
  readonly axis: number;
  private readonly node: Node<M, DatasetInfo>;

  /** Every dataset has one for each dimension: `dataset.dims`. */
  constructor(node: Node<M, DatasetInfo>, axis: number) {
    this.node = node;
    this.axis = axis;
  }

  /** Its label; `""` where none was given. */
  label(options?: CallOptions): Outcomes<string>[M] {
    return this.run(this.readLabel(), options);
  }

  /** The datasets that are attached as its scales; often one, with the coordinates along it. */
  scales(options?: CallOptions): Outcomes<Dataset<M>[]>[M] {
    return this.run(this.readScales(), options);
  }

  /** Names of its scales, in their order: what was given when each was made a scale, as netCDF-4 does; else `""`. */
  keys(options?: CallOptions): Outcomes<string[]>[M] {
    return this.run(this.readNames(), options);
  }

  /** The scale of that name, or number; `undefined` where there is none. */
  scale(key: string | number, options?: CallOptions): Outcomes<Dataset<M> | undefined>[M] {
    return this.run(this.findScale(key), options);
  }

  /** Sets the label of the axis (attribute `DIMENSION_LABELS`), as `h5py`'s `dims[i].label = ...`. ClosedError where the file was opened for reading. */
  setLabel(label: string, options?: CallOptions): Outcomes<void>[M] {
    return this.change((writer) => writer.setLabel(this.node, this.axis, label), options);
  }

  /** Attaches a dataset as a scale, which it becomes if it was none. It must be in the same file. */
  attachScale(scale: Dataset<Mode>, options?: CallOptions): Outcomes<void>[M] {
    return this.change((writer) => writer.attachScale(this.node, this.axis, nodeOf<Mode, DatasetInfo>(scale)), options);
  }

  /** Detaches a scale, which stays one. NotFoundError if it is not attached to this dimension. */
  detachScale(scale: Dataset<Mode>, options?: CallOptions): Outcomes<void>[M] {
    return this.change((writer) => writer.detachScale(this.node, this.axis, nodeOf<Mode, DatasetInfo>(scale)), options);
  }

  private change(change: (writer: Writer) => Steps<void>, options: CallOptions | undefined): Outcomes<void>[M] {
    return changeOn(this.node, change, options);
  }

  private run<T>(steps: Steps<T>, options: CallOptions | undefined): Outcomes<T>[M] {
    return runOn(this.node, steps, options);
  }

  private *readLabel(): Steps<string> {
    const labels = yield* attributeOf(this.node, "DIMENSION_LABELS");
    const label = elementsOf(labels)[this.axis];
    return typeof label === "string" ? label : "";
  }

  private *nodes(): Steps<Node<M>[]> {
    const list = elementsOf(yield* attributeOf(this.node, "DIMENSION_LIST"));
    const scales = list[this.axis];
    if (!Array.isArray(scales)) return [];
    const references = scales.filter((scale) => scale instanceof Reference && !scale.isNull);
    return yield* all(references.map((reference) => found(this.node, reference)));
  }

  private *readScales(): Steps<Dataset<M>[]> {
    const nodes = yield* this.nodes();
    return nodes.map((node) => node.session.classes.dataset(node as Node<M, DatasetInfo>));
  }

  private *readNames(): Steps<string[]> {
    const nodes = yield* this.nodes();
    return yield* all(nodes.map(scaleName));
  }

  private *findScale(key: string | number): Steps<Dataset<M> | undefined> {
    const scales = yield* this.readScales();
    return scales[typeof key === "number" ? key : (yield* this.readNames()).indexOf(key)];
  }
}

/** Whether a dataset says that it is a dimension scale. */
export function* isScale(node: Node<Mode>): Steps<boolean> {
  return (yield* attributeOf(node, "CLASS")) === "DIMENSION_SCALE";
}

/** The elements of an attribute's value that is an array of objects; empty of others. */
function elementsOf(value: AttributeValue | undefined): readonly unknown[] {
  return value instanceof Result && Array.isArray(value.data) ? value.data : [];
}

/**
 * The scale that a reference points at: under its name, if it is in one of the groups above the dataset, where netCDF-4
 * keeps the scales of a variable.
 */
function* found<M extends Mode>(node: Node<M>, reference: Reference): Steps<Node<M>> {
  for (let group = node.parent; group !== undefined; group = group.parent) {
    const links = yield* group.session.reader.links(group.info.address, "name");
    const link = links.find((each) => each.type === "hard" && each.address === reference.address);
    if (link !== undefined) return (yield* follow(group, link)) as Node<M>;
  }
  return yield* dereference(node.session, reference);
}

function* scaleName(scale: Node<Mode>): Steps<string> {
  const name = yield* attributeOf(scale, "NAME");
  return typeof name === "string" ? name : "";
}
