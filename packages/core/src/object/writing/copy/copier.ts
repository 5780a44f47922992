/** One run of copying: each object is copied once, however many links and references lead to it. */
import type { AnyObjectInfo, DatatypeInfo, GroupInfo, LinkInfo, Reader } from "../../../contract.ts";
import { UnsupportedError } from "../../../errors.ts";
import type { Steps } from "../../../steps/steps.ts";
import { follow } from "../../locate.ts";
import type { Mode } from "../../mode.ts";
import { isGroupNode, type Node, type Session } from "../../session.ts";
import { type Address, type Edit, undo } from "../edit.ts";
import { newObject } from "./as-object.ts";
import { copyAttributes } from "./copy-attributes.ts";
import { copyDataset, type MoveElements } from "./copy-dataset.ts";
import type { CopyOptions, MembersOptions } from "./copy-options.ts";

/** Levels of groups that a shallow copy has. */
const SHALLOW = 1;

export class Copier {
  readonly edit: Edit;
  readonly options: CopyOptions & Pick<MembersOptions, "stored">;
  /** Elements that are still to be copied, where all objects are made before. */
  readonly later: MoveElements[] | undefined;
  private readonly target: Session<Mode>;
  /** Copies by the file and the address of what they are of. */
  private readonly copies = new Map<Reader, Map<Address, Address>>();
  /** Copies that nothing leads to yet, the oldest first. */
  private readonly loose = new Set<Address>();
  /** Links to copies that others lead to as well: they may close rings, which keep one another. */
  private readonly further: { readonly group: Address; readonly name: string }[] = [];
  /** Copies of what references point at. */
  private readonly referenced = new Set<Address>();

  /** Of copies whose originals have a comment, or keep times. */
  private readonly remarks: (Pick<AnyObjectInfo, "comment" | "times"> & { readonly copy: Address })[] = [];

  /** `later`: elements are copied once all objects are made. */
  constructor(edit: Edit, target: Session<Mode>, options: Copier["options"], later = false) {
    this.edit = edit;
    this.target = target;
    this.options = options;
    this.later = later ? [] : undefined;
  }

  /** Copies all that a group holds, and its attributes, into another one. */
  *members(from: Node<Mode, GroupInfo>, into: Address): Steps<void> {
    const { session, info } = from;
    this.made(session, info, into);
    this.loose.delete(into);
    try {
      yield* this.fill(from, into, Number.POSITIVE_INFINITY);
    } catch (error) {
      yield* this.giveUp();
      throw error;
    }
  }

  /** A copy of an object with all below it; if that fails, nothing is left of it. */
  *whole(node: Node<Mode>): Steps<Address> {
    try {
      return yield* this.object(node, this.options.shallow === true ? SHALLOW : Number.POSITIVE_INFINITY);
    } catch (error) {
      yield* this.giveUp();
      throw error;
    }
  }

  /** Whether objects of that file keep their addresses here. */
  isSameFile(from: Session<Mode>): boolean {
    return from.reader === this.target.reader;
  }

  /** What headers say besides: last of all, since every change of an object is noted in its times. */
  *finish(): Steps<void> {
    const { editor } = this.edit;
    for (const { copy, comment, times } of this.remarks) {
      if (comment !== undefined) yield* editor.setComment(copy, comment);
      if (times !== undefined) yield* editor.setTimes(copy, times);
    }
  }

  /** Something leads to a copy now. If that fails, nothing is left of any. */
  *linked(address: Address, link: () => Steps<void>): Steps<void> {
    try {
      yield* link();
    } catch (error) {
      yield* this.giveUp();
      throw error;
    }
    this.loose.delete(address);
    this.referenced.delete(address);
  }

  /** What references alone point at gets a name in the root group. */
  *linkReferenced(): Steps<void> {
    const root = this.target.root.info.address;
    for (const address of this.referenced) {
      const name = `~obj_pointed_by_${address}`;
      yield* this.linked(address, () => this.edit.editor.link(root, { type: "hard", address, name, charset: "ascii" }));
    }
  }

  /** The copy of a committed datatype, which needs no link: those who use it count. */
  *committed(from: Session<Mode>, address: Address): Steps<Address> {
    const info = yield* from.reader.object(address);
    return yield* this.object(from.node(info, undefined, undefined), 0);
  }

