/**
 * The objects of a file that is being changed, as far as somebody holds them: all who hold one see the same, which changes
 * renew, and nobody takes another object for one that was deleted.
 */
import type { AnyObjectInfo, GroupInfo } from "../../contract.ts";
import { NotFoundError } from "../../errors.ts";
import type { Mode } from "../mode.ts";
import type { Node, Session } from "../session.ts";

type Address = AnyObjectInfo["address"];

interface Cell {
  info: AnyObjectInfo;
  gone: boolean;
}

/** A path that means another place, or nothing, from some moment on. */
interface Renaming {
  readonly from: string;
  /** `undefined`: the link is gone. */
  readonly to: string | undefined;
  /** The group that the link is in now. */
  readonly parent: Node<Mode, GroupInfo> | undefined;
}

/** What was moved: those who hold objects look up what became of their paths. */
class Renamings {
  private readonly list: Renaming[] = [];

  get count(): number {
    return this.list.length;
  }

  at(i: number): Renaming {
    return this.list[i];
  }

  add(renaming: Renaming): void {
    this.list.push(renaming);
  }
}

interface NodePlace<out M extends Mode> {
  readonly name: string | undefined;
  readonly parent: Node<M, GroupInfo> | undefined;
}

/** Cells from which on those that nobody holds are looked for. */
const SWEEP = 4096;

export class KnownObjects {
  private readonly cells = new Map<Address, WeakRef<Cell>>();
  private readonly renamings = new Renamings();
  private sweepAt = SWEEP;

  /** A node that shows what is known last of its object: now this. */
  node<M extends Mode, I extends AnyObjectInfo>(
    session: Session<M>,
    info: I,
    name: string | undefined,
    parent: Node<M, GroupInfo> | undefined,
  ): Node<M, I> {
    let cell = this.cell(info.address);
    if (cell === undefined) {
      cell = { info, gone: false };
      this.add(cell);
    } else cell.info = info;
    return new LiveNode<M, I>(session, cell, { name, parent }, this.renamings);
  }

  /**
   * A link was moved to another path, or is gone while its object stays: as in h5py, objects that were reached by it, or through
   * it, are known by the new path, or by none.
   */
  renamed(from: string | undefined, to: string | undefined, parent?: Node<Mode, GroupInfo>): void {
    if (from !== undefined) this.renamings.add({ from, to, parent });
  }

  /** Whether somebody holds the object. */
  has(address: Address): boolean {
    return this.cell(address) !== undefined;
  }

  /** What its header says now. */
  renew(info: AnyObjectInfo): void {
    const cell = this.cell(info.address);
    if (cell !== undefined) cell.info = info;
  }

  /** These objects were deleted: others may come to stand in their places. */
  forget(addresses: Iterable<Address>): void {
    for (const address of addresses) {
      const cell = this.cell(address);
      if (cell !== undefined) cell.gone = true;
      this.cells.delete(address);
    }
  }

  private cell(address: Address): Cell | undefined {
    return this.cells.get(address)?.deref();
  }

  private add(cell: Cell): void {
    this.cells.set(cell.info.address, new WeakRef(cell));
    if (this.cells.size < this.sweepAt) return;
    for (const [address, ref] of this.cells) if (ref.deref() === undefined) this.cells.delete(address);
    this.sweepAt = Math.max(SWEEP, this.cells.size * 2);
  }
}

class LiveNode<out M extends Mode, out I extends AnyObjectInfo> implements Node<M, I> {
  readonly session: Session<M>;
  private readonly cell: Cell;
  private readonly renamings: Renamings;
  private latest: string | undefined;
  private group: Node<M, GroupInfo> | undefined;
  /** Renamings that its path has been through. */
  private seen: number;

  constructor(session: Session<M>, cell: Cell, place: NodePlace<M>, renamings: Renamings) {
    this.session = session;
    this.cell = cell;
    this.renamings = renamings;
    this.latest = place.name;
    this.group = place.parent;
    this.seen = renamings.count;
  }

  get name(): string | undefined {
    this.follow();
    return this.latest;
  }

  get parent(): Node<M, GroupInfo> | undefined {
    this.follow();
    return this.group;
  }

  private follow(): void {
    const { renamings, session } = this;
    for (; this.seen < renamings.count; this.seen++) {
      if (this.latest === undefined) continue;
      const { from, to, parent } = renamings.at(this.seen);
      const itself = this.latest === from;
      if (!itself && !this.latest.startsWith(`${from}/`)) continue;
      this.latest = to === undefined ? undefined : to + this.latest.slice(from.length);
      // Below it the groups are what they were, and learn of their paths themselves.
      if (itself || to === undefined)
        this.group = parent?.session === session ? (parent as Node<M, GroupInfo>) : undefined;
    }
  }

  get info(): I {
    return this.cell.info as I;
  }

  check(): void {
    const { gone, info } = this.cell;
    if (gone) throw new NotFoundError(`was deleted: the ${info.kind} is in the file no more`);
  }
}
