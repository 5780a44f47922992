/** Attributes: small named arrays that belong to an object. */
import type { AttributeInfo } from "../contract.ts";
import { AttributeReference } from "../data/reference.ts";
import { all } from "../steps/all.ts";
import type { Steps } from "../steps/steps.ts";
import { type AttributeValue, attributeOf, attributeValue } from "./attribute-value.ts";
import {
  type AsyncOnly,
  asyncIterator,
  type CallOptions,
  type Mode,
  type Outcomes,
  type SyncOnly,
  syncIterator,
} from "./mode.ts";
import { changeOn, type Node, runOn } from "./session.ts";
import type { Writer } from "./writer.ts";
import type { AttributeOptions } from "./writing/attribute-options.ts";

/** The attributes of an object, by name. */
export class Attributes<out M extends Mode> {
  private readonly node: Node<M>;

  /** Every object has one: `object.attrs`. */
  constructor(node: Node<M>) {
    this.node = node;
  }

  /**
   * The value of an attribute: of a scalar the value itself (a bigint only where no number is exact), of others a result
   * as datasets give it; `Empty` of a null dataspace. `undefined` if there is none of that name.
   */
  get(name: string, options?: CallOptions): Outcomes<AttributeValue | undefined>[M] {
    return this.run(attributeOf(this.node, name), options);
  }

  /** Gives an attribute a value, in place of any that it has: of the value's own type and shape. */
  set(name: string, value: unknown, options?: CallOptions): Outcomes<void>[M] {
    return this.change((writer) => writer.setAttribute(this.node, name, value), options);
  }

  /** The same, of a type or shape that is asked for. */
  create(name: string, value: unknown, options?: AttributeOptions): Outcomes<void>[M] {
    return this.change((writer) => writer.setAttribute(this.node, name, value, options), options);
  }

  /** Gives an attribute another value and leaves its type and shape. Makes it, if there is none of that name. */
  modify(name: string, value: unknown, options?: CallOptions): Outcomes<void>[M] {
    return this.change((writer) => writer.modifyAttribute(this.node, name, value), options);
  }

  /** {@link set} for each: h5py's `update`. Those before one that fails stay set. */
  update(values: { readonly [name: string]: unknown }, options?: CallOptions): Outcomes<void>[M] {
    const { node } = this;
    return this.change(function* (writer) {
      for (const name of Object.keys(values)) yield* writer.setAttribute(node, name, values[name]);
    }, options);
  }

  /** Deletes all attributes of the object. ClosedError where the file was opened for reading. */
  clear(options?: CallOptions): Outcomes<void>[M] {
    return this.change(this.deleteAll.bind(this), options);
  }

  /** Deletes an attribute. NotFoundError if there is none of that name. */
  delete(name: string, options?: CallOptions): Outcomes<void>[M] {
    return this.change((writer) => writer.deleteAttribute(this.node, name), options);
  }

  /** Name and value of all attributes, in the order of {@link keys}. */
  entries(options?: CallOptions): Outcomes<[string, AttributeValue][]>[M] {
    return this.run(this.pairs(), options);
  }

  /** All attributes by name: an object without prototype, so that any name is but a name. */
  toObject(options?: CallOptions): Outcomes<{ [name: string]: AttributeValue }>[M] {
    return this.run(this.collect(), options);
  }

  /** Whether there is an attribute of that name. */
  has(name: string, options?: CallOptions): Outcomes<boolean>[M] {
    return this.run(this.test(name), options);
  }

  /** Names of all attributes: in the order of creation where the object tracks it, else by their bytes. */
  keys(options?: CallOptions): Outcomes<string[]>[M] {
    return this.run(this.names(), options);
  }

  /** How many there are: h5py's `len`. */
  count(options?: CallOptions): Outcomes<number>[M] {
    return this.run(this.node.session.reader.attributeCount(this.node.info.address), options);
  }

  /** Datatype, dataspace and bytes of one attribute, in the terms of the file format; `undefined` if there is none. */
  info(name: string, options?: CallOptions): Outcomes<AttributeInfo | undefined>[M] {
    return this.run(this.node.session.reader.attribute(this.node.info.address, name), options);
  }

  /** The same of all attributes, in the order of {@link keys}. */
  infos(options?: CallOptions): Outcomes<AttributeInfo[]>[M] {
    return this.run(this.list(), options);
  }

  /** A reference to one, for use in the file; whether it is there shows when the reference is followed. */
  ref(name: string): AttributeReference {
    return new AttributeReference(this.node.info.address, name);
  }

  /** Iterates over {@link keys}, in sync mode. */
  get [Symbol.iterator](): SyncOnly<() => IterableIterator<string>>[M] {
    return syncIterator(this.node.session.mode, () => this.keys());
  }

  /** Iterates over {@link keys}, in async mode. */
  get [Symbol.asyncIterator](): AsyncOnly<() => AsyncIterableIterator<string>>[M] {
    return asyncIterator(this.node.session.mode, () => this.keys());
  }

  private change<T>(change: (writer: Writer) => Steps<T>, options: CallOptions | undefined): Outcomes<T>[M] {
    return changeOn(this.node, change, options);
  }

  private run<T>(steps: Steps<T>, options: CallOptions | undefined): Outcomes<T>[M] {
    return runOn(this.node, steps, options);
  }

  private list(): Steps<AttributeInfo[]> {
    const { info, session } = this.node;
    return session.reader.attributes(info.address, info.attributeOrder.tracked ? "creation" : "name");
  }

  private *names(): Steps<string[]> {
    return (yield* this.list()).map((info) => info.name);
  }

  private *test(name: string): Steps<boolean> {
    const { info, session } = this.node;
    return (yield* session.reader.attribute(info.address, name)) !== undefined;
  }

  private *deleteAll(writer: Writer): Steps<void> {
    for (const name of yield* this.names()) yield* writer.deleteAttribute(this.node, name);
  }

  private *pairs(): Steps<[string, AttributeValue][]> {
    const infos = yield* this.list();
    const values = yield* all(infos.map((info) => attributeValue(this.node.session, info)));
    return infos.map((info, i) => [info.name, values[i]]);
  }

  private *collect(): Steps<{ [name: string]: AttributeValue }> {
    const object: { [name: string]: AttributeValue } = Object.create(null);
    for (const [name, value] of yield* this.pairs()) object[name] = value;
    return object;
  }
}