  /** Somebody refers to a committed datatype. */
  used(address: Address | undefined): void {
    if (address !== undefined) this.loose.delete(address);
  }

  /** The copy of what a reference points at; `null` where that is nothing any more. */
  *reference(from: Session<Mode>, address: Address): Steps<Address | null> {
    const known = this.copyOf(from, address);
    if (known !== undefined) return known;
    const info = yield* from.reader.object(address);
    const copy = yield* this.object(from.node(info, undefined, undefined), Number.POSITIVE_INFINITY);
    if (this.loose.has(copy)) this.referenced.add(copy);
    return copy;
  }

  private *object(node: Node<Mode>, levels: number): Steps<Address> {
    const { session, info } = node;
    const known = this.copyOf(session, info.address);
    if (known !== undefined) return known;
    if (isGroupNode(node)) return yield* this.group(node, levels);
    switch (info.kind) {
      case "dataset":
        return yield* copyDataset(this, session, info, node.name ?? "");
      case "datatype":
        return yield* this.datatype(session, info);
      default:
        throw new UnsupportedError("objects of unknown kind cannot be copied", { address: info.address });
    }
  }

  private copyOf(from: Session<Mode>, address: Address): Address | undefined {
    return this.copies.get(from.reader)?.get(address);
  }

  /** A copy was made, of an object whose parts may lead back to it. */
  made(from: Session<Mode>, info: AnyObjectInfo, copy: Address): void {
    let copies = this.copies.get(from.reader);
    if (copies === undefined) {
      copies = new Map();
      this.copies.set(from.reader, copies);
    }
    copies.set(info.address, copy);
    this.loose.add(copy);
    const { comment, times } = info;
    if (comment !== undefined || times !== undefined) this.remarks.push({ copy, comment, times });
  }

  private *datatype(session: Session<Mode>, info: DatatypeInfo): Steps<Address> {
    const copy = yield* this.edit.editor.createDatatype(info.datatype, newObject(info));
    this.made(session, info, copy);
    yield* copyAttributes(this, session, info, copy);
    return copy;
  }

  private *group(node: Node<Mode, GroupInfo>, levels: number): Steps<Address> {
    const { session, info } = node;
    const copy = yield* this.edit.editor.createGroup({ ...newObject(info), linkOrder: info.linkOrder });
    this.made(session, info, copy);
    yield* this.fill(node, copy, levels);
    return copy;
  }

  private *fill(node: Node<Mode, GroupInfo>, copy: Address, levels: number): Steps<void> {
    const { session, info } = node;
    if (levels > 0) {
      const links = yield* session.reader.links(info.address, info.linkOrder.tracked ? "creation" : "name");
      for (const link of links) yield* this.link(node, link, copy, levels - 1);
    }
    yield* copyAttributes(this, session, info, copy);
  }

  private *link(group: Node<Mode, GroupInfo>, link: LinkInfo, into: Address, levels: number): Steps<void> {
    const { editor } = this.edit;
    const { name, charset } = link;
    const object = yield* this.linkedObject(group, link);
    if (object === undefined) return yield* editor.link(into, link);
    const known = this.copyOf(object.session, object.info.address) !== undefined;
    const address = yield* this.object(object, levels);
    yield* editor.link(into, { type: "hard", address, name, charset });
    if (known) this.further.push({ group: into, name });
    this.loose.delete(address);
    this.referenced.delete(address);
  }

  /** What is copied in place of a link; `undefined`: the link itself. */
  private *linkedObject(group: Node<Mode, GroupInfo>, link: LinkInfo): Steps<Node<Mode> | undefined> {
    const { expandSoft, expandExternal } = this.options;
    const expands =
      link.type === "hard" ||
      (link.type === "soft" && expandSoft === true) ||
      (link.type === "external" && expandExternal === true);
    return expands ? yield* follow(group, link) : undefined;
  }

  private *giveUp(): Steps<void> {
    for (const { group, name } of this.further.splice(0)) yield* undo(this.edit.editor.unlink(group, name));
    // Whatever the older ones lead to goes with them.
    for (const address of this.loose) yield* undo(this.edit.editor.discard(address));
    this.loose.clear();
  }
}
